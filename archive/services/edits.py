"""Removing parts of a recording from sight, taking it back whole, and putting another file in its place."""

from __future__ import annotations

import hashlib

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from accounts.models import User
from archive.captions import Cue
from archive.models import (
    Asset,
    AssetRole,
    Recording,
    RecordingAnchor,
    RecordingEdit,
    RecordingOriginal,
    RecordingState,
    RecordingVisibility,
)
from archive.pipeline.planning import retake
from archive.queries import record, recordings
from archive.queries.edits import cuts_of, edits_of
from archive.services import captions, manifest
from core import search
from core.db import db, utcnow
from core.errors import DomainError, require
from core.jobs import renew

KIND = "archive.cut"  # the job that makes the film without what was removed (archive/pipeline/cut.py)


class NotInIt(DomainError):
    code = "part"
    status = 422
    message = _l("This part isn't in the recording. It begins before it ends, and both are inside.")


class NothingLeft(DomainError):
    code = "part"
    status = 422
    message = _l("Nothing would be left. To take the whole recording back, withdraw it.")


class NotPlaying(DomainError):
    code = "not_playable"
    message = _l("Only the file of a recording that plays can be replaced.")


def shown(asset: Asset) -> list[Cue]:
    """What the captions ASSET say, without what was removed."""
    return cuts_of([asset.recording_id])[asset.recording_id].words(captions.lines(asset))


def remove(actor: User | None, recording: Recording, first: float, last: float, reason: str) -> None:
    """Nothing from FIRST to LAST is shown any more. Said twice is once; the original stays as it is."""
    require(recordings.manages_recording(actor, recording))
    require(0 <= first < last <= (recording.duration or 0), NotInIt)
    known = edits_of(recording.id)
    if any((edit.first, edit.last) == (first, last) for edit in known):
        return
    made = RecordingEdit(recording_id=recording.id, first=first, last=last, reason=reason, by_id=actor.id)  # type: ignore[union-attr] # required
    db.session.add(made)
    db.session.flush()
    require(bool(cuts_of([recording.id])[recording.id].kept(recording.duration or 0)), NothingLeft)
    _changed(recording)
    db.session.commit()


def restore(actor: User | None, recording: Recording, edit_id: int) -> None:
    """Show a removed part again; one that is shown already stays so."""
    require(recordings.manages_recording(actor, recording))
    db.session.execute(
        delete(RecordingEdit).where(RecordingEdit.id == edit_id, RecordingEdit.recording_id == recording.id)
    )
    manifest.enqueue(db.session(), [recording.id])  # what is deleted so isn't seen by its hook
    _changed(recording)
    db.session.commit()


def _changed(recording: Recording) -> None:
    """What is found of it follows."""
    search.touch("cue", recording.id)
    search.touch("question", recording.meeting_id)
    retake(recording)
    removed = cuts_of([recording.id])[recording.id].spans
    renew(KIND, f"{recording.pid}:{hashlib.sha256(repr(removed).encode()).hexdigest()[:32]}", recording_id=recording.id)


def withdraw(actor: User | None, recording: Recording, reason: str) -> None:
    """Take it back from everybody who could watch it; they read WHY, and its citation stays readable."""
    require(recordings.manages_recording(actor, recording))
    if recording.withdrawn_at is None:
        recording.withdrawn_from, recording.visibility = recording.visibility, RecordingVisibility.PRIVATE
        recording.withdrawn_at = utcnow()
    recording.withdrawn_reason = reason
    db.session.commit()


def replace(actor: User | None, recording: Recording, reason: str) -> None:
    """Make room for another file: it is asked for as the first one was. What citations need of the old one is kept.

    Its anchors, captions and removed parts belong to the old seconds; nobody else sees the new file until staff do.
    """
    require(recordings.manages_recording(actor, recording))
    original = recordings.asset(recording, AssetRole.ORIGINAL)
    if recording.state is not RecordingState.PLAYABLE or original is None:
        raise NotPlaying
    db.session.add(_remembered(recording, original, reason, actor.id))  # type: ignore[union-attr] # required
    for table in (RecordingAnchor, RecordingEdit):
        db.session.execute(delete(table).where(table.recording_id == recording.id))
    recording.state, recording.visibility, recording.starts_at = RecordingState.DRAFT, RecordingVisibility.PRIVATE, None
    _changed(recording)
    db.session.commit()
    for track in recordings.captions(recording):
        captions.drop(actor, recording, track.language)


def _remembered(recording: Recording, original: Asset, reason: str, by_id: int) -> RecordingOriginal:
    text = recordings.caption_for(recording, recording.language)
    beside = record.record_beside(recording)
    return RecordingOriginal(
        recording_id=recording.id,
        sha256=original.sha256,
        duration=recording.duration or 0.0,
        said=[[cue.start, cue.end, cue.text] for cue in captions.lines(text)] if text else [],
        answered=[[m.start, m.end, str(m.question.pid), m.question.body] for m in beside.placed],
        removed=[[e.first, e.last, e.reason, e.at.date().isoformat()] for e in edits_of(recording.id)],
        reason=reason,
        by_id=by_id,
    )
