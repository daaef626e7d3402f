"""How the room follows: a choice of each person that fades after five minutes, and the host's silent check."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from core.db import utcnow
from core.live import personal
from forum.models import CheckState, Level, Pulse, Stream, UnderstoodCheck
from forum.protocol import Type, check_payload, pulse_letter
from forum.queries import pulse_shares
from forum.services.desk import Desk
from forum.services.refusals import Locked
from forum.services.votes import open_room


class NothingAsked(Locked):
    message = _l("Nothing has been asked. Ask the room first whether it is clear.")


def pulse(desk: Desk, level: str) -> dict[str, Any]:
    """The sender's choice, or "none" to take it back."""
    open_room(desk.room)
    known = desk.session.get(Pulse, (desk.room.id, desk.person.id))
    if level == "none":
        if known is not None:
            desk.session.delete(known)
        known = None
    else:
        known = known or Pulse(room_id=desk.room.id, user_id=desk.person.id)
        known.level, known.at = Level(level), utcnow()
        desk.session.add(known)
    desk.session.flush()
    desk.count("pulse", level)
    letter = pulse_letter(desk.room.code, known)
    desk.letters.append((personal(desk.person.id), letter))
    return letter


def _latest(desk: Desk) -> UnderstoodCheck | None:
    query = select(UnderstoodCheck).where(UnderstoodCheck.room_id == desk.room.id)
    return desk.session.scalar(query.order_by(UnderstoodCheck.no.desc()).limit(1))


def _tell(desk: Desk, check: UnderstoodCheck) -> dict[str, Any]:
    desk.session.flush()
    payload = check_payload(check)
    desk.log(Stream.PUB, Type.CHECK, payload)
    desk.log(Stream.MOD, Type.CHECK, payload)
    return {"check": payload}


def _move(desk: Desk, check: UnderstoodCheck, state: CheckState) -> dict[str, Any]:
    check.state = state
    check.rev += 1
    return _tell(desk, check)


def ask(desk: Desk) -> dict[str, Any]:
    """«Is it clear so far?»: everybody's pulse begins anew; one that was being asked ends."""
    open_room(desk.room)
    before = _latest(desk)
    if before is not None and before.state is not CheckState.CLOSED:
        _move(desk, before, CheckState.CLOSED)
    desk.session.execute(delete(Pulse).where(Pulse.room_id == desk.room.id))
    desk.count("pulse", "all")
    check = UnderstoodCheck(room_id=desk.room.id, no=before.no + 1 if before else 1)
    desk.session.add(check)
    return _tell(desk, check)


def reveal(desk: Desk) -> dict[str, Any]:
    """The room sees what it answered, as it stands now; never who."""
    check = _latest(desk)
    if check is None or check.state is CheckState.CLOSED:
        raise NothingAsked
    if check.state is CheckState.REVEALED:
        return {"check": check_payload(check)}
    check.result = pulse_shares(desk.session, desk.room.id)
    return _move(desk, check, CheckState.REVEALED)


def close(desk: Desk) -> dict[str, Any]:
    """Nobody is asked any more; a result that was shown goes."""
    check = _latest(desk)
    if check is None:
        raise NothingAsked
    if check.state is CheckState.CLOSED:
        return {"check": check_payload(check)}
    return _move(desk, check, CheckState.CLOSED)
