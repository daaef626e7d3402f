"""From the clock on the wall to the second of a recording, piece by piece.

The host's clicks are wall clock; a recording may begin late, be paused and be cut. People tie single answers to their
second (anchors). Between two pauses the two clocks differ by one shift, so anchors whose shifts agree stand in one
block, and the median of their shifts places everything else in it: a late click of one doesn't move the others.
Between blocks something was paused or cut, nobody knows where unless somebody says so (a break): a question there
gets the likelier second and is marked as unsure. Pauses and cuts only ever make a recording shorter: an anchor that
stands alone against both its neighbours was mistyped, and places nothing but its own question. Anchors and clicks are
kept as they are; the map is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

# Shifts that differ by more than people's clicks do: the recording was stopped in between.
JUMP = 4.0
# An anchor farther than this from where the others would have it is shown as doubtful.
DOUBT = 5.0


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
        first, last = before.last + before.shift, after.first + after.shift
        stop = next((b for b in self.breaks if first <= b <= last), None)
        if stop is None:
            # After a stop it can't come before the last anchor, and before the stop not after the next one.
            nearer = wall - before.last <= after.first - wall
            return Place(early if late < first or (nearer and early <= last) else late, sure=False)
        if early < stop:
            return Place(early, sure=True)
        # Said while it was stopped (or just clicked late): the next second that was recorded.
        return Place(max(late, stop), sure=late >= stop - JUMP or early <= stop + JUMP)

    def residual(self, anchor: Anchor) -> float:
        """By how many seconds ANCHOR stands later than its block says."""
        place = self.at(anchor.wall)
        return anchor.media - place.second if place else 0.0


def _blocks(anchors: Sequence[Anchor]) -> list[Block]:
    groups = _grouped(anchors)
    while (stray := _stray(groups)) is not None:
        groups = _grouped([anchor for group in groups for anchor in group if group is not groups[stray]])
    return [Block(group[0].wall, group[-1].wall, _shift(group)) for group in groups]


def _grouped(anchors: Iterable[Anchor]) -> list[list[Anchor]]:
    groups: list[list[Anchor]] = []
    for anchor in anchors:
        if groups and abs(anchor.shift - _shift(groups[-1])) <= JUMP:
            groups[-1].append(anchor)
        else:
            groups.append([anchor])
    return groups


def _shift(group: Sequence[Anchor]) -> float:
    return median(anchor.shift for anchor in group)


def _stray(groups: Sequence[Sequence[Anchor]]) -> int | None:
    """Which group is a single anchor that would have the recording run ahead of the clock, while its neighbours agree.

    Of two that contradict each other nobody can say which is wrong: both stay.
    """
    found = []
    for at in range(1, len(groups) - 1):
        before, here, after = (_shift(group) for group in groups[at - 1 : at + 2])
        rises = here > before + JUMP or after > here + JUMP
        if len(groups[at]) == 1 and rises and after <= before + JUMP:
            found.append((abs(after - before), at))
    return min(found)[1] if found else None
