"""Taking back one's own act for ten seconds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from core.db import utcnow
from core.errors import DomainError, NotFound, require
from forum.models import Answer, ModerationAct, Question, QuestionState, Stream
from forum.protocol import Type, public_question, settings_payload
from forum.queries import family, numbers_of
from forum.services import bans, settings
from forum.services.desk import Desk, is_public
from forum.services.questions import need_open
from forum.services.stage import leave_stage, spotlight
from forum.services.standing import bring_back

UNDO_SECONDS = 10
GONE = {QuestionState.MERGED, QuestionState.DISMISSED, QuestionState.WITHDRAWN}


class TooLate(DomainError):
    code = "locked"
    message = _l("Ten seconds have passed: it stays as it is. You can do the opposite by hand.")


class NotYours(DomainError):
    code = "forbidden"
    status = 403
    message = _l("Somebody else did it: only they can undo it.")


class Moved(DomainError):
    code = "conflict"
    message = _l("Something changed there since, so it can't be undone. Look at it again.")


def undo(desk: Desk, act: int) -> dict[str, Any]:
    """Take back one's own ACT of the last ten seconds, if nothing of it has changed since. Twice is once."""
    need_open(desk)
    done = desk.session.get(ModerationAct, act)
    if done is None or done.room_id != desk.room.id:
        raise NotFound
    require(done.who_id == desk.person.id, NotYours)
    if done.undone_at is None:
        require(utcnow() - done.at <= dt.timedelta(seconds=UNDO_SECONDS), TooLate)
        _take_back(desk, done)
        done.undone_at = utcnow()
    return {"act": act}


def _take_back(desk: Desk, act: ModerationAct) -> None:
    questions = [desk.question(kept["id"]) for kept in act.after["questions"]]
    for question, kept in zip(questions, act.after["questions"], strict=True):
        require(question.rev == kept["rev"], Moved)
    public = {question.id: is_public(question) for question in questions}
    for question, kept in zip(questions, act.before["questions"], strict=True):
        bring_back(question, kept)
        _without_new_answers(desk, question, kept["answers"])
    desk.session.flush()
    _recount(desk, act)
    for question in questions:
        _tell(desk, question, was_public=public[question.id])
    _spot_back(desk, act)
    if "settings" in act.before:
        require(settings_payload(desk.room, Stream.MOD) == act.after["settings"], Moved)
        settings.put(desk, act.before["settings"])
    if "banned" in act.before:
        bans.set_ban(desk, desk.question(act.before["of"]), banned=act.before["banned"])


def _without_new_answers(desk: Desk, question: Question, kept: list[int]) -> None:
    if [answer.id for answer in question.answers] != kept:
        desk.session.execute(delete(Answer).where(Answer.question_id == question.id, Answer.id.not_in(kept)))
        desk.session.refresh(question, ["answers"])


def _recount(desk: Desk, act: ModerationAct) -> None:
    """The numbers of every question whose family the act had changed."""
    told = [*act.before["questions"], *act.after["questions"]]
    pids = {kept["id"] for kept in told}
    into = {kept["merged_into_id"] for kept in told} - {None}
    if not into:
        return
    found = desk.session.scalars(select(Question).where(Question.id.in_(into)))
    for question in {*found, *(desk.question(pid) for pid in pids)}:
        question.score, question.downs = numbers_of(desk.session, desk.room, question)
        desk.count("v", str(question.pid))
        desk.count("d", str(question.pid))


def _tell(desk: Desk, question: Question, *, was_public: bool) -> None:
    """The question as it stands again, whole, to everybody who sees it; gone for those who don't any more."""
    _need_family(desk, question)
    desk.touch(question)
    public = is_public(question)
    if public:
        desk.log(Stream.PUB, Type.EDITED if was_public else Type.PUBLISHED, public_question(question))
    elif was_public:
        desk.log(Stream.PUB, Type.REMOVED, {"id": str(question.pid), "rev": question.rev})
    desk.tell_moderators(Type.EDITED, question)
    if not public:
        leave_stage(desk, question)
    desk.tell_asker(question)


def _need_family(desk: Desk, question: Question) -> None:
    """Refuse what would hang a question on one that went, or hide one that others were joined with."""
    desk.session.refresh(question, ["merged_into"])
    target = question.merged_into
    require(target is None or target.state not in GONE, Moved)
    if not is_public(question):
        require(not any(map(is_public, family(desk.session, question.id))), Moved)


def _spot_back(desk: Desk, act: ModerationAct) -> None:
    """What stood on the screen, unless somebody has put up something else since."""
    old, new = act.before["spot"], act.after["spot"]
    if old == new or desk.room.spotlight_id not in {new, None}:
        return
    question = desk.session.get(Question, old) if old is not None else None
    spotlight(desk, question if question is not None and is_public(question) else None)
