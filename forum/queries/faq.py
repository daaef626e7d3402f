"""The FAQ of a module: what readers see, what its keepers must look at again, who they are."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.db import db
from core.errors import NotFound
from core.pages import Page, paginate
from courses.models import Module, ModuleVersion
from forum.likeness import contained, read
from forum.models import (
    FaqEndorsement,
    FaqEntry,
    FaqOpinion,
    FaqRevision,
    FaqState,
    Question,
    QuestionEndorsement,
    Room,
)
from forum.permissions import can_keep_faq
from forum.queries.memory import stands_on, today
from forum.queries.questions import WHOLE_QUESTION
from mentors.models import CohortTeam, Meeting

SOON = dt.timedelta(days=30)
DOUBTS = 2  # readers who say that it no longer holds, before its keepers are told
FOUND = 0.5  # of what was typed must be said by an entry, to be found


@dataclass(frozen=True)
class Entry:
    """An entry of a FAQ as it stands: the revision, how many it helped, how many readers find that it (still) holds."""

    entry: FaqEntry
    revision: FaqRevision
    covered: int = 0
    holds: int = 0
    doubts: int = 0
    stands: bool = True


def _standing() -> Select[FaqEntry, FaqRevision]:
    """Entries with the revision that stands."""
    return select(FaqEntry, FaqRevision).join(
        FaqRevision, and_(FaqRevision.entry_id == FaqEntry.id, FaqRevision.number == FaqEntry.rev)
    )


def faq_of(module_id: int, words: str = "") -> list[Entry]:
    """What readers see of a module's FAQ: the most helpful first, or what says WORDS, the best match first."""
    rows = db.session.execute(
        _standing().where(FaqEntry.module_id == module_id, FaqRevision.state != FaqState.RETIRED)
    ).all()
    found = sorted(_counted(rows), key=lambda one: (not one.stands, -one.covered, -one.entry.id))
    typed = read(words)
    if not typed.words:
        return found
    said = [(contained(typed, read(f"{one.revision.question} {one.revision.answer}")), one) for one in found]
    return [one for share, one in sorted(said, key=lambda pair: -pair[0]) if share >= FOUND]


def faq_in_short(module_id: int, limit: int = 5) -> tuple[list[FaqRevision], dict[int, uuid.UUID], int]:
    """For the module's own page: the revisions that stand today, their entries' addresses, how many there are."""
    rows = db.session.execute(
        _standing().where(FaqEntry.module_id == module_id, stands_on(today())).order_by(FaqEntry.id.desc())
    ).all()
    return [revision for _entry, revision in rows[:limit]], {entry.id: entry.pid for entry, _r in rows}, len(rows)


def entry_or_404(pid: uuid.UUID, user: User | None) -> Entry:
    """The entry PID with its module; a retired one only to its keepers."""
    row = db.session.execute(
        _standing().where(FaqEntry.pid == pid).options(
            joinedload(FaqEntry.module).joinedload(Module.current), joinedload(FaqRevision.editor)
        )
    ).one_or_none()
    if row is None or (row[1].state is FaqState.RETIRED and not keeps_faq(user, row[0].module_id)):
        raise NotFound
    return _counted([row])[0]


def kept_entry_or_404(pid: uuid.UUID, user: User | None) -> tuple[Entry, bool]:
    """The entry PID, and whether USER keeps it."""
    found = entry_or_404(pid, user)
    return found, keeps_faq(user, found.entry.module_id)


def revisions_of(entry_id: int) -> Sequence[FaqRevision]:
    """The history of an entry, the latest first."""
    return db.session.scalars(
        select(FaqRevision)
        .where(FaqRevision.entry_id == entry_id)
        .options(joinedload(FaqRevision.editor))
        .order_by(FaqRevision.number.desc())
    ).all()


def _counted(rows: Iterable[Any]) -> list[Entry]:
    rows = list(rows)
    ids = [entry.id for entry, _revision in rows]
    helped = dict(
        db.session.execute(
            select(FaqEndorsement.entry_id, func.count())
            .where(FaqEndorsement.entry_id.in_(ids))
            .group_by(FaqEndorsement.entry_id)
        ).all()
    )
    judged = {
        entry_id: (good, bad)
        for entry_id, good, bad in db.session.execute(
            select(FaqOpinion.entry_id, _sum(FaqOpinion.holds), _sum(~FaqOpinion.holds))
            .join(FaqEntry, FaqEntry.id == FaqOpinion.entry_id)
            .where(FaqOpinion.entry_id.in_(ids), FaqOpinion.rev == FaqEntry.rev)
            .group_by(FaqOpinion.entry_id)
        )
    }
    day = today()
    return [
        Entry(entry, revision, helped.get(entry.id, 0), *judged.get(entry.id, (0, 0)), revision.stands_on(day))
        for entry, revision in rows
    ]


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def opinion_of(entry: FaqEntry, user: User | None) -> bool | None:
    """What USER said of the revision that stands."""
    found = db.session.get(FaqOpinion, (entry.id, user.id)) if user else None
    return found.holds if found is not None and found.rev == entry.rev else None


def taught_by(user: User) -> Select[int]:
    """The modules that USER teaches in some cohort."""
    return (
        select(ModuleVersion.module_id)
        .join(Meeting, Meeting.module_version_id == ModuleVersion.id)
        .join(CohortTeam, CohortTeam.cohort_id == Meeting.cohort_id)
        .where(CohortTeam.user_id == user.id)
    )


def keeps_faq(user: User | None, module_id: int) -> bool:
    """Whether USER writes the FAQ of the module."""
    if user is None or not user.active:
        return False
    if can_keep_faq(user):
        return True
    return db.session.scalar(taught_by(user).where(ModuleVersion.module_id == module_id).limit(1)) is not None


def keeps_any(user: User | None) -> bool:
    """Whether there is any module whose FAQ USER writes."""
    return user is not None and (can_keep_faq(user) or db.session.scalar(taught_by(user).limit(1)) is not None)


def kept_by(user: User) -> ColumnElement[bool]:
    """The condition on FaqEntry for those that USER writes."""
    return FaqEntry.id.is_not(None) if can_keep_faq(user) else FaqEntry.module_id.in_(taught_by(user))


def to_review(user: User, number: int = 1) -> tuple[Page, list[Entry]]:
    """What USER must look at again: expired or nearly, under review, doubted by readers; the most urgent first."""
    doubted = (
        select(FaqOpinion.entry_id)
        .join(FaqEntry, FaqEntry.id == FaqOpinion.entry_id)
        .where(FaqOpinion.rev == FaqEntry.rev, ~FaqOpinion.holds)
        .group_by(FaqOpinion.entry_id)
        .having(func.count() >= DOUBTS)
    )
    due = or_(
        FaqRevision.state == FaqState.REVIEW,
        FaqRevision.review_by <= today() + SOON,
        FaqEntry.id.in_(doubted),
    )
    standing = and_(FaqRevision.entry_id == FaqEntry.id, FaqRevision.number == FaqEntry.rev)
    statement = (
        select(FaqRevision)
        .join(FaqEntry, standing)
        .where(kept_by(user), FaqRevision.state != FaqState.RETIRED, due)
        .options(joinedload(FaqRevision.entry).joinedload(FaqEntry.module).joinedload(Module.current))
        .order_by(func.coalesce(FaqRevision.review_by, dt.date(2099, 1, 1)), FaqRevision.id)
    )
    page = paginate(statement, number)
    return page, _counted([(revision.entry, revision) for revision in page.items])


def entries_of_room(room_id: int) -> dict[uuid.UUID, tuple[uuid.UUID, int]]:
    """{question: (its entry in the FAQ, the revision that stands)} of a room; retired ones are left out."""
    rows = db.session.execute(
        select(Question.pid, FaqEntry.pid, FaqEntry.rev)
        .join(FaqEntry, FaqEntry.question_id == Question.id)
        .join(FaqRevision, and_(FaqRevision.entry_id == FaqEntry.id, FaqRevision.number == FaqEntry.rev))
        .where(Question.room_id == room_id, FaqRevision.state != FaqState.RETIRED)
    )
    return {question: (entry, rev) for question, entry, rev in rows}


def endorsed_in(room_id: int) -> dict[uuid.UUID, int]:
    """{question: how many found its answer good enough for their own} of a room."""
    rows = db.session.execute(
        select(Question.pid, func.count())
        .join(QuestionEndorsement, QuestionEndorsement.question_id == Question.id)
        .where(Question.room_id == room_id)
        .group_by(Question.pid)
    )
    return dict(rows.all())


def entry_from(question_id: int) -> FaqEntry | None:
    """The entry that began with this question."""
    return db.session.scalar(select(FaqEntry).where(FaqEntry.question_id == question_id))


def question_of(entry: FaqEntry) -> Question | None:
    """The room's question that ENTRY began with, with its room."""
    if entry.question_id is None:
        return None
    return db.session.scalar(
        select(Question).where(Question.id == entry.question_id).options(joinedload(Question.room))
    )


def answered_question(room: Room, qid: str) -> Question:
    """The question QID of ROOM with its answers."""
    found = db.session.scalar(
        select(Question)
        .where(Question.room_id == room.id, Question.pid == uuid.UUID(qid))
        .options(*WHOLE_QUESTION, joinedload(Question.room))
    )
    if found is None:
        raise NotFound
    return found
