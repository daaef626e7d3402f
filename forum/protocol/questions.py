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
        "no": number_of(question),
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
        "edited": question.original is not None,
        "locked": question.locked,
        "tags": question.tags,
        "into": into_payload(question),
        "picture": picture_payload(question),
    }


def picture_payload(question: Question, *, hidden: bool = False) -> dict[str, Any] | None:
    """The size of its picture in pixels and bytes, and what it shows in words; with HIDDEN also of one taken away."""
    picture = question.picture
    if picture is None or (picture.hidden and not hidden):
        return None
    shown = {"w": picture.width, "h": picture.height, "bytes": picture.size, "alt": picture.alt}
    return shown | {"hidden": picture.hidden} if hidden else shown


def number_of(question: Question) -> int | None:
    """As people say it; one that waits for its moment has none yet: a number would tell when it was asked."""
    return question.no if question.no > 0 else None


def into_payload(question: Question) -> dict[str, Any] | None:
    """The question it is joined with."""
    target = question.merged_into
    return {"id": str(target.pid), "no": number_of(target)} if target else None


def moderators_question(question: Question) -> dict[str, Any]:
    """What moderators see besides: the name unless "nobody" was chosen, the reason, who changed it, the asker's own
    words, why it waits, and what others reported of it."""
    return public_question(question) | {
        "by": question.called,
        "place": question.place.name_el if question.place else None,
        "vis": question.visibility.value,
        "reason": question.reason,
        "who": question.changed_by.short_name if question.changed_by else None,
        "original": question.original,
        "watch": question.watch.value if question.watch else None,
        "reports": [report.reason for report in question.reports],
        "picture": picture_payload(question, hidden=True),
    }


def own_question(question: Question) -> dict[str, Any]:
    """What its asker sees of it, whatever became of it."""
    more = {"vis": question.visibility.value, "reason": question.reason, "original": question.original}
    return public_question(question) | more


def state_payload(question: Question) -> dict[str, Any]:
    full = public_question(question)
    return {key: full[key] for key in ("id", "rev", "state", "from", "to")}


def merge_payload(question: Question) -> dict[str, Any]:
    return state_payload(question) | {"into": into_payload(question)}


def fate_payload(question: Question) -> dict[str, Any]:
    return {"t": "fate", "q": own_question(question)}
