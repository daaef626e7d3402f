"""Asking while watching: into the room of the meeting, at a second of its recording."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from archive.models import Recording, RecordingQuestion, RecordingState
from archive.queries.asking import room_of, seat_beside
from archive.services.moments import NoSuchMoment
from core.db import db
from core.errors import DomainError, require
from forum import forms, services
from forum.models import Question, QuestionState
from forum.queries import Seat


class NothingToAskInto(DomainError):
    code = "not_over"
    message = _l("One can ask here once the room of the meeting has closed.")


def ask(actor: User, recording: Recording, seconds: float, words: dict[str, str]) -> bool:
    """A question at SECONDS of RECORDING; whether everybody sees it already. With the same `cid` it is asked once.

    WORDS: `body`, `vis` (name, mods, none) and `cid`, as the form of the room's questions takes them.

    RECORDING was loaded by queries.recording_or_404 for ACTOR: that is the permission. The rules of the room apply.
    """
    require(recording.state is RecordingState.PLAYABLE, NothingToAskInto)
    require(0 <= seconds <= (recording.duration or 0), NoSuchMoment)
    told = forms.check("question:after", words)
    ack = services.act(_seat(actor, recording), "question:after", told).ack or {}
    _keep(recording, uuid.UUID(ack["q"]["id"]), seconds)
    return bool(ack["q"]["state"] != QuestionState.PENDING)


def also(actor: User, recording: Recording, question_pid: uuid.UUID, *, on: bool) -> None:
    """ACTOR asks the same (or, not ON, doesn't after all) as a question beside RECORDING. Said twice is once."""
    told = forms.check("question:also", {"qid": str(question_pid), "val": int(on)})
    services.act(_seat(actor, recording), "question:also", told)


def _seat(actor: User, recording: Recording) -> Seat:
    room = room_of(recording)
    if room is None:
        raise NothingToAskInto
    seat = seat_beside(room, actor)
    # The room's writer has a connection of its own: what it stores is seen by the next transaction only.
    db.session.commit()
    return seat


def _keep(recording: Recording, question_pid: uuid.UUID, seconds: float) -> None:
    """The second, once. The question is stored already: if this is lost, asking again with the same `cid` mends it."""
    question_id = db.session.scalars(select(Question.id).where(Question.pid == question_pid)).one()
    known = select(RecordingQuestion.id).where(RecordingQuestion.question_id == question_id)
    if db.session.scalar(known) is not None:
        return
    db.session.add(RecordingQuestion(recording_id=recording.id, question_id=question_id, seconds=seconds))
    try:
        db.session.commit()
    except IntegrityError:  # the same click, twice at once
        db.session.rollback()
