"""The shape of every command, the same for sockets and for plain HTTP forms.

Sockets bring hundreds of votes a second, so the check is a table and not a WTForms class;
the sentences are the reader's all the same. Nothing of a payload passes that isn't named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from core.errors import DomainError
from core.text import clean

BODY_LIMIT = 1000
ANSWER_LIMIT = 8000
REASON_LIMIT = 300
VISIBILITIES = ("name", "mods", "none")
OPERATIONS = ("approve", "dismiss", "spotlight", "unspotlight", "answering", "answered", "later")

_CID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST = 2**53

Reader = Callable[[Any], Any]


class Invalid(DomainError):
    code = "invalid"
    status = 422
    message = _l("This wasn't understood. Reload the page and try again.")


class TooLong(DomainError):
    code = "too_long"
    status = 422


def text(limit: int, missing: Any = None) -> Reader:
    """Cleaned text of at most LIMIT characters; without MISSING (a sentence) it may be empty."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Invalid
        value = clean(value)
        if missing is not None and not value:
            raise Invalid(missing)
        if over := max(0, len(value) - limit):
            raise TooLong(
                lazy_ngettext("It is %(num)d character too long.", "It is %(num)d characters too long.", over)
            )
        return value

    return read


def matching(pattern: re.Pattern[str]) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Invalid
        return value

    return read


def one_of(*choices: str) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Invalid
        return value

    return read


def number(lowest: int = 0, highest: int = _LARGEST) -> Reader:
    """A whole number; forms bring it as digits."""

    def read(value: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(_LARGEST)):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise Invalid
        return value

    return read


CID, QID, REV = matching(_CID), matching(_ID), number(1)
BODY = text(BODY_LIMIT, _l("Write your question first."))

# name of the command: (what must be there, what may be there)
COMMANDS: dict[str, tuple[dict[str, Reader], dict[str, Reader]]] = {
    "question:ask": ({"cid": CID, "body": BODY, "vis": one_of(*VISIBILITIES)}, {}),
    "question:vote": ({"qid": QID, "val": number(0, 1)}, {"n": number(0)}),
    "question:edit": ({"cid": CID, "qid": QID, "rev": REV, "body": BODY}, {}),
    "question:withdraw": ({"cid": CID, "qid": QID}, {}),
    "question:moderate": (
        {"cid": CID, "qid": QID, "rev": REV, "op": one_of(*OPERATIONS)},
        {"reason": text(REASON_LIMIT)},
    ),
    "question:answer": (
        {"cid": CID, "qid": QID, "body": text(ANSWER_LIMIT, _l("Write the answer first."))},
        {},
    ),
    "room:open": ({"cid": CID}, {}),
    "room:close": ({"cid": CID}, {}),
}


def check(command: str, payload: Any) -> dict[str, Any]:
    """The checked values of PAYLOAD. Raises Invalid or TooLong with a sentence for the reader."""
    if not isinstance(payload, Mapping):
        raise Invalid
    needed, allowed = COMMANDS[command]
    if set(payload) - set(needed) - set(allowed) or set(needed) - set(payload):
        raise Invalid
    return {name: (needed.get(name) or allowed[name])(value) for name, value in payload.items()}
