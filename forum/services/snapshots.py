"""A stream's snapshot rendered once for each sequence number and kept as compressed bytes.

A thousand people who come back at once cost a thousand sends of the same bytes. A snapshot says at which number it
stands; it is never served once the head moved on, nor when something that travels in ticks was told since.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import brotli
from flask import current_app

from core.db import db
from core.packets import Utf8Json
from forum import queries
from forum.models import Room, Stream
from forum.services.metrics import meter

KEPT = 32  # snapshots
SMALL = 8192  # bytes that a hello carries itself; more is fetched, compressed

Render = Callable[[Room, Stream], dict[str, Any]]


@dataclass(slots=True)
class Rendered:
    """One snapshot: its name for caches, what it says, the same compressed."""

    etag: str
    stamp: object  # it holds while this does
    plain: bytes
    small: dict[str, Any] | None  # itself, when it is small
    packed: dict[str, bytes] = field(default_factory=dict)

    def as_sent(self, encoding: str) -> bytes:
        """Its bytes in ENCODING (br, gzip or identity), compressed once."""
        if encoding == "identity":
            return self.plain
        if encoding not in self.packed:
            pack = gzip.compress if encoding == "gzip" else lambda text: brotli.compress(text, quality=5)
            self.packed[encoding] = pack(self.plain)
        return self.packed[encoding]


class Snapshots:
    """The snapshots of one process."""

    def __init__(self) -> None:
        self.of: OrderedDict[tuple[int, Stream], Rendered] = OrderedDict()
        self.told: dict[int, int] = {}  # {room: ticks that carried more than voices}
        self.turn = threading.Lock()

    def told_more(self, room_id: int) -> None:
        """A tick told something that a snapshot shows too: the kept one is old."""
        self.told[room_id] = self.told.get(room_id, 0) + 1

    def find(self, room: Room, stream: Stream, render: Render) -> Rendered:
        """ROOM's snapshot as of now, by RENDER if need be: one renders, the others wait for it."""
        wanted = _etag(room, stream), self._stamp(room.id)
        found = self._kept(room.id, stream, wanted)
        if found is None:
            db.session.rollback()  # whoever waits holds no connection that the other needs
            with self.turn:
                found = self._kept(room.id, stream, wanted) or self._keep(room, stream, wanted, render)
        return found

    def _kept(self, room_id: int, stream: Stream, wanted: tuple[str, object]) -> Rendered | None:
        found = self.of.get((room_id, stream))
        return found if found is not None and (found.etag, found.stamp) == wanted else None

    def _stamp(self, room_id: int) -> object:
        # Over Redis another process' ticks are not seen here: then any change counts.
        shared = current_app.config["REDIS_URL"]
        return queries.revision() if shared else self.told.get(room_id, 0)

    def _keep(self, room: Room, stream: Stream, wanted: tuple[str, object], render: Render) -> Rendered:
        meter("snapshot", "rendered")
        shown = render(db.session.merge(room, load=False), stream)
        plain = Utf8Json.dumps({"epoch": room.epoch, "snapshot": shown}).encode()
        rendered = self.of[room.id, stream] = Rendered(*wanted, plain, shown if len(plain) <= SMALL else None)
        self.of.move_to_end((room.id, stream))
        if len(self.of) > KEPT:
            self.of.popitem(last=False)
        return rendered


def _etag(room: Room, stream: Stream) -> str:
    return f"{room.epoch}-{queries.head(room, stream)}"

