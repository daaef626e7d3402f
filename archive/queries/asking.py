"""What somebody who watches may ask beside a recording, and what they asked and pressed there already."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from accounts.models import User
from archive.models import Recording, RecordingQuestion
from core.db import db
from forum.models import Question, QuestionState, Room, RoomState
from forum.permissions import Role
from forum.queries import Seat, own_questions, seat, voiced

ASKS = (Role.LEARNER, Role.MODERATOR)


@dataclass(frozen=True)
class Asking:
    """A reader who may ask. OWN: what they asked themselves; VOICED: what they ask too; WAITING: theirs, unseen yet."""

    anonymous: bool  # the room lets people ask so that nobody can know
    own: frozenset[uuid.UUID] = frozenset()
    voiced: frozenset[str] = frozenset()
    waiting: Sequence[Question] = field(default_factory=list)


def room_of(recording: Recording) -> Room | None:
    """The room of the recording's meeting, when the meeting is over: there its questions go."""
    return db.session.scalar(
        select(Room).where(Room.meeting_id == recording.meeting_id, Room.state == RoomState.CLOSED)
    )


def seat_beside(room: Room, user: User) -> Seat:
    """The seat from which USER asks: their own in the room, else one of somebody who watches."""
    own = seat(room.id, user.id)
    return own if own.role in ASKS else Seat(room.id, own.person, Role.WATCHER if own.person else None)


def asking(recording: Recording, user: User | None) -> Asking | None:
    """What USER, who may watch RECORDING, may ask beside it; None when there is no room to ask into."""
    room = room_of(recording) if user is not None else None
    if room is None or user is None:
        return None
    person = seat_beside(room, user).person
    if person is None:
        return None
    mine = own_questions(room, person)
    pressed = frozenset(pid for pid, value in voiced(room.id, user.id).items() if value > 0)
    here = select(RecordingQuestion.question_id).where(RecordingQuestion.recording_id == recording.id)
    unseen = [question for question in mine if question.state is QuestionState.PENDING]
    kept = set(db.session.scalars(here)) if unseen else set()
    anonymous = room.anonymous and room.asker_key is not None
    own = frozenset(question.pid for question in mine)
    return Asking(anonymous, own, pressed, [question for question in unseen if question.id in kept])
