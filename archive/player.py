"""What the page of a recording draws: the questions as seats on a line, and the player's content policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.models import Recording
from archive.queries.record import Record
from core.headers import POLICY

# media-chrome puts constant <style> elements into its shadow roots. These are their hashes, so that
# no other inline style is let in; tests/archive/test_browser.py says when a new version changes them.
STYLES: tuple[str, ...] = ()

TICKS = (60, 300, 600, 900, 1800, 3600)
MOST_TICKS = 6


@dataclass(frozen=True)
class Seat:
    """A question on the line. Positions and widths in percent of the recording."""

    at: float
    width: float
    pid: Any


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


THICK = {"talk": 14, "example": 9, "group": 9, "questions": 5}


def timeline(recording: Recording, record: Record) -> Line:
    """The line under the picture of RECORDING."""
    duration = recording.duration or 1.0
    percent = lambda seconds: round(100 * seconds / duration, 2)
    seats = [
        Seat(percent(moment.start), max(0.4, percent(min(moment.length or 0, duration - moment.start))), moment.question.pid)
        for moment in record.placed
        if moment.start is not None
    ]
    step = next((tick for tick in TICKS if duration / tick <= MOST_TICKS), TICKS[-1])
    ticks = [(percent(at), at) for at in range(0, int(duration), step) if percent(at) < 94]  # noqa: PLR2004 - its label would stick out
    return Line(_bars(recording), seats, ticks)


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
            share = 100 / duration
            bars.append(Bar(round(left * share, 2), max(0.1, round((right - left) * share - 0.3, 2)), THICK[part["kind"]]))
    return bars


def content_policy() -> str:
    """The site's policy, with the hashes of the player's own styles."""
    styles = " ".join(["'self'", *(f"'sha256-{value}'" for value in STYLES)])
    return "; ".join(f"{name} {styles if name == 'style-src' else sources}" for name, sources in POLICY.items())
