"""From the clock on the wall to the second of a recording, piece by piece.

The host's clicks are wall clock; a recording may begin late, be paused and be cut. People tie single answers to their
second (anchors). Between two pauses the two clocks differ by one shift, so anchors whose shifts agree stand in one
block, and the median of their shifts places everything else in it: a late click of one doesn't move the others.
Between blocks something was paused or cut, nobody knows where unless somebody says so (a break): a question there
gets the likelier second and is marked as unsure. Anchors and clicks are kept as they are; the map is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

# Shifts that differ by more than people's clicks do: the recording was stopped in between.
JUMP = 4.0


@dataclass(frozen=True)
class Anchor:
    """An answer that begins at WALL (seconds of the clock) begins at MEDIA (seconds of the recording)."""

    wall: float
    media: float

    @property
    def shift(self) -> float:
        return self.media - self.wall


@dataclass(frozen=True)
class Block:
    """A stretch without pause or cut: FIRST to LAST are the outermost anchors, by the wall."""

    first: float
    last: float
    shift: float


@dataclass(frozen=True)
class Place:
    """Where something stands in the recording. Not SURE: it may be in the piece before or after."""

    second: float
    sure: bool


class TimeMap:
    """The map that ANCHORS and BREAKS (seconds of the recording at which it was stopped) make."""

    def __init__(self, anchors: Iterable[Anchor], breaks: Iterable[float] = ()) -> None:
        self.blocks = _blocks(sorted(anchors, key=lambda anchor: anchor.wall))
        self.breaks = sorted(breaks)

    def at(self, wall: float) -> Place | None:
        """The place of what happened at WALL; None when nothing is tied yet."""
        if not self.blocks:
            return None
        before = [block for block in self.blocks if block.first <= wall]
        after = [block for block in self.blocks if block.first > wall]
        if not before:
            return Place(wall + after[0].shift, sure=True)
        block = before[-1]
        if wall <= block.last or not after:
            return Place(wall + block.shift, sure=True)
        return self._between(wall, block, after[0])

    def _between(self, wall: float, before: Block, after: Block) -> Place:
        """Neither in the one block nor in the other: by a break somebody named, else by what is nearer."""
        early, late = wall + before.shift, wall + after.shift
        stop = next((b for b in self.breaks if before.last + before.shift <= b <= after.first + after.shift), None)
        if stop is not None:
            return Place(early if early < stop else max(late, stop), sure=True)
        nearer = wall - before.last <= after.first - wall
        return Place(early if nearer else late, sure=False)

    def residual(self, anchor: Anchor) -> float:
        """By how many seconds ANCHOR stands later than its block says."""
        place = self.at(anchor.wall)
        return anchor.media - place.second if place else 0.0


def _blocks(anchors: Sequence[Anchor]) -> list[Block]:
    groups: list[list[Anchor]] = []
    for anchor in anchors:
        if groups and abs(anchor.shift - median(a.shift for a in groups[-1])) <= JUMP:
            groups[-1].append(anchor)
        else:
            groups.append([anchor])
    return [Block(group[0].wall, group[-1].wall, median(a.shift for a in group)) for group in groups]
