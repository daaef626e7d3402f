"""A first draft of the captions by a program: staff ask for it, staff correct it, nobody else sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from accounts.models import User
from archive.models import AssetRole, CaptionSource, CaptionVersion, Recording, RecordingState
from archive.pipeline.ffmpeg import make_way
from archive.pipeline.files import recording_with_files
from archive.queries import recordings
from archive.services import captions
from archive.text import recognise
from core.db import db
from core.errors import DomainError, require
from core.jobs import Job, JobState, enqueue, retry
from core.storage import storage

KIND = "archive.recognise"


class NoRecogniser(DomainError):
    code = "no_recogniser"
    message = _l("No program for this language is set up here.")


class NothingSaid(recognise.NotRecognised):
    reason = "silence"


def ask(actor: User | None, recording: Recording, language: str) -> None:
    """Have a draft of the captions in LANGUAGE written. Asked again while it is being written changes nothing."""
    require(recordings.manages_recording(actor, recording))
    if language not in offered(recording):
        raise NoRecogniser
    key, by = _key(recording, language), actor.id if actor else None
    known = db.session.scalar(select(Job).where(Job.kind == KIND, Job.key == key))
    if known is None:
        enqueue(KIND, key, recording_id=recording.id, language=language, by_id=by)
    elif known.state in {JobState.DONE, JobState.FAILED, JobState.SKIPPED}:
        known.payload = {"recording_id": recording.id, "language": language, "by_id": by}
        retry(known)
    db.session.commit()


def offered(recording: Recording) -> Sequence[str]:
    """The languages in which a draft of RECORDING can be written here."""
    original = recordings.asset(recording, AssetRole.ORIGINAL)
    plays = recording.state == RecordingState.PLAYABLE and original is not None
    return recognise.languages() if plays and original and original.facts.get("audio") else ()


def asked(recording: Recording) -> dict[str, Job]:
    """{language: its job}, of what was asked for."""
    keys = {_key(recording, language): language for language in offered(recording)}
    found: Iterable[Job] = db.session.scalars(select(Job).where(Job.kind == KIND, Job.key.in_(keys))) if keys else []
    return {keys[job.key]: job for job in found}


def _key(recording: Recording, language: str) -> str:
    original = recordings.asset(recording, AssetRole.ORIGINAL)
    return f"{recording.pid}:{original.sha256 if original else ''}:{language}"


def write_draft(recording_id: int, language: str, by_id: int | None) -> CaptionVersion | None:
    """The job: have the original heard, and keep what was understood as a draft. Raises what `transcribe` raises."""
    recording = recording_with_files(recording_id)
    original = recordings.asset(recording, AssetRole.ORIGINAL)
    if original is None or recording.state != RecordingState.PLAYABLE:
        return None
    make_way()
    duration = recording.duration or recognise.UNKNOWN
    with storage().local(original.key) as path:
        cues = recognise.transcribe(path, language, duration)
    if not cues:
        raise NothingSaid("nothing was understood")
    by = db.session.get(User, by_id) if by_id else None
    return captions.draft(recording_with_files(recording_id), language, cues, CaptionSource.MACHINE, by)
