"""The lines around what was found, with the found words marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from core.greek import places
from core.search.words import read

WIDTH = 240  # characters
BEFORE = 60  # of them in front of the first hit
SCANNED = 60_000  # characters of a text that are looked through
_LINES = re.compile(r"(?<![.;:!?·…\s])\s*\n\s*")  # whose end no sign says
_BLANKS = re.compile(r"\s+")


class Piece(NamedTuple):
    """Part of an excerpt; `hit` when it was looked for."""

    text: str
    hit: bool


def hits(text: str, marks: Collection[str]) -> list[tuple[int, int]]:
    """(begin, end) in TEXT of every word that one of MARKS stands for."""
    wanted = frozenset(marks)
    return [
        (at, at + len(piece))
        for at, piece in places(text[:SCANNED])
        if any(not wanted.isdisjoint(one.found_by) for one in read(piece))
    ]


def excerpt(text: str, marks: Collection[str], width: int = WIDTH) -> tuple[list[Piece], int | None]:
    """TEXT around the densest of what MARKS stand for, in pieces, and where its first hit stands (None: no hit)."""
    found = hits(text, marks)
    first = _densest(text, found, width)
    begin, end = _window(text, found[first][0] if found else 0, width)
    inside = [(a, b) for a, b in found[first:] if b <= end] if found else []
    pieces, done = [Piece("…", False)] if begin else [], begin
    for a, b in inside:
        pieces += [Piece(_flat(text[done:a]), False), Piece(text[a:b], True)]
        done = b
    pieces.append(Piece(_flat(text[done:end]), False))
    if end < len(text):
        pieces.append(Piece("…", False))
    return [piece for piece in pieces if piece.text], (found[first][0] if found else None)


def _flat(text: str) -> str:
    return _BLANKS.sub(" ", _LINES.sub(" · ", text))


def _densest(text: str, found: Sequence[tuple[int, int]], width: int) -> int:
    """The hit from which the most different words stand within WIDTH."""
    best, most = 0, 0
    for at, (begin, _end) in enumerate(found):
        near = {text[a:b].lower() for a, b in found[at : at + 8] if b - begin <= width - BEFORE}
        if len(near) > most:
            best, most = at, len(near)
    return best


def _window(text: str, at: int, width: int) -> tuple[int, int]:
    """Where an excerpt begins and ends: at words, at the beginning of a sentence if one is near."""
    begin = 0
    if at > BEFORE:
        sentence = max(text.rfind(stop, at - BEFORE, at) for stop in ("\n", ". ", "; ", "· "))
        begin = sentence + 1 if sentence >= 0 else text.find(" ", at - BEFORE, at) + 1 or at
    while begin < at and text[begin].isspace():
        begin += 1
    end = begin + width
    if end < len(text):
        end = max(text.rfind(" ", at, end), at + 1)
    return begin, min(end, len(text))
