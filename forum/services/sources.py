"""Where a draft of a poll may come from: the self-check of the module, and what the room itself asks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.errors import NotFound
from forum.services import polls
from forum.services.desk import Desk
from mentors.models import Meeting


def take(desk: Desk, check: int | None = None, qid: str | None = None) -> dict[str, Any]:
    """A draft from the question with place CHECK of the self-check, or from the question QID of this room."""
    if check is not None:
        return _from_check(desk, check)
    if qid is None:
        raise NotFound
    question = desk.question(qid)
    if not question.is_public:
        raise NotFound
    return polls.take(desk, {"question_id": question.id}, kind="single", body=question.body[:500])


def _from_check(desk: Desk, check: int) -> dict[str, Any]:
    meeting = desk.session.scalars(
        select(Meeting)
        .where(Meeting.id == desk.room.meeting_id)
        .options(joinedload(Meeting.module_version), joinedload(Meeting.cohort))
    ).one()
    rows = meeting.module_version.self_check
    if check >= len(rows):
        raise NotFound
    row, language = rows[check], meeting.cohort.language

    def said(texts: dict[str, str]) -> str:
        return texts.get(language) or texts.get("el") or ""

    return polls.take(
        desk,
        {"check_no": check},
        kind="quiz",
        body=said(row["question"])[:500],
        options=[said(choice)[:200] for choice in row["choices"]],
        right=[row["answer"]],
        why=said(row["why"])[:1000],
    )
