"""Written answers: writing one, and saying which one answers the question."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import NotFound, require
from forum.models import Answer, Question, QuestionState, RoomState, Stream
from forum.permissions import Role
from forum.protocol import Type, answer_payload, moderators_question, own_question, state_payload
from forum.services import audit, inbox
from forum.services.desk import Desk
from forum.services.moderation import need
from forum.services.refusals import NotOpenYet
from forum.services.stage import leave_stage

S = QuestionState


def answer(desk: Desk, qid: str, body: str, sources: str = "", unsure: int = 0) -> dict[str, Any]:
    """A written answer, during the meeting or after it. It answers the question."""
    require(desk.room.state is not RoomState.PLANNED, NotOpenYet)
    question = desk.question(qid)
    inbox.let_through_to_answer(desk, question)
    need(question, S.OPEN, S.ANSWERING, S.LATER, S.ANSWERED)
    written = Answer(
        question_id=question.id, author_id=desk.person.id, body=body, sources=sources, unsure=bool(unsure)
    )
    desk.session.add(written)
    if question.state in {S.OPEN, S.LATER}:
        question.state = S.ANSWERED
    desk.touch(question)
    desk.session.refresh(written, ["author"])
    _announce(desk, question)
    if question.state is S.ANSWERED:
        leave_stage(desk, question)
    inbox.answered(desk, question, written)
    return {"q": moderators_question(question), "act": audit.record(desk, "answer"), "op": "answer"}


def accept(desk: Desk, qid: str, answer: str, on: int) -> dict[str, Any]:
    """This answer answers the question (or, with ON 0, it doesn't after all). The asker's to say, and a moderator's."""
    require(desk.room.state is not RoomState.PLANNED, NotOpenYet)
    moderates = desk.order.role is Role.MODERATOR
    question = desk.question(qid) if moderates else desk.own(qid)
    chosen = next((one for one in question.answers if one.pid == uuid.UUID(answer)), None)
    if chosen is None:
        raise NotFound
    shown = moderators_question if moderates else own_question
    if chosen.accepted == bool(on):
        return {"q": shown(question)}
    for one in question.answers:
        one.accepted = False
    desk.session.flush()  # before another one takes its place: there is one at most
    chosen.accepted = bool(on)
    desk.touch(question)
    _announce(desk, question)
    return {"q": shown(question)}


def _announce(desk: Desk, question: Question) -> None:
    desk.session.flush()
    desk.session.refresh(question, ["answers"])
    data = state_payload(question) | {"answers": [answer_payload(one) for one in question.answers]}
    desk.log(Stream.PUB, Type.ANSWER, data)
    desk.tell_moderators(Type.ANSWER, question)
    desk.tell_asker(question)
