"""The picture of a question: sent before it, taken along when it is asked, gone with it.

It travels by HTTP, the question by socket or form; both carry the same `cid`. While it waits it stands under a keyed
hash of person and cid, which is erased as the question takes it: nothing beside a picture says who sent it.
"""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db import db, utcnow
from core.errors import DomainError, require
from core.pictures import made_anew
from forum.models import IS_PUBLIC, Question, QuestionPicture, Room
from forum.queries import Person, Seat
from forum.services import limits
from forum.services.bans import asker
from forum.services.desk import Desk
from forum.services.refusals import RoomClosed

WAITS = dt.timedelta(hours=6)  # as long as a page may be without connection


class NoPicture(DomainError):
    code = "invalid"
    status = 422
    message = _l("The picture didn't arrive. Choose it again.")


class NoAlt(DomainError):
    code = "invalid"
    status = 422
    message = _l("Say in a few words what the picture shows, for those who can't see it.")


def keep(seat: Seat, room: Room, cid: str, raw: bytes, alt: str) -> QuestionPicture:
    """Keep the picture RAW for the question that SEAT will ask under CID. Sending it twice is sending it once."""
    person = asker(seat, room)
    require(bool(alt), NoAlt)
    limits.take(person.id, "question:picture")
    token = _token(room, person, cid)
    db.session.rollback()  # painting takes a while: nobody waits for this connection meanwhile
    made = made_anew(raw)
    db.session.execute(delete(QuestionPicture).where(_forgotten()))
    if (known := db.session.scalar(select(QuestionPicture).where(QuestionPicture.token == token))) is None:
        known = QuestionPicture(room_id=room.id, token=token)
        db.session.add(known)
    known.data, known.size, known.width, known.height = made.data, len(made.data), made.width, made.height
    known.alt = alt
    try:
        db.session.commit()
    except IntegrityError:  # their own second click
        db.session.rollback()
        known = db.session.scalars(select(QuestionPicture).where(QuestionPicture.token == token)).one()
    return known


def _token(room: Room, person: Person, cid: str) -> str:
    token = room.asker_mark(person.pid, "picture", cid)
    if token is None:
        raise RoomClosed
    return token


def _forgotten() -> ColumnElement[bool]:
    return QuestionPicture.waits_since < utcnow() - WAITS


def attach(desk: Desk, question: Question, cid: str) -> None:
    """The picture that was sent under CID belongs to QUESTION from now on."""
    token = _token(desk.room, desk.person, cid)
    picture = desk.session.scalar(select(QuestionPicture).where(QuestionPicture.token == token))
    if picture is None:
        raise NoPicture
    picture.question_id, picture.token, picture.waits_since = question.id, None, None
    desk.session.flush()
    desk.session.expire(question, ["picture"])


def drop(desk: Desk, question: Question) -> None:
    """The picture goes with its question."""
    if question.picture is not None:
        desk.session.execute(delete(QuestionPicture).where(QuestionPicture.question_id == question.id))
        desk.session.flush()
        desk.session.refresh(question, ["picture"])


def drop_unseen(session: Session, room_id: int) -> None:
    """What never became public, or was hidden, doesn't outlive the room."""
    seen = select(Question.id).where(Question.room_id == room_id, IS_PUBLIC)
    of = QuestionPicture.question_id
    unseen = or_(of.is_(None), of.not_in(seen), QuestionPicture.hidden)
    session.execute(delete(QuestionPicture).where(QuestionPicture.room_id == room_id, unseen))
