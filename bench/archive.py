"""A recording from its last byte to its first picture, and what each step takes of the worker's memory.

A film of about 200 MB, as teleconference programs write it, goes through the real worker; then short ones that must
be encoded. Targets are for 1 GB on two idle cores: `python -m bench archive` prints them beside the figures.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update

ROOT = Path(__file__).resolve().parents[1]
MEGABYTES = int(os.environ.get("MEGABYTES", "200"))
PATIENCE = 900.0  # seconds
TARGETS = {"playable": 20, "HLS": 40}  # seconds for each GB
MEMORY = 256  # MB of one process
NAMES = {
    "probe": "verify",
    "play.mp4": "encode",
    "poster.jpg": "poster",
    "src.m3u8": "hls",
    "%03d.webp": "storyboard",
    "audio.m4a": "audio",
    "low.opus": "low",
    "480.m3u8": "ladder 720p + 480p",
}
MEETING = ["-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=60", "-f", "lavfi", "-i", "sine=d=60"]
H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "200", "-b:v", "1200k", "-c:a", "aac"]
LARGE = ["-f", "lavfi", "-i", "testsrc2=s=1920x1080:r=25:d=15", "-f", "lavfi", "-i", "sine=d=15"]


@dataclass
class Found:
    """What was measured."""

    bytes: int = 0
    seconds: dict[str, float] = field(default_factory=dict)  # since the last byte
    steps: dict[str, dict[str, float]] = field(default_factory=dict)  # {step: seconds, cpu, memory in MB}
    worker: float = 0  # MB of the worker itself, at its peak


class Bench:
    """A throwaway installation in FOLDER."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = os.environ | {"INSTANCE_DIR": str(folder), "LOG_JSON": "1"}
        for name in ("DATABASE_URL", "REDIS_URL", "MEDIA_DIR"):
            self.env.pop(name, None)
        subprocess.run([sys.executable, "-m", "bench.world", "0"], cwd=ROOT, env=self.env, check=True, stdout=-3)
        self.app = self._app()

    def _app(self) -> Flask:
        from app import create_app

        return create_app(
            {
                "INSTANCE_DIR": str(self.folder),
                "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.folder / 'mentors.db'}",
                "MEDIA_DIR": str(self.folder / "media"),
            }
        )

    def quiet(self) -> int:
        """Nobody meets; the number of a meeting that was recorded."""
        from core.db import db
        from forum.models import Room, RoomState
        from mentors.models import Meeting, MeetingState

        db.session.execute(update(Room).values(state=RoomState.CLOSED))
        db.session.execute(update(Meeting).values(state=MeetingState.ENDED))
        db.session.commit()
        return int(db.session.scalars(select(Meeting.id)).first() or 0)

    def receive(self, film: Path) -> int:
        """The recording whose last byte has just come."""
        from accounts.models import User
        from archive.models import Recording, Upload
        from archive.services import uploads
        from core.db import db, utcnow

        recording = Recording(meeting_id=self.quiet(), title_el="Συνάντηση")
        db.session.add(recording)
        db.session.flush()
        owner = db.session.scalars(select(User.id)).first()
        life = utcnow() + dt.timedelta(days=1)
        size = film.stat().st_size
        upload = Upload(recording_id=recording.id, owner_id=owner, length=size, filename=film.name, expires_at=life)
        db.session.add(upload)
        db.session.commit()
        part = uploads.part_of(upload.id)
        shutil.move(film, part.path)
        assert uploads.received(upload)
        return recording.id

    @contextmanager
    def worker(self, **settings: str) -> Any:
        """A worker whose log stands in FOLDER/log."""
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
            process = subprocess.Popen(command, cwd=ROOT, env=self.env | settings, stderr=log)
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def until(self, done: Callable[[], bool]) -> float:
        """Wait until DONE and say when."""
        from core.db import db

        end = time.perf_counter() + PATIENCE
        while not done():
            db.session.rollback()
            if time.perf_counter() > end:
                raise TimeoutError
            time.sleep(0.02)
        db.session.rollback()
        return time.perf_counter()

    def told(self) -> list[dict[str, Any]]:
        """What the workers said of their steps."""
        lines = (self.folder / "log").read_text().splitlines()
        rows = (json.loads(line) for line in lines if line.startswith("{"))
        return [row for row in rows if "memory" in row]


def make(target: Path, *arguments: str) -> Path:
    """A film made by ffmpeg."""
    import imageio_ffmpeg

    program = shutil.which("ffmpeg") or imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-y", "-v", "error", *arguments, str(target)], check=True)
    return target


def meeting(folder: Path) -> Path:
    """About MEGABYTES of a meeting: a minute of it, again and again."""
    minute = make(folder / "minute.mp4", *MEETING, *H264)
    times = max(1, MEGABYTES * 10**6 // minute.stat().st_size) - 1
    copied = ["-stream_loop", str(times), "-i", str(minute), "-c", "copy", "-movflags", "+faststart"]
    return make(folder / "meeting.mp4", *copied)


def measure(bench: Bench, found: Found) -> None:
    """The long film, then those that are encoded."""
    from archive.models import Asset, AssetRole, Recording, RecordingState
    from core.db import db

    film = meeting(bench.folder)
    found.bytes = film.stat().st_size
    with bench.worker() as process:
        time.sleep(5)  # it has started and waits for work
        began = time.perf_counter()
        number = bench.receive(film)
        plays = select(Recording.id).where(Recording.id == number, Recording.state == RecordingState.PLAYABLE)
        master = (Asset.role == AssetRole.PLAYLIST, Asset.part == "")
        pieces = select(Asset.id).where(Asset.recording_id == number, *master)
        found.seconds["playable"] = bench.until(lambda: db.session.scalar(plays) is not None) - began
        found.seconds["HLS"] = bench.until(lambda: db.session.scalar(pieces) is not None) - began
        bench.until(idle)
        found.worker = peak_mb(process.pid)
    with bench.worker(LADDER="1"):
        bench.receive(make(bench.folder / "large.mp4", *LARGE, *H264))
        bench.receive(make(bench.folder / "old.mkv", *LARGE, "-c:v", "mpeg4", "-b:v", "4M", "-c:a", "aac"))
        bench.until(idle)


def idle() -> bool:
    """Whether everything is made. Raises when something failed."""
    from core.db import db
    from core.jobs import Job, JobState

    ours = Job.kind.like("archive.%")
    assert db.session.scalar(select(Job.error).where(ours, Job.state == JobState.FAILED)) is None
    return db.session.scalar(select(Job.id).where(ours, Job.state != JobState.DONE)) is None


def peak_mb(pid: int) -> float:
    """The most memory that a process has held."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def run() -> Found:
    """Measure once."""
    found = Found()
    with tempfile.TemporaryDirectory(prefix="bench-archive-") as folder:
        bench = Bench(Path(folder))
        with bench.app.app_context():
            measure(bench, found)
        for row in bench.told():
            name = NAMES.get(row["made"], row["made"])
            seen = found.steps.setdefault(name, {"seconds": 0, "cpu": 0, "memory": 0})
            now = {"seconds": row["seconds"], "cpu": row["cpu"], "memory": row["memory"] / 2**20}
            found.steps[name] = {fact: max(seen[fact], now[fact]) for fact in seen}
    return found


def table(found: Found) -> str:
    """The figures as lines of text, with their targets."""
    size = found.bytes / 1e9
    lines = [f"{found.bytes / 1e6:.0f} MB of H.264 and AAC, from the last byte on:"]
    for name, seconds in found.seconds.items():
        lines.append(f"{name:20}{seconds:6.1f} s, {seconds / size:6.1f} s for each GB (target {TARGETS[name]})")
    lines.append(f"{'step':20}{'seconds':>9}{'CPU':>9}{'peak MB':>9} (target {MEMORY})")
    for name, row in found.steps.items():
        lines.append(f"{name:20}{row['seconds']:9.1f}{row['cpu']:9.1f}{row['memory']:9.0f}")
    lines.append(f"{'the worker itself':38}{found.worker:9.0f}")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table(run()))
