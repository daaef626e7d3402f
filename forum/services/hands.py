"""Raised hands: one each, in order, one at a time has the floor.

The room hears numbers only. A person knows their own number, so that everybody can tell their place
from one list; names go to moderators.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.db import utcnow
from core.errors import NotFound
from core.live import personal
from forum.models import Hand, HandState
from forum.protocol import hand_letter
from forum.services.desk import Desk
from forum.services.votes import open_room


def hand(desk: Desk, up: int, named: int | None = None) -> dict[str, Any]:
    """Raise or lower the sender's own hand: a set value, the same from every device."""
    open_room(desk.room)
    mine = desk.session.scalar(
        select(Hand).where(
            Hand.room_id == desk.room.id, Hand.user_id == desk.person.id, Hand.state != HandState.DOWN
        )
    )
    if up and mine is None:
        mine = Hand(room_id=desk.room.id, no=_next(desk), user_id=desk.person.id)
        desk.session.add(mine)
    elif not up and mine is not None:
        mine.state = HandState.DOWN
    if mine is not None:
        mine.named = mine.named if named is None else bool(named)
        _changed(desk, mine)
    return hand_letter(desk.room.code, mine)


def _next(desk: Desk) -> int:
    """The next number of the room: its row is locked, so it is nobody else's."""
    return (desk.session.scalar(select(func.max(Hand.no)).where(Hand.room_id == desk.room.id)) or 0) + 1


def _changed(desk: Desk, hand: Hand) -> None:
    """Stored, counted in the next tick, and told to its person on all their devices."""
    desk.session.flush()
    desk.count("hands", hand.no)
    desk.letters.append((personal(hand.user_id), hand_letter(desk.room.code, hand)))


def _raised(desk: Desk) -> list[Hand]:
    query = select(Hand).where(Hand.room_id == desk.room.id, Hand.state != HandState.DOWN)
    return list(desk.session.scalars(query.order_by(Hand.no)))


def call(desk: Desk, no: int | None = None) -> dict[str, Any]:
    """Give the floor to the next hand, or to hand NO; whoever had it has spoken. Nobody left: the floor is free."""
    open_room(desk.room)
    raised = _raised(desk)
    wanted = next((h for h in raised if (h.no == no if no else h.state is HandState.UP)), None)
    if no and wanted is None:
        raise NotFound
    for other in raised:
        if other.state is HandState.CALLED and other is not wanted:
            other.state = HandState.DOWN
            _changed(desk, other)
    if wanted is not None and wanted.state is HandState.UP:
        wanted.state, wanted.called_at = HandState.CALLED, utcnow()
        _changed(desk, wanted)
    return {"no": wanted.no if wanted else None}


def lower(desk: Desk, no: int | None = None) -> dict[str, Any]:
    """Lower hand NO, or all of them; one that is down stays down."""
    lowered = [hand for hand in _raised(desk) if no in {None, hand.no}]
    for hand in lowered:
        hand.state = HandState.DOWN
        _changed(desk, hand)
    return {"lowered": [hand.no for hand in lowered]}
