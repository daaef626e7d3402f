"""When a meeting is, as people say it: «Απόψε, 19:00–21:00»."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from core.i18n import athens, clock, moment
from mentors.models import Meeting

EVENING = 17  # o'clock


def going_on(meeting: Meeting, now: dt.datetime) -> bool:
    """Whether people sit at the table of MEETING at this moment."""
    return meeting.starts_at <= now < meeting.ends_at


def today(meeting: Meeting, now: dt.datetime) -> bool:
    """Whether MEETING is on the day that NOW is in Athens, or going on since yesterday."""
    return going_on(meeting, now) or athens(meeting.starts_at).date() == athens(now).date()


def when(meeting: Meeting, now: dt.datetime) -> str:
    """The time of MEETING, nearer days by their names."""
    begins, ends = clock(meeting.starts_at), clock(meeting.ends_at)
    if going_on(meeting, now):
        return str(gettext("Now, until %(end)s", end=ends))
    if today(meeting, now):
        if athens(meeting.starts_at).hour >= EVENING:
            return str(gettext("Tonight, %(start)s–%(end)s", start=begins, end=ends))
        return str(gettext("Today, %(start)s–%(end)s", start=begins, end=ends))
    if athens(meeting.starts_at).date() - athens(now).date() == dt.timedelta(days=1):
        return str(gettext("Tomorrow, %(start)s–%(end)s", start=begins, end=ends))
    return moment(meeting.starts_at)


def greeting(now: dt.datetime) -> str:
    """«Καλημέρα» until one in the afternoon, then «Καλησπέρα»."""
    return str(gettext("Good morning") if 4 <= athens(now).hour < 13 else gettext("Good evening"))
