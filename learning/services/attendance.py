"""Being at a meeting, or making it up with its recording: the days one has, and how many such meetings count."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db, utcnow
from learning.models import Attendance, Attended
from learning.permissions import is_enrolled
from mentors.models import Meeting

MAKE_UP = dt.timedelta(days=14)


def make_up(user: User, meeting: Meeting, since: dt.datetime) -> bool:
    """USER watched the recording of a MEETING of their cohort, there SINCE; whether that makes the meeting up.

    It does within 14 days of the meeting, or of its recording when that came later. Who was there stays present;
    twice is once.
    """
    now = utcnow()
    if not is_enrolled(user, meeting.cohort_id) or now < meeting.ends_at:
        return False
    known = db.session.get(Attendance, (meeting.id, user.id))
    if known is not None:
        return known.how is Attended.MADE_UP
    if now > max(meeting.ends_at, since) + MAKE_UP:
        return False
    db.session.add(Attendance(meeting_id=meeting.id, user_id=user.id, how=Attended.MADE_UP, at=now))
    try:
        db.session.commit()
    except IntegrityError:  # noted at the same moment from elsewhere
        db.session.rollback()
    return True


def counted(made_up: int, meetings: int) -> int:
    """How many of MADE_UP meetings count, of so many MEETINGS of a cohort: at most half."""
    return min(made_up, meetings // 2)
