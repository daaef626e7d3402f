"""The receipt of a room: what became of every number that was given out, and how soon a cohort is answered.

Every function here takes the session it reads with: the writer has one of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from forum.models import Answer, Fate, Question, QuestionState, QuestionTask, Room, TaskState
from mentors.models import Meeting

S = QuestionState
SOON = dt.timedelta(hours=72)

# What became of a question; join QuestionTask from outside.
FATE: ColumnElement[str] = case(
    (Question.state == S.MERGED, Fate.MERGED.value),
    (Question.state == S.DISMISSED, Fate.DISMISSED.value),
    (Question.state == S.WITHDRAWN, Fate.WITHDRAWN.value),
    (and_(Question.state == S.ANSWERED, Question.answered_at.is_not(None)), Fate.LIVE.value),
    (Question.state == S.ANSWERED, Fate.WRITTEN.value),
    (QuestionTask.state == TaskState.CANNOT, Fate.CANNOT.value),
    (QuestionTask.state == TaskState.OPEN, Fate.MENTORS.value),
    else_=Fate.WAITING.value,
)


def with_task(query: Select[Any]) -> Select[Any]:
    """QUERY over questions, with the task of each (or none) beside it."""
    return query.outerjoin(QuestionTask, QuestionTask.question_id == Question.id)


@dataclass(frozen=True)
class Receipt:
    """How many questions were asked, and how many of them met each fate. VANISHED is the difference."""

    asked: int
    live: int = 0
    written: int = 0
    merged: int = 0
    mentors: int = 0
    cannot: int = 0
    dismissed: int = 0
    withdrawn: int = 0
    waiting: int = 0

    @property
    def answered(self) -> int:
        return self.live + self.written

    @property
    def vanished(self) -> int:
        """Numbers that were given out and are no question any more."""
        return self.asked - sum(getattr(self, fate.value) for fate in Fate)

    def payload(self) -> dict[str, int]:
        return asdict(self) | {"vanished": self.vanished}


def receipt(session: Session, room_id: int) -> Receipt:
    """The receipt of a room, counted now, in one query."""
    counts: Any = select(Room.last_no, FATE, func.count(Question.id)).outerjoin(
        Question, and_(Question.room_id == Room.id, Question.no > 0)  # what isn't in the room yet has no number
    )
    rows: Any = session.execute(
        with_task(counts).where(Room.id == room_id).group_by(Room.last_no, FATE)
    ).all()
    return Receipt(rows[0][0] if rows else 0, **{fate: n for _asked, fate, n in rows})


@dataclass(frozen=True)
class Pace:
    """How soon a cohort's questions were answered. MEDIAN is None while nothing was; SOON counts those within 72 hours
    among all whose 72 hours are over or that have their answer."""

    answered: int
    median: dt.timedelta | None
    soon: int
    counted: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.soon / self.counted) if self.counted else None


def pace(session: Session, cohort_id: int, now: dt.datetime) -> Pace:
    """How soon the questions of a cohort's meetings were answered, live or in writing, as of NOW.

    Left out are those that were merged (their sum is the other one's), dismissed or withdrawn.
    """
    written = select(func.min(Answer.at)).where(Answer.question_id == Question.id).scalar_subquery()
    rows = session.execute(
        select(Question.asked_at, Question.answering_at, Question.answered_at, written)
        .join(Room, Room.id == Question.room_id)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .where(Meeting.cohort_id == cohort_id, Question.state.not_in((S.MERGED, S.DISMISSED, S.WITHDRAWN)))
    ).all()
    waits, over = [], 0
    for asked, *moments in rows:
        answered = min((_aware(moment) for moment in moments if moment is not None), default=None)
        if answered is not None:
            waits.append(max(answered - asked, dt.timedelta()))
        elif now - asked > SOON:
            over += 1
    middle = dt.timedelta(seconds=median(wait.total_seconds() for wait in waits)) if waits else None
    return Pace(len(waits), middle, sum(wait <= SOON for wait in waits), len(waits) + over)


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
