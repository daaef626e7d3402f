"""Describing a recording, showing it to people or not, and tying it to the room's clock."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask_babel import lazy_gettext as _l

from accounts.models import User
from archive.models import Recording, RecordingState, RecordingVisibility
from archive.queries import record, recordings
from core.db import db, utcnow
from core.errors import DomainError, require
from core.i18n import athens, from_athens
from mentors.models import Meeting


class NoSuchMoment(DomainError):
    code = "moment"
    status = 422
    message = _l("This moment isn't in the recording. Write it as minutes and seconds: 12:30.")


class NotAnsweredLive(DomainError):
    code = "not_live"
    status = 422
    message = _l("This question wasn't answered in the meeting, so it has no moment. Choose another.")


def describe(
    actor: User, meeting: Meeting, *, title_el: str, title_en: str, language: str, visibility: RecordingVisibility
) -> Recording:
    """A new recording of MEETING without its file yet; the same one again when a form is sent twice."""
    # The meeting was loaded by queries.meeting_or_404 for this actor: that is the permission.
    again = db.session.query(Recording).filter_by(
        meeting_id=meeting.id, created_by_id=actor.id, title_el=title_el, state=RecordingState.DRAFT
    )
    if found := again.first():
        return found
    recording = Recording(
        meeting_id=meeting.id,
        title_el=title_el,
        title_en=title_en,
        language=language,
        visibility=visibility,
        created_by_id=actor.id,
    )
    db.session.add(recording)
    db.session.commit()
    return recording


def revise(actor: User | None, recording: Recording, title_el: str, title_en: str, language: str) -> None:
    """Change what a recording is called."""
    require(recordings.manages_recording(actor, recording))
    recording.title_el, recording.title_en, recording.language = title_el, title_en, language
    db.session.commit()


def show_to(actor: User | None, recording: Recording, visibility: RecordingVisibility) -> None:
    """Publish to the cohort or to everybody, or take it back (PRIVATE)."""
    require(recordings.manages_recording(actor, recording))
    recording.visibility = visibility
    mark_published(recording)
    db.session.commit()


def mark_published(recording: Recording) -> None:
    """Note when a recording first became visible to others, and forget it when it no longer is."""
    shown = recording.visibility != RecordingVisibility.PRIVATE and recording.state == RecordingState.PLAYABLE
    recording.published_at = (recording.published_at or utcnow()) if shown else None


def set_start(actor: User | None, recording: Recording, clock: dt.time) -> None:
    """Media second 0 was at CLOCK (Athens) on the day of the meeting."""
    require(recordings.manages_recording(actor, recording))
    recording.starts_at = from_athens(athens(recording.meeting.starts_at).date(), clock)
    db.session.commit()


def place_question(actor: User | None, recording: Recording, question_pid: uuid.UUID, seconds: float) -> Any:
    """The answer to the question begins at SECONDS of the recording: all others follow. Gives the question."""
    require(recordings.manages_recording(actor, recording))
    asked = next((q for q in record.asked_in(recording.meeting_id) if q.pid == question_pid), None)
    if asked is None or asked.answering_at is None:
        raise NotAnsweredLive
    if not 0 <= seconds <= (recording.duration or 0):
        raise NoSuchMoment
    recording.starts_at = asked.answering_at - dt.timedelta(seconds=seconds)
    db.session.commit()
    return asked


def forget_start(actor: User | None, recording: Recording) -> None:
    """Take the questions off the timeline again."""
    require(recordings.manages_recording(actor, recording))
    recording.starts_at = None
    db.session.commit()
