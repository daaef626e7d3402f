"""How alike two questions are: bounds, meanings, and the figures that the labelled pairs must keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.similar import among_the_known, labelled
from forum.likeness import Weights, contained, likeness, read

NONE = Weights(100, {})
SAID = ["ίδρυση", "ΚοινΣΕπ", "δήμος", "πληρώνει", "eggrafi", "μέλη", "πότε", "ποιος", "και", "το", "ρεύμα"]
WORDS = st.lists(st.sampled_from(SAID), max_size=6)


@given(WORDS, WORDS)
def test_it_is_between_nothing_and_everything(some: list[str], others: list[str]) -> None:
    one, other = read(" ".join(some)), read(" ".join(others))
    assert 0 <= likeness(one, other, NONE) <= 1 + 1e-9
    if one.words:
        assert likeness(one, one, NONE) == pytest.approx(1)
        assert contained(one, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Πώς ιδρύεται ένας συνεταιρισμός;", "sistasi sineterismou"),
        ("Πόσο κοστίζει;", "Τι έξοδα έχει;"),
        ("ΤΙ ΧΑΡΤΙΑ ΘΕΛΕΙ", "δικαιολογητικά"),
        ("Αν φύγει ένα μέλος", "αποχώρηση μελών"),
        ("επειχηρησεις", "επιχείρηση"),
        ("ο ΟΤΑ", "οργανισμός τοπικής αυτοδιοίκησης"),
    ],
)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert likeness(read(one), read(other), NONE) > 0.8


def test_who_is_not_when() -> None:
    who, when, how = read("Ποιος πληρώνει τον δήμο;"), read("Πότε πληρώνει ο δήμος;"), read("Πώς πληρώνει ο δήμος;")
    assert likeness(who, when, NONE) < likeness(how, when, NONE)


def test_rare_words_weigh_more() -> None:
    weights = Weights(100, {"dim": 60, "ristovolt": 1})
    typed = read("δήμος ριστοβόλτ")
    assert likeness(typed, read("ριστοβόλτ"), weights) > likeness(typed, read("δήμος"), weights)


def test_the_labelled_pairs() -> None:
    """Of the texts of a third, no suggestion is right."""
    known, pairs = labelled()
    assert (len(known), sum(pair.same for pair in pairs), sum(not pair.same for pair in pairs)) == (102, 144, 72)

    found = among_the_known()

    for quality in found.values():
        assert quality.recall >= 0.8
        assert quality.pairs >= 0.65
    assert sum(one.found for one in found.values()) >= 0.6 * sum(one.shown for one in found.values())
