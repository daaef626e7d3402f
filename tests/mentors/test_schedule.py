"""Dates of meetings, with the clocks of Athens going forward and back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import ATHENS, athens
from mentors.models import Rhythm
from mentors.services.schedule import overlapping, plan_meetings


def athens_times(*arguments: object) -> list[str]:
    return [f"{athens(start):%a %d.%m %H:%M}" for start, _end in plan_meetings(*arguments)]  # type: ignore[arg-type]


def test_a_week_apart_keeps_the_hour_when_summer_time_begins() -> None:
    planned = plan_meetings(dt.date(2027, 3, 24), dt.time(18), Rhythm.WEEKLY, 2)
    assert [start.hour for start, _end in planned] == [16, 15]  # UTC
    assert athens_times(dt.date(2027, 3, 24), dt.time(18), Rhythm.WEEKLY, 2) == ["Wed 24.03 18:00", "Wed 31.03 18:00"]


def test_a_week_apart_keeps_the_hour_when_summer_time_ends() -> None:
    assert athens_times(dt.date(2026, 10, 21), dt.time(19, 30), Rhythm.WEEKLY, 2) == [
        "Wed 21.10 19:30",
        "Wed 28.10 19:30",
    ]


def test_every_day_crosses_the_weekend() -> None:
    assert athens_times(dt.date(2027, 1, 8), dt.time(17), Rhythm.DAILY, 3) == [
        "Fri 08.01 17:00",
        "Sat 09.01 17:00",
        "Sun 10.01 17:00",
    ]


def test_a_weekend_seminar_may_begin_on_friday_and_goes_on_next_weekend() -> None:
    assert athens_times(dt.date(2027, 1, 8), dt.time(16), Rhythm.WEEKEND, 7) == [
        "Fri 08.01 16:00",
        "Fri 08.01 18:30",
        "Sat 09.01 16:00",
        "Sat 09.01 18:30",
        "Sun 10.01 16:00",
        "Sun 10.01 18:30",
        "Sat 16.01 16:00",
    ]


@given(
    first=st.dates(dt.date(2025, 1, 1), dt.date(2035, 1, 1)),
    clock=st.times().map(lambda time: time.replace(second=0, microsecond=0, fold=0)),
    rhythm=st.sampled_from(Rhythm),
    count=st.integers(1, 20),
)
def test_meetings_last_two_hours_follow_each_other_and_keep_the_hour(
    first: dt.date, clock: dt.time, rhythm: Rhythm, count: int
) -> None:
    planned = plan_meetings(first, clock, rhythm, count)
    assert len(planned) == count
    assert all(end - start == dt.timedelta(hours=2) for start, end in planned)
    assert planned == sorted(planned)
    for start, _end in planned[:: 2 if rhythm is Rhythm.WEEKEND else 1]:
        local = start.astimezone(ATHENS).replace(tzinfo=None)
        # Only an hour that does not exist that night (03:00 to 04:00) may move.
        assert local.time() == clock or (clock.hour == 3 and local.time().hour == 4)


@pytest.mark.parametrize(("gap", "answer"), [(119, True), (120, False), (500, False)])
def test_overlapping(gap: int, answer: bool) -> None:
    start = dt.datetime(2027, 1, 1, 18, tzinfo=dt.UTC)
    later = start + dt.timedelta(minutes=gap)
    hours = dt.timedelta(hours=2)
    assert overlapping([(later, later + hours), (start, start + hours)]) is answer
