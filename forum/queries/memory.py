"""Questions that ask for the same as a text: in this room, in finished rooms of the same module, in its FAQ.

What may be suggested is decided inside the query. In one's own room: what everybody there sees. Of other cohorts:
questions that were answered, in rooms that are closed, of public cohorts that anybody could join, of the same module;
never a name.
Of the FAQ: entries that stand today. What waits, was refused or withdrawn is never found by anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from core.db import db, utcnow
from core.i18n import athens
from courses.models import ModuleVersion
from forum.likeness import Weights, Words, likeness, read
from forum.models import FaqEntry, FaqRevision, FaqState, Question, QuestionState, QuestionTerm, Room, RoomState
from forum.models.memory import TERM_LIMIT
from mentors.models import Cohort, CohortPartner, CohortState, EnrolPolicy, Meeting

ALIKE = 0.36  # from here on two questions may be the same; measured in bench/similar.py
BESIDE = 0.98  # of the best one's likeness: further down it is rather noise
CANDIDATES = 40  # looked at closely
MOST_ENTRIES = 500  # of one module's FAQ

S = QuestionState
SEEN_HERE = (S.OPEN, S.ANSWERING, S.ANSWERED, S.LATER)
FINISHED = (CohortState.PUBLISHED, CohortState.RUNNING, CohortState.COMPLETED, CohortState.ARCHIVED)


class Source(StrEnum):
    """Where a match stands."""

    ROOM = "room"
    EARLIER = "earlier"
    FAQ = "faq"


@dataclass(frozen=True)
class Match:
    """Something that asks for the same, by how much (0 to 1). A question, or an entry with its revision."""

    source: Source
    alike: float
    question: Question | None = None
    entry: FaqEntry | None = None
    revision: FaqRevision | None = None


def earlier_rooms(module_id: int, room_id: int) -> Select[int]:
    """Rooms of other cohorts on the same module that are over; a cancelled, unpublished or invited cohort's never."""
    return (
        select(Room.id)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .join(ModuleVersion, ModuleVersion.id == Meeting.module_version_id)
        .where(
            ModuleVersion.module_id == module_id,
            Room.state == RoomState.CLOSED,
            Room.id != room_id,
            Cohort.published_at.is_not(None),
            Cohort.enrol_policy == EnrolPolicy.OPEN,
            Cohort.state.in_(FINISHED),
        )
    )


def suggestible(module_id: int, room_id: int) -> ColumnElement[bool]:
    """The condition on Question for what anybody in the room may be shown while they type."""
    elsewhere = and_(
        Question.state == S.ANSWERED,
        Question.room_id.in_(earlier_rooms(module_id, room_id)),
        ~exists().where(FaqEntry.question_id == Question.id),  # the entry speaks for it, also when it has expired
    )
    return or_(and_(Question.room_id == room_id, Question.state.in_(SEEN_HERE)), elsewhere)


def module_of(room_id: int, session: Session | None = None) -> int:
    """The module that a room's meeting is about."""
    return (session or db.session).scalars(
        select(ModuleVersion.module_id)
        .join(Meeting, Meeting.module_version_id == ModuleVersion.id)
        .join(Room, Room.meeting_id == Meeting.id)
        .where(Room.id == room_id)
    ).one()


def today() -> dt.date:
    return athens(utcnow()).date()


def similar(room_id: int, text: str, besides: int | None = None, limit: int = 8) -> list[Match]:
    """What asks for the same as TEXT, the likest first; without the question BESIDES (its number in the table)."""
    typed = read(text)
    if not typed.words:
        return []
    module_id, weights = module_of(room_id), _weights(typed)
    found = [
        *_questions(typed, weights, room_id, suggestible(module_id, room_id), besides),
        *_entries(typed, weights, module_id),
    ]
    return best(found, limit)


def best(found: Iterable[Match], limit: int) -> list[Match]:
    """The likest of FOUND that are alike enough, in order."""
    ranked = sorted(found, key=lambda match: -match.alike)
    needed = max(ALIKE, BESIDE * ranked[0].alike) if ranked else 1.0
    return [match for match in ranked[:limit] if match.alike >= needed]


def _weights(typed: Words) -> Weights:
    """How rare each word is among all questions ever asked; the numbers say nothing of any one of them."""
    number = db.session.scalar(select(func.count()).select_from(Question)) or 0
    rows = db.session.execute(
        select(QuestionTerm.term, func.count()).where(QuestionTerm.term.in_(_terms(typed))).group_by(QuestionTerm.term)
    )
    return Weights(number, dict(rows.all()))


def _terms(typed: Words) -> list[str]:
    return [meaning[:TERM_LIMIT] for meaning in typed.meanings]


def _questions(
    typed: Words, weights: Weights, room_id: int, allowed: ColumnElement[bool], besides: int | None
) -> list[Match]:
    rarity = {one[:TERM_LIMIT]: weights.of(word) for word in typed.words for one in word.meanings}
    worth: Any = func.sum(case(rarity, value=QuestionTerm.term, else_=0.0))
    wanted = (
        select(QuestionTerm.question_id)
        .join(Question, Question.id == QuestionTerm.question_id)
        .where(QuestionTerm.term.in_(list(rarity)), allowed)
        .group_by(QuestionTerm.question_id)
        .order_by(worth.desc(), QuestionTerm.question_id.desc())
        .limit(CANDIDATES)
    )
    if besides is not None:
        wanted = wanted.where(Question.id != besides)
    return [
        Match(Source.ROOM if question.room_id == room_id else Source.EARLIER, alike, question=question)
        for question in _loaded(db.session.scalars(wanted).all())
        if (alike := likeness(typed, read(question.body), weights)) >= ALIKE
    ]


def _loaded(ids: Sequence[int]) -> Sequence[Question]:
    partners = selectinload(Cohort.partners).joinedload(CohortPartner.organisation)
    return db.session.scalars(
        select(Question)
        .where(Question.id.in_(ids))
        .options(
            selectinload(Question.answers),
            joinedload(Question.room).joinedload(Room.meeting).joinedload(Meeting.cohort).options(partners),
        )
    ).all()


def stands_on(day: dt.date) -> ColumnElement[bool]:
    """The condition on FaqRevision for what may be relied on, on DAY."""
    return and_(
        FaqRevision.state == FaqState.CURRENT, or_(FaqRevision.review_by.is_(None), FaqRevision.review_by >= day)
    )


def _entries(typed: Words, weights: Weights, module_id: int) -> list[Match]:
    rows = db.session.execute(
        select(FaqEntry, FaqRevision)
        .join(FaqRevision, and_(FaqRevision.entry_id == FaqEntry.id, FaqRevision.number == FaqEntry.rev))
        .where(FaqEntry.module_id == module_id, stands_on(today()))
        .order_by(FaqEntry.id.desc())
        .limit(MOST_ENTRIES)
    )
    return [
        Match(Source.FAQ, alike, entry=entry, revision=revision)
        for entry, revision in rows
        if (alike := likeness(typed, read(revision.question), weights)) >= ALIKE
    ]


def texts_in(room_id: int) -> Sequence[Any]:
    """(pid, no, body) of what moderators compare in a room: what waits and what everybody sees."""
    return db.session.execute(
        select(Question.pid, Question.no, Question.body)
        .where(Question.room_id == room_id, Question.state.in_((S.PENDING, *SEEN_HERE)))
        .order_by(Question.no)
    ).all()


def twins(questions: Sequence[tuple[str, str]], among: Sequence[tuple[str, str]]) -> dict[str, list[tuple[str, float]]]:
    """{id: [(id of one that asks for the same, how alike)]} for QUESTIONS of one room, all given as (id, text)."""
    number, frequent = len(among), _counted(read(text) for _id, text in among)
    weights = Weights(number, frequent)
    found: dict[str, list[tuple[str, float]]] = {}
    for one, text in questions:
        typed = read(text)
        near = [
            (other, alike)
            for other, standing_text in among
            if other != one
            and typed.meanings & (words := read(standing_text)).meanings
            and (alike := max(likeness(typed, words, weights), likeness(words, typed, weights))) >= ALIKE
        ]
        if near:
            found[one] = sorted(near, key=lambda pair: -pair[1])
    return found


def _counted(all_words: Iterable[Words]) -> dict[str, int]:
    frequent: dict[str, int] = {}
    for words in all_words:
        for meaning in words.meanings:
            frequent[meaning] = frequent.get(meaning, 0) + 1
    return frequent
