"""Captions: what is said, line by line, typed by a moderator or sent by a program with a key."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select

from core.db import utcnow
from core.errors import NotFound
from forum import queries
from forum.models import Caption, CaptionKey, Room
from forum.permissions import may_run
from forum.queries import Seat
from forum.services.desk import Desk
from forum.services.refusals import Locked, Reused
from forum.services.votes import open_room

KEY_HOURS = 12
MOST_KEYS = 5


class TooManyKeys(Locked):
    message = _l("Five keys work already. Take one back first.")


def caption(desk: Desk, body: str, cid: str) -> dict[str, Any]:
    """The next caption of the room; the same CID again is the same caption."""
    open_room(desk.room)
    known = desk.session.scalar(select(Caption).where(Caption.room_id == desk.room.id, Caption.cid == cid))
    if known is not None:
        if known.body != body:
            raise Reused
        desk.replay = True
        return {"no": known.no}
    last = desk.session.scalar(select(func.max(Caption.no)).where(Caption.room_id == desk.room.id)) or 0
    desk.session.add(
        Caption(room_id=desk.room.id, no=last + 1, cid=cid, body=body, author_id=desk.person.id, at=utcnow())
    )
    desk.session.flush()
    desk.count("cc", last + 1)
    return {"no": last + 1}


def make_key(desk: Desk) -> dict[str, Any]:
    """A key for a captioning program, good for twelve hours. What it says is never stored: `secret` signs it anew."""
    live = select(func.count()).where(
        CaptionKey.room_id == desk.room.id, CaptionKey.revoked_at.is_(None), CaptionKey.expires_at > utcnow()
    )
    if (desk.session.scalar(live) or 0) >= MOST_KEYS:
        raise TooManyKeys
    now = utcnow()
    key = CaptionKey(
        pid=uuid.uuid4(),
        room_id=desk.room.id,
        maker_id=desk.person.id,
        made_at=now,
        expires_at=now + dt.timedelta(hours=KEY_HOURS),
    )
    desk.session.add(key)
    desk.session.flush()
    return {"kid": str(key.pid)}


def revoke(desk: Desk, kid: str) -> dict[str, Any]:
    """Whoever holds the key can write nothing more, from now; twice is once."""
    key = desk.session.scalar(
        select(CaptionKey).where(CaptionKey.pid == uuid.UUID(kid), CaptionKey.room_id == desk.room.id)
    )
    if key is None:
        raise NotFound
    key.revoked_at = key.revoked_at or utcnow()
    return {"kid": kid}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="forum.captions")


def secret(key: CaptionKey) -> str:
    """What a program sends with each caption."""
    return _signer().dumps([key.room_id, key.pid.hex])


def seat_of_key(room: Room, text: str | None) -> Seat | None:
    """The seat a key writes from: its maker's, while they moderate and the key works; else None."""
    try:
        room_id, pid = _signer().loads(text or "")
    except (BadSignature, ValueError, TypeError):
        return None
    key = queries.caption_key(room.id, pid) if room_id == room.id else None
    if key is None or key.revoked_at is not None or key.expires_at <= utcnow():
        return None
    seat = queries.seat(room.id, key.maker_id)
    return seat if may_run(seat.role) else None
