"""kill -9 of a real worker, wherever it stands: what was sent is never lost, and nothing is made twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from archive.models import Asset, AssetState, Recording, RecordingState, Upload, UploadState
from core.db import utcnow
from core.jobs import Job, JobState
from tests.archive.conftest import Stage, make
from tests.archive.test_sandbox import until

ROOT = Path(__file__).resolve().parents[2]
POINTS = range(1, 13)
KILLS = int(os.environ.get("KILLS", "3"))  # 100 to be sure
LEASE = 2.0  # seconds
WORKER = ["flask", "--app", "app", "worker"]


@pytest.fixture
def settings(stage: Stage, tmp_path: Path, database_url: str) -> dict[str, str]:
    """The environment of a worker on this test's database and media."""
    return os.environ | {
        "INSTANCE_DIR": str(tmp_path),
        "MEDIA_DIR": str(stage.media_dir),
        "DATABASE_URL": database_url,
        "JOB_LEASE": str(LEASE),
        "REDIS_URL": "",
        **dict.fromkeys(("SECRET_KEY", "PASSWORD_SALT", "TOTP_SECRET"), "tests"),
    }


def start(settings: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def whole(stage: Stage, recording: Recording, data: bytes) -> None:
    """It plays, and each file of it is there once, as its row says."""
    assert stage.now(recording).state is RecordingState.PLAYABLE
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording.id).all()
        uploads = list(session.scalars(select(Upload.state).where(Upload.recording_id == recording.id)))
    assert uploads == [UploadState.FINALISED]
    assert max(Counter((asset.role, asset.part) for asset in found).values()) == 1
    assert {asset.state for asset in found} == {AssetState.READY}
    for asset in found:
        assert hashlib.sha256((stage.media_dir / asset.key).read_bytes()).hexdigest() == asset.sha256
    original = next(asset for asset in found if asset.role == "original")
    assert original.sha256 == hashlib.sha256(data).hexdigest()
    kept = {str(path.relative_to(stage.media_dir)) for path in (stage.media_dir / str(recording.pid)).rglob("*.*")}
    assert kept - {f"{recording.pid}/manifest.json"} == {asset.key for asset in found}
    assert list((stage.media_dir / "uploads").iterdir()) == []


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_finalising(
    stage: Stage, media: dict[str, Path], settings: dict[str, str], point: int
) -> None:
    recording = stage.receive(media["mp4"])
    worker = start(settings, "tests.archive.dying", str(point))
    assert worker.wait() == -9
    now = stage.now(recording).state
    assert now is RecordingState.VERIFYING
    with time_machine.travel(utcnow() + dt.timedelta(seconds=LEASE + 60), tick=False):
        stage.work()
    whole(stage, recording, media["mp4"].read_bytes())


def jobs(stage: Stage, *states: JobState) -> int:
    with stage.world.session() as session:
        return session.query(Job).filter(Job.kind.like("archive.%"), Job.state.in_(states)).count()


def busy(stage: Stage) -> bool:
    """Whether a worker holds a job whose lease runs."""
    with stage.world.session() as session:
        return session.query(Job).filter(Job.state == JobState.RUNNING, Job.lease_until > utcnow()).count() > 0


def done(stage: Stage) -> bool:
    return jobs(stage, JobState.QUEUED, JobState.RUNNING, JobState.WAITING) == 0


def test_killed_again_and_again(stage: Stage, tmp_path: Path, settings: dict[str, str]) -> None:
    """As often as KILLS says; at the end everything is made within a lease and a minute, and made once."""
    random.seed(KILLS)
    sent: list[Recording] = []
    sources: list[Any] = ["-f", "lavfi", "-i", "testsrc=s=640x360:r=25:d=60", "-f", "lavfi", "-i", "sine=d=60"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", "-c:a", "aac"]
    film = make(tmp_path / "film.mkv", *sources, *codecs)
    for _ in range(KILLS):
        if done(stage):
            sent.append(stage.receive(film))
        worker = start(settings, *WORKER)
        until(lambda: busy(stage) or done(stage), 60)
        time.sleep(random.uniform(0, 1))
        worker.kill()
        worker.wait()
    worker = start(settings, *WORKER)
    try:
        until(lambda: done(stage), LEASE + 60)
    finally:
        worker.kill()
        worker.wait()
    assert jobs(stage, JobState.FAILED, JobState.SKIPPED) == 0
    for recording in sent:
        whole(stage, recording, film.read_bytes())
