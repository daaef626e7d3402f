"""A learner says that a question shouldn't stand: once, with a reason, for moderators only."""

from __future__ import annotations

from typing import Any

from core.errors import NotFound, require
from forum.models import QuestionReport
from forum.protocol import Type
from forum.services.desk import Desk, is_public
from forum.services.questions import need_open
from forum.services.refusals import OwnQuestion


def report(desk: Desk, qid: str, reason: str) -> dict[str, Any]:
    """Tell the moderators. A second time changes nothing; who reported is never shown."""
    need_open(desk)
    question = desk.question(qid)
    require(is_public(question), NotFound)
    require(not desk.owns(question), OwnQuestion)
    if desk.session.get(QuestionReport, (question.id, desk.person.id)) is None:
        desk.session.add(QuestionReport(question_id=question.id, user_id=desk.person.id, reason=reason))
        desk.session.flush()
        desk.session.refresh(question, ["reports"])
        desk.tell_moderators(Type.REPORTED, question)
    return {"qid": qid}
