"""How a question stands, as plain values that can be kept, compared and brought back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from forum.models import Question, QuestionState, Watch

_PLAIN = ("body", "original", "reason", "locked", "tags", "merged_into_id", "merged_with_id")
_NAMED = {"state": QuestionState, "watch": Watch, "merged_from": QuestionState}
_TIMES = ("answering_at", "answered_at")


def standing(question: Question) -> dict[str, Any]:
    """{id, no, rev, …}: everything that acts of moderators change, times as ISO text, answers by number."""
    kept: dict[str, Any] = {"id": str(question.pid), "no": question.no, "rev": question.rev}
    kept |= {name: getattr(question, name) for name in _PLAIN}
    kept |= {name: value.value if (value := getattr(question, name)) else None for name in _NAMED}
    kept |= {name: value.isoformat() if (value := getattr(question, name)) else None for name in _TIMES}
    kept["picture"] = question.picture is not None and not question.picture.hidden
    return kept | {"answers": [answer.id for answer in question.answers]}


def differs(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether more than the revision is another."""
    return {**one, "rev": 0} != {**other, "rev": 0}


def bring_back(question: Question, kept: dict[str, Any]) -> None:
    """Let QUESTION stand as KEPT says; not its answers, its number or its revision."""
    for name in _PLAIN:
        setattr(question, name, kept[name])
    if question.picture is not None:
        question.picture.hidden = not kept.get("picture", True)
    for name, kind in _NAMED.items():
        setattr(question, name, kind(kept[name]) if kept[name] else None)
    for name in _TIMES:
        setattr(question, name, dt.datetime.fromisoformat(kept[name]) if kept[name] else None)
