"""The room's questions beside a recording: what was asked, and at which second it was answered."""

from __future__ import annotations

from dataclasses import dataclass

from archive.models import Recording
from forum.models import QuestionState
from forum.queries import RecordLine, record_of


def asked_in(meeting_id: int) -> list[RecordLine]:
    """The public questions of the meeting's room; those joined with another stand there."""
    return [line for line in record_of(meeting_id) if line.state is not QuestionState.MERGED]


@dataclass(frozen=True)
class Moment:
    """A question answered aloud. START and LENGTH in seconds of the recording, None while unplaced."""

    question: RecordLine
    start: float | None
    length: float | None


@dataclass(frozen=True)
class Record:
    """The room's questions, sorted by what became of them."""

    moments: list[Moment]  # answered in the meeting, in the order of the answers
    written: list[RecordLine]  # answered in writing only
    open: list[RecordLine]  # not reached

    @property
    def total(self) -> int:
        return len(self.moments) + len(self.written) + len(self.open)

    @property
    def placed(self) -> list[Moment]:
        """Those that have their second."""
        return [moment for moment in self.moments if moment.start is not None]


def record_beside(recording: Recording) -> Record:
    """The questions of the recording's room, each placed when the offset is known and falls inside."""
    questions = asked_in(recording.meeting_id)
    spoken = [q for q in questions if q.answering_at]  # record_of sorts them by their moment
    rest = [q for q in questions if not q.answering_at]
    return Record(
        moments=[_moment(recording, question) for question in spoken],
        written=[q for q in rest if q.answers],
        open=[q for q in rest if not q.answers],
    )


def _moment(recording: Recording, question: RecordLine) -> Moment:
    length = None
    if question.answering_at and question.answered_at and question.answered_at > question.answering_at:
        length = (question.answered_at - question.answering_at).total_seconds()
    start = None
    if recording.starts_at and recording.duration and question.answering_at:
        at = (question.answering_at - recording.starts_at).total_seconds()
        start = at if 0 <= at <= recording.duration else None
    return Moment(question, start, length)
