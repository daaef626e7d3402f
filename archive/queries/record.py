"""The room's questions beside a recording: what was asked, and at which second it was answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from accounts.models import User
from archive.edits import Cuts, Span
from archive.models import Recording, RecordingAnchor, RecordingQuestion, RecordingState
from archive.permissions import visible
from archive.queries.edits import cuts_of
from archive.timemap import DOUBT, Anchor, TimeMap
from core.db import db
from forum.models import Question, QuestionState, Room
from forum.queries import RecordLine, record_of
from mentors.models import Meeting

LEAD = 6.0  # seconds before an answer at which it is played: the host clicks when it has begun


def asked_in(meeting_id: int) -> list[RecordLine]:
    """The public questions of the meeting's room; those joined with another stand there."""
    return [line for line in record_of(meeting_id) if line.state is not QuestionState.MERGED]


@dataclass(frozen=True)
class Moment:
    """A question answered aloud. START and LENGTH in seconds of the recording, None while unplaced.

    Not SURE: the recording was stopped somewhere near, or its anchor is far from the others. RESIDUAL: how much later
    than the others say its own anchor stands; None without an anchor.
    """

    question: RecordLine
    start: float | None
    length: float | None
    sure: bool = True
    residual: float | None = None
    after: bool = False  # asked at that second by somebody who watched

    @property
    def lead(self) -> float:
        """The second at which to begin to listen."""
        return max(0.0, (self.start or 0.0) - LEAD)

    @property
    def end(self) -> float | None:
        """The second at which the answer is over; None when nobody said so."""
        return None if self.start is None or self.length is None else self.start + self.length


@dataclass(frozen=True)
class Record:
    """The room's questions, sorted by what became of them."""

    moments: list[Moment]  # answered in the meeting, in the order of the answers
    written: list[RecordLine]  # answered in writing only
    open: list[RecordLine]  # not reached
    after: list[Moment] = field(default_factory=list)  # asked while watching, by their second
    cuts: Cuts = field(default_factory=Cuts)  # what was removed: none of its questions is here
    silent: list[Span] = field(default_factory=list)  # answers to questions that their askers took back since

    @property
    def total(self) -> int:
        return len(self.moments) + len(self.written) + len(self.open) + len(self.after)

    @property
    def placed(self) -> list[Moment]:
        """Those that have their second."""
        return [moment for moment in self.moments if moment.start is not None]

    @property
    def beside(self) -> list[Moment]:
        """What stands beside the film: by the second, then what has none, in the order of the answers."""
        placed = sorted([*self.placed, *self.after], key=lambda moment: moment.start or 0.0)
        return [*placed, *(moment for moment in self.moments if moment.start is None)]


@dataclass(frozen=True)
class Clocks:
    """How the room's clock and a recording's are tied: {question: second} by hand, and the map that follows."""

    by_hand: dict[int, float]
    map: TimeMap
    cuts: Cuts = field(default_factory=Cuts)  # what was removed

    def moment(self, recording: Recording, question: Any) -> tuple[float | None, bool, float | None]:
        """As `place`, and no second when that part was removed."""
        found = self.place(recording, question)
        return (None, *found[1:]) if self.hides(found[0]) else found

    def hides(self, second: float | None) -> bool:
        """Whether SECOND is in a removed part."""
        return second is not None and self.cuts.at(second) is not None

    def place(self, recording: Recording, question: Any) -> tuple[float | None, bool, float | None]:
        """(second or None, sure, residual) of the answer to a question, which has an id and its times."""
        wall = question.answering_at.timestamp()
        if (tied := self.by_hand.get(question.id)) is not None:
            residual = self.map.residual(Anchor(wall, tied))
            return tied, abs(residual) <= DOUBT, residual
        place = self.map.at(wall)
        if place is None or not 0 <= place.second <= (recording.duration or 0):
            return None, True, None
        return place.second, place.sure, None

    def length(self, recording: Recording, question: Any, start: float | None) -> float | None:
        """Seconds of the recording that the answer takes from START; less than on the wall when it was stopped."""
        begun, ended = question.answering_at, question.answered_at
        if not begun or not ended or ended <= begun:
            return None
        wall = (ended - begun).total_seconds()
        first, last = self.map.at(begun.timestamp()), self.map.at(ended.timestamp())
        if start is None or first is None or last is None:
            return wall
        filmed = last.second - first.second if first.sure and last.sure else wall
        return max(0.0, min(wall, filmed if filmed > 0 else wall, (recording.duration or 0) - start))


def anchors_of(recording: Recording) -> list[RecordingAnchor]:
    """What people tied to its second, and where they said that the recording was stopped."""
    found = select(RecordingAnchor).where(RecordingAnchor.recording_id == recording.id)
    return list(db.session.scalars(found.order_by(RecordingAnchor.seconds, RecordingAnchor.id)))


def clocks_of(recordings: Collection[Recording]) -> dict[int, Clocks]:
    """{recording.id: how its clock is tied to its room's}, in one query."""
    rows = db.session.execute(
        select(RecordingAnchor.recording_id, RecordingAnchor.seconds, Question.id, Question.answering_at)
        .outerjoin(Question, Question.id == RecordingAnchor.question_id)
        .where(RecordingAnchor.recording_id.in_([recording.id for recording in recordings]))
    ).all()
    hidden = cuts_of([one.id for one in recordings])
    return {
        one.id: _clocks(one, [row for row in rows if row.recording_id == one.id], hidden[one.id]) for one in recordings
    }


def _clocks(recording: Recording, rows: Sequence[Any], hidden: Cuts) -> Clocks:
    tied = [row for row in rows if row.answering_at is not None]
    anchors = [Anchor(row.answering_at.timestamp(), row.seconds) for row in tied]
    if not anchors and recording.starts_at:
        anchors = [Anchor(recording.starts_at.timestamp(), 0)]
    stops = [row.seconds for row in rows if row.id is None]
    return Clocks({row.id: row.seconds for row in tied}, TimeMap(anchors, stops), hidden)


def record_beside(recording: Recording) -> Record:
    """The questions of the recording's room, each placed when the clocks are tied and it falls inside."""
    questions = asked_in(recording.meeting_id)
    spoken = [q for q in questions if q.answering_at]  # record_of sorts them by their moment
    seconds = asked_at([recording])
    rest = [q for q in questions if not q.answering_at and q.id not in seconds]
    later = [Moment(q, seconds[q.id][1], None, after=True) for q in questions if q.id in seconds]
    clocks = clocks_of([recording])[recording.id]
    heard = [question for question in spoken if not clocks.hides(clocks.place(recording, question)[0])]
    return Record(
        moments=[_moment(recording, clocks, question) for question in heard],
        written=[q for q in rest if q.answers],
        open=[q for q in rest if not q.answers],
        after=sorted((m for m in later if not clocks.hides(m.start)), key=lambda moment: moment.start or 0.0),
        cuts=clocks.cuts,
        silent=_silent(recording, clocks),
    )


def _silent(recording: Recording, clocks: Clocks) -> list[Span]:
    """From where to where questions were answered that have been withdrawn since: no word of them, only the time."""
    rows = db.session.execute(
        select(Question.id, Question.answering_at, Question.answered_at)
        .join(Room, Room.id == Question.room_id)
        .where(
            Room.meeting_id == recording.meeting_id,
            Question.state == QuestionState.WITHDRAWN,
            Question.answering_at.is_not(None),
        )
        .order_by(Question.answering_at)
    ).all()
    starts = [(row, clocks.moment(recording, row)[0]) for row in rows]
    return [(at, at + (clocks.length(recording, row, at) or 0.0)) for row, at in starts if at is not None]


def asked_at(recordings: Collection[Recording]) -> dict[int, tuple[int, float]]:
    """{question.id: (recording.id, the second at which it was asked by somebody who watched)}, in one query."""
    rows = db.session.execute(
        select(RecordingQuestion.question_id, RecordingQuestion.recording_id, RecordingQuestion.seconds).where(
            RecordingQuestion.recording_id.in_([recording.id for recording in recordings])
        )
    ).all()
    return {question_id: (recording_id, seconds) for question_id, recording_id, seconds in rows}


def at_second(recording: Recording, second: float) -> RecordLine | None:
    """The question whose answer is going on at SECOND."""
    placed = [m for m in record_beside(recording).placed if m.start is not None and m.start <= second]
    last = max(placed, key=lambda moment: moment.start or 0, default=None)
    over = last is None or (last.length is not None and second > (last.start or 0) + last.length)
    return None if over or last is None else last.question


def _moment(recording: Recording, clocks: Clocks, question: RecordLine) -> Moment:
    start, sure, residual = clocks.moment(recording, question)
    return Moment(question, start, clocks.length(recording, question, start), sure, residual)


def moments_of(questions: Sequence[Any], user: User | None) -> dict[int, tuple[uuid.UUID, float, float | None]]:
    """{question.id: (recording, second, seconds long)} of spoken answers that USER may watch. Two queries."""
    spoken = {question.id: question for question in questions if question.answering_at}
    if not spoken:
        return {}
    rows = db.session.execute(
        select(Room.id, Recording)
        .join(Recording, Recording.meeting_id == Room.meeting_id)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(
            Room.id.in_({question.room_id for question in spoken.values()}),
            Recording.state == RecordingState.PLAYABLE,
            visible(user),
        )
        .order_by(Recording.id)
    ).all()
    filmed = dict(rows)
    clocks = clocks_of(filmed.values())
    found = {}
    for question in spoken.values():
        recording = filmed.get(question.room_id)
        start = clocks[recording.id].moment(recording, question)[0] if recording else None
        if recording and start is not None:
            found[question.id] = (recording.pid, start, clocks[recording.id].length(recording, question, start))
    return found
