"""The offline edition of a recording: made by a job when somebody asks, kept until what it says has changed."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum

from sqlalchemy import select

from archive import edition
from archive.models import Asset, AssetRole, AssetState, Recording
from archive.queries import recordings as find
from archive.queries.chapters import chapters_of
from archive.queries.record import record_beside
from core.db import db
from core.errors import NotFound, require
from core.jobs import Job, JobState, enqueue
from core.storage import storage

KIND = "archive.offline"
VERSION = 1  # of the page: raise it when the page changes


class Offline(StrEnum):
    """How far an edition is."""

    IMPOSSIBLE = "impossible"  # the sound alone isn't there yet
    ABSENT = "absent"
    MAKING = "making"
    FAILED = "failed"
    READY = "ready"


def state(recording: Recording, language: str) -> Offline:
    """How far the edition of RECORDING in LANGUAGE is."""
    if edition.parts_of(recording, language) is None:
        return Offline.IMPOSSIBLE
    mark = fingerprint(recording, language)
    if storage().size(_key(recording, language, mark)) is not None:
        return Offline.READY
    job = _job(recording, language, mark)
    if job is None or job.state is JobState.DONE:  # done, and thrown out since
        return Offline.ABSENT
    return Offline.FAILED if job.state is JobState.FAILED else Offline.MAKING


def ask_for(recording: Recording, language: str) -> None:
    """Have the edition made, if it isn't there or on its way; who asks may watch the recording."""
    require(edition.parts_of(recording, language) is not None, NotFound)
    if state(recording, language) in {Offline.ABSENT, Offline.FAILED}:
        mark = fingerprint(recording, language)
        if before := _job(recording, language, mark):
            db.session.delete(before)
            db.session.flush()
        enqueue(KIND, _name(recording, language, mark), recording_id=recording.id, language=language)
        db.session.commit()


def ready(recording: Recording, language: str) -> Asset | None:
    """The edition as a file to send; None while it isn't there. Not a row: it can be made again at any time."""
    mark = fingerprint(recording, language)
    key = _key(recording, language, mark)
    size = storage().size(key)
    if size is None:
        return None
    return Asset(
        role=AssetRole.LOW, state=AssetState.READY, key=key, mimetype="application/zip", bytes=size, sha256=mark,
        language=language,
    )


def make(recording_id: int, language: str) -> None:
    """Make the edition as the recording is now, and throw out older ones. May be run twice."""
    recording = db.session.scalars(find.playable(Recording.id == recording_id)).unique().one_or_none()
    parts = edition.parts_of(recording, language) if recording else None
    if recording is None or parts is None:
        return
    key = _key(recording, language, fingerprint(recording, language))
    target = storage().scratch() / f"offline-{recording.pid}-{language}.zip"
    told = edition.Told(record_beside(recording), chapters_of(recording), language)
    edition.write(target, recording, parts, told)
    storage().adopt(target, key)
    for kept in list(storage().files(_folder(recording, language))):
        if kept.key != key:
            storage().delete(kept.key)


def fingerprint(recording: Recording, language: str) -> str:
    """The hash of all that the edition says: another one when any of it changes."""
    parts = edition.parts_of(recording, language)
    files = [parts.sound, *parts.sheets, parts.track, parts.text] if parts else []
    record = record_beside(recording)
    said = [
        VERSION, language, recording.title_el, recording.title_en, recording.licence,
        [file.sha256 for file in files if file],
        [(m.question.body, m.question.by, m.start, m.length) for m in record.moments],
        [(q.body, q.by, [(a.body, a.by) for a in q.answers]) for q in (*record.written, *record.open)],
        [(one.seconds, one.title_el, one.title_en) for one in chapters_of(recording)],
    ]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _folder(recording: Recording, language: str) -> str:
    return f"{recording.pid}/offline/{language}-"


def _key(recording: Recording, language: str, mark: str) -> str:
    return f"{_folder(recording, language)}{mark[:32]}.zip"


def _name(recording: Recording, language: str, mark: str) -> str:
    return f"{recording.pid}:{language}:{mark}"


def _job(recording: Recording, language: str, mark: str) -> Job | None:
    return db.session.scalar(select(Job).where(Job.kind == KIND, Job.key == _name(recording, language, mark)))
