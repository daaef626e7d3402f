"""The parts of a recording."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from archive.models import Chapter, Recording
from core.db import db
from core.errors import NotFound


def chapters_of(recording: Recording) -> Sequence[Chapter]:
    """Its chapters, in their order."""
    found = select(Chapter).where(Chapter.recording_id == recording.id).order_by(Chapter.seconds)
    return db.session.scalars(found).all()


def chapter_or_404(recording: Recording, chapter_id: int) -> Chapter:
    found = db.session.scalar(
        select(Chapter).where(Chapter.recording_id == recording.id, Chapter.id == chapter_id)
    )
    if found is None:
        raise NotFound
    return found
