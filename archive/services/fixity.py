"""The SHA-256 that the sender's browser found, beside the one found here. Where they differ the file is refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from archive import verdicts
from archive.models import Recording, RecordingState, Upload, UploadState
from archive.queries import uploads
from archive.reasons import Reason
from archive.services.recordings import mark_published
from core.db import db
from core.errors import DomainError


class OtherFile(DomainError):
    code = "other_file"
    message = _l(
        "This isn't the file you began with, though it looks like it. Choose that one, "
        "or drop what has arrived and begin anew."
    )


def declare(upload: Upload, sha256: str) -> None:
    """Note the SHA256, in hexadecimal, that the sender's browser found. Raises OtherFile when it said another before.

    It may come before the file is whole, while it is hashed here, or after: whoever is second compares.
    """
    told = update(Upload).where(Upload.id == upload.id, Upload.sha256.in_(("", sha256))).values(sha256=sha256)
    if db.session.execute(told).rowcount == 0:  # type: ignore[attr-defined]
        raise OtherFile
    db.session.refresh(upload)
    here = uploads.digest_here(upload.recording_id) if upload.state == UploadState.FINALISED else None
    if here is not None and here != sha256:
        _refuse(upload)
    db.session.commit()


def conclude(upload: Upload) -> bool:
    """Note UPLOAD as finalised, in the open transaction; its file is the original by now.

    False, with the recording refused, when the sender's browser found another SHA-256 than we.
    """
    here = uploads.digest_here(upload.recording_id)
    done = update(Upload).where(Upload.id == upload.id).values(state=UploadState.FINALISED)
    agreed = db.session.execute(done.where(Upload.sha256.in_(("", here)))).rowcount == 1  # type: ignore[attr-defined]
    if not agreed:
        db.session.execute(done)
        _refuse(upload)
    return agreed


def _refuse(upload: Upload) -> None:
    recording = db.session.get_one(Recording, upload.recording_id)
    recording.state, recording.reason = RecordingState.REJECTED, verdicts.reason(Reason.ALTERED)
    mark_published(recording)
