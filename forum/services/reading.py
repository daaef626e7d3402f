"""What many ask of a room at the same moment, read once.

A reading is good while the rooms' revision stands still: one small query tells, and holds for changes that
another process made. So it is never older than the moment it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from core.db import db
from core.errors import NotFound
from forum import queries
from forum.models import Room

KEPT = 200  # rooms


@dataclass(frozen=True, slots=True)
class Reading:
    """A room and what travels in ticks at a revision. The room belongs to no session: read its columns only."""

    revision: int
    room: Room
    counts: list[tuple[str, int]]
    ticks: dict[Any, dict[str, Any]] = field(default_factory=dict)  # by audience: announce.standing


class Readings:
    """The latest reading of each room, and the numbers of codes, which never change."""

    def __init__(self) -> None:
        self.of: dict[int, Reading] = {}
        self.numbers: dict[str, int] = {}

    def number(self, code: str) -> int | None:
        """The room with this code; None when there is none."""
        found = self.numbers.get(code.upper())
        if found is None and (found := queries.room_id_of(code)) is not None:
            _bound(self.numbers)[code.upper()] = found
        return found

    def now(self, room_id: int) -> Reading:
        """The room as it is. NotFound when it was deleted."""
        revision = queries.revision()  # before the rest: what is read after it may only be newer
        found = self.of.get(room_id)
        if found is None or found.revision != revision:
            room = queries.room_now(room_id)
            if room is None:
                raise NotFound
            db.session.expunge(room)
            found = Reading(revision, room, queries.all_counts(room_id))
            _bound(self.of)[room_id] = found
        return found

    def epoch(self, room_id: int) -> str:
        """The room's epoch, which changes with a restore only: asked for without a query once it is known."""
        found = self.of.get(room_id)
        return (found or self.now(room_id)).room.epoch


def _bound(mapping: dict[Any, Any]) -> dict[Any, Any]:
    if len(mapping) >= KEPT:
        mapping.clear()
    return mapping


def readings() -> Readings:
    """Those of this process."""
    return current_app.extensions.setdefault("forum.readings", Readings())
