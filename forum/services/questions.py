"""What learners do with questions: ask, edit, withdraw. Their voices are in votes.py."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.db import utcnow
from core.errors import require
from forum.models import Moderation, Question, QuestionState, Stream, Visibility, Watch
from forum.permissions import Role
from forum.protocol import Type, own_question
from forum.services import entry, merging, pictures, places
from forum.services.blocklist import blocked_in
from forum.services.desk import Desk, is_public
from forum.services.refusals import Changed, Locked, Reused, RoomClosed
from forum.services.stage import leave_stage
from forum.services.votes import open_room

EDIT_SECONDS = 60


def need_open(desk: Desk) -> None:
    open_room(desk.room)


def ask(
    desk: Desk,
    body: str,
    vis: str,
    cid: str,
    *,
    hall: int = 0,
    behalf: str = "",
    place: int | None = None,
    picture: int = 0,
) -> dict[str, Any]:
    """A new question: open at once when the room isn't moderated or a moderator asks, else waiting.

    With HALL a moderator asks for somebody without a device, who wishes to be called BEHALF. With PICTURE it takes the
    one that was sent under the same CID (pictures.py).
    """
    need_open(desk)
    visibility = Visibility(vis)
    if (known := asked_before(desk, visibility, cid)) is not None:
        require(known.body == body or known.rev > 1, Reused)
        desk.replay = True
        return _asked(known)
    entry.refuse_more(desk, visibility)
    question = Question(
        pid=anonymous_pid(desk, cid) if visibility is Visibility.NONE else uuid.uuid4(),
        room_id=desk.room.id,
        body=body,
        visibility=visibility,
        asker_id=None if visibility is Visibility.NONE else desk.person.id,
        asker_hash=desk.mark if visibility is Visibility.NONE else None,
        **places.told(desk, visibility, hall, behalf, place),
        **entry.place(desk, visibility, body),
    )
    desk.session.add(question)
    desk.session.flush()
    if picture:
        pictures.attach(desk, question, cid)
    question = desk.question(str(question.pid))
    entry.tell_new(desk, question, cid)
    return _asked(question)


def _asked(question: Question) -> dict[str, Any]:
    return {"q": own_question(question)}


def anonymous_pid(desk: Desk, cid: str) -> uuid.UUID:
    """An anonymous question is its own dedupe row: a stored ack would tie the person to it."""
    mark = desk.room.asker_mark(desk.person.pid, cid)
    if mark is None:
        raise RoomClosed
    return uuid.UUID(mark[:32], version=4)


def asked_before(desk: Desk, visibility: Visibility, cid: str) -> Question | None:
    if visibility is not Visibility.NONE:
        return None
    pid = anonymous_pid(desk, cid)
    return desk.session.scalar(select(Question).where(Question.pid == pid)) and desk.question(str(pid))


def edit(desk: Desk, qid: str, rev: int, body: str) -> dict[str, Any]:
    """The asker's own words again: while it waits, or (unmoderated) for a minute until the first voice."""
    need_open(desk)
    question = desk.own(qid)
    if question.body == body:
        return _asked(question)
    require(question.rev == rev, Changed)
    fresh = utcnow() - question.asked_at < dt.timedelta(seconds=EDIT_SECONDS)
    unread = question.state is QuestionState.OPEN and question.score == 0 and fresh and question.original is None
    unmoderated = desk.room.moderation is not Moderation.PRE or desk.order.role is Role.MODERATOR
    if not (question.state is QuestionState.PENDING or (unread and unmoderated)):
        raise Locked(_l("Others have read it already, so it stays as it is. Ask a new one if something is missing."))
    question.body, question.original = body, None
    if desk.order.role is not Role.MODERATOR and blocked_in(desk.room, body):
        _hold(desk, question)
    else:
        desk.touch(question)
        if is_public(question):
            desk.log(Stream.PUB, Type.EDITED, {"id": qid, "rev": question.rev, "body": body})
        desk.tell_moderators(Type.EDITED, question)
    desk.tell_asker(question)
    return _asked(question)


def _hold(desk: Desk, question: Question) -> None:
    """Back to the moderators: the new words have one of the list."""
    if is_public(question):
        desk.log(Stream.PUB, Type.REMOVED, {"id": str(question.pid), "rev": question.rev + 1})
    if question.watch is Watch.DELAY:
        question.no, question.publish_at = entry.number(desk), None
    question.state, question.watch = QuestionState.PENDING, Watch.WORDS
    desk.touch(question)
    desk.tell_moderators(Type.PENDING, question)
    leave_stage(desk, question)


def withdraw(desk: Desk, qid: str) -> dict[str, Any]:
    """The asker takes the question back; twice is once."""
    question = desk.own(qid)
    if question.state is QuestionState.WITHDRAWN:
        return _asked(question)
    need_open(desk)
    if question.state not in {QuestionState.PENDING, QuestionState.OPEN}:
        raise Locked
    merging.release(desk, question)
    was_public = is_public(question)
    question.state = QuestionState.WITHDRAWN
    pictures.drop(desk, question)
    desk.touch(question)
    if was_public:
        desk.log(Stream.PUB, Type.REMOVED, {"id": qid, "rev": question.rev})
    desk.tell_moderators(Type.REMOVED, question)
    leave_stage(desk, question)
    desk.tell_asker(question)
    return _asked(question)
