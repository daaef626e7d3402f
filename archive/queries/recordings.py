"""Recordings as pages show them. Each comes with its meeting, module, cohort and files loaded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from accounts.models import User
from accounts.permissions import is_staff
from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility, WatchPosition
from archive.permissions import manages, visible
from archive.queries.edits import withdrawn
from core.db import db, utcnow
from core.errors import DomainError, NotFound
from core.pages import Page, paginate
from courses.models import Module, ModuleVersion, Theme
from mentors.models import Cohort, CohortPartner, Meeting, MeetingState, PartnerPart
from network.models import Organisation

PLAYED = (AssetRole.MP4, AssetRole.ORIGINAL)  # the first that exists is played


def _joined() -> Select[tuple[Recording]]:
    return (
        select(Recording)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .join(Meeting.module_version)
        .join(ModuleVersion.module)
        .join(Module.theme)
    )


def _loaded(statement: Select[Any]) -> Select[Any]:
    meeting = contains_eager(Recording.meeting)
    return statement.options(
        meeting.contains_eager(Meeting.cohort),
        meeting.contains_eager(Meeting.module_version)
        .contains_eager(ModuleVersion.module)
        .contains_eager(Module.theme),
        meeting.joinedload(Meeting.mentor),
        selectinload(Recording.assets),
    )


def playable(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Recordings that play and fulfil CONDITIONS (on Recording, Meeting, Cohort, Module, Theme), everything loaded."""
    return _loaded(_joined().where(Recording.state == RecordingState.PLAYABLE, *conditions))


class Withdrawn(DomainError):
    """It was taken back; `recording` is what can still be cited of it."""

    code = "withdrawn"
    status = 410

    def __init__(self, recording: Recording) -> None:
        super().__init__(recording.withdrawn_reason)
        self.recording = recording


def recording_or_404(pid: uuid.UUID, user: User | None) -> Recording:
    """The recording PID if USER may watch it. Raises Withdrawn for those who could before it was taken back."""
    try:
        return watched_or_404(pid, user)
    except NotFound:
        if (gone := withdrawn(pid, user)) is not None:
            raise Withdrawn(gone) from None
        raise


def watched_or_404(pid: uuid.UUID, user: User | None) -> Recording:
    """The recording PID if USER may watch it."""
    return _one_or_404(_joined().where(Recording.pid == pid, visible(user)))


def managed_or_404(pid: uuid.UUID, user: User | None) -> Recording:
    """The recording PID if USER manages it."""
    return _one_or_404(_joined().where(Recording.pid == pid, manages(user)))


def _one_or_404(statement: Select[Any]) -> Recording:
    found: Recording | None = db.session.scalars(_loaded(statement)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def manages_recording(user: User | None, recording: Recording) -> bool:
    """Whether USER may change RECORDING."""
    managed = select(Cohort.id).where(Cohort.id == recording.meeting.cohort_id, manages(user))
    return bool(db.session.scalar(select(exists(managed))))


def manages_any(user: User | None) -> bool:
    """Whether there is any cohort whose recordings USER manages (staff: always)."""
    return is_staff(user) or bool(db.session.scalar(select(exists(select(Cohort.id).where(manages(user))))))


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to: slugs of a theme and of a municipality."""

    theme: str = ""
    organisation: str = ""


def recordings(user: User | None, filters: Filters, number: int) -> Page:
    """Page NUMBER of the recordings USER may watch, newest meeting first."""
    statement = _joined().where(Recording.state == RecordingState.PLAYABLE, visible(user))
    if filters.theme:
        statement = statement.where(Theme.slug == filters.theme)
    if filters.organisation:
        led = select(CohortPartner.cohort_id).join(CohortPartner.organisation).where(
            Organisation.slug == filters.organisation
        )
        statement = statement.where(Cohort.id.in_(led))
    return paginate(_loaded(statement).order_by(Meeting.starts_at.desc(), Recording.id.desc()), number, 12)


def themes_with_recordings(user: User | None) -> Sequence[Theme]:
    """Themes of which USER may watch something."""
    ids = _joined().where(Recording.state == RecordingState.PLAYABLE, visible(user)).with_only_columns(Theme.id)
    return db.session.scalars(select(Theme).where(Theme.id.in_(ids)).order_by(Theme.number)).all()


def organisations_with_recordings(user: User | None) -> Sequence[Organisation]:
    """Bodies that ran a cohort of which USER may watch something."""
    ids = _joined().where(Recording.state == RecordingState.PLAYABLE, visible(user)).with_only_columns(Cohort.id)
    led = select(CohortPartner.organisation_id).where(
        CohortPartner.cohort_id.in_(ids), CohortPartner.part.in_((PartnerPart.LEAD, PartnerPart.CO_ORGANISER))
    )
    return db.session.scalars(
        select(Organisation).where(Organisation.id.in_(led)).order_by(Organisation.name_el)
    ).all()


def managed_recordings(user: User | None, number: int) -> Page:
    """Page NUMBER of the recordings USER manages, the latest described first."""
    return paginate(_loaded(_joined().where(manages(user))).order_by(Recording.id.desc()), number, 20)


def _meetings(user: User | None) -> Select[Any]:
    return (
        select(Meeting)
        .join(Meeting.cohort)
        .where(manages(user), Meeting.starts_at <= utcnow(), Meeting.state != MeetingState.CANCELLED)
        .options(contains_eager(Meeting.cohort), joinedload(Meeting.module_version))
        .order_by(Meeting.starts_at.desc())
    )


def meetings_awaiting(user: User | None, limit: int = 20) -> Sequence[Meeting]:
    """Past meetings that USER manages and nobody has begun a recording of, the latest first."""
    begun = select(Recording.meeting_id)
    return db.session.scalars(_meetings(user).where(Meeting.id.not_in(begun)).limit(limit)).all()


def meetings_to_record(user: User | None, limit: int = 200) -> Sequence[Meeting]:
    """Past meetings that USER manages, the latest first."""
    return db.session.scalars(_meetings(user).limit(limit)).all()


def meeting_or_404(pid: uuid.UUID, user: User | None) -> Meeting:
    """The past meeting PID if USER manages its recordings."""
    found = db.session.scalar(_meetings(user).where(Meeting.pid == pid))
    if found is None:
        raise NotFound
    return found


def of_module(module_id: int, user: User | None, limit: int = 6) -> Sequence[Recording]:
    """Recordings of the module that USER may watch, the latest first."""
    statement = _joined().where(Module.id == module_id, Recording.state == RecordingState.PLAYABLE, visible(user))
    return db.session.scalars(_loaded(statement).order_by(Meeting.starts_at.desc()).limit(limit)).unique().all()


def of_meetings(meeting_ids: list[int], user: User | None) -> dict[int, uuid.UUID]:
    """{meeting id: pid of the recording USER may watch}, in one query."""
    rows = db.session.execute(
        select(Recording.meeting_id, Recording.pid)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(Recording.meeting_id.in_(meeting_ids), Recording.state == RecordingState.PLAYABLE, visible(user))
        .order_by(Recording.id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class Watching:
    """A recording somebody has begun, and where they stopped."""

    recording: Recording
    seconds: float
    percent: int


def continue_watching(user: User, limit: int = 3) -> list[Watching]:
    """What USER began and did not finish, the latest first."""
    statement = (
        _joined()
        .join(WatchPosition, WatchPosition.recording_id == Recording.id)
        .add_columns(WatchPosition.seconds)
        .where(
            WatchPosition.user_id == user.id,
            WatchPosition.seconds > 0,
            Recording.state == RecordingState.PLAYABLE,
            visible(user),
        )
        .order_by(WatchPosition.updated_at.desc())
        .limit(limit)
    )
    rows = db.session.execute(_loaded(statement)).unique().all()
    return [Watching(r, s, round(100 * s / (r.duration or 1))) for r, s in rows]


def lead_of(recording: Recording) -> Organisation | None:
    """The organisation that leads the recording's cohort."""
    return db.session.scalar(
        select(Organisation)
        .join(CohortPartner, CohortPartner.organisation_id == Organisation.id)
        .where(CohortPartner.cohort_id == recording.meeting.cohort_id, CohortPartner.part == PartnerPart.LEAD)
    )


def asset(recording: Recording, role: AssetRole, language: str = "", part: str = "") -> Asset | None:
    """The file of ROLE, None when there is none."""
    wanted = (role, language, part)
    return next((a for a in recording.assets if (a.role, a.language, a.part) == wanted), None)


def played(recording: Recording) -> Asset | None:
    """The file the player plays."""
    return next((found for role in PLAYED if (found := asset(recording, role))), None)


def captions(recording: Recording) -> list[Asset]:
    """Its captions, Greek first."""
    return sorted((a for a in recording.assets if a.role == AssetRole.CAPTIONS), key=lambda a: a.language)


def caption_for(recording: Recording, language: str) -> Asset | None:
    """The captions in LANGUAGE, else in the language of the talk, else any."""
    found = {asset.language: asset for asset in captions(recording)}
    return found.get(language) or found.get(recording.language) or next(iter(found.values()), None)


def has_poster(recording: Recording) -> bool:
    return asset(recording, AssetRole.POSTER) is not None


def position(recording: Recording, user: User | None) -> WatchPosition | None:
    """Where USER stopped, None for who never watched."""
    return db.session.get(WatchPosition, (recording.id, user.id)) if user else None


def is_public(recording: Recording) -> bool:
    return recording.visibility == RecordingVisibility.PUBLIC and recording.state == RecordingState.PLAYABLE
