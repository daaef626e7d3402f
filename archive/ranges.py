"""The Range header: one range is answered, several are ignored, as RFC 9110 allows."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A range gets this much at most: the browser asks on, and a paused viewer holds nothing.
PIECE = 1 << 20
_ONE = re.compile(r"^bytes\s*=\s*([0-9]{0,19})\s*-\s*([0-9]{0,19})\s*$")


class Unsatisfiable(Exception):
    """The range lies outside of the file."""


@dataclass(frozen=True)
class Span:
    """Bytes FIRST to LAST of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def at_most(self, length: int) -> Span:
        """Its beginning, LENGTH bytes or fewer. A server may answer with less than was asked (RFC 9110, 15.3.7)."""
        return Span(self.first, min(self.last, self.first + length - 1))


def parse(header: str, size: int) -> Span | None:
    """The span HEADER asks of a file of SIZE bytes; None: send it whole. Raises Unsatisfiable."""
    found = _ONE.match(header)
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if not first:  # the last N bytes
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(0, size - int(last)), size - 1)
    begin = int(first)
    if begin >= size:
        raise Unsatisfiable
    if last and int(last) < begin:
        return None  # not a range at all
    return Span(begin, min(int(last or size), size - 1))
