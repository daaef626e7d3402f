"""What moderators read besides the questions: who may only read, what was done, what could be joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.db import db
from forum.models import ModerationAct, Question, QuestionState, Room, RoomBan, Stream
from forum.queries.questions import questions_in
from forum.queries.voices import count, voices_of

MERGE_TARGETS = {QuestionState.OPEN, QuestionState.ANSWERING, QuestionState.LATER, QuestionState.ANSWERED}


def bans_on(session: Session, room_id: int) -> list[str]:
    """The questions whose askers only read, in their order."""
    query = select(Question.pid).join(RoomBan, RoomBan.question_id == Question.id)
    return [str(pid) for pid in session.scalars(query.where(RoomBan.room_id == room_id).order_by(Question.no))]


def acts_in(room_id: int, limit: int = 100) -> Sequence[ModerationAct]:
    """What moderators did here, the latest first."""
    query = select(ModerationAct).where(ModerationAct.room_id == room_id).options(joinedload(ModerationAct.who))
    return db.session.scalars(query.order_by(ModerationAct.id.desc()).limit(limit)).all()


def last_act(room_id: int, user_id: int) -> ModerationAct | None:
    """The latest act of one moderator, when it still stands."""
    query = select(ModerationAct).where(ModerationAct.room_id == room_id, ModerationAct.who_id == user_id)
    act = db.session.scalar(query.order_by(ModerationAct.id.desc()).limit(1))
    return act if act is not None and act.undone_at is None else None


@dataclass(frozen=True)
class MergeChoice:
    """A question that another may be joined with, and what its voices would be then."""

    question: Question
    joined: int


def merge_choices(room: Room, question: Question) -> list[MergeChoice]:
    """Where QUESTION may go, most asked first, each with the union of both families' voices."""
    everything = questions_in(room.id, Stream.MOD)
    allowed = MERGE_TARGETS | ({QuestionState.PENDING} if question.state is QuestionState.PENDING else set())
    joined: dict[int, list[Question]] = defaultdict(list)
    for one in everything:
        if one.merged_into_id:
            joined[one.merged_into_id].append(one)
    voices = voices_of(db.session(), room, everything)
    coming: list[Any] = [voices[one.id] for one in (question, *joined[question.id])]
    choices = [
        MergeChoice(target, count(voices[target.id], [*(voices[one.id] for one in joined[target.id]), *coming])[0])
        for target in everything
        if target.state in allowed and target.id != question.id
    ]
    return sorted(choices, key=lambda choice: (-choice.question.score, choice.question.no))
