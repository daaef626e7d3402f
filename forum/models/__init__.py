"""Tables of the live room, by noun: the room and its streams, its questions, its polls, its life, its moderation."""

from __future__ import annotations

from forum.models.announcement import Announcement
from forum.models.breakout import Breakout, BreakoutGroup, BreakoutSeat, Deal
from forum.models.caption import Caption, CaptionKey
from forum.models.closing import Fate, Promise, QuestionTask, TaskState
from forum.models.hand import Hand, HandState
from forum.models.memory import (
    FaqEndorsement,
    FaqEntry,
    FaqOpinion,
    FaqRevision,
    FaqState,
    QuestionEndorsement,
    QuestionTerm,
)
from forum.models.moderation import ModerationAct, RoomBan
from forum.models.note import Note, NoteRead
from forum.models.picture import QuestionPicture
from forum.models.poll import SEEN_POLLS, Poll, PollAnswer, PollHands, PollKind, PollOption, PollState
from forum.models.pulse import PULSE_SECONDS, CheckState, Level, Pulse, UnderstoodCheck
from forum.models.question import (
    IS_PUBLIC,
    PUBLIC_STATES,
    Answer,
    Question,
    QuestionReport,
    QuestionState,
    QuestionVote,
    Visibility,
    Watch,
)
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
from forum.models.screen import RoomScreen

__all__ = [
    "CODE_ALPHABET",
    "IS_PUBLIC",
    "PUBLIC_STATES",
    "PULSE_SECONDS",
    "SEEN_POLLS",
    "Announcement",
    "Answer",
    "Breakout",
    "BreakoutGroup",
    "BreakoutSeat",
    "Caption",
    "CaptionKey",
    "CheckState",
    "Deal",
    "FaqEndorsement",
    "FaqEntry",
    "FaqOpinion",
    "FaqRevision",
    "FaqState",
    "Fate",
    "Hand",
    "HandState",
    "Level",
    "Moderation",
    "ModerationAct",
    "Note",
    "NoteRead",
    "Ordering",
    "Poll",
    "PollAnswer",
    "PollHands",
    "PollKind",
    "PollOption",
    "PollState",
    "Promise",
    "Pulse",
    "Question",
    "QuestionEndorsement",
    "QuestionPicture",
    "QuestionReport",
    "QuestionState",
    "QuestionTask",
    "QuestionTerm",
    "QuestionVote",
    "Room",
    "RoomBan",
    "RoomCommand",
    "RoomEvent",
    "RoomScreen",
    "RoomState",
    "Stream",
    "TaskState",
    "UnderstoodCheck",
    "Visibility",
    "Watch",
    "new_code",
    "new_epoch",
]
