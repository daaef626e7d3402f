"""A promise as each audience sees it."""

from __future__ import annotations

from typing import Any

from forum.models import Promise
from forum.protocol.questions import moment


def public_promise(promise: Promise) -> dict[str, Any]:
    """What everybody may see: the words, the day, whether it was kept. Nobody's name."""
    return {
        "id": str(promise.pid),
        "body": promise.body,
        "due": moment(promise.due_at),
        "done": promise.done_at is not None,
        "rev": promise.rev,
    }


def moderators_promise(promise: Promise) -> dict[str, Any]:
    return public_promise(promise) | {"by": promise.owner.short_name if promise.owner else None}
