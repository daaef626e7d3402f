"""Who is connected to this process: each socket's person, language and seat."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from core import revisions
from core.errors import Forbidden, NotFound, require
from core.live import NAMESPACE, socketio
from forum import queries
from forum.permissions import Role
from forum.queries import Seat

FRESH_SECONDS = 5.0
# A seat is read from these: while their counters stand still it is what it was.
AREAS = ("accounts", "network", "mentors", "learning")

Standing = tuple[int, ...]


@dataclass
class Guest:
    """One socket. It says hello to one room; the seat is asked for again every few seconds."""

    sid: str
    user_id: int | None
    uniquifier: str | None
    locale: str
    seat: Seat | None = None
    room_id: int | None = None
    at: float = field(default=0.0)

    @property
    def who(self) -> object:
        return self.user_id if self.user_id is not None else self.sid


_guests: dict[str, Guest] = {}
_seats: dict[tuple[int, int], tuple[float, Standing, Seat]] = {}


class SignedOut(Forbidden):
    code = "unauth"
    status = 401


def enter(guest: Guest) -> None:
    _guests[guest.sid] = guest


def leave(sid: str) -> None:
    _guests.pop(sid, None)


def guest(sid: str) -> Guest:
    return _guests[sid]


def fresh_seat(room_id: int, guest: Guest) -> Seat:
    """The guest's seat in a room, at most FRESH_SECONDS old. NotFound when there is none any more."""
    if guest.user_id is None:
        raise SignedOut
    key, now = (room_id, guest.user_id), time.monotonic()
    at, before, seat = _seats.get(key, (0.0, None, None))
    if seat is None or now - at > FRESH_SECONDS:
        standing = _standing()
        if seat is None or standing != before:
            seat = queries.seat(room_id, guest.user_id)
        if len(_seats) > 20_000:
            _seats.clear()
        _seats[key] = now, standing, seat
    if seat.person is None or seat.person.uniquifier != guest.uniquifier:
        raise SignedOut
    require(seat.role is not None, NotFound)
    return seat


def _standing() -> Standing:
    now = revisions.current()
    return tuple(now.get(area, 0) for area in AREAS)


def seated(guest: Guest) -> Seat:
    """The seat a command comes from: said hello, still allowed."""
    if guest.room_id is None or guest.seat is None:
        raise SignedOut
    if guest.seat.role is Role.PROJECTOR:
        return guest.seat
    guest.seat = fresh_seat(guest.room_id, guest)
    return guest.seat


def forget(user_id: int) -> None:
    """What a person may do changed: ask the database before their next command."""
    for key in [key for key in _seats if key[1] == user_id]:
        del _seats[key]


def people() -> dict[int, int]:
    """{room: how many people are in it} on this process; a person with two devices is one."""
    found: dict[int, set[int]] = {}
    for one in list(_guests.values()):
        if one.room_id is not None:
            inside = found.setdefault(one.room_id, set())
            if one.user_id is not None and one.seat and one.seat.role is not Role.PROJECTOR:
                inside.add(one.user_id)
    return {room_id: len(inside) for room_id, inside in found.items()}


def sweep() -> None:
    """Disconnect whoever lost their seat: they would still hear the room."""
    for room_id in people():
        allowed = queries.with_seat(room_id)
        for one in list(_guests.values()):
            if one.room_id == room_id and one.user_id is not None and one.user_id not in allowed:
                socketio.server.disconnect(one.sid, namespace=NAMESPACE)


def reseat(guest: Guest, seat: Seat) -> None:
    guest.seat, guest.room_id = replace(seat), seat.room_id


def clear() -> None:
    """Forget everybody: the process starts anew (tests)."""
    _guests.clear()
    _seats.clear()
