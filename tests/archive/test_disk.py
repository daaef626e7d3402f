"""A small disk that fills up: while bytes arrive, while something is made of them, and under the database.

Nothing is corrupted, the site answers, and everything goes on by itself once there is room.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import http.client
import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine

from archive.models import Recording, RecordingState
from bench.sender import noise
from core.db import utcnow
from core.jobs import Job, JobState, run_all
from tests.archive.conftest import Stage
from tests.archive.test_breaks import arrived, sender_of
from tests.archive.test_server import Server
from tests.conftest import need

MIB = 1 << 20
SIZE = 64 * MIB


@dataclass
class Disk:
    """A file system of 64 MiB. Where none may be mounted, a process that may not write larger files stands for it."""

    path: Path
    mounted: bool

    def fill(self, server: Server | None, leave: int) -> None:
        """LEAVE bytes may still be written."""
        if self.mounted:
            with (self.path / "ballast").open("wb") as file:
                file.write(bytes(shutil.disk_usage(self.path).free - leave))
        else:
            assert server is not None
            assert server.process is not None
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (leave, resource.RLIM_INFINITY))

    def clear(self, server: Server | None) -> None:
        """There is room again."""
        if self.mounted:
            (self.path / "ballast").unlink()
        else:
            assert server is not None
            assert server.process is not None
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(path)]
    mounted = subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
    yield Disk(path, mounted)
    if mounted:
        subprocess.run(["umount", "-l", str(path)], check=True)


def answers(server: Server) -> int:
    """The status of a page, asked for by nobody."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/recordings")
    status = connection.getresponse().status
    connection.close()
    return status


def whole(stage: Stage, recording: Recording, file: Path) -> bool:
    """Whether the original is FILE, to the byte."""
    (original,) = (stage.media_dir / str(recording.pid) / "original").iterdir()
    return hashlib.sha256(original.read_bytes()).hexdigest() == hashlib.sha256(file.read_bytes()).hexdigest()


def film(media: dict[str, Path], target: Path, size: int) -> Path:
    """A recording that plays, with an empty box at its end that makes it as large as SIZE."""
    data = media["mp4"].read_bytes()
    rest = size - len(data)
    target.write_bytes(data + rest.to_bytes(4, "big") + b"free" + noise(target, rest - 8).read_bytes())
    return target


def test_the_disk_fills_while_bytes_arrive(
    stage: Stage, tmp_path: Path, database_url: str, media: dict[str, Path], disk: Disk
) -> None:
    file, recording = film(media, tmp_path / "film.mp4", 8_000_000), stage.recording()
    stage.media_dir = disk.path / "media"
    stage.world.app.config["MEDIA_DIR"] = str(stage.media_dir)
    server = Server(stage, tmp_path, database_url)
    server.start()
    try:
        sender = sender_of(server, stage, file, str(recording.pid))
        disk.fill(server, 3 * MIB)
        for _ in range(2):
            assert sender.finish(sender.offset()) == 507
            assert 2 * MIB < sender.offset() <= 3 * MIB
            assert answers(server) == 200
        kept = arrived(stage, sender).read_bytes()
        assert kept == file.read_bytes()[: len(kept)]
        disk.clear(server)
        assert sender.finish(sender.offset()) == 204
    finally:
        server.kill()
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert whole(stage, recording, file)


def test_the_disk_fills_while_something_is_made(stage: Stage, media: dict[str, Path], disk: Disk) -> None:
    """What the step needs was guessed far too low: its program meets the full disk."""
    need(disk.mounted, "a small file system (mount as root)")
    app, stage.media_dir = stage.world.app, disk.path / "media"
    app.config.update(MEDIA_DIR=str(stage.media_dir), WORK_FLOOR_BYTES=-(1 << 40))
    recording = stage.receive(media["mkv"])
    disk.fill(None, 0)
    with app.app_context():
        run_all()
    assert stage.now(recording).state is RecordingState.VERIFYING
    with stage.world.session() as session:
        left = session.query(Job).filter(Job.state != JobState.DONE).all()
        assert {(job.state, job.reason, job.failures) for job in left} == {(JobState.WAITING, "disk", 0)}
        assert "archive.rewrap" in {job.kind for job in left}  # beside it the folder's description waits
    assert whole(stage, recording, media["mkv"])
    disk.clear(None)
    with time_machine.travel(utcnow() + dt.timedelta(minutes=1, seconds=1), tick=False):
        stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert [path for path in (stage.media_dir / "work").rglob("*") if path.is_file()] == []
