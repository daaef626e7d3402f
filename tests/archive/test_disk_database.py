"""SQLite on a small disk that fills up: what was stored stays, pages answer, the upload ends once there is room."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.models import RecordingState
from tests.archive.conftest import Stage
from tests.archive.test_breaks import sender_of
from tests.archive.test_disk import Disk, answers, disk, film, whole  # noqa: F401 - fixtures
from tests.archive.test_server import Server


@pytest.fixture
def database_url(disk: Disk, sqlite_template: Path) -> str:  # noqa: F811
    """In place of the suite's: a file on the small disk."""
    shutil.copy(sqlite_template, disk.path / "small.db")
    return f"sqlite:///{disk.path / 'small.db'}"


@pytest.fixture
def server(stage: Stage, tmp_path: Path, database_url: str) -> Iterator[Server]:
    found = Server(stage, tmp_path, database_url)
    found.start()
    yield found
    found.kill()


def test_the_disk_fills_under_the_database(
    stage: Stage, server: Server, tmp_path: Path, media: dict[str, Path], disk: Disk  # noqa: F811
) -> None:
    file, recording = film(media, tmp_path / "film.mp4", 1_000_000), stage.recording()
    sender = sender_of(server, stage, file, str(recording.pid))
    disk.fill(server, 0)
    assert sender.finish(0) == 507  # the bytes are there, that they are whole could not be noted
    assert sender.ask("HEAD", sender.place, {}).status == 507
    assert answers(server) == 200
    disk.clear(server)
    assert sender.offset() == sender.size
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert whole(stage, recording, file)
    with sqlite3.connect(disk.path / "small.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
