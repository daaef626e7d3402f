"""What was removed of recordings, what was replaced, what was withdrawn."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from accounts.models import User
from archive.edits import Cuts, cuts
from archive.models import Recording, RecordingEdit, RecordingOriginal, RecordingVisibility
from archive.permissions import belongs
from core.db import db
from mentors.models import Meeting


def edits_of(recording_id: int) -> Sequence[RecordingEdit]:
    """What was removed of a recording, in order."""
    return db.session.scalars(
        select(RecordingEdit).where(RecordingEdit.recording_id == recording_id).order_by(RecordingEdit.first)
    ).all()


def cuts_of(recording_ids: Collection[int]) -> dict[int, Cuts]:
    """{recording.id: its removed parts}, in one query."""
    rows = db.session.execute(
        select(RecordingEdit.recording_id, RecordingEdit.first, RecordingEdit.last).where(
            RecordingEdit.recording_id.in_(recording_ids)
        )
    ).all()
    return {key: cuts((first, last) for one, first, last in rows if one == key) for key in recording_ids}


def original_before(recording: Recording, mark: str) -> RecordingOriginal | None:
    """The original of RECORDING, replaced since, whose SHA-256 begins with MARK."""
    found = select(RecordingOriginal).where(RecordingOriginal.recording_id == recording.id)
    return next((one for one in db.session.scalars(found) if mark and one.sha256.startswith(mark)), None)


def withdrawn(pid: uuid.UUID, user: User | None) -> Recording | None:
    """The recording PID when it was taken back and USER could watch it before."""
    before = or_(
        Recording.withdrawn_from == RecordingVisibility.PUBLIC,
        and_(Recording.withdrawn_from == RecordingVisibility.COHORT, belongs(user)),
    )
    meeting = contains_eager(Recording.meeting)
    return db.session.scalars(
        select(Recording)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(Recording.pid == pid, Recording.withdrawn_at.is_not(None), before)
        .options(
            meeting.contains_eager(Meeting.cohort), meeting.options(joinedload(Meeting.mentor)),
            selectinload(Recording.assets),
        )
    ).one_or_none()
