"""Words as the index keeps them, and what a query asks of them. The same on every database.

    συνεταιρισμ → "sineterism"   how the stem sounds: forms and misspellings of a word meet
    "~sineter"                   its root: for words that are found no other way
    "!κοινσεπ"                   an abbreviation or the phrase it stands for; ΚΑΛΟ isn't καλό
    "^…"  "+…"  "++…"            the word stands in the title; at least twice; at least three times

Marks in front are no letters, so no text can say for which audience it is ("=…", core/search/index.py).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from core.greek import (
    ABBREVIATIONS,
    STOP,
    Term,
    fold,
    keys,
    phrase,
    places,
    root,
    sound,
    stem,
    terms,
    tokens,
    transliterate,
)

LONGEST = 8  # words of a query that count
LONGEST_PHRASE = max(len(long.split()) for long in ABBREVIATIONS.values())
_BEGINNINGS = frozenset(keys(long.split()[0])[0] for long in ABBREVIATIONS.values())


@dataclass(frozen=True)
class Read:
    """A word as it stands in a text: folded, and what it is found by; `found_by` empty when it says nothing."""

    word: str
    found_by: tuple[str, ...]


@lru_cache(maxsize=200_000)
def read(piece: str) -> tuple[Read, ...]:
    """What a word or dotted abbreviation PIECE of a text is found by."""
    return tuple(Read(word, _found_by(piece, word)) for word in tokens(piece))


def _found_by(piece: str, word: str) -> tuple[str, ...]:
    if word in STOP or (len(word) == 1 and not word.isdigit()):
        return ()
    if word in ABBREVIATIONS and not _accented(piece):
        short = "!" + word
        return (short,) if _capitals(piece) else (short, _heard(word))
    heard = _heard(word)
    return (heard, "~" + root(sound(word)))


def _heard(word: str) -> str:
    """The stemmer leaves nothing of some short words (ίδιο): they stand for themselves."""
    return sound(stem(word)) or sound(word) or word


def _accented(piece: str) -> bool:
    return any(unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", piece))


def _capitals(piece: str) -> bool:
    """ΚΑΛΟ, Κ.Αλ.Ο., ΚοινΣΕπ: no ordinary word."""
    return "." in piece or any(letter.isupper() for letter in piece[1:])


def indexed(title: str, text: str) -> list[str]:
    """Everything a document is found by, each once."""
    heard = Counter[str]()
    roots: dict[str, None] = {}
    in_title = [found for found, _word in _all(title)]
    for found, _word in [*_all(title), *_all(text)]:
        heard.update(mark for mark in found if not mark.startswith("~"))
        roots.update((mark, None) for mark in found if mark.startswith("~"))
    said = list(heard)
    said += ["+" + mark for mark, times in heard.items() if times > 1]
    said += ["++" + mark for mark, times in heard.items() if times > 2]
    titled = dict.fromkeys(mark for found in in_title for mark in found if not mark.startswith("~"))
    return [*said, *("^" + mark for mark in titled), *roots]


def _all(text: str) -> list[tuple[tuple[str, ...], str]]:
    """(what it is found by, the word) of TEXT's words that say something, and of its phrases that have a short name."""
    words = [(one.found_by, one.word) for _at, piece in places(text) for one in read(piece) if one.found_by]
    roots = [next((mark[1:] for mark in found if mark.startswith("~")), "") for found, _word in words]
    shortened = []
    for at, key in enumerate(roots):
        if key in _BEGINNINGS:
            upto = at + LONGEST_PHRASE
            following = [Term(word, (known,)) for (_f, word), known in zip(words[at:upto], roots[at:upto], strict=True)]
            short, _taken = phrase(following)
            if short:
                shortened.append((("!" + short,), short))
    return words + shortened


@dataclass(frozen=True)
class Query:
    """What was typed, as it is looked for: for each word the marks that stand for it, the likeliest first."""

    strict: tuple[tuple[str, ...], ...]
    loose: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, text: str) -> Query:
        """TEXT with each word once; LONGEST words at most."""
        accented = {fold(piece) for _at, piece in places(text) if _accented(piece) and not _capitals(piece)}
        capitals = {word for _at, piece in places(text) if _capitals(piece) for word in tokens(piece)}
        found = list(dict.fromkeys(terms(text)))[:LONGEST]
        return cls(
            tuple(_strict(term.word, term.word in accented, term.word in capitals) for term in found),
            tuple(tuple(dict.fromkeys("~" + key for key in term.keys)) for term in found),
        )

    @property
    def marks(self) -> frozenset[str]:
        """Everything that may be marked in an excerpt."""
        return frozenset(mark for word in (*self.strict, *self.loose) for mark in word)

    def some(self) -> list[tuple[tuple[str, ...], ...]]:
        """The ways of asking for most of the words only; [] for a single word."""
        words = self.both()
        needed = -(-len(words) * 3 // 5) if len(words) > 2 else 1
        return list(combinations(words, needed)) if len(words) > 1 else []

    def both(self) -> tuple[tuple[str, ...], ...]:
        """Each word as it sounds, or by its root."""
        return tuple((*strict, *loose) for strict, loose in zip(self.strict, self.loose, strict=True))


def _strict(word: str, accented: bool, capitals: bool) -> tuple[str, ...]:
    marks: list[str] = []
    spelt = transliterate(word)
    if not accented:
        marks += ["!" + one for one in spelt if one in ABBREVIATIONS]
    if marks and capitals:
        return tuple(marks)
    marks += [_heard(one) for one in spelt]
    if word.isascii():
        marks.append(_heard(word))
    return tuple(dict.fromkeys(mark for mark in marks if mark.lstrip("!")))


def union(words: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """All marks of several words, each once."""
    return tuple(dict.fromkeys(mark for word in words for mark in word))
