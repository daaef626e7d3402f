"""Removed parts of a recording, in seconds of its original: what is hidden, what stays, where it is in the cut film."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.captions import Cue

Span = tuple[float, float]  # first and last second


@dataclass(frozen=True)
class Cuts:
    """The removed SPANS, in order, none touching another."""

    spans: tuple[Span, ...] = ()

    def at(self, second: float) -> Span | None:
        """The removed part that SECOND falls into."""
        return next((span for span in self.spans if span[0] <= second < span[1]), None)

    def after(self, second: float) -> float:
        """SECOND, or where the film goes on when it falls into a removed part."""
        span = self.at(second)
        return span[1] if span else second

    def touches(self, first: float, last: float) -> bool:
        """Whether anything between FIRST and LAST was removed."""
        return any(begin < last and first < end for begin, end in self.spans)

    def kept(self, duration: float) -> list[Span]:
        """What stays of a recording of DURATION seconds."""
        edges = [0.0, *(edge for span in self.spans for edge in span), duration]
        spans = zip(edges[::2], edges[1::2], strict=True)
        return [(first, min(last, duration)) for first, last in spans if min(last, duration) > first]

    def words(self, cues: Iterable[Cue]) -> list[Cue]:
        """CUES without those of which something was removed."""
        return [cue for cue in cues if not self.touches(cue.start, cue.end)]


def cuts(parts: Iterable[Span]) -> Cuts:
    """PARTS as one list: those that overlap or touch are one."""
    found: list[Span] = []
    for first, last in sorted(parts):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return Cuts(tuple(found))


def still(removed: Cuts, duration: float) -> float:
    """The second of a recording of DURATION seconds that stands for it in lists: a tenth in, or the next that stays."""
    second = removed.after(min(60.0, duration / 10))
    return second if second < duration else next((first for first, _ in removed.kept(duration)), 0.0)


def to_film(kept: Sequence[Span], second: float) -> float:
    """Where SECOND of the original is in the film made of the parts KEPT; of a removed one, where it would be."""
    passed = 0.0
    for first, last in kept:
        if second < first:
            break
        passed += min(second, last) - first
    return passed


def to_original(kept: Sequence[Span], second: float) -> float:
    """The second of the original that plays at SECOND of the film made of the parts KEPT."""
    for first, last in kept:
        if second < last - first:
            return first + second
        second -= last - first
    return kept[-1][1] if kept else 0.0
