"""The demonstration's recording goes the way of every recording: described, uploaded, checked, captioned, shown."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from pathlib import Path
from typing import Any

from accounts.models import User
from archive.models import Recording, RecordingVisibility
from archive.queries import recordings
from archive.services import captions, processing, uploads
from archive.services.recordings import describe
from core.db import db
from core.jobs import run_all
from mentors.models import Meeting
from seeds import slides
from seeds.programme import Demo, source

BLOCK = 1 << 20


def load(demo: Demo) -> None:
    """Render, upload and check the recording, add its captions, set its time and show it to everybody."""
    facts = source()["recording"]
    meeting = demo.meeting(**facts["meeting"])
    staff = demo.people["stelios"]
    recording = describe(
        staff, meeting, facts["title"]["el"], facts["title"]["en"], "el", RecordingVisibility.PUBLIC
    )
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "recording.mp4"
        slides.render(facts["slides"], processing.ffmpeg(), film)
        _upload(staff, recording, film)
    run_all()
    _finish(staff, recording.pid, meeting, facts)


def _upload(staff: User, recording: Recording, film: Path) -> None:
    loaded = recordings.managed_or_404(recording.pid, staff)
    upload = uploads.begin(staff, loaded, film.stat().st_size, film.name, "demo")
    with film.open("rb") as source_file:
        uploads.part_of(upload.id).append(lambda most: source_file.read(min(most, BLOCK)), 0, upload.length, None)
    uploads.received(upload)


def _finish(staff: User, pid: uuid.UUID, meeting: Meeting, facts: dict[str, Any]) -> None:
    db.session.expire_all()
    recording = recordings.managed_or_404(pid, staff)
    captions.put(staff, recording, "el", slides.captions(facts["slides"]).encode())
    recording.starts_at = meeting.starts_at + dt.timedelta(minutes=facts["starts_at_minute"])
    db.session.commit()


