"""Who is connected to this process: each socket's person, language and seat."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from core import revisions
from core.errors import Forbidden, NotFound, require
from core.live import NAMESPACE, socketio
from forum import queries
from forum.queries import Seat

FRESH_SECONDS = 5.0
AWAY_SECONDS = 60.0
# A seat is read from these: while their counters stand still it is what it was.
AREAS = ("accounts", "network", "mentors", "learning")

Standing = tuple[int, ...]


@dataclass(slots=True, eq=False)
class Guest:
    """One socket. It says hello to one room; the seat is asked for again every few seconds."""

    sid: str
    user_id: int | None
    uniquifier: str | None
    locale: str
    seat: Seat | None = None
    room_id: int | None = None
    key: str | None = None  # of a projector
    held: bool = False  # floods: not heard any more

    @property
    def who(self) -> object:
        return self.user_id if self.user_id is not None else self.sid


_guests: dict[str, Guest] = {}
_inside: dict[int, set[Guest]] = defaultdict(set)  # by room
_people: dict[int, Counter[int]] = defaultdict(Counter)  # by room: {person: their sockets}
_seats: dict[tuple[int, int], tuple[float, Standing, Seat]] = {}
_gone: dict[int, dict[int, float]] = defaultdict(dict)  # {room: {person: since when}}, of lost connections


class SignedOut(Forbidden):
    code = "unauth"
    status = 401


def enter(guest: Guest) -> None:
    _guests[guest.sid] = guest


def leave(sid: str, lost: bool = False) -> int | None:
    """SID is gone; LOST: it broke off, so they may come back. The room where one more is away, if any."""
    one = _guests.pop(sid, None)
    if one is None:
        return None
    room_id, person = one.room_id, _person(one)
    _leave_room(one)
    if not lost or room_id is None or person is None or person in _people[room_id]:
        return None
    _gone[room_id][person] = time.monotonic()
    return room_id


def away(room_id: int) -> tuple[int, float | None]:
    """(how many broke off within the last minute and aren't back, seconds until the first is given up)."""
    since = time.monotonic() - AWAY_SECONDS
    gone = _gone.get(room_id, {})
    for person in [person for person, at in gone.items() if at <= since]:
        del gone[person]
    return len(gone), min(gone.values()) - since if gone else None


def find(sid: str) -> Guest | None:
    """The guest of a socket; None once it is gone."""
    return _guests.get(sid)


def guest(sid: str) -> Guest:
    return _guests[sid]


def fresh_seat(room_id: int, guest: Guest) -> Seat:
    """The guest's seat in a room, at most FRESH_SECONDS old. NotFound when there is none any more."""
    if guest.user_id is None:
        raise SignedOut
    return seat_of(room_id, guest.user_id, guest.uniquifier)


def seat_of(room_id: int, user_id: int, uniquifier: str | None) -> Seat:
    """The seat of whoever signed in as that, at most FRESH_SECONDS old. SignedOut, NotFound."""
    key, now = (room_id, user_id), time.monotonic()
    at, before, seat = _seats.get(key, (0.0, None, None))
    if seat is None or now - at > FRESH_SECONDS:
        standing = _standing()
        if seat is None or standing != before:
            seat = queries.seat(room_id, user_id)
        if len(_seats) > 20_000:
            _seats.clear()
        _seats[key] = now, standing, seat
    if seat.person is None or seat.person.uniquifier != uniquifier:
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
    if guest.key is not None:
        return guest.seat
    guest.seat = fresh_seat(guest.room_id, guest)
    return guest.seat


def forget(user_id: int) -> None:
    """What a person may do changed: ask the database before their next command."""
    for key in [key for key in _seats if key[1] == user_id]:
        del _seats[key]


def people() -> dict[int, int]:
    """{room: how many people are in it} on this process; a person with two devices is one."""
    return {room_id: len(_people[room_id]) for room_id, inside in list(_inside.items()) if inside}


def sockets() -> dict[int, int]:
    """{room: how many sockets are in it} on this process."""
    return {room_id: len(inside) for room_id, inside in list(_inside.items()) if inside}


def sweep() -> None:
    """Disconnect whoever lost their seat: they would still hear the room."""
    for room_id in people():
        allowed = queries.with_seat(room_id)
        for one in list(_inside[room_id]):
            if one.user_id is not None and one.user_id not in allowed:
                socketio.server.disconnect(one.sid, namespace=NAMESPACE)


def reseat(guest: Guest, seat: Seat, key: str | None = None) -> bool:
    """GUEST is in the seat's room from now on, and in no other. Whether they had been away."""
    _leave_room(guest)
    guest.seat, guest.room_id, guest.key = seat, seat.room_id, key
    _inside[seat.room_id].add(guest)
    if (person := _person(guest)) is None:
        return False
    _people[seat.room_id][person] += 1
    return _gone[seat.room_id].pop(person, None) is not None


def _leave_room(guest: Guest) -> None:
    if guest.room_id is None:
        return
    _inside[guest.room_id].discard(guest)
    if (person := _person(guest)) is not None:
        here = _people[guest.room_id]
        here[person] -= 1
        if here[person] <= 0:
            del here[person]
    guest.room_id = None


def _person(guest: Guest) -> int | None:
    """Whom this socket counts as; a projector is nobody."""
    return guest.user_id if guest.key is None else None


def clear() -> None:
    """Forget everybody: the process starts anew (tests)."""
    for kept in (_guests, _inside, _people, _gone, _seats):
        kept.clear()
