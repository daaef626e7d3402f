"""Uploads that are not finished, and what counts against the limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models import User
from accounts.permissions import is_staff
from archive.models import Asset, AssetRole, Recording, Upload, UploadState
from archive.permissions import coordinates, hosts, manages, owns
from core.db import db
from core.errors import NotFound
from mentors.models import Cohort, CohortPartner, Meeting, PartnerPart

ON_THE_WAY = (UploadState.OPEN, UploadState.RECEIVED)


class Sender(StrEnum):
    """As what somebody uploads; the first that is true counts."""

    STAFF = "staff"
    ORGANISATION = "organisation"
    MENTOR = "mentor"


def sender(user: User | None) -> Sender | None:
    """As what USER uploads; None for those who may not."""
    if user is None or is_staff(user):
        return Sender.STAFF if user else None
    for part, cohorts in ((Sender.ORGANISATION, coordinates(user)), (Sender.MENTOR, hosts(user))):
        if db.session.scalar(select(exists(select(Cohort.id).where(cohorts)))):
            return part
    return None


def upload_or_404(upload_id: str, user: User | None) -> Upload:
    """The upload if it is USER's, still known, and of a recording that USER still manages."""
    upload = db.session.scalar(
        select(Upload)
        .join(Upload.recording)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(Upload.id == upload_id, manages(user))
        .options(contains_eager(Upload.recording).contains_eager(Recording.meeting).contains_eager(Meeting.cohort))
    )
    if upload is None or not owns(user, upload) or upload.state in {UploadState.ABORTED, UploadState.EXPIRED}:
        raise NotFound
    return upload


def open_upload(recording: Recording) -> Upload | None:
    """The upload of RECORDING that goes on, or waits to be checked."""
    return db.session.scalar(
        select(Upload)
        .where(Upload.recording_id == recording.id, Upload.state.in_(ON_THE_WAY))
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


def last_finalised(recording: Recording) -> Upload | None:
    """The upload that the original of RECORDING came by."""
    return db.session.scalar(
        select(Upload)
        .where(Upload.recording_id == recording.id, Upload.state == UploadState.FINALISED)
        .order_by(Upload.created_at.desc())
        .limit(1)
    )


def digest_here(recording_id: int) -> str | None:
    """The SHA-256 of the original of the recording, as found here; None before there is one."""
    found = select(Asset.sha256).where(Asset.recording_id == recording_id, Asset.role == AssetRole.ORIGINAL)
    return db.session.scalar(found)


def count_begun(user: User, besides: Recording) -> int:
    """How many uploads USER has begun and not ended, for other recordings than BESIDES."""
    begun = select(func.count()).where(
        Upload.owner_id == user.id, Upload.state == UploadState.OPEN, Upload.recording_id != besides.id
    )
    return db.session.scalar(begun) or 0


def bytes_on_the_way(recording: Recording) -> int:
    """Of other uploads for the cohorts that the organisation behind RECORDING's cohort leads; 0 when none leads it."""
    led: ColumnElement[bool] = CohortPartner.part == PartnerPart.LEAD
    leader = select(CohortPartner.organisation_id).where(CohortPartner.cohort_id == recording.meeting.cohort_id, led)
    theirs = select(CohortPartner.cohort_id).where(CohortPartner.organisation_id.in_(leader), led)
    lengths = (
        select(func.sum(Upload.length))
        .join(Upload.recording)
        .join(Recording.meeting)
        .where(
            Meeting.cohort_id.in_(theirs), Upload.state.in_(ON_THE_WAY), Upload.recording_id != recording.id
        )
    )
    return int(db.session.scalar(lengths) or 0)


def all_open() -> Sequence[Upload]:
    """Every upload whose bytes are still coming: they have room reserved."""
    return db.session.scalars(select(Upload).where(Upload.state == UploadState.OPEN)).all()


def known_parts() -> set[str]:
    """The ids of uploads whose bytes must stay."""
    return set(db.session.scalars(select(Upload.id).where(Upload.state.in_(ON_THE_WAY))))


def expired(now: dt.datetime) -> Sequence[Upload]:
    return db.session.scalars(select(Upload).where(Upload.state == UploadState.OPEN, Upload.expires_at < now)).all()
