"""Work in groups as everybody sees it. Who sits where is told to each person alone."""

from __future__ import annotations

from typing import Any

from forum.models import Breakout
from forum.protocol.questions import moment


def breakout_payload(breakout: Breakout) -> dict[str, Any]:
    return {
        "no": breakout.no,
        "rev": breakout.rev,
        "open": breakout.closed_at is None,
        "task": breakout.task,
        "ends": moment(breakout.ends_at),
        "groups": [
            {"no": group.no, "link": group.link, "brought": group.question_id is not None} for group in breakout.groups
        ],
    }


def group_letter(code: str, breakout: Breakout | None, no: int | None) -> dict[str, Any]:
    """To its person: the number of their group in this breakout; None while they have none."""
    return {"t": "group", "room": code, "of": breakout.no if breakout else None, "no": no}
