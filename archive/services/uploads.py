"""An upload from its first byte to the file being whole. What is in it is the business of processing.py."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from archive.models import Recording, RecordingState, Upload, UploadState
from archive.parts import Part
from archive.queries import recordings, uploads
from core.db import db, utcnow
from core.errors import Conflict, DomainError, require
from core.jobs import enqueue
from core.storage import storage
from core.text import clean

LIFE = dt.timedelta(days=7)  # after the last sign of life


class TooLarge(DomainError):
    code = "too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(_l("At most %(limit)s GB can be sent.", limit=round(limit / 1e9, 1)), limit=limit)


class NoRoom(DomainError):
    code = "no_room"
    status = 507

    def __init__(self, needed: int) -> None:
        super().__init__(
            _l("There isn't room for it now: %(needed)s GB are missing. Tell the programme's staff.")
            % {"needed": max(0.1, round(needed / 1e9, 1))},
            needed=needed,
        )


class EmptyFile(DomainError):
    code = "empty"
    status = 422
    message = _l("The file is empty.")


class AlreadyThere(DomainError):
    code = "already_there"
    message = _l("This recording has its file already. Describe a new one to send another.")


def part_of(upload_id: str) -> Part:
    """The growing file of the upload."""
    return Part(Path(current_app.config["MEDIA_DIR"]) / "uploads", upload_id)


def begin(actor: User, recording: Recording, length: int, filename: str, fingerprint: str) -> Upload:
    """Make room for a file of LENGTH bytes; what was half sent for this recording before is dropped."""
    require(recordings.manages_recording(actor, recording))
    if recording.state in {RecordingState.PLAYABLE, RecordingState.VERIFYING}:
        raise AlreadyThere
    if length <= 0:
        raise EmptyFile
    if length > (limit := current_app.config["UPLOAD_MAX_BYTES"]):
        raise TooLarge(limit)
    if before := uploads.open_upload(recording):
        _drop(before, UploadState.ABORTED)
        db.session.flush()
    _reserve(length)
    upload = Upload(
        recording_id=recording.id,
        owner_id=actor.id,
        length=length,
        filename=clean(filename)[:255] or "video",
        fingerprint=clean(fingerprint)[:200],
        expires_at=utcnow() + LIFE,
    )
    recording.state, recording.reason = RecordingState.DRAFT, ""
    db.session.add(upload)
    enqueue("archive.sweep", utcnow().date().isoformat())
    try:
        db.session.commit()
    except IntegrityError as error:  # begun twice at the same moment
        db.session.rollback()
        raise Conflict from error
    return upload


def _reserve(length: int) -> None:
    """Refuse when the disk can't hold LENGTH beside what is still coming. Raises NoRoom."""
    coming = sum(upload.length - part_of(upload.id).offset for upload in uploads.all_open())
    spare = storage().free() - coming - current_app.config["DISK_FLOOR_BYTES"]
    needed = int(length * 1.3)  # the file, and what is made of it
    if needed > spare:
        raise NoRoom(needed - spare)


def received(upload: Upload) -> bool:
    """Note that the last byte is there and have the file checked; False while some are missing. Harmless twice."""
    if upload.state != UploadState.OPEN:
        return upload.state in {UploadState.RECEIVED, UploadState.FINALISED}
    if part_of(upload.id).offset < upload.length:
        return False
    upload = db.session.merge(upload)
    upload.state = UploadState.RECEIVED
    recording = db.session.get_one(Recording, upload.recording_id)
    recording.state = RecordingState.VERIFYING
    enqueue("archive.finalise", upload.id, upload_id=upload.id)
    db.session.commit()
    return True


def settle(upload: Upload, length: int) -> None:
    """Of a plain form the length is known at its end only. Raises EmptyFile when no file came."""
    upload = db.session.merge(upload)
    if not length:
        _drop(upload, UploadState.ABORTED)
        db.session.commit()
        raise EmptyFile
    upload.length = length
    db.session.flush()
    received(upload)


def touch(upload: Upload) -> None:
    """A sign of life: the upload lives another week."""
    if upload.expires_at < utcnow() + LIFE - dt.timedelta(hours=1):
        db.session.merge(upload).expires_at = upload.expires_at = utcnow() + LIFE
        db.session.commit()


def abort(upload: Upload) -> None:
    """Drop what arrived."""
    if upload.state == UploadState.OPEN:
        _drop(db.session.merge(upload), UploadState.ABORTED)
        db.session.commit()


def _drop(upload: Upload, state: UploadState) -> None:
    upload.state = state
    part_of(upload.id).delete()


def sweep() -> int:
    """Drop uploads nobody went on with for a week, and notice whole ones whose end was never said."""
    for upload in uploads.all_open():
        received(upload)
    gone = uploads.expired(utcnow())
    for upload in gone:
        _drop(upload, UploadState.EXPIRED)
    db.session.commit()
    return len(gone)
