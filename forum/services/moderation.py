"""What moderators do: let through, refuse with a reason, put on the screen, mark times, answer in writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from core.db import utcnow
from core.errors import NotFound, require
from forum.models import Question, QuestionState, Stream, Watch
from forum.protocol import Type, moderators_question, public_question, state_payload
from forum.services import audit, bans, marks, merging
from forum.services.desk import Desk, is_public
from forum.services.questions import need_open
from forum.services.refusals import Changed, Locked
from forum.services.stage import leave_stage, spotlight

S = QuestionState


@dataclass(frozen=True)
class Wish:
    """What a moderator says besides the act itself; each act takes what it needs."""

    reason: str = ""
    body: str = ""
    into: str = ""
    tags: tuple[str, ...] = ()


def moderate(desk: Desk, qid: str, rev: int, op: str, **wish: Any) -> dict[str, Any]:
    """One act on one question. REV is what the moderator saw: another one is a conflict that says who."""
    need_open(desk)
    question = act_on(desk, qid, rev, op, Wish(**wish))
    return _shown(question) | {"act": audit.record(desk, op), "op": op}


def bulk(desk: Desk, qs: list[tuple[str, int]], op: str, **wish: Any) -> dict[str, Any]:
    """The same act on several questions, as one: all of them or, when one has changed meanwhile, none."""
    need_open(desk)
    told = Wish(**wish)
    if op == "merge" and not told.into:
        return _join(desk, qs)
    questions = [act_on(desk, qid, rev, op, told) for qid, rev in qs]
    return {"qs": [moderators_question(question) for question in questions], "act": audit.record(desk, op), "op": op}


def _join(desk: Desk, qs: list[tuple[str, int]]) -> dict[str, Any]:
    """The chosen ones with each other: the earliest that everybody sees takes the voices of all, else the earliest."""
    chosen = [(desk.question(qid), rev) for qid, rev in qs]
    require(len(chosen) > 1, _AloneInJoining)
    root, seen = min(chosen, key=lambda one: (not is_public(one[0]), one[0].no))
    if root.rev != seen:
        raise _conflict(root)
    others = [(str(one.pid), rev) for one, rev in chosen if one is not root]
    return bulk(desk, others, "merge", into=str(root.pid))


def act_on(desk: Desk, qid: str, rev: int, op: str, wish: Wish) -> Question:
    question = desk.question(qid)
    require(question.watch is not Watch.DELAY, NotFound)
    if question.rev != rev:
        if question.changed_by_id == desk.person.id and _is_done(desk, question, op, wish):
            return question  # their own second click
        raise _conflict(question)
    OPERATIONS[op](desk, question, wish)
    return question


def _shown(question: Question) -> dict[str, Any]:
    return {"q": moderators_question(question)}


def _conflict(question: Question) -> Changed:
    cur = moderators_question(question)
    if question.changed_by is None:
        return Changed(_l("The person who asked changed it a moment ago. Look at it again."), cur=cur)
    return Changed(_l("%(name)s was faster with this question. Look at it again.", name=cur["who"]), cur=cur)


DONE = {"approve": S.OPEN, "dismiss": S.DISMISSED, "answering": S.ANSWERING, "answered": S.ANSWERED, "later": S.LATER}


def _is_done(desk: Desk, question: Question, op: str, wish: Wish) -> bool:
    if op in DONE:
        return question.state is DONE[op]
    if op in {"spotlight", "unspotlight"}:
        return (desk.room.spotlight_id == question.id) == (op == "spotlight")
    if op in {"lock", "unlock"}:
        return question.locked == (op == "lock")
    if op in {"merge", "unmerge"}:
        return (question.state is S.MERGED) == (op == "merge")
    if op in {"hide_picture", "show_picture"}:
        return question.picture is not None and question.picture.hidden == (op == "hide_picture")
    return op == "edit" and question.body == wish.body


def need(question: Question, *states: QuestionState) -> None:
    if question.state not in states:
        raise Locked(_l("It doesn't stand where this act begins. Reload to see where it is."))


def _announce_state(desk: Desk, question: Question) -> None:
    desk.touch(question)
    desk.log(Stream.PUB, Type.STATE, state_payload(question))
    desk.tell_moderators(Type.STATE, question)
    desk.tell_asker(question)


def approve(desk: Desk, question: Question, _wish: Wish) -> None:
    if question.watch is Watch.POST and question.state is S.OPEN:
        marks.confirm(desk, question)
        return
    need(question, S.PENDING, S.DISMISSED)
    question.state, question.reason, question.watch = S.OPEN, "", None
    desk.touch(question)
    desk.log(Stream.PUB, Type.PUBLISHED, public_question(question))
    desk.tell_moderators(Type.PUBLISHED, question)
    desk.tell_asker(question)


def dismiss(desk: Desk, question: Question, wish: Wish) -> None:
    """Refused, and the asker reads why: without a reason it isn't done."""
    need(question, S.PENDING, S.OPEN, S.LATER)
    require(bool(wish.reason), _NoReason)
    merging.release(desk, question)
    was_public = is_public(question)
    question.state, question.reason, question.watch = S.DISMISSED, wish.reason, None
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


def show(desk: Desk, question: Question, _wish: Wish) -> None:
    need(question, S.OPEN, S.ANSWERING, S.LATER, S.ANSWERED)
    spotlight(desk, question)


def hide(desk: Desk, question: Question, _wish: Wish) -> None:
    leave_stage(desk, question)


def answering(desk: Desk, question: Question, _wish: Wish) -> None:
    """The answer begins now, on every screen; another one that was being answered has been."""
    need(question, S.OPEN, S.LATER, S.ANSWERED)
    for other in _being_answered(desk):
        _finish(desk, other)
    question.state, question.answering_at, question.answered_at = S.ANSWERING, utcnow(), None
    _announce_state(desk, question)
    spotlight(desk, question)


def answered(desk: Desk, question: Question, _wish: Wish) -> None:
    need(question, S.OPEN, S.ANSWERING, S.LATER)
    _finish(desk, question)


def later(desk: Desk, question: Question, _wish: Wish) -> None:
    need(question, S.OPEN, S.ANSWERING)
    question.state, question.answering_at = S.LATER, None
    _announce_state(desk, question)
    leave_stage(desk, question)


def edit(desk: Desk, question: Question, wish: Wish) -> None:
    require(bool(wish.body), _NoWords)
    marks.reword(desk, question, wish.body)


class _AloneInJoining(Locked):
    code = "invalid"
    status = 422
    message = _l("Choose at least two questions to join.")


class _NoWords(Locked):
    code = "invalid"
    status = 422
    message = _l("Write your question first.")


def merge(desk: Desk, question: Question, wish: Wish) -> None:
    require(bool(wish.into), Locked)
    merging.merge(desk, question, wish.into)


OPERATIONS: dict[str, Callable[[Desk, Question, Wish], None]] = {
    "approve": approve,
    "dismiss": dismiss,
    "spotlight": show,
    "unspotlight": hide,
    "answering": answering,
    "answered": answered,
    "later": later,
    "edit": edit,
    "merge": merge,
    "unmerge": lambda desk, question, _wish: merging.unmerge(desk, question),
    "tag": lambda desk, question, wish: marks.set_tags(desk, question, list(wish.tags)),
    "lock": lambda desk, question, _wish: marks.set_locked(desk, question, locked=True),
    "unlock": lambda desk, question, _wish: marks.set_locked(desk, question, locked=False),
    "hide_picture": lambda desk, question, _wish: marks.set_pictured(desk, question, shown=False),
    "show_picture": lambda desk, question, _wish: marks.set_pictured(desk, question, shown=True),
    "ban": lambda desk, question, _wish: bans.set_ban(desk, question, banned=True),
    "unban": lambda desk, question, _wish: bans.set_ban(desk, question, banned=False),
}


def _being_answered(desk: Desk) -> list[Question]:
    return desk.questions(Question.state == S.ANSWERING)


def finish_all(desk: Desk) -> None:
    """Whatever is being answered has been."""
    for question in _being_answered(desk):
        _finish(desk, question)


def _finish(desk: Desk, question: Question) -> None:
    question.state, question.answered_at = S.ANSWERED, utcnow()
    _announce_state(desk, question)
    leave_stage(desk, question)
