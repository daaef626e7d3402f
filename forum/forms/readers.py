"""Readers of one value each: what comes in as anything leaves as what it must be, or as a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from core.errors import DomainError
from core.text import clean, fold

_CID = re.compile(r"[A-Za-z0-9_-]{8,40}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST = 2**53
_SEPARATORS = re.compile(r"[,\n]")

Reader = Callable[[Any], Any]
# of a command: (what must be there, what may be there)
Shape = tuple[dict[str, Reader], dict[str, Reader]]


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


def flag(value: Any) -> bool:
    """Yes or no; forms bring "1" or "0"."""
    if value is True or value is False:
        return bool(value)
    return bool(number(0, 1)(value))


def listed(reader: Reader, most: int) -> Reader:
    """A list of at most MOST values, each read by READER."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            raise Invalid
        return [reader(one) for one in value]

    return read


def words(most: int, limit: int) -> Reader:
    """Short words without doubles, as a list or as text with commas or lines between them; empty ones are left out."""
    one = text(limit)

    def read(value: Any) -> list[str]:
        parts = _SEPARATORS.split(value) if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise Invalid
        split = [one(piece) for part in parts for piece in _SEPARATORS.split(part)]
        found = {fold(word): word for word in reversed(split) if word}
        if len(found) > most:
            raise TooLong(lazy_ngettext("At most %(num)d is allowed.", "At most %(num)d are allowed.", most))
        return list(found.values())[::-1]

    return read


tags = words(5, 24)
CID, QID, REV = matching(_CID), matching(_ID), number(1)
