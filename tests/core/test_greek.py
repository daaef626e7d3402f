"""Words as people type them: folded, transliterated, stemmed, heard, held back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blocklist import Blocklist
from core.greek import fold, keys, root, sound, stem, terms, tokens, transliterate

# One word a line, its forms beside it: all of a line share a key.
FORMS = """
συνεταιρισμός συνεταιρισμού συνεταιρισμοί συνεταιρισμών συνεταιρισμούς
οικονομία οικονομίας οικονομίες οικονομιών οικονομικός οικονομικών
επιχείρηση επιχείρησης επιχειρήσεις επιχειρήσεων επιχειρήσεως
κατάστημα καταστήματος καταστήματα καταστημάτων
εγγραφή εγγραφής εγγραφές εγγράφεται εγγράφονται εγγραφεί
εθελοντής εθελοντές εθελοντών εθελοντικός
χρηματοδότηση χρηματοδοτήσεις χρηματοδοτεί χρηματοδοτηθεί χρηματοδοτούν
πληρώνω πληρώνουμε πληρώσω πληρώσουμε πλήρωσε πληρώνεται
φορολογία φορολογείται φορολογούνται φορολογικός
επιδότηση επιδοτήσεις επιδοτείται επιδοτούμενο
παραγωγός παραγωγοί παραγωγών παραγωγή
"""
# How people write a letter in Latin, by sound and by look; digraphs first.
LATIN = {
    "ου": ["ou", "oy"], "θ": ["th", "8"], "ξ": ["ks", "x", "3"], "ψ": ["ps"], "χ": ["x", "h", "ch"], "η": ["i", "h"],
    "υ": ["y", "u"], "ω": ["o", "w"], "β": ["v", "b"], "γ": ["g"], "δ": ["d"], "φ": ["f", "ph"], "μπ": ["mp"],
    "ντ": ["nt", "nd"], "α": ["a"], "ε": ["e"], "ζ": ["z"], "ι": ["i"], "κ": ["k", "c"], "λ": ["l"], "μ": ["m"],
    "ν": ["n"], "ο": ["o"], "π": ["p"], "ρ": ["r"], "σ": ["s"], "τ": ["t"],
}  # fmt: skip
WORDS = [fold(word) for word in (*FORMS.split(), "δήμος", "καταστατικό", "μητρώο", "φρέσκα", "ψηφοφορία", "θέση")]
STYLES = st.lists(st.integers(0, 1), min_size=30, max_size=30)


def romanised(word: str, styles: list[int]) -> str:
    written, at = "", 0
    while at < len(word):
        piece = word[at : at + 2] if word[at : at + 2] in LATIN else word[at]
        written += LATIN[piece][styles[at] % len(LATIN[piece])]
        at += len(piece)
    return written


@pytest.mark.parametrize("line", FORMS.split("\n")[1:-1])
def test_the_forms_of_a_word_share_a_key(line: str) -> None:
    assert len({keys(fold(word)) for word in line.split()}) == 1


@given(st.sampled_from(WORDS), st.sampled_from([0, 1]))
def test_latin_letters_are_understood(word: str, style: int) -> None:
    assert set(keys(word)) & set(keys(romanised(word, [style] * 30)))


@given(st.sampled_from(["δημοσ", "μητρωο", "ψηφοφορια", "θεση", "ξυλο", "χωριο", "φορολογια"]), STYLES)
def test_latin_letters_of_mixed_habits_are_understood(word: str, styles: list[int]) -> None:
    assert set(keys(word)) & set(keys(romanised(word, styles)))


@given(st.text())
def test_words_are_folded_and_each_has_keys(text: str) -> None:
    found = tokens(text)
    assert [fold(word) for word in found] == found
    for term in terms(text):
        assert term.keys
        assert len(set(term.keys)) == len(term.keys) <= 8


@given(st.text(alphabet="αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ ;.·", max_size=60))
def test_accents_capitals_and_composition_make_no_difference(text: str) -> None:
    bare = [term.keys for term in terms(text)]
    assert [term.keys for term in terms(unicodedata.normalize("NFD", text))] == bare
    assert [term.keys for term in terms(text.replace("ς", "σ"))] == bare
    assert [term.keys for term in terms(text.upper())] == bare


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0389", max_size=40))
def test_transliteration_ends_and_begins_with_the_likeliest(word: str) -> None:
    found = transliterate(word)
    assert 1 <= len(found) <= 8
    assert transliterate(word) == found
    assert not any(set(spelt) & set("abcdefghijklmnopqrstuvwxyz") for spelt in found)


@given(st.text(alphabet="aeioukvlmnprstxh8", max_size=30))
def test_a_root_keeps_what_a_word_begins_with(heard: str) -> None:
    assert heard.startswith(root(heard))
    assert len(root(heard)) >= min(3, len(heard))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Κοιν.Σ.Επ. & Ο.Τ.Α.", ["κοινσεπ", "οτα"]),
        ("ΠΩΣ ΓΊΝΕΤΑΙ\u037e", ["πωσ", "γινεται"]),
        ("δήµος", ["δημοσ"]),
        ("ΔHMOΣ", ["δημοσ"]),
        ("paliο", ["palio"]),
        ("α·β", ["α", "β"]),
    ],
)
def test_tokens(typed: str, words: list[str]) -> None:
    assert tokens(typed) == words


@pytest.mark.parametrize(
    ("typed", "likeliest"),
    [
        ("koinwnikh", "κοινωνικη"),
        ("dhmos", "δημοσ"),
        ("8esmos", "θεσμοσ"),
        ("thesmos", "θεσμοσ"),
        ("mporw", "μπορω"),
        ("psifos", "ψιφοσ"),
        ("3ekinaw", "ξεκιναω"),
        ("ohi", "οχι"),
    ],
)
def test_the_likeliest_reading(typed: str, likeliest: str) -> None:
    assert transliterate(typed)[0] == likeliest


@pytest.mark.parametrize(
    ("one", "other"),
    [("συνεταιρισμός", "σινετερισμοσ"), ("αυτός", "aftos"), ("εύκολα", "efkola"), ("εθελωντής", "εθελοντης")],
)
def test_mistakes_sound_alike(one: str, other: str) -> None:
    assert sound(fold(one)) == sound(fold(other))


def test_stems_follow_the_spelling() -> None:
    assert stem("οικονομιασ") == stem("οικονομικη") == "οικονομ"
    assert stem("questions") == stem("question")


def test_terms_leave_out_what_says_nothing_and_shorten_phrases() -> None:
    assert [term.word for term in terms("Πώς γίνεται η κοινωνική συνεταιριστική επιχείρηση στον δήμο;")] == [
        "κοινσεπ",
        "δημο",
    ]
    assert [term.word for term in terms("pos ginetai i koinsep ston dhmo")] == ["koinsep", "dhmo"]


HELD = Blocklist(["χαζός", "βλάκ*", "μούφα"], allowed=["χάζι", "βλάκειο"])


@pytest.mark.parametrize(
    "text",
    [
        "Είσαι χαζός",
        "ΧΑΖΟΣ!",
        "xazos",
        "hazos",
        "x@zos",
        "χ α ζ ό ς",
        "χ.α.ζ.ο.ς",
        "χαζόςςς",
        "βλάκας",
        "vlakes",
        "moyfa",
    ],
)
def test_blocked_however_it_is_typed(text: str) -> None:
    assert HELD.found_in(text)


@pytest.mark.parametrize(
    "text",
    ["", "χάζι", "το βλάκειο", "αχαζός", "χαζοχαρούμενος", "μουφαλίδικος", "Πώς εγγράφεται;", "24 μέλη", "α β γ"],
)
def test_other_words_pass(text: str) -> None:
    assert HELD.found_in(text) == []


@given(st.text())
def test_an_empty_list_blocks_nothing(text: str) -> None:
    assert Blocklist([], []).found_in(text) == []
