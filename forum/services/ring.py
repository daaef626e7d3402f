"""The latest events of each stream in memory, so that a whole room comes back without asking the log.

A ring reads on from where it ends whenever the head moved, whoever wrote; what it holds has no hole.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Any

from forum import queries
from forum.models import Room, Stream
from forum.protocol import INLINE_EVENTS
from forum.services.metrics import meter

KEPT = 64  # streams


class Ring:
    """Events first + 1 to `last` of one run of a stream."""

    def __init__(self, epoch: str, last: int) -> None:
        self.epoch, self.last = epoch, last
        self.events: deque[dict[str, Any]] = deque(maxlen=INLINE_EVENTS)

    def read_on(self, room_id: int, stream: Stream) -> None:
        for event in queries.events_after(room_id, stream, self.last, INLINE_EVENTS):
            if event["s"] == self.last + 1:  # another greenlet may have read the same ones
                self.events.append(event)
                self.last = event["s"]

    def after(self, seq: int) -> list[dict[str, Any]] | None:
        """The events that follow SEQ; None when the ring doesn't reach back that far."""
        behind = self.last - seq
        if behind > len(self.events):
            return None
        return list(self.events)[len(self.events) - behind :] if behind > 0 else []


class Rings:
    """The rings of one process, the least used forgotten first."""

    def __init__(self) -> None:
        self.of: OrderedDict[tuple[int, Stream], Ring] = OrderedDict()

    def after(self, room: Room, stream: Stream, seq: int) -> list[dict[str, Any]] | None:
        """The events of ROOM's STREAM that follow SEQ, up to its head; None when they are not all in memory."""
        head = queries.head(room, stream)
        ring = self.of.get((room.id, stream))
        if ring is None or ring.epoch != room.epoch or head - ring.last > INLINE_EVENTS:
            ring = self.of[room.id, stream] = Ring(room.epoch, max(0, head - INLINE_EVENTS))
        self.of.move_to_end((room.id, stream))
        if len(self.of) > KEPT:
            self.of.popitem(last=False)
        if ring.last < head:
            ring.read_on(room.id, stream)
        found = ring.after(seq)
        meter("ring", "miss" if found is None else "hit")
        return found
