"""Taking one's name off a question afterwards, and destroying what could still tell who asked."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, Text, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from core.db import utcnow
from forum.models import (
    FaqEntry,
    Hand,
    Poll,
    PollAnswer,
    Pulse,
    Question,
    QuestionReport,
    QuestionVote,
    Room,
    RoomBan,
    RoomCommand,
    RoomEvent,
    RoomState,
    Stream,
    Visibility,
    new_epoch,
)
from forum.models.chain import put_names, split_names, without_names_of
from forum.protocol import Type, own_question
from forum.queries.receipt import receipt
from forum.services import breakouts, chain, pictures
from forum.services.desk import Desk, is_public
from forum.services.refusals import Locked


def anonymise(desk: Desk, qid: str) -> dict[str, Any]:
    """The asker's name leaves their question for good: the row, the log, the stored acks. Twice is once."""
    question = desk.own(qid)
    if question.visibility is Visibility.NONE:
        return {"q": own_question(question)}
    if desk.room.state is not RoomState.CLOSED:
        raise Locked(_l("Your name comes off when the room has closed. Until then you can take the question back."))
    if question.hall:
        question.behalf = ""  # asked for somebody in the hall, whose name this is
    else:
        question.visibility, question.asker_hash = Visibility.NONE, desk.mark
        question.asker_id = question.place_id = question.asker = question.place = None
        question.first, question.behalf = False, ""
    question.rev += 1
    desk.session.flush()
    _forget_commands(desk, qid)
    desk.session.execute(update(FaqEntry).where(FaqEntry.question_id == question.id).values(asked_by=""))
    forget_names(desk.session, desk.room, qid)
    desk.room.epoch = new_epoch()  # what processes and browsers remember of the log is of another run
    if is_public(question):
        bare = {"id": qid, "rev": question.rev, "by": None, "place": None, "first": False}
        desk.log(Stream.PUB, Type.EDITED, bare)
    desk.tell_moderators(Type.EDITED, question)
    return {"q": own_question(question)}


def _forget_commands(desk: Desk, qid: str) -> None:
    """A stored ack ties the person to what they asked, and those of moderators tell the name."""
    about = select(RoomCommand).where(RoomCommand.room_id == desk.room.id, cast(RoomCommand.ack, Text).contains(qid))
    for command in desk.session.scalars(about):
        if command.user_id == desk.person.id:
            desk.session.delete(command)
        else:
            bare, names = split_names(command.ack)
            command.ack = put_names(bare, without_names_of(qid, bare, names))


def forget_names(session: Session, room: Room, qid: str) -> None:
    """Erase what stands beside the events of a question; what is proven doesn't change."""
    events = session.scalars(
        select(RoomEvent).where(
            RoomEvent.room_id == room.id, RoomEvent.names.is_not(None), cast(RoomEvent.data, Text).contains(qid)
        )
    )
    for event in events:
        event.names = without_names_of(qid, event.data, event.names or {}) or None


def archive(session: Session, room: Room) -> bool:
    """Destroy what ties people to a closed ROOM (its row locked) and fix its record; False when it was done before.

    Gone for good: the key of anonymous askers and their marks, the stored acks, the names beside the log, and who
    voted, chose, raised a hand, reported or only read: of all that the numbers stay. What else stays is what people
    chose to sign: the names on the questions themselves, which their askers may still take off.
    """
    if room.archived_at is not None:
        return False
    room.asker_key, room.archived_at = None, utcnow()
    session.execute(update(Question).where(Question.room_id == room.id).values(asker_hash=None))
    session.execute(delete(RoomCommand).where(RoomCommand.room_id == room.id))
    pictures.drop_unseen(session, room.id)
    breakouts.forget_seats(session, room.id)
    forget_voters(session, room.id)
    session.execute(update(RoomEvent).where(RoomEvent.room_id == room.id).values(names=None))
    room.epoch = new_epoch()
    room.receipt = receipt(session, room.id).payload()
    for stream in Stream:
        chain.append(session, room, stream, Type.ARCHIVED, room.receipt)
    return True


def forget_voters(session: Session, room_id: int) -> None:
    """Voices, choices and all else that one does without words become what they were counted as."""
    questions = select(Question.id).where(Question.room_id == room_id)
    for row in (QuestionVote, QuestionReport):
        session.execute(delete(row).where(row.question_id.in_(questions)))
    for row in (Hand, Pulse, RoomBan):
        session.execute(delete(row).where(row.room_id == room_id))
    polls = select(Poll.id).where(Poll.room_id == room_id)
    nobody = literal("gone ") + cast(PollAnswer.id, String)  # results are counted from these rows; nobody's now
    session.execute(
        update(PollAnswer)
        .where(PollAnswer.poll_id.in_(polls), PollAnswer.user_id.is_not(None))
        .values(user_id=None, voter_hash=nobody)
        .execution_options(synchronize_session=False)
    )
