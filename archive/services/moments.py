"""Tying the room's clock to the recording's: by answers at their second, by stops, or by the clock on the wall."""

from __future__ import annotations

import datetime as dt
import uuid

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from accounts.models import User
from archive.models import Recording, RecordingAnchor
from archive.queries import record, recordings
from core import search
from core.db import db
from core.errors import DomainError, NotFound, require
from core.i18n import athens, from_athens
from forum.queries import RecordLine


class NoSuchMoment(DomainError):
    code = "moment"
    status = 422
    message = _l("This moment isn't in the recording. Write it as minutes and seconds: 12:30.")


class NotAnsweredLive(DomainError):
    code = "not_live"
    status = 422
    message = _l("This question wasn't answered in the meeting, so it has no moment. Choose another.")


def tie(actor: User | None, recording: Recording, question_pid: uuid.UUID, seconds: float) -> RecordLine:
    """The answer to the question begins at SECONDS of the recording; the others near it follow. Gives the question."""
    require(recordings.manages_recording(actor, recording))
    asked = next((q for q in record.asked_in(recording.meeting_id) if q.pid == question_pid), None)
    if asked is None or asked.answering_at is None:
        raise NotAnsweredLive
    _inside(recording, seconds)
    tied = {anchor.question_id: anchor for anchor in record.anchors_of(recording)}
    if asked.id in tied:
        tied[asked.id].seconds, tied[asked.id].by_id = seconds, actor.id  # type: ignore[union-attr] # required above
    else:
        db.session.add(_anchor(actor, recording, seconds, asked.id))
    _note_start(recording)
    db.session.commit()
    return asked


def untie(actor: User | None, recording: Recording, anchor_id: int) -> None:
    """Take one anchor or stop away again; one that is gone already stays gone."""
    require(recordings.manages_recording(actor, recording))
    db.session.execute(
        delete(RecordingAnchor).where(
            RecordingAnchor.id == anchor_id, RecordingAnchor.recording_id == recording.id
        )
    )
    _note_start(recording)
    search.touch("question", recording.meeting_id)
    db.session.commit()


def stop_at(actor: User | None, recording: Recording, seconds: float) -> None:
    """At SECONDS the recording was paused or cut. Said twice is once."""
    require(recordings.manages_recording(actor, recording))
    _inside(recording, seconds)
    known = [a for a in record.anchors_of(recording) if a.question_id is None and abs(a.seconds - seconds) < 1]
    if not known:
        db.session.add(_anchor(actor, recording, seconds, None))
        db.session.commit()


def set_start(actor: User | None, recording: Recording, clock: dt.time) -> None:
    """Media second 0 was at CLOCK (Athens) on the day of the meeting. What was tied by hand goes on to count first."""
    require(recordings.manages_recording(actor, recording))
    recording.starts_at = from_athens(athens(recording.meeting.starts_at).date(), clock)
    db.session.commit()


def forget(actor: User | None, recording: Recording) -> None:
    """Take the questions off the timeline again."""
    require(recordings.manages_recording(actor, recording))
    db.session.execute(delete(RecordingAnchor).where(RecordingAnchor.recording_id == recording.id))
    recording.starts_at = None
    search.touch("question", recording.meeting_id)
    db.session.commit()


def _anchor(actor: User | None, recording: Recording, seconds: float, question_id: int | None) -> RecordingAnchor:
    if actor is None:
        raise NotFound
    return RecordingAnchor(recording_id=recording.id, question_id=question_id, seconds=seconds, by_id=actor.id)


def _inside(recording: Recording, seconds: float) -> None:
    if not 0 <= seconds <= (recording.duration or 0):
        raise NoSuchMoment


def _note_start(recording: Recording) -> None:
    """The wall clock at second 0 as the first block says it: for the module's plan on the line."""
    db.session.flush()
    beside = record.record_beside(recording)
    placed = next((m for m in beside.placed if m.residual is not None), None)
    if placed is not None and placed.start is not None and placed.question.answering_at is not None:
        recording.starts_at = placed.question.answering_at - dt.timedelta(seconds=placed.start - (placed.residual or 0))
