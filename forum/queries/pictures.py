"""The picture of a question, for whoever may see it."""

from __future__ import annotations

import uuid

from flask import abort
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import undefer

from core.db import db
from forum.models import IS_PUBLIC, Question, QuestionPicture, Room, Watch
from forum.permissions import may_run
from forum.queries.seats import Seat


def picture_or_404(room: Room, seat: Seat, pid: uuid.UUID) -> QuestionPicture:
    """The picture of question PID of ROOM with its bytes. 404 when SEAT doesn't see it.

    Moderators see all but what waits for its moment; everybody else what is public and not hidden, and their own.
    """
    query = (
        select(QuestionPicture)
        .join(Question, Question.id == QuestionPicture.question_id)
        .where(Question.room_id == room.id, Question.pid == pid)
        .options(undefer(QuestionPicture.data))
    )
    if may_run(seat.role):
        query = query.where(or_(Question.watch.is_(None), Question.watch != Watch.DELAY))
    else:
        visible: list[ColumnElement[bool]] = [IS_PUBLIC & ~QuestionPicture.hidden]
        if seat.person is not None:
            visible.append(Question.asker_id == seat.person.id)
            if mark := room.asker_mark(seat.person.pid):
                visible.append(Question.asker_hash == mark)
        query = query.where(or_(*visible))
    found = db.session.scalar(query)
    if found is None:
        abort(404)
    return found
