"""Tables of the live room, by noun: the room and its streams, its questions, its polls."""

from __future__ import annotations

from forum.models.memory import (
    FaqEndorsement,
    FaqEntry,
    FaqOpinion,
    FaqRevision,
    FaqState,
    QuestionEndorsement,
    QuestionTerm,
)
from forum.models.poll import SEEN_POLLS, Poll, PollAnswer, PollHands, PollKind, PollOption, PollState
from forum.models.question import PUBLIC_STATES, Answer, Question, QuestionState, QuestionVote, Visibility
from forum.models.room import (
    CODE_ALPHABET,
    Moderation,
    Ordering,
    Room,
    RoomCommand,
    RoomEvent,
    RoomState,
    Stream,
    new_code,
    new_epoch,
)

__all__ = [
    "CODE_ALPHABET",
    "PUBLIC_STATES",
    "SEEN_POLLS",
    "Answer",
    "FaqEndorsement",
    "FaqEntry",
    "FaqOpinion",
    "FaqRevision",
    "FaqState",
    "Moderation",
    "Ordering",
    "Poll",
    "PollAnswer",
    "PollHands",
    "PollKind",
    "PollOption",
    "PollState",
    "Question",
    "QuestionEndorsement",
    "QuestionState",
    "QuestionTerm",
    "QuestionVote",
    "Room",
    "RoomCommand",
    "RoomEvent",
    "RoomState",
    "Stream",
    "Visibility",
    "new_code",
    "new_epoch",
]
