"""Commands about what outlives a meeting: its closing, the mentors' tasks, promises, one's own name."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask_babel import lazy_gettext as _l

from forum.forms.readers import CID, QID, Invalid, Reader, Shape, matching, number, text

PROMISE_LIMIT, REASON_LIMIT = 300, 300
MOST = 5000  # fates in one closing

PERSON = matching(re.compile(r"mentor|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))


def day(value: Any) -> str:
    """A day as "2026-03-12"."""
    try:
        return dt.date.fromisoformat(value).isoformat() if isinstance(value, str) and len(value) == 10 else _bad()
    except ValueError:
        raise Invalid from None


def _bad() -> str:
    raise Invalid


def many(shape: Shape) -> Reader:
    """A list of at most MOST objects of SHAPE."""
    needed, allowed = shape

    def read(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > MOST:
            raise Invalid
        return [_one(item) for item in value]

    def _one(item: Any) -> dict[str, Any]:
        if not isinstance(item, dict) or set(needed) - set(item) or set(item) - set(needed) - set(allowed):
            raise Invalid
        return {name: (needed.get(name) or allowed[name])(value) for name, value in item.items()}

    return read


REASON = text(REASON_LIMIT)
WHY = text(REASON_LIMIT, _l("Say why, in a few words: whoever asked will read it."))
# Of one question: who answers it until when (and, for one that waits, whether it is let through), or why not.
FATES = many(({"qid": QID}, {"to": PERSON, "due": day, "through": number(0, 1), "reason": REASON}))
OWNERS = many(({"id": QID, "to": PERSON}, {"due": day}))

COMMANDS: dict[str, Shape] = {
    "room:open": ({"cid": CID}, {}),
    # `rest` takes every question and promise that `fates` and `owners` don't name.
    "room:close": ({"cid": CID}, {"rest": PERSON, "due": day, "fates": FATES, "owners": OWNERS}),
    "question:assign": ({"cid": CID, "qid": QID, "to": PERSON}, {"due": day}),
    "question:cannot": ({"cid": CID, "qid": QID, "reason": WHY}, {}),
    "question:anonymise": ({"cid": CID, "qid": QID}, {}),
    "promise:make": (
        {"cid": CID, "body": text(PROMISE_LIMIT, _l("Write first what was promised."))},
        {"to": PERSON, "due": day},
    ),
    "promise:done": ({"cid": CID, "id": QID, "on": number(0, 1)}, {}),
}
