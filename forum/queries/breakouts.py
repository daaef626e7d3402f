"""Work in groups: what runs, how many sit where, where one sits oneself. The writer brings a session of its own."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from forum.models import Breakout, BreakoutGroup, BreakoutSeat


def breakout_in(session: Session, room_id: int) -> Breakout | None:
    """The latest of a room, with its groups."""
    query = select(Breakout).where(Breakout.room_id == room_id).order_by(Breakout.no.desc()).limit(1)
    return session.scalar(query.options(selectinload(Breakout.groups)).execution_options(populate_existing=True))


def sizes_of(session: Session, breakout: Breakout) -> dict[int, int]:
    """{group's number: how many sit there}."""
    rows = session.execute(
        select(BreakoutGroup.no, func.count(BreakoutSeat.user_id))
        .outerjoin(BreakoutSeat, BreakoutSeat.group_id == BreakoutGroup.id)
        .where(BreakoutGroup.breakout_id == breakout.id)
        .group_by(BreakoutGroup.no)
    )
    return {no: sitting for no, sitting in rows}  # noqa: C416 - a result is no pairs to dict()


def group_of(session: Session, breakout: Breakout, user_id: int) -> BreakoutGroup | None:
    """Where a person sits."""
    return session.scalar(
        select(BreakoutGroup)
        .join(BreakoutSeat, BreakoutSeat.group_id == BreakoutGroup.id)
        .where(BreakoutSeat.breakout_id == breakout.id, BreakoutSeat.user_id == user_id)
    )
