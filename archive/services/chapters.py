"""Naming the parts of a recording."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from accounts.models import User
from archive.models import Chapter, Recording
from archive.queries import recordings
from archive.queries.chapters import chapter_or_404, chapters_of
from archive.text.chapters import NEAR, Titled
from core.db import db
from core.errors import DomainError, require


class NotInRecording(DomainError):
    code = "moment"
    status = 422
    message = _l("This moment isn't in the recording. Write it as minutes and seconds: 12:30.")


class ChapterThere(DomainError):
    code = "chapter"
    message = _l("Another chapter begins at this second. Change that one.")


def add(
    actor: User | None, recording: Recording, *, seconds: float, title_el: str, title_en: str
) -> Chapter:
    """A chapter from SECONDS on; one that begins there already gets these titles."""
    _begin(actor, recording, seconds)
    found = next((one for one in chapters_of(recording) if one.seconds == seconds), None)
    if found is None:
        found = Chapter(recording_id=recording.id, seconds=seconds)
        db.session.add(found)
    found.title_el, found.title_en = title_el, title_en
    db.session.commit()
    return found


def revise(
    actor: User | None, recording: Recording, chapter_id: int, *, seconds: float, title_el: str, title_en: str
) -> None:
    """Move a chapter, or call it otherwise."""
    _begin(actor, recording, seconds)
    found = chapter_or_404(recording, chapter_id)
    if any(one.seconds == seconds and one is not found for one in chapters_of(recording)):
        db.session.commit()  # nothing changed; the lock ends
        raise ChapterThere
    found.seconds, found.title_el, found.title_en = seconds, title_el, title_en
    db.session.commit()


def drop(actor: User | None, recording: Recording, chapter_id: int) -> None:
    """Take a chapter away; one that is gone stays gone."""
    require(recordings.manages_recording(actor, recording))
    db.session.execute(delete(Chapter).where(Chapter.id == chapter_id, Chapter.recording_id == recording.id))
    db.session.commit()


def take(actor: User | None, recording: Recording, found: Sequence[Titled]) -> int:
    """Make chapters of what was FOUND, but not where one begins already; how many."""
    _begin(actor, recording, 0)
    taken = [chapter.seconds for chapter in chapters_of(recording)]
    made = 0
    for one in found:
        if all(abs(one.seconds - second) > NEAR for second in taken):
            chapter = Chapter(
                recording_id=recording.id, seconds=one.seconds, title_el=one.title_el, title_en=one.title_en
            )
            db.session.add(chapter)
            taken.append(one.seconds)
            made += 1
    db.session.commit()
    return made


def _begin(actor: User | None, recording: Recording, seconds: float) -> None:
    require(recordings.manages_recording(actor, recording))
    if not 0 <= seconds < (recording.duration or 0):
        raise NotInRecording
    # Nobody else changes the chapters of this recording until the transaction ends.
    touched = update(Recording).where(Recording.id == recording.id).values(id=recording.id)
    db.session.execute(touched, execution_options={"synchronize_session": False})
