"""Joining questions that ask the same, and taking them apart again.

A joined question keeps its own votes and its place in a tree; `merged_into` is the root of the tree, where votes go and
are counted (queries/voices.py). One that waited for approval stays unseen: joining it isn't letting it through.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from forum.models import Question, QuestionState, Stream
from forum.protocol import Type, merge_payload
from forum.queries import MERGE_TARGETS, numbers_of
from forum.services.desk import Desk, is_public
from forum.services.refusals import Locked
from forum.services.stage import leave_stage

S = QuestionState
MERGEABLE = {S.PENDING, S.OPEN, S.LATER}


def merge(desk: Desk, question: Question, into: str) -> None:
    """Join QUESTION, and all that were joined with it, with INTO (or with what that one was joined with)."""
    target = desk.question(into)
    if target.merged_into_id is not None:
        target = desk.questions(Question.id == target.merged_into_id)[0]
    if target.id == question.id:
        raise Locked(_l("It can't be joined with itself."))
    allowed = MERGE_TARGETS | ({S.PENDING} if question.state is S.PENDING else set())
    if question.state not in MERGEABLE or target.state not in allowed:
        raise Locked(_l("These two can't be joined as they stand. Reload to see where they are."))
    moving = _joined(desk, question)
    question.merged_from, question.state = question.state, S.MERGED
    question.merged_with_id = target.id
    for one in (question, *moving):
        one.merged_into_id = target.id
    _settle(desk, [question, *moving], target, Type.MERGED)
    leave_stage(desk, question)


def unmerge(desk: Desk, question: Question) -> None:
    """QUESTION stands by itself again, as it did, with those that were joined with it before."""
    if question.state is not S.MERGED:
        raise Locked(_l("It isn't joined with another any more."))
    root = desk.questions(Question.id == question.merged_into_id)[0]
    _part(desk, question, root)


def release(desk: Desk, root: Question) -> None:
    """Before ROOT goes: what was joined with it stands by itself again, so that no question goes with another."""
    for one in _joined(desk, root):
        if one.merged_with_id == root.id:
            _part(desk, one, root)


def _part(desk: Desk, question: Question, root: Question) -> None:
    question.state, question.merged_from = question.merged_from or S.OPEN, None
    question.merged_with_id = question.merged_into_id = None
    below = _below(question, _joined(desk, root))
    for one in below:
        one.merged_into_id = question.id
    _settle(desk, [question, *below], root, Type.UNMERGED)


def _joined(desk: Desk, root: Question) -> list[Question]:
    return desk.questions(Question.merged_into_id == root.id)


def _below(question: Question, family: list[Question]) -> list[Question]:
    """Those of FAMILY that came along with QUESTION, at any depth."""
    ids, found = {question.id}, []
    grown = True
    while grown:
        more = [one for one in family if one.merged_with_id in ids and one.id not in ids]
        found += more
        ids |= {one.id for one in more}
        grown = bool(more)
    return found


def _settle(desk: Desk, moved: list[Question], root: Question, kind: Type) -> None:
    """Count anew and tell: everybody what they may see, each asker the fate of theirs."""
    desk.session.flush()
    for one in (*moved, root):
        one.score, one.downs = numbers_of(desk.session, desk.room, one)
        desk.count("v", str(one.pid))
        desk.count("d", str(one.pid))
    for one in moved:
        desk.session.refresh(one, ["merged_into"])
        desk.touch(one)
        if is_public(one):
            # Those below are told what they are joined with now: the same event, absolute.
            desk.log(Stream.PUB, kind if one is moved[0] else Type.MERGED, merge_payload(one))
        desk.tell_moderators(kind if one is moved[0] else Type.MERGED, one)
        desk.tell_asker(one)
