"""The demonstration's recording goes the way of every recording: described, uploaded, checked, captioned, shown."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from pathlib import Path
from typing import Any

from sqlalchemy import select

from accounts.models import User
from archive.models import Recording, RecordingState, RecordingVisibility
from archive.parts import part_of
from archive.pipeline import ffmpeg
from archive.queries import recordings
from archive.services import captions, chapters, uploads
from archive.services.allowance import NoRoom
from archive.services.recordings import describe
from core.db import db
from core.jobs import run_all
from mentors.models import Meeting
from seeds.programme import by_key, meeting_of, source

BLOCK = 1 << 20


def load() -> None:
    """Render, upload and check the recording, add its captions, set its time and show it to everybody.

    What a killed run left half done is taken up again: a draft gets its file anew.
    """
    if playable():
        return
    facts = source()["recording"]
    meeting = meeting_of(**facts["meeting"])
    staff = by_key("stelios")
    recording = describe(
        staff,
        meeting,
        title_el=facts["title"]["el"],
        title_en=facts["title"]["en"],
        language="el",
        visibility=RecordingVisibility.PUBLIC,
    )
    from seeds import slides  # only here: every start of the site would load fonts and pictures

    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "recording.mp4"
        slides.render(facts["slides"], ffmpeg.program(), film)
        try:
            _upload(staff, recording, film)
        except NoRoom:  # the disk is nearly full: everything else can be shown all the same
            return
    run_all()
    _finish(staff, recording.pid, meeting, facts)


def playable() -> bool:
    """Whether the recording is there, captions and all."""
    done = select(Recording.id).where(Recording.state == RecordingState.PLAYABLE, Recording.starts_at.is_not(None))
    return db.session.scalar(done.limit(1)) is not None


def _upload(staff: User, recording: Recording, film: Path) -> None:
    loaded = recordings.managed_or_404(recording.pid, staff)
    upload = uploads.begin(staff, loaded, film.stat().st_size, film.name, "demo")
    with film.open("rb") as source_file:
        part_of(upload.id).append(lambda most: source_file.read(min(most, BLOCK)), 0, upload.length, None)
    uploads.received(upload)


def _finish(staff: User, pid: uuid.UUID, meeting: Meeting, facts: dict[str, Any]) -> None:
    db.session.expire_all()
    recording = recordings.managed_or_404(pid, staff)
    from seeds import slides  # only here: as above

    captions.put(staff, recording, "el", slides.captions(facts["slides"]).encode())
    second = 0.0
    for slide in facts["slides"]:
        chapters.add(staff, recording, seconds=second, title_el=slide["title"], title_en=slide["title_en"])
        second += slide["seconds"]
    recording.starts_at = meeting.starts_at + dt.timedelta(minutes=facts["starts_at_minute"])
    db.session.commit()


