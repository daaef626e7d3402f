"""How many asked at which part of a recording: the line over its time. Counts alone, of what everybody sees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from archive.queries.record import Moment, Record

PIECES = 72  # of the whole recording: a hundred seconds of two hours


@dataclass(frozen=True)
class Piece:
    """A part of the line. AT, WIDTH and HEIGHT in percent; COUNT people asked something here or asked it too."""

    at: float
    width: float
    height: float
    count: int
    second: int


@dataclass(frozen=True)
class Heat:
    pieces: list[Piece]
    after: int  # people who asked here after the meeting

    @property
    def most(self) -> Piece:
        return max(self.pieces, key=lambda piece: piece.count)


def heat(record: Record, duration: float) -> Heat | None:
    """The line of a recording of DURATION seconds; None when nothing is tied to it."""
    placed = [moment for moment in record.beside if moment.start is not None]
    if not placed or duration <= 0:
        return None
    counts: Counter[int] = Counter()
    for moment in placed:
        counts[min(PIECES - 1, int(PIECES * (moment.start or 0.0) / duration))] += _people(moment)
    most, width = max(counts.values()), 100 / PIECES
    pieces = [
        Piece(round(at * width, 2), round(width, 2), round(100 * count / most, 1), count, int(at * duration / PIECES))
        for at, count in sorted(counts.items())
    ]
    return Heat(pieces, sum(_people(moment) for moment in record.after))


def _people(moment: Moment) -> int:
    """Whoever asked, and those who ask the same."""
    return 1 + moment.question.score
