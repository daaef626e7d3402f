"""What stands on the projector, and so in the middle of every page."""

from __future__ import annotations

from core.db import utcnow
from forum.models import Question, Stream
from forum.protocol import Type
from forum.services.desk import Desk
from forum.services.polls import put_on_screen


def leave_stage(desk: Desk, question: Question) -> None:
    """If QUESTION stands on the projector, it leaves it."""
    if desk.room.spotlight_id == question.id:
        spotlight(desk, None)


def spotlight(desk: Desk, question: Question | None) -> None:
    """Put QUESTION on every screen, or nothing; a poll that stands on the projector makes room for it."""
    if question is not None:
        put_on_screen(desk, None)
    if desk.room.spotlight_id == (question.id if question else None):
        return
    desk.room.spotlight_id = question.id if question else None
    desk.screen().spot_at = utcnow() if question else None
    data = {"id": str(question.pid) if question else None}
    desk.log(Stream.PUB, Type.SPOTLIGHT, data)
    desk.log(Stream.MOD, Type.SPOTLIGHT, data)
