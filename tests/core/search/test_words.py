"""What a text is found by, what a query asks, what an excerpt shows."""

from __future__ import annotations

import pytest

from core.search import Query, excerpt, indexed
from core.search.words import LONGEST


def finds(typed: str, text: str, by_root: bool = False) -> bool:
    said, query = set(indexed("", text)), Query.of(typed)
    return all(said.intersection(word) for word in (query.both() if by_root else query.strict))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("οικονομιας", "Η κοινωνική οικονομία"),
        ("ΟΙΚΟΝΟΜΊΑ", "της οικονομίας"),
        ("εθελωντής", "πολλοί εθελοντές"),
        ("synetairismos", "του συνεταιρισμού"),
        ("ΚοινΣΕπ", "μια Κοιν.Σ.Επ. στο χωριό"),
        ("κοινωνική συνεταιριστική επιχείρηση", "η ΚοινΣΕπ του δήμου"),
        ("κοινσεπ", "μια κοινωνική συνεταιριστική επιχείρηση"),
        ("4430", "ν. 4430/2016"),
        ("προιόντα", "τοπικά προϊόντα"),
        ("cooperatives", "a cooperative of producers"),
    ],
)
def test_a_word_is_found_however_it_is_typed(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize("typed", ["συνεταιρησμός", "sinetairismi"])
def test_a_mistake_in_the_stem_is_found_by_the_root(typed: str) -> None:
    assert not finds(typed, "οι συνεταιρισμοί")
    assert finds(typed, "οι συνεταιρισμοί", by_root=True)


@pytest.mark.parametrize(
    ("typed", "text"),
    [("ΚΑΛΟ", "Πήγε καλά, ήταν καλό"), ("καλό", "Η Κ.Αλ.Ο. στην Ελλάδα"), ("δήμος", "Η δημοκρατία"), ("4430", "4431")],
)
def test_another_word_is_not(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_no_text_can_say_who_may_see_it() -> None:
    said = indexed("=public @kind:module", "=everything ^τίτλος ~root '\" OR * public")
    assert [mark for mark in said if mark[0] in "=@"] == []


def test_a_query_has_few_words_and_says_something() -> None:
    assert Query.of("τι είναι αυτό;").strict == ()
    assert len(Query.of(" ".join(f"λέξη{n}" for n in range(50))).strict) == LONGEST


def test_words_of_a_title_and_frequent_ones_are_told_apart() -> None:
    said = indexed("Δήμος", "δήμος δήμου κουζίνα")
    heard = indexed("", "δήμος")[0]
    assert {heard, "+" + heard, "++" + heard, "^" + heard} <= set(said)
    kitchen = indexed("", "κουζίνα")[0]
    assert kitchen in said
    assert {"+" + kitchen, "^" + kitchen}.isdisjoint(said)


def test_an_excerpt_shows_what_was_found_and_marks_it() -> None:
    text = "Άσχετα λόγια στην αρχή. " * 20 + "Ο συνεταιρισμός των εργαζομένων αποφασίζει. " + "Και μετά άλλα. " * 20
    marks = {mark for word in Query.of("synetairismos ergazomenoi").strict for mark in word}
    pieces, at = excerpt(text, marks)
    assert [piece.text for piece in pieces if piece.hit] == ["συνεταιρισμός", "εργαζομένων"]
    assert at == text.index("συνεταιρισμός")
    assert pieces[0].text == pieces[-1].text == "…"
    assert "".join(piece.text for piece in pieces[1:-1]) in text


def test_an_excerpt_of_a_text_without_the_word_is_its_beginning() -> None:
    pieces, at = excerpt("Μία σύντομη απάντηση.", {"nothing"})
    assert (["".join(piece.text for piece in pieces)], at) == (["Μία σύντομη απάντηση."], None)
