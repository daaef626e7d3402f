"""Words that send a question to the moderators first and stay out of word clouds, however they are spelt or typed.

core/blocklist.py finds them.

A short list of the platform stands in blocklist.txt beside this file; each room adds words and lets others pass.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from core.blocklist import Blocklist
from forum.models import Room
from forum.queries.counting import HIDDEN


@cache
def platform_words() -> tuple[str, ...]:
    lines = Path(__file__).with_name("blocklist.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if (word := line.partition("#")[0].strip()))


@lru_cache(maxsize=64)
def _list_of(words: tuple[str, ...], allowed: tuple[str, ...]) -> Blocklist:
    return Blocklist(words, allowed)


def blocked(text: str, words: Iterable[str], allowed: Iterable[str] = ()) -> bool:
    """Whether TEXT has one of WORDS as a whole word that isn't ALLOWED."""
    return bool(_list_of(tuple(words), tuple(allowed)).found_in(text))


def blocked_in(room: Room, text: str) -> bool:
    """Whether TEXT has a word that this room sends to its moderators."""
    return room.blocklist and blocked(text, (*platform_words(), *room.blocked_words), room.allowed_words)


HIDDEN.append(blocked_in)
