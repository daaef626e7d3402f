"""What the room shows on the pages of cohorts and of the dashboard."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from markupsafe import Markup

from accounts.permissions import actor
from core.db import utcnow
from core.slots import fills
from forum import queries
from mentors.models import Meeting


@fills("meetings.acts")
def rooms(meetings: Sequence[Meeting]) -> dict[int, Markup]:
    """The way into each meeting's room, or to its record, for people with a part in it."""
    user = actor()
    if user is None or not meetings:
        return {}
    found = queries.rooms_of([meeting.id for meeting in meetings], user)
    begins, now = {meeting.id: meeting.starts_at for meeting in meetings}, utcnow()
    return {
        room.meeting_id: Markup(  # noqa: S704 - our own template, escaped
            render_template("forum/_way_in.html", room=room, role=role, begins=begins[room.meeting_id], now=now)
        )
        for room, role in found
    }
