"""Dates of meetings on the clock of Athens, whatever summer time does in between."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from core.i18n import from_athens
from courses.models import MODULE_MINUTES
from mentors.models import Rhythm

LENGTH = dt.timedelta(minutes=MODULE_MINUTES)
# Between two meetings of one day
PAUSE = dt.timedelta(minutes=30)
SATURDAY = 5
A_DAY = 2


def days(first: dt.date, rhythm: Rhythm) -> Iterator[dt.date]:
    """The days of meetings from FIRST on. FIRST itself always counts, also a Friday of a weekend seminar."""
    step = dt.timedelta(weeks=1) if rhythm is Rhythm.WEEKLY else dt.timedelta(days=1)
    yield first
    day = first
    while True:
        day += step
        if rhythm is not Rhythm.WEEKEND or day.weekday() >= SATURDAY:
            yield day


def plan_meetings(
    first: dt.date, clock: dt.time, rhythm: Rhythm, count: int
) -> list[tuple[dt.datetime, dt.datetime]]:
    """COUNT meetings as (start, end) in UTC, two hours each, at CLOCK in Athens."""
    planned: list[tuple[dt.datetime, dt.datetime]] = []
    for day in days(first, rhythm):
        start = from_athens(day, clock)
        for _ in range(A_DAY if rhythm is Rhythm.WEEKEND else 1):
            if len(planned) == count:
                return planned
            planned.append((start, start + LENGTH))
            start += LENGTH + PAUSE
    return planned


def overlapping(times: list[tuple[dt.datetime, dt.datetime]]) -> bool:
    """Do two of TIMES share a moment?"""
    ordered = sorted(times)
    return any(earlier[1] > later[0] for earlier, later in itertools.pairwise(ordered))
