"""Saying a question instead of typing it: the recogniser of recordings writes it down, and the sound is thrown away."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Lock

from flask_babel import lazy_gettext as _l

from archive.pipeline.ffmpeg import Broken
from archive.text import recognise
from core.errors import DomainError, NotFound, require
from core.i18n import locale_code
from core.jobs import Permanent, Transient, Wait
from core.storage import storage
from core.text import clean
from forum.models import Room
from forum.queries import Seat
from forum.services import limits
from forum.services.bans import asker
from forum.services.refusals import Busy

SECONDS = 60  # of speech
LARGEST = 512 << 10  # bytes; a minute is a quarter of that
WITHIN = 45  # seconds in which it is written down, or not at all: a proxy waits for a minute
RETRY_MS = 3000
_turn = Lock()  # one at a time: the people in the room need the processors


class NotUnderstood(DomainError):
    code = "invalid"
    status = 422
    message = _l("That couldn't be written down. Say it again, or type it.")


def language_of(room: Room) -> str | None:
    """In which language ROOM's people may say a question: the meeting's own, else the page's; None: in none."""
    known = recognise.languages()
    return next((code for code in (room.meeting.cohort.language, locale_code()) if code in known), None)


def written(seat: Seat, room: Room, sound: bytes) -> str:
    """What SEAT said in SOUND, a media file of at most a minute; "" when nothing was. Nothing of it is kept.

    NotFound while there is no recogniser for ROOM, Busy, NotUnderstood, and what `asker` refuses.
    """
    person, language = asker(seat, room), language_of(room)
    if language is None:
        raise NotFound
    require(0 < len(sound) <= LARGEST, NotUnderstood)
    if not _turn.acquire(blocking=False):
        raise Busy(retry_ms=RETRY_MS)
    try:
        limits.take(person.id, "question:say")
        return _heard(sound, language)
    finally:
        _turn.release()


def _heard(sound: bytes, language: str) -> str:
    with tempfile.TemporaryDirectory(dir=storage().scratch(), prefix="said-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(sound)
        try:
            cues = recognise.transcribe(path, language, SECONDS, WITHIN)
        except (Transient, Wait) as busy:
            raise Busy(retry_ms=RETRY_MS) from busy
        except (Broken, Permanent) as error:
            raise NotUnderstood from error
    return clean(" ".join(cue.text for cue in cues))
