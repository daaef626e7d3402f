"""Recordings as those see them who keep their files: whole, by rota, against what lies in storage."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import PlatformRole, Role, User, role_grants
from archive.manifests import CHAPTER, HISTORY, plain
from archive.models import Asset, Recording, RecordingAnchor, RecordingQuestion
from archive.queries.chapters import chapters_of
from core.db import db
from forum.models import Question
from mentors.models import Meeting


def whole(recording_id: int) -> Recording | None:
    """The recording with its files and its meeting, as the database has it now."""
    return db.session.scalars(
        select(Recording)
        .where(Recording.id == recording_id)
        .options(selectinload(Recording.assets), joinedload(Recording.meeting))
        .execution_options(populate_existing=True)
    ).one_or_none()


def kept_of(recording: Recording) -> dict[str, Any]:
    """The manifest's "kept": who made RECORDING, what ties it to questions, chapters, history; by public numbers."""
    rows = db.session.execute(
        select(Question.pid, RecordingAnchor.seconds, User.pid, RecordingAnchor.at)
        .outerjoin(Question, Question.id == RecordingAnchor.question_id)
        .join(User, User.id == RecordingAnchor.by_id)
        .where(RecordingAnchor.recording_id == recording.id)
        .order_by(RecordingAnchor.seconds, RecordingAnchor.id)
        .select_from(RecordingAnchor)
    )
    names = ("question", "seconds", "by", "at")
    maker = db.session.scalar(select(User.pid).where(User.id == recording.created_by_id))
    return {
        "created_by": plain(maker),
        "anchors": [dict(zip(names, map(plain, row), strict=True)) for row in rows.all()],
        "asked": [{"question": str(pid), "seconds": seconds} for pid, seconds in _asked(recording)],
        "chapters": [{name: getattr(one, name) for name in CHAPTER} for one in chapters_of(recording)],
        **{name: _history(recording, *table) for name, table in HISTORY.items()},
    }


def _asked(recording: Recording) -> Sequence[Any]:
    """(question's pid, second) of what was asked while watching."""
    mine = select(Question.pid, RecordingQuestion.seconds).join(Question, Question.id == RecordingQuestion.question_id)
    return db.session.execute(
        mine.where(RecordingQuestion.recording_id == recording.id).order_by(RecordingQuestion.id)
    ).all()


def _history(recording: Recording, model: Any, columns: Sequence[str], moment: str) -> list[dict[str, Any]]:
    """Rows of MODEL as the manifest keeps them: COLUMNS, who it was, and the MOMENT."""
    wanted = [getattr(model, name) for name in (*columns, moment)]
    rows = db.session.execute(
        select(*wanted, User.pid)
        .outerjoin(User, User.id == model.by_id)
        .where(model.recording_id == recording.id)
        .order_by(model.id)
        .select_from(model)
    )
    return [dict(zip((*columns, "at", "by"), map(plain, row), strict=True)) for row in rows.all()]


def known(pid: uuid.UUID) -> bool:
    """Whether there is a recording PID."""
    return db.session.scalar(select(Recording.id).where(Recording.pid == pid)) is not None


def numbers(model: Any, pids: Sequence[str | None]) -> dict[str, int]:
    """{pid: id} of the rows of MODEL that these PIDS name."""
    wanted = {uuid.UUID(pid) for pid in pids if pid}
    rows = db.session.execute(select(model.pid, model.id).where(model.pid.in_(wanted)))
    return {str(pid): number for pid, number in rows.all()}


def meeting_number(pid: str) -> int | None:
    return numbers(Meeting, [pid]).get(pid)


def everything() -> Sequence[int]:
    """Every recording's id."""
    return db.session.scalars(select(Recording.id).order_by(Recording.id)).all()


def unchecked(since: dt.datetime) -> Sequence[int]:
    """Files whose bytes nobody has compared since then, the longest unchecked first."""
    last = func.coalesce(Asset.checked_at, Asset.created_at)
    old = Asset.checked_at.is_(None) | (Asset.checked_at < since)
    return db.session.scalars(select(Asset.id).where(old).order_by(Asset.checked_at.is_not(None), last, Asset.id)).all()


def bytes_kept() -> int:
    """Of all files together."""
    return int(db.session.scalar(select(func.coalesce(func.sum(Asset.bytes), 0))) or 0)


def keys_in_use() -> set[str]:
    """Every key that a row speaks of."""
    return set(db.session.scalars(select(Asset.key)))


def keepers() -> Sequence[User]:
    """Who is told when an original is damaged: staff."""
    staff = (PlatformRole.STAFF, PlatformRole.ADMIN)
    held = select(role_grants.c.user_id).join(Role, Role.id == role_grants.c.role_id).where(Role.name.in_(staff))
    return db.session.scalars(select(User).where(User.id.in_(held), User.active).order_by(User.id)).all()


def last_checked(recording: Recording) -> dt.datetime | None:
    """When the least recently compared file of RECORDING was compared; None while one never was."""
    moments = [asset.checked_at for asset in recording.assets]
    return None if None in moments else min((m for m in moments if m), default=None)
