"""Small real media, made with ffmpeg once for each run, and makers of recordings and rooms."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import pytest

from accounts.models import User
from archive.models import (
    Asset,
    AssetRole,
    Recording,
    RecordingState,
    RecordingVisibility,
    Upload,
    UploadState,
)
from archive.pipeline.files import digest
from core.db import utcnow
from core.jobs import Job, JobState, run_all
from core.storage import storage
from forum.models import Answer, Question, QuestionState, Room, Visibility
from mentors.models import Cohort, Meeting
from tests.world import World

SECONDS = 12
PICTURE = ["-f", "lavfi", "-i", f"testsrc=s=160x90:r=10:d={SECONDS}"]
SOUND = ["-f", "lavfi", "-i", f"sine=d={SECONDS}"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10"]


@pytest.fixture
def chromium(chromium: Any) -> Iterator[Any]:
    """The browser; what a test opens in it ends with the test. A page left playing slows down all that follow."""
    before = set(chromium.contexts)
    yield chromium
    for context in set(chromium.contexts) - before:
        context.close()


def make(target: Path, *arguments: str) -> Path:
    """Run ffmpeg with ARGUMENTS and the output TARGET."""
    program = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-y", "-v", "error", *arguments, str(target)], check=True)
    return target


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """{name: a real file}: what teleconference programs write, twelve seconds long."""
    folder = tmp_path_factory.mktemp("media")
    front = make(folder / "front.mp4", *PICTURE, *SOUND, *H264, "-c:a", "aac", "-movflags", "+faststart")
    return {
        "mp4": front,
        "late": make(folder / "late.mp4", "-i", str(front), "-c", "copy"),
        "mkv": make(folder / "obs.mkv", "-i", str(front), "-c", "copy"),
        "webm": make(folder / "call.webm", *PICTURE, *SOUND, "-c:v", "libvpx", "-c:a", "libopus"),
        "mp3": make(folder / "sound.mp3", *SOUND),
        "wav": make(folder / "sound.wav", *SOUND),
        "old": make(folder / "old.avi.mp4", *PICTURE, *SOUND, "-c:v", "mpeg4", "-c:a", "aac", "-f", "mp4"),
        "short": make(folder / "short.mp4", "-f", "lavfi", "-i", "testsrc=s=160x90:r=10:d=0.4", *H264),
    }


@dataclass
class Stage:
    """A cohort that met yesterday, and its people."""

    world: World
    staff: User
    host: User
    learner: User
    stranger: User
    cohort: Cohort
    meeting: Meeting
    module_id: int
    media_dir: Path
    made: list[Any] = field(default_factory=list)

    def recording(self, **facts: Any) -> Recording:
        """A described recording without a file."""
        facts.setdefault("title_el", "Από το χωράφι στο πιάτο")
        facts.setdefault("visibility", RecordingVisibility.COHORT)
        return self.world.add(Recording(meeting_id=self.meeting.id, created_by_id=self.staff.id, **facts))

    def playable(self, file: Path, duration: float = SECONDS, **facts: Any) -> Recording:
        """A recording that plays FILE, as if it had been checked."""
        recording = self.recording(
            state=RecordingState.PLAYABLE, duration=duration, published_at=utcnow(), **facts
        )
        fingerprint = digest(file)
        key = f"{recording.pid}/original/{fingerprint}.mp4"
        target = self.media_dir / key
        target.parent.mkdir(parents=True)
        shutil.copy(file, target)
        self.world.add(
            Asset(
                recording_id=recording.id,
                role=AssetRole.ORIGINAL,
                key=key,
                mimetype="video/mp4",
                bytes=file.stat().st_size,
                sha256=fingerprint,
                facts={"video": {"codec": "h264"}},
            )
        )
        return recording

    def derived(self, recording: Recording, role: AssetRole, data: bytes, part: str = "", **facts: Any) -> Asset:
        """A file made of RECORDING, with DATA for its content."""
        fingerprint = hashlib.sha256(data).hexdigest()
        mimetype = {AssetRole.PLAYLIST: "application/vnd.apple.mpegurl", AssetRole.STORYBOARD_TRACK: "text/vtt"}
        key = f"{recording.pid}/r/1/{role}-{part}-{fingerprint[:8]}.made"
        with self.world.app.app_context():
            storage().write(key, data)
        about = {"mimetype": mimetype.get(role, "video/mp4"), "bytes": len(data), "sha256": fingerprint} | facts
        return self.world.add(Asset(recording_id=recording.id, role=role, part=part, key=key, **about))

    def receive(self, file: Path, name: str = "video.mp4") -> Recording:
        """A recording whose file has just arrived: the jobs have not run."""
        recording = self.recording(state=RecordingState.VERIFYING)
        upload = self.world.add(
            Upload(
                recording_id=recording.id,
                owner_id=self.staff.id,
                length=max(1, file.stat().st_size),
                filename=name,
                state=UploadState.RECEIVED,
                expires_at=utcnow() + dt.timedelta(days=7),
            )
        )
        folder = self.media_dir / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / f"{upload.id}.part")
        self.world.add(Job(kind="archive.finalise", key=upload.id, payload={"upload_id": upload.id}))
        return recording

    def work(self) -> None:
        """Run every job that is due; none may fail."""
        with self.world.app.app_context():
            run_all()
        with self.world.session() as session:
            broken = session.query(Job).filter(Job.error.is_not(None) | (Job.state != JobState.DONE)).all()
            assert [(job.kind, job.error) for job in broken] == []

    def now(self, recording: Recording) -> Recording:
        return self.world.get(Recording, recording.id)

    def ask(self, no: int, second: int | None, answer: str = "", **facts: Any) -> Question:
        """Question NO, answered aloud SECOND seconds after the meeting began (None: not aloud)."""
        at = self.meeting.starts_at + dt.timedelta(seconds=second) if second is not None else None
        with self.world.session() as session:
            room = session.query(Room).filter_by(meeting_id=self.meeting.id).one_or_none()
            if room is None:
                room = Room(meeting_id=self.meeting.id)
                session.add(room)
                session.flush()
            question = Question(
                room_id=room.id,
                no=no,
                body=facts.pop("body", f"Ερώτηση {no};"),
                visibility=facts.pop("visibility", Visibility.NAME),
                asker_id=self.learner.id,
                state=facts.pop("state", QuestionState.ANSWERED if at else QuestionState.LATER),
                answering_at=at,
                answered_at=at + dt.timedelta(seconds=2) if at else None,
                answers=[Answer(author_id=self.host.id, body=answer)] if answer else [],
                **facts,
            )
            session.add(question)
            session.commit()
            session.expunge_all()
        return question


@pytest.fixture
def stage(world: World, tmp_path: Path) -> Stage:
    module = world.module()
    host, learner = world.vasilis(), world.alice()
    cohort = world.cohort(world.course([module]), host=host, starts=-dt.timedelta(days=1))
    world.enrol(learner, cohort)
    return Stage(
        world=world,
        staff=world.stelios(),
        host=host,
        learner=learner,
        stranger=world.stranger(),
        cohort=cohort,
        meeting=world.meetings(cohort)[0],
        module_id=module.id,
        media_dir=tmp_path / "media",
    )


@pytest.fixture
def queries(world: World) -> Iterator[Callable[[], int]]:
    """How many statements the database was asked since the last call."""
    from sqlalchemy import event

    from core.db import db

    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)

    def count() -> int:
        found = len(asked)
        asked.clear()
        return found

    yield count
    event.remove(engine, "before_cursor_execute", note)
