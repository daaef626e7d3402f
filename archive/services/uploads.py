"""An upload from its first byte to the file being whole. What is in it is the business of archive/pipeline."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from archive.models import Recording, RecordingState, Upload, UploadState
from archive.parts import folder, part_of
from archive.queries import recordings, uploads
from archive.services import allowance
from core.db import db, utcnow
from core.errors import Conflict, DomainError, require
from core.jobs import enqueue
from core.text import clean

LIFE = dt.timedelta(days=7)  # after the last sign of life


class EmptyFile(DomainError):
    code = "empty"
    status = 422
    message = _l("The file is empty.")


class AlreadyThere(DomainError):
    code = "already_there"
    message = _l("This recording has its file already. Describe a new one to send another.")


def begin(actor: User, recording: Recording, length: int, filename: str, fingerprint: str) -> Upload:
    """Make room for a file of LENGTH bytes; what was half sent for this recording before is dropped.

    The same file (by its FINGERPRINT) begun again by the same person goes on where it is.
    """
    require(recordings.manages_recording(actor, recording))
    if recording.state in {RecordingState.PLAYABLE, RecordingState.VERIFYING}:
        raise AlreadyThere
    if length <= 0:
        raise EmptyFile
    before = uploads.open_upload(recording)
    if before and _is_same(before, actor, length, fingerprint):
        return before
    allowance.check(actor, recording, length)
    if before:
        _drop(before, UploadState.ABORTED)
        db.session.flush()
    allowance.reserve(length)
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
    try:
        enqueue("archive.sweep", f"{utcnow():%Y-%m-%dT%H}")
        db.session.commit()
    except IntegrityError as error:  # begun twice at the same moment
        db.session.rollback()
        first = uploads.open_upload(recording)
        if first and _is_same(first, actor, length, fingerprint):
            return first
        raise Conflict from error
    return upload


def _is_same(before: Upload, actor: User, length: int, fingerprint: str) -> bool:
    """Whether BEFORE is ACTOR's own, open, and of the file that is to be sent now."""
    if before.state != UploadState.OPEN or not fingerprint:
        return False
    return (before.owner_id, before.length, before.fingerprint) == (actor.id, length, clean(fingerprint)[:200])


def received(upload: Upload) -> bool:
    """Note that the last byte is there and have the file checked; False while some are missing. Harmless twice."""
    if upload.state != UploadState.OPEN:
        return upload.state in {UploadState.RECEIVED, UploadState.FINALISED}
    if part_of(upload.id).offset < upload.length:
        return False
    whole = update(Upload).where(Upload.id == upload.id, Upload.state == UploadState.OPEN)
    if db.session.execute(whole.values(state=UploadState.RECEIVED)).rowcount == 1:  # type: ignore[attr-defined]
        db.session.get_one(Recording, upload.recording_id).state = RecordingState.VERIFYING
        # Not by its id alone: what a disk lost after its word arrives, and is received, a second time.
        enqueue("archive.finalise", f"{upload.id}:{utcnow():%Y%m%d%H%M%S}", upload_id=upload.id)
    db.session.commit()
    return True


def settle(upload: Upload, length: int) -> None:
    """Of a plain form the length is known at its end only. Raises EmptyFile when no file came."""
    upload = db.session.merge(upload)
    if not length:
        abort(upload)
        raise EmptyFile
    upload.length = length
    db.session.commit()
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
    """Drop uploads nobody went on with for a week, notice whole ones whose end was never said, and clear away
    what belongs to none.
    """
    for upload in uploads.all_open():
        received(upload)
    gone = uploads.expired(utcnow())
    for upload in gone:
        _drop(upload, UploadState.EXPIRED)
    db.session.commit()
    _clear_away()
    return len(gone)


def _clear_away() -> None:
    """Bytes of uploads that nobody knows, an hour after they were last touched: one may be beginning just now."""
    known, before = uploads.known_parts(), utcnow().timestamp() - 3600
    for path in folder().glob("*.*"):
        if path.stem not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
