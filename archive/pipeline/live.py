"""Whether people are in a meeting now: then nothing is encoded."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, or_, select

from core.db import db, utcnow
from forum.models import Room, RoomState
from mentors.models import Cohort, CohortState, Meeting, MeetingState

BEFORE = dt.timedelta(minutes=10)  # people come early
LONGEST = dt.timedelta(hours=6)  # a room that nobody closed is no meeting for ever


def meeting_is_live() -> bool:
    """A room is open, or the programme says that a meeting takes place now."""
    now = utcnow()
    room = exists(select(Room.id).where(Room.state == RoomState.OPEN, Room.opened_at > now - LONGEST))
    meeting = exists(
        select(Meeting.id)
        .join(Meeting.cohort)
        .where(
            Meeting.state.not_in((MeetingState.CANCELLED, MeetingState.ENDED)),
            Meeting.starts_at <= now + BEFORE,
            Meeting.ends_at > now,
            Cohort.state.in_((CohortState.PUBLISHED, CohortState.RUNNING)),
        )
    )
    return bool(db.session.scalar(select(or_(room, meeting))))
