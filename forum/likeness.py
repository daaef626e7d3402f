"""How alike two questions are, from 0 to 1: their words, what they mean in our field, and what they ask about them.

Nothing here knows of tables. A question is read once into its `Words`; rare words weigh more than common ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from core.greek import Term, terms, tokens, transliterate
from forum.thesaurus import LIGHT, aspects, meaning

# Weights of what was typed and of what stands there: a question that is still being typed is short.
TYPED, STANDING = 0.8, 0.2
MEANT, NEARLY = 0.9, 0.7  # worth of another word with the same meaning, and of one that is spelt nearly so
LIGHTLY = 0.35  # worth of a verb that goes with anything: «παίρνω», «βάζω»
ANOTHER = 0.7  # what remains when one asks who and the other asks when
ALSO = 1.06  # and when both ask who
UNKNOWN = 0.45  # of the rarest word's weight: what a word weighs that no known question has


@dataclass(frozen=True)
class Word:
    """A word that carries meaning: the keys it is found by, and the meanings behind them."""

    keys: tuple[str, ...]
    meanings: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """A question as it is compared."""

    words: tuple[Word, ...]
    aspects: frozenset[str]

    @property
    def meanings(self) -> frozenset[str]:
        """Everything it can be found by."""
        return frozenset(one for word in self.words for one in word.meanings)


@lru_cache(maxsize=20_000)
def read(text: str) -> Words:
    """TEXT as it is compared; the same word twice counts once."""
    return Words(tuple(dict.fromkeys(map(_word, terms(text)))), aspects(_spelt(text)))


def _word(term: Term) -> Word:
    return Word(term.keys, tuple(dict.fromkeys(map(meaning, term.keys))))


def _spelt(text: str) -> list[str]:
    return [transliterate(word)[0] for word in tokens(text)]


class Weights:
    """What each word weighs among NUMBER questions, of which FREQUENT[meaning] have it."""

    def __init__(self, number: int, frequent: Mapping[str, int]) -> None:
        self._number, self._frequent = number, frequent

    def of(self, word: Word) -> float:
        """At least a little; the known reading of a word in Latin letters counts."""
        known = [count for one in word.meanings if (count := self._frequent.get(one, 0))]
        weight = self.rarity(max(known)) if known else UNKNOWN * self.rarity(0)
        return weight * LIGHTLY if LIGHT.intersection(word.meanings) else weight

    def rarity(self, count: int) -> float:
        return math.log(1 + (self._number - count + 0.5) / (count + 0.5))


def likeness(typed: Words, standing: Words, weights: Weights) -> float:
    """How much of each question is in the other, from 0 to 1."""
    if not typed.words or not standing.words:
        return 0.0
    there, back = shares(typed, standing, weights)
    agrees = agreement(typed, standing)
    alike = TYPED * there + STANDING * back
    return min(1.0, alike * {1: ALSO, 0: 1.0, -1: ANOTHER}[agrees])


def shares(typed: Words, standing: Words, weights: Weights) -> tuple[float, float]:
    """The part of TYPED that STANDING says too, and the other way round."""
    return _share(typed, standing, weights), _share(standing, typed, weights)


def agreement(typed: Words, standing: Words) -> int:
    """1: both ask who (or when, or how much); −1: each asks something else; 0: one of them doesn't say."""
    if not typed.aspects or not standing.aspects:
        return 0
    return 1 if typed.aspects & standing.aspects else -1


def contained(typed: Words, standing: Words) -> float:
    """The part of TYPED that STANDING says too, every word alike: for searching."""
    if not typed.words or not standing.words:
        return 0.0
    return sum(max(_same(word, other) for other in standing.words) for word in typed.words) / len(typed.words)


def _share(one: Words, other: Words, weights: Weights) -> float:
    """The part of ONE that OTHER says too, by weight."""
    weighed = [(word, weights.of(word)) for word in one.words]
    said = sum(weight * max(_same(word, candidate) for candidate in other.words) for word, weight in weighed)
    return said / max(sum(weight for _word, weight in weighed), 0.01)


@lru_cache(maxsize=100_000)
def _same(one: Word, other: Word) -> float:
    if set(one.keys) & set(other.keys):
        return 1.0
    if set(one.meanings) & set(other.meanings):
        return MEANT
    return NEARLY if any(_near(a, b) for a, b in product(one.keys[:3], other.keys[:3])) else 0.0


def _near(a: str, b: str) -> bool:
    """Whether two keys differ as a slip of the finger, or as two words of one family."""
    a, b = a.removeprefix("e"), b.removeprefix("e")  # έφυγε, φύγει
    if min(len(a), len(b)) < 4:
        return False
    common = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if common >= 4 and common >= 0.6 * max(len(a), len(b)):
        return True
    pairs, others = _pairs(a), _pairs(b)
    return 2 * len(pairs & others) >= 0.72 * (len(pairs) + len(others))


def _pairs(key: str) -> set[str]:
    return {key[i : i + 2] for i in range(len(key) - 1)}
