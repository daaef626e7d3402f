"""The line under the picture: the ring of the module laid flat, with a seat for each question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.models import Recording
from archive.queries.record import Moment, Record

TICKS = (60, 300, 600, 900, 1800, 3600)
MOST_TICKS = 6
LAST_TICK = 0.94  # of the line: a later label would stick out


@dataclass(frozen=True)
class Seat:
    """A question on the line. Positions and widths in percent of the recording."""

    at: float
    width: float
    pid: Any
    after: bool  # asked while watching


@dataclass(frozen=True)
class Bar:
    """A part of the module's plan on the line; thicker means more talk."""

    at: float
    width: float
    height: int


@dataclass(frozen=True)
class Line:
    """The ring of the module laid flat."""

    bars: list[Bar]
    seats: list[Seat]
    ticks: list[tuple[float, int]]  # percent, seconds
    silent: list[tuple[float, float]]  # where a question was answered that its asker took back


THICK = {"talk": 14, "example": 9, "group": 9, "questions": 5}


def draw(recording: Recording, record: Record) -> Line:
    """The line under the picture of RECORDING."""
    duration = recording.duration or 1.0
    seats = [_seat(moment, duration) for moment in record.beside if moment.start is not None]
    step = next((tick for tick in TICKS if duration / tick <= MOST_TICKS), TICKS[-1])
    ticks = [(_percent(at, duration), at) for at in range(0, int(duration * LAST_TICK), step)]
    silent = [(_percent(at, duration), max(0.4, _percent(end - at, duration))) for at, end in record.silent]
    return Line(_bars(recording), seats, ticks, silent)


def _seat(moment: Moment, duration: float) -> Seat:
    start = moment.start or 0.0
    width = _percent(min(moment.length or 0.0, duration - start), duration)
    return Seat(_percent(start, duration), max(0.4, width), moment.question.pid, moment.after)


def _percent(seconds: float, duration: float) -> float:
    return round(100 * seconds / duration, 2)


def _bars(recording: Recording) -> list[Bar]:
    """The module's plan, when the recording is about as long as it; else one even bar."""
    plan = recording.meeting.module_version.plan or []
    minutes = sum(part["minutes"] for part in plan)
    duration = (recording.duration or 0) / 60
    if not minutes or not recording.starts_at or abs(duration - minutes) > minutes / 4:
        return [Bar(0, 100, 6)]
    bars, at = [], (recording.meeting.starts_at - recording.starts_at).total_seconds() / 60
    for part in plan:
        left, right = max(0.0, at), min(duration, at + part["minutes"])
        at += part["minutes"]
        if part["kind"] in THICK and right > left:
            width = max(0.1, _percent(right - left, duration) - 0.3)
            bars.append(Bar(_percent(left, duration), round(width, 2), THICK[part["kind"]]))
    return bars
