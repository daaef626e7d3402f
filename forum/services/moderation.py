"""What moderators do: let through, refuse with a reason, put on the screen, mark times, answer in writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.db import utcnow
from core.errors import require
from forum.models import Question, QuestionState, Stream
from forum.protocol import Type, moderators_question, public_question, state_payload
from forum.queries import WHOLE_QUESTION
from forum.services.desk import Desk, is_public
from forum.services.questions import leave_stage, need_open, spotlight
from forum.services.refusals import Changed, Locked

S = QuestionState


def moderate(desk: Desk, qid: str, rev: int, op: str, reason: str = "") -> dict[str, Any]:
    """One act on one question. REV is what the moderator saw: another one is a conflict that says who."""
    need_open(desk)
    question = desk.question(qid)
    if question.rev != rev:
        if question.changed_by_id == desk.person.id and _is_done(desk, question, op):
            return _shown(question)  # their own second click
        raise _conflict(question)
    OPERATIONS[op](desk, question, reason)
    return _shown(question)


def _shown(question: Question) -> dict[str, Any]:
    return {"q": moderators_question(question)}


def _conflict(question: Question) -> Changed:
    cur = moderators_question(question)
    if question.changed_by is None:
        return Changed(_l("The person who asked changed it a moment ago. Look at it again."), cur=cur)
    return Changed(_l("%(name)s was faster with this question. Look at it again.", name=cur["who"]), cur=cur)


DONE = {"approve": S.OPEN, "dismiss": S.DISMISSED, "answering": S.ANSWERING, "answered": S.ANSWERED, "later": S.LATER}


def _is_done(desk: Desk, question: Question, op: str) -> bool:
    if op in DONE:
        return question.state is DONE[op]
    return (desk.room.spotlight_id == question.id) == (op == "spotlight")


def need(question: Question, *states: QuestionState) -> None:
    if question.state not in states:
        raise Locked(_l("It doesn't stand where this act begins. Reload to see where it is."))


def _announce_state(desk: Desk, question: Question) -> None:
    desk.touch(question)
    desk.log(Stream.PUB, Type.STATE, state_payload(question))
    desk.tell_moderators(Type.STATE, question)
    desk.tell_asker(question)


def approve(desk: Desk, question: Question, _reason: str) -> None:
    need(question, S.PENDING, S.DISMISSED)
    question.state, question.reason = S.OPEN, ""
    desk.touch(question)
    desk.log(Stream.PUB, Type.PUBLISHED, public_question(question))
    desk.tell_moderators(Type.PUBLISHED, question)
    desk.tell_asker(question)


def dismiss(desk: Desk, question: Question, reason: str) -> None:
    """Refused, and the asker reads why: without a reason it isn't done."""
    need(question, S.PENDING, S.OPEN, S.LATER)
    require(bool(reason), _NoReason)
    was_public = is_public(question)
    question.state, question.reason = S.DISMISSED, reason
    desk.touch(question)
    if was_public:
        desk.log(Stream.PUB, Type.REMOVED, {"id": str(question.pid), "rev": question.rev})
    desk.tell_moderators(Type.REMOVED, question)
    leave_stage(desk, question)
    desk.tell_asker(question)


class _NoReason(Locked):
    code = "invalid"
    status = 422
    message = _l("Say why, in a few words: whoever asked will read it.")


def show(desk: Desk, question: Question, _reason: str) -> None:
    need(question, S.OPEN, S.ANSWERING, S.LATER, S.ANSWERED)
    spotlight(desk, question)


def hide(desk: Desk, question: Question, _reason: str) -> None:
    leave_stage(desk, question)


def answering(desk: Desk, question: Question, _reason: str) -> None:
    """The answer begins now, on every screen; another one that was being answered has been."""
    need(question, S.OPEN, S.LATER, S.ANSWERED)
    for other in _being_answered(desk):
        _finish(desk, other)
    question.state, question.answering_at, question.answered_at = S.ANSWERING, utcnow(), None
    _announce_state(desk, question)
    spotlight(desk, question)


def answered(desk: Desk, question: Question, _reason: str) -> None:
    need(question, S.OPEN, S.ANSWERING, S.LATER)
    _finish(desk, question)


def later(desk: Desk, question: Question, _reason: str) -> None:
    need(question, S.OPEN, S.ANSWERING)
    question.state, question.answering_at = S.LATER, None
    _announce_state(desk, question)
    leave_stage(desk, question)


OPERATIONS: dict[str, Callable[[Desk, Question, str], None]] = {
    "approve": approve,
    "dismiss": dismiss,
    "spotlight": show,
    "unspotlight": hide,
    "answering": answering,
    "answered": answered,
    "later": later,
}


def _being_answered(desk: Desk) -> list[Question]:
    query = select(Question).where(Question.room_id == desk.room.id, Question.state == S.ANSWERING)
    return list(desk.session.scalars(query.options(*WHOLE_QUESTION)))


def finish_all(desk: Desk) -> None:
    """Whatever is being answered has been."""
    for question in _being_answered(desk):
        _finish(desk, question)


def _finish(desk: Desk, question: Question) -> None:
    question.state, question.answered_at = S.ANSWERED, utcnow()
    _announce_state(desk, question)
    leave_stage(desk, question)
