"""Commands about polls. A choice is always a list, in the order of the options where it has a value for each."""

from __future__ import annotations

import math
from typing import Any

from flask_babel import lazy_gettext as _l

from forum.forms.readers import CID, QID, REV, Invalid, Reader, Shape, listed, number, one_of, text

KINDS = ("single", "multiple", "yesno", "scale", "cloud", "text", "ranking", "number", "quiz", "peer", "budget")
OPTIONS = 12
BODY_LIMIT, OPTION_LIMIT, WHY_LIMIT = 500, 200, 1000
LARGEST = 10**12

_word = text(OPTION_LIMIT)


def amount(value: Any) -> float | None:
    """A finite number; people write it with a comma or a point. Empty: none."""
    if isinstance(value, str):
        try:
            value = float(value.strip().replace(",", ".")) if value.strip() else None
        except ValueError:
            raise Invalid(_l("Write a number, such as 12 or 12,5.")) from None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise Invalid(_l("Write a number, such as 12 or 12,5."))
    return float(value)


def chosen(value: Any) -> str | int | float:
    """One part of a choice: text, or a number as such."""
    if isinstance(value, str):
        return str(_word(value))
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Invalid
    return value


_RUN: Shape = ({"cid": CID, "pid": QID, "rev": REV}, {})
_flag: Reader = number(0, 1)

COMMANDS: dict[str, Shape] = {
    "poll:save": (
        {"cid": CID, "kind": one_of(*KINDS), "body": text(BODY_LIMIT, _l("Write what you ask first."))},
        {
            "pid": QID,
            "rev": REV,
            "options": listed(_word, OPTIONS),
            "right": listed(number(0, OPTIONS - 1), OPTIONS),
            "most": number(1, OPTIONS),
            "live": _flag,
            "anonymous": _flag,
            "why": text(WHY_LIMIT),
            "number": amount,
        },
    ),
    "poll:take": ({"cid": CID}, {"check": number(0, 100), "qid": QID}),
    "poll:move": ({"cid": CID, "pid": QID, "to": one_of("up", "down")}, {}),
    "poll:delete": _RUN,
    "poll:open": _RUN,
    "poll:close": _RUN,
    "poll:again": _RUN,
    "poll:reveal": _RUN,
    "poll:show": ({"cid": CID, "pid": QID, "on": _flag}, {}),
    "poll:hands": ({"cid": CID, "pid": QID, "option": number(0, OPTIONS - 1), "count": number(0, 10_000)}, {}),
    "poll:pick": ({"cid": CID, "pid": QID, "answer": number(1), "on": _flag}, {}),
    "poll:vote": ({"pid": QID, "round": number(1, 2), "choice": listed(chosen, OPTIONS)}, {"n": number(0)}),
}
