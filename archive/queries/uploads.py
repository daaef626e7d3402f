"""Uploads that are not finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from accounts.models import User
from archive.models import Recording, Upload, UploadState
from archive.permissions import owns
from core.db import db
from core.errors import NotFound


def upload_or_404(upload_id: str, user: User | None) -> Upload:
    """The upload if it is USER's and still known, with its recording."""
    upload = db.session.scalar(select(Upload).where(Upload.id == upload_id).options(joinedload(Upload.recording)))
    if upload is None or not owns(user, upload) or upload.state in {UploadState.ABORTED, UploadState.EXPIRED}:
        raise NotFound
    return upload


def open_upload(recording: Recording) -> Upload | None:
    """The upload of RECORDING that goes on, or waits to be checked."""
    return db.session.scalar(
        select(Upload)
        .where(Upload.recording_id == recording.id, Upload.state.in_((UploadState.OPEN, UploadState.RECEIVED)))
        .options(joinedload(Upload.owner))
    )


def unfinished(user: User) -> Sequence[Upload]:
    """What USER began to upload and left, the latest first."""
    return db.session.scalars(
        select(Upload)
        .where(Upload.owner_id == user.id, Upload.state == UploadState.OPEN)
        .options(joinedload(Upload.recording))
        .order_by(Upload.created_at.desc())
    ).all()


def all_open() -> Sequence[Upload]:
    """Every upload whose bytes are still coming: they have room reserved."""
    return db.session.scalars(select(Upload).where(Upload.state == UploadState.OPEN)).all()


def expired(now: dt.datetime) -> Sequence[Upload]:
    return db.session.scalars(select(Upload).where(Upload.state == UploadState.OPEN, Upload.expires_at < now)).all()
