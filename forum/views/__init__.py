"""The room's pages: join, the learner's phone, the host's console, the projector, the record, and the acts."""

from __future__ import annotations

from forum.views import (
    acts,
    breakouts,
    captions,
    closing,
    console,
    export,
    faq,
    inbox,
    life,
    memory,
    mine,
    moderation,
    pictures,
    polls,
    record,
    room,
    screen,
    snapshot,
)
from forum.views.base import pages

__all__ = [
    "acts",
    "breakouts",
    "captions",
    "closing",
    "console",
    "export",
    "faq",
    "inbox",
    "life",
    "memory",
    "mine",
    "moderation",
    "pages",
    "pictures",
    "polls",
    "record",
    "room",
    "screen",
    "snapshot",
]
