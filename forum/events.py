"""Socket.IO commands. Each answers with an ack, whatever it is sent; docs/live-protocol.md lists them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeGuard

from flask import current_app, request, url_for
from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user, user_logged_out
from flask_socketio import join_room, leave_room

from accounts.models import User
from core.db import db
from core.errors import DomainError, NotFound, TooMany, require
from core.i18n import choose_locale
from core.live import NAMESPACE, hang_up, personal, socketio
from core.log import log
from forum import forms, queries, services
from forum.models import Room, Stream
from forum.permissions import Role
from forum.protocol import PAGE_EVENTS, PAGED_EVENTS, VERSION, Audience, audience, hidden
from forum.queries import Seat
from forum.services import catchup, entrance, limits, memory, presence, screens
from forum.services.announce import count, standing
from forum.services.presence import Guest
from forum.services.reading import readings
from forum.services.refusals import Broken, Busy, Flood

Ack = dict[str, Any]
HOLD = 3.0  # seconds between the last ack of a flooder and the end of their line
DELIBERATE = "client disconnect"  # of the library's reasons: the person left the page on purpose


class Upgrade(DomainError):
    code = "upgrade"
    status = 422
    message = _l("This page is older than the room. Reload it.")


def _now() -> int:
    return int(time.time() * 1000)


def refusal(error: DomainError) -> Ack:
    """ERROR as an ack in the reader's language."""
    ack: Ack = {"ok": False, "err": error.code, "msg": str(error.message), "srv": _now()}
    return ack | {key: error.facts[key] for key in ("retry_ms", "cur") if key in error.facts}


def _refused(guest: Guest, error: DomainError) -> Ack:
    """Refusals are counted too: whoever sends nothing but nonsense is slowed down, and cut off in the end."""
    try:
        if not isinstance(error, TooMany | Busy):
            limits.take(guest.who, "refused")
    except TooMany as too_many:
        error = too_many
    if isinstance(error, Flood) and not guest.held:
        guest.held = True
        socketio.start_background_task(_cut, guest.sid)
    return refusal(error)


def _cut(sid: str) -> None:
    """End a flooder's line, but not at once: each time that they come back costs more than what they send."""
    socketio.sleep(HOLD)
    hang_up(sid)


def command(function: Callable[[Guest, dict[str, Any]], Ack]) -> Callable[..., Ack]:
    """A handler that always acknowledges: a result, a refusal, or a fault that is ours."""

    @wraps(function)
    def handle(*args: Any) -> Ack:
        guest = presence.guest(request.sid)  # type: ignore[attr-defined]
        with force_locale(guest.locale):
            try:
                if guest.held:  # nothing more is read from this line until it is cut
                    socketio.sleep(HOLD)
                    raise Flood
                if len(args) != 1 or not isinstance(args[0], dict):
                    raise forms.Invalid
                return {"ok": True, "srv": _now()} | function(guest, args[0])
            except DomainError as error:
                return _refused(guest, error)
            except Exception as error:  # noqa: BLE001 - without an ack the client would wait for nothing
                db.session.rollback()
                log.error("socket command failed", exc_info=error)
                return refusal(Broken())

    return handle


@socketio.on("connect", namespace=NAMESPACE)
def connect(_auth: Any = None) -> None:
    """Anybody may connect; to hear anything they must say hello to a room they have a seat in."""
    sid = request.sid  # type: ignore[attr-defined]
    user = current_user if current_user.is_authenticated else None
    presence.enter(Guest(sid, user and user.id, user and user.fs_uniquifier, choose_locale()))
    if user is not None:
        join_room(personal(user.id))
    services.live(current_app)


@socketio.on("disconnect", namespace=NAMESPACE)
def disconnect(reason: Any = None) -> None:
    room_id = presence.leave(request.sid, lost=reason != DELIBERATE)  # type: ignore[attr-defined]
    if room_id is not None:
        count(room_id, "away", set())


@user_logged_out.connect
def signed_out(_app: Any, user: Any = None, **_facts: Any) -> None:
    """Signing out doesn't reach an open socket: end them all; other devices come back by themselves."""
    if user is not None and getattr(user, "id", None):
        services.disconnect(user.id)


@socketio.on("room:hello", namespace=NAMESPACE)
@command
def hello(guest: Guest, payload: dict[str, Any]) -> Ack:
    """Enter a room: hear it first, then learn what was missed. Nothing falls in between."""
    require(payload.get("v") == VERSION, Upgrade)
    limits.take(guest.who, "room:hello")
    room_id, key, resume = *_wanted(guest, payload), payload.get("resume")
    if not _returns(room_id, resume):
        entrance.admit()
    seat = _seat(guest, room_id, key)
    _leave_audiences(guest)
    if presence.reseat(guest, seat, key):
        count(room_id, "away", set())
    _join_audiences(seat)
    now = readings().now(room_id)
    room, stream = now.room, services.stream_of(seat)
    mine = _mine(room, seat)
    facts = {"role": seat.role, "stream": stream, "epoch": room.epoch, "on": presence.people()[room_id], "me": mine}
    missed = catchup.missed(room, stream, _last(room, stream, resume))
    values = {"counts": now.counts, "ticks": standing(room_id, _parts(seat))}
    return {"r": facts | (_whole(guest, room, stream) if missed is None else missed) | values}


@socketio.on("room:sync", namespace=NAMESPACE)
@command
def sync(guest: Guest, payload: dict[str, Any]) -> Ack:
    """Repair a gap: the events after `from`, at most PAGE_EVENTS; `more` when that wasn't all."""
    limits.take(guest.who, "room:sync")
    seat = presence.seated(guest)
    now = readings().now(seat.room_id)
    room, stream = now.room, services.stream_of(seat)
    start = _number(payload.get("from"))
    behind = queries.head(room, stream) - start
    if payload.get("epoch") != room.epoch or not 0 <= behind <= PAGED_EVENTS:
        values = {"counts": now.counts, "ticks": standing(room.id, _parts(seat))}
        return {"r": _whole(guest, room, stream) | {"epoch": room.epoch} | values}
    events = queries.events_after(room.id, stream, start, PAGE_EVENTS)
    return {"r": {"epoch": room.epoch, "events": events, "more": len(events) == PAGE_EVENTS}}


@socketio.on("screen:due", namespace=NAMESPACE)
@command
def screen_due(guest: Guest, _payload: dict[str, Any]) -> Ack:
    """What a projector may show now: it asks before it shows anything new, so that the host's veto is in time."""
    limits.take(guest.who, "screen:due")
    seat = presence.seated(guest)
    return {"r": screens.due(readings().now(seat.room_id).room)}


@socketio.on("room:ping", namespace=NAMESPACE)
@command
def ping(guest: Guest, _payload: dict[str, Any]) -> Ack:
    """Nothing but the way there and back, which the console measures."""
    limits.take(guest.who, "room:ping")
    presence.seated(guest)
    return {"r": {}}


def _do(name: str) -> Callable[..., Ack]:
    def handle(guest: Guest, payload: dict[str, Any]) -> Ack:
        seat = presence.seated(guest)
        ticket = services.act(seat, name, forms.check(name, payload))
        return {"r": ticket.ack} | ({"s": ticket.head} if ticket.head else {})

    return command(handle)


for _name in forms.COMMANDS:
    socketio.on_event(_name, _do(_name), namespace=NAMESPACE)


@socketio.on("question:similar", namespace=NAMESPACE)
@command
def similar(guest: Guest, payload: dict[str, Any]) -> Ack:
    """What was asked before, while somebody types; moderators ask it of a question too."""
    limits.take(guest.who, "question:similar")
    seat = presence.seated(guest)
    wanted = forms.check("question:similar", payload)
    reader = db.session.get(User, seat.person.id) if seat.person else None
    return {"r": memory.look(seat, reader, **wanted)}


@socketio.on("*", namespace=NAMESPACE)
def unknown(_event: str, *_args: Any) -> Ack:
    """A command of another version of this page."""
    guest = presence.guest(request.sid)  # type: ignore[attr-defined]
    with force_locale(guest.locale):
        return _refused(guest, Upgrade(gettext("This room doesn't know what was asked of it. Reload the page.")))


def _wanted(guest: Guest, payload: dict[str, Any]) -> tuple[int, str | None]:
    """The room that is meant and the projector's key, when there is one."""
    code, key = payload.get("code"), payload.get("key")
    if not _plain(code) or not (key is None or _plain(key)):
        raise forms.Invalid
    if not key and guest.user_id is None:
        raise presence.SignedOut
    room_id = readings().number(code)
    if room_id is None:
        raise NotFound
    return room_id, key or None


def _seat(guest: Guest, room_id: int, key: str | None) -> Seat:
    if key is None:
        return presence.fresh_seat(room_id, guest)
    seat = services.projector_seat(readings().now(room_id).room, key)
    if seat is None:
        raise NotFound
    return seat


def _whole(guest: Guest, room: Room, stream: Stream) -> Ack:
    """A snapshot, or where it is to be had when it is large."""
    rendered = catchup.whole(room, stream)
    if rendered.small is not None:
        return {"snapshot": rendered.small}
    return {"snapshot_url": url_for("forum.snapshot", code=room.code, key=guest.key)}


def _plain(value: Any) -> TypeGuard[str]:
    """Text of signs that every database and every signature can take."""
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _parts(seat: Seat) -> tuple[Audience, Audience]:
    own = {Role.MODERATOR: Audience.MOD, Role.PROJECTOR: Audience.PROJ}
    return own.get(seat.role, Audience.PUB) if seat.role else Audience.PUB, Audience.TICK


def _join_audiences(seat: Seat) -> None:
    for part in _parts(seat):
        join_room(audience(seat.room_id, part))


def _mine(room: Room, seat: Seat) -> Ack | None:
    """What is this person's own; from now on they hear of it, also of what they asked anonymously."""
    if seat.person is None:
        return None
    if mark := room.asker_mark(seat.person.pid):
        join_room(hidden(room.id, mark))
    return catchup.me(room, seat.person)


def _leave_audiences(guest: Guest) -> None:
    if guest.room_id is not None:
        for part in Audience:
            leave_room(audience(guest.room_id, part))


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise forms.Invalid
    return value


def _returns(room_id: int, resume: Any) -> bool:
    """Whether somebody comes back with what they know of this run of the room."""
    known = resume.values() if isinstance(resume, dict) else ()
    return any(isinstance(last, list) and last[:1] == [readings().epoch(room_id)] for last in known)


def _last(room: Room, stream: Stream, resume: Any) -> int | None:
    """The number of the last event the client has of this run of the stream."""
    last = resume.get(stream.value) if isinstance(resume, dict) else None
    if isinstance(last, list) and len(last) == 2 and last[0] == room.epoch:
        return _number(last[1])
    return None
