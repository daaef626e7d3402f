"""The received file goes to its place for good, named by its digest, then it is checked."""

from __future__ import annotations

from pathlib import Path

from archive import containers
from archive.formats import MIMETYPES
from archive.models import Asset, AssetRole, Recording, RecordingState, Upload, UploadState
from archive.parts import part_of
from archive.pipeline.files import digest, discard, recording_with_files
from archive.services import fixity
from core.db import db
from core.jobs import enqueue
from core.storage import storage


def finalise(upload_id: str) -> None:
    """Move the received file without copying it. A part that the disk lost is asked for again."""
    upload = db.session.get_one(Upload, upload_id)
    if upload.state != UploadState.RECEIVED:
        return
    part, recording = part_of(upload_id), recording_with_files(upload.recording_id)
    if part.path.exists():
        if part.offset < upload.length:
            upload.state, recording.state = UploadState.OPEN, RecordingState.DRAFT
            db.session.commit()
            return
        original = register(recording, part.path)
        storage().adopt(part.path, original.key)
    part.delete()
    if fixity.conclude(upload):
        enqueue("archive.verify", upload_id, recording_id=recording.id, upload_id=upload_id)
    db.session.commit()


def register(recording: Recording, path: Path) -> Asset:
    """The row of the original, committed before the file moves: a second run finds both."""
    fingerprint, ending = digest(path), containers.extension(path)
    discard(recording, [a for a in recording.assets if a.role != AssetRole.CAPTIONS])  # of an attempt that was refused
    original = Asset(
        recording_id=recording.id,
        role=AssetRole.ORIGINAL,
        key=f"{recording.pid}/original/{fingerprint}.{ending}",
        mimetype=MIMETYPES[ending],
        bytes=path.stat().st_size,
        sha256=fingerprint,
    )
    db.session.add(original)
    db.session.commit()
    return original
