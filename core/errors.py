"""Refusals: one class for each kind, with a code for machines and a sentence for people.

A service raises, a page flashes the sentence, a socket puts code and sentence in its ack.
"""

from __future__ import annotations

from typing import Any, Never

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """An act the rules refuse. `code` never changes; `message` is in the reader's language."""

    code = "invalid"
    status = 409
    message: Any = _l("This can't be done now.")

    def __init__(self, message: Any = None, **facts: Any) -> None:
        super().__init__(str(message) if message is not None else self.code)
        if message is not None:
            self.message = message
        self.facts = facts


class Forbidden(DomainError):
    code = "forbidden"
    status = 403
    message = _l("This isn't open to you.")


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _l("We can't find it. It may have been withdrawn.")


class Conflict(DomainError):
    code = "conflict"
    message = _l("Somebody else changed it meanwhile. Look at it again before you save.")


class TooMany(DomainError):
    code = "rate"
    status = 429
    message = _l("That was very fast. Wait a little and try again.")


class Unstored(DomainError):
    code = "disk_full"
    status = 507
    message = _l("It couldn't be stored: the disk here is full. What was saved before is safe. Try again later.")


def require(allowed: bool, error: type[DomainError] = Forbidden) -> None:
    """Go on if ALLOWED, else raise ERROR. The first line of every service."""
    if not allowed:
        raise error


def never(value: Never) -> Never:
    """For the end of an exhaustive match."""
    raise AssertionError(f"unhandled: {value!r}")
