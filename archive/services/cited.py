"""Where the moment of an old citation is now: the same second, another one of a newer file, or gone, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from archive.models import AssetRole, Recording, RecordingOriginal
from archive.queries import record, recordings
from archive.queries.edits import edits_of, original_before
from archive.services.edits import shown
from core.text import fold


@dataclass(frozen=True)
class Tombstone:
    """A cited moment that isn't there: since which DAY, WHY; of a replaced file also which WORDS were said then."""

    day: dt.date
    why: str
    words: str = ""
    replaced: bool = False


def resolve(recording: Recording, second: float, mark: str = "") -> float | Tombstone:
    """Where SECOND of the original whose SHA-256 begins with MARK (none: the one of now) is in RECORDING."""
    now = recordings.asset(recording, AssetRole.ORIGINAL)
    before = original_before(recording, mark) if mark and not (now and now.sha256.startswith(mark)) else None
    if before is not None:
        gone = next((part for part in before.removed if part[0] <= second < part[1]), None)
        if gone:
            return Tombstone(dt.date.fromisoformat(gone[3]), gone[2])
        found = _elsewhere(recording, before, second)
        if found is None:
            return Tombstone(before.replaced_at.date(), before.reason, _words(before, second), replaced=True)
        second = found
    edit = next((one for one in edits_of(recording.id) if one.first <= second < one.last), None)
    return Tombstone(edit.at.date(), edit.reason) if edit else second


def _elsewhere(recording: Recording, before: RecordingOriginal, second: float) -> float | None:
    """By the words that were said then, else by the question that was answered."""
    line = _at(before.said, second)
    if line is not None and (text := recordings.caption_for(recording, recording.language)):
        wanted = fold(line[2])
        same = [cue for cue in shown(text) if fold(cue.text) == wanted]
        # Of several that say the same, the one as far into the film.
        share = second / (before.duration or 1)
        length = recording.duration or 1
        if nearest := min(same, key=lambda cue: abs(cue.start / length - share), default=None):
            return nearest.start + min(second - line[0], nearest.end - nearest.start - 0.001)
    asked = _at(before.answered, second)
    if asked is None:
        return None
    placed = {str(m.question.pid): m.start for m in record.record_beside(recording).placed}
    start = placed.get(asked[2])
    return None if start is None else start + second - asked[0]


def _at(rows: list[Any], second: float) -> Any:
    """The row (first, last or None, …) in which SECOND falls."""
    return next((row for row in reversed(rows) if row[0] <= second and (row[1] is None or second <= row[1])), None)


def _words(before: RecordingOriginal, second: float) -> str:
    line, asked = _at(before.said, second), _at(before.answered, second)
    return str(line[2] if line else asked[3] if asked else "")
