"""A question as each audience sees it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from forum.models import Answer, Question, Visibility


def moment(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.UTC).isoformat(timespec="seconds") if value else None


def answer_payload(answer: Answer) -> dict[str, Any]:
    return {
        "id": str(answer.pid),
        "body": answer.body,
        "by": answer.author.short_name,
        "sources": answer.sources,
        "unsure": answer.unsure,
        "accepted": answer.accepted,
    }


def public_question(question: Question) -> dict[str, Any]:
    """What everybody may see. No author unless they said so, no moment of asking."""
    named = question.visibility is Visibility.NAME
    return {
        "id": str(question.pid),
        "no": question.no,
        "body": question.body,
        "by": question.called if named else None,
        "place": question.place.name_el if named and question.place else None,
        "first": question.first and named,
        "hall": question.hall,
        "rev": question.rev,
        "state": question.state.value,
        "from": moment(question.answering_at),
        "to": moment(question.answered_at),
        "answers": [answer_payload(answer) for answer in question.answers],
    }


def moderators_question(question: Question) -> dict[str, Any]:
    """What moderators see besides: the name unless "nobody" was chosen, the reason, who changed it."""
    return public_question(question) | {
        "by": question.called,
        "place": question.place.name_el if question.place else None,
        "vis": question.visibility.value,
        "reason": question.reason,
        "who": question.changed_by.short_name if question.changed_by else None,
    }


def own_question(question: Question) -> dict[str, Any]:
    """What its asker sees of it, whatever became of it."""
    return public_question(question) | {"vis": question.visibility.value, "reason": question.reason}


def state_payload(question: Question) -> dict[str, Any]:
    full = public_question(question)
    return {key: full[key] for key in ("id", "rev", "state", "from", "to")}


def fate_payload(question: Question) -> dict[str, Any]:
    return {"t": "fate", "q": own_question(question)}
