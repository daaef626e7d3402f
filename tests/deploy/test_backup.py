"""Backup and restore, as the scripts do it: what comes back is what was there."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from accounts.models import User
from core.db import Base
from tests.conftest import POSTGRES_URL, need
from tests.deploy.conftest import ROOT, clean_environment
from tests.world import World


def run(script: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = clean_environment(PYTHON=sys.executable, **settings)
    command = [str(ROOT / "deploy" / script), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a database, table by table."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return found


def fill(folder: Path, url: str) -> World:
    """A programme with a file, a secret and an upload under way, in the database at URL."""
    from app import create_app
    from core.db import db
    from tests.conftest import _settings

    app = create_app(_settings(folder, url))
    world = World(app)
    alice = world.alice()
    world.enrol(alice, world.cohort())
    (folder / "media" / "recordings").mkdir(parents=True)
    (folder / "media" / "recordings" / "film.mp4").write_bytes(b"film")
    (folder / "media" / "recordings" / "film.mp4").chmod(0o444)
    (folder / "media" / "uploads").mkdir()
    (folder / "media" / "uploads" / "half").write_bytes(b"half")
    (folder / "totp_secret").write_text("of the second factor")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return world


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def sqlite(here: Path, sqlite_template: Path) -> str:
    shutil.copy(sqlite_template, here / "mentors.db")
    url = f"sqlite:///{here / 'mentors.db'}"
    fill(here, url)
    return url


def test_sqlite_comes_back_equal_in_another_place(sqlite: str, here: Path, tmp_path: Path):
    # Somebody is in the middle of writing: what isn't committed is not in the backup, and waits for nobody.
    writer = sa.create_engine(sqlite)
    with writer.connect() as connection:
        connection.execute(sa.update(User).values(given_name="Κανείς"))
        made = run("backup.sh", str(tmp_path / "backups"), INSTANCE_DIR=str(here))
    writer.dispose()
    assert made.returncode == 0, made.stderr
    backup = made.stdout.strip()
    there = tmp_path / "there"

    back = run("restore.sh", backup, INSTANCE_DIR=str(there))

    assert back.returncode == 0, back.stderr
    before, after = rows(sqlite), rows(f"sqlite:///{there / 'mentors.db'}")
    assert len(before["enrolments"]) == 1
    assert after == before
    assert (there / "media" / "recordings" / "film.mp4").read_bytes() == b"film"
    assert not (there / "media" / "uploads").exists()
    assert (there / "totp_secret").read_text() == "of the second factor"
    assert Path(backup).stat().st_mode & 0o077 == 0


def test_what_is_there_is_not_overwritten_by_mistake(sqlite: str, here: Path, tmp_path: Path):
    backup = run("backup.sh", str(tmp_path / "backups"), INSTANCE_DIR=str(here)).stdout.strip()
    engine = sa.create_engine(sqlite)
    with engine.begin() as connection:
        connection.execute(sa.update(User).values(given_name="Αργότερα"))
    engine.dispose()
    later = rows(sqlite)

    refused = run("restore.sh", backup, INSTANCE_DIR=str(here))
    assert refused.returncode == 1
    assert "Say --replace" in refused.stderr
    assert rows(sqlite) == later

    assert run("restore.sh", backup, "--replace", INSTANCE_DIR=str(here)).returncode == 0
    assert [row for row in rows(sqlite)["users"] if "Αργότερα" in row] == []


def test_a_damaged_backup_changes_nothing(sqlite: str, here: Path, tmp_path: Path):
    backup = run("backup.sh", str(tmp_path / "backups"), INSTANCE_DIR=str(here)).stdout.strip()
    with Path(backup, "database.sqlite").open("ab") as file:
        file.write(b"!")
    there = tmp_path / "there"

    refused = run("restore.sh", backup, INSTANCE_DIR=str(there))

    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert not there.exists()


def test_the_next_backup_links_what_did_not_change(sqlite: str, here: Path, tmp_path: Path):
    need(bool(shutil.which("rsync")), "rsync")
    backups = tmp_path / "backups"
    (backups / "2020-01-01T000000Z" / "media").mkdir(parents=True)
    earlier = backups / "2020-01-02T000000Z" / "media" / "recordings"
    shutil.copytree(here / "media" / "recordings", earlier)  # as a backup of another day left it
    shutil.copystat(here / "media" / "recordings" / "film.mp4", earlier / "film.mp4")
    (here / "media" / "recordings" / "new.mp4").write_bytes(b"new")

    backup = Path(run("backup.sh", str(backups), INSTANCE_DIR=str(here)).stdout.strip())

    kept = backup / "media" / "recordings"
    assert (kept / "film.mp4").stat().st_ino == (earlier / "film.mp4").stat().st_ino
    assert (kept / "new.mp4").stat().st_nlink == 1
    assert sorted(path.name for path in (backup / "media").iterdir()) == ["recordings"]


def test_old_backups_go_and_the_youngest_stay(sqlite: str, here: Path, tmp_path: Path):
    backups = tmp_path / "backups"
    for day in ("2020-01-01T000000Z", "2020-01-02T000000Z", "2020-01-03T000000Z"):
        (backups / day).mkdir(parents=True)

    assert run("backup.sh", str(backups), INSTANCE_DIR=str(here), KEEP="2").returncode == 0

    left = sorted(path.name for path in backups.iterdir())
    assert len(left) == 2
    assert left[0] == "2020-01-03T000000Z"


@pytest.fixture
def two_databases() -> Iterator[tuple[str, str]]:
    """One with every table, one empty."""
    need(bool(POSTGRES_URL), "PostgreSQL (TEST_POSTGRES_URL)")
    need(bool(shutil.which("pg_dump")), "pg_dump")
    admin = sa.create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    names = [f"test_{uuid.uuid4().hex}" for _ in range(2)]
    server = POSTGRES_URL.rsplit("/", 1)[0]
    with admin.connect() as connection:
        for name in names:
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    engine = sa.create_engine(f"{server}/{names[0]}")
    Base.metadata.create_all(engine)
    engine.dispose()
    yield f"{server}/{names[0]}", f"{server}/{names[1]}"
    with admin.connect() as connection:
        for name in names:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.mark.postgresql
def test_postgresql_comes_back_equal_in_another_database(
    two_databases: tuple[str, str], here: Path, tmp_path: Path
):
    full, empty = two_databases
    fill(here, full)
    made = run("backup.sh", str(tmp_path / "backups"), INSTANCE_DIR=str(here), DATABASE_URL=full)
    assert made.returncode == 0, made.stderr
    backup = made.stdout.strip()

    back = run("restore.sh", backup, INSTANCE_DIR=str(tmp_path / "there"), DATABASE_URL=empty)

    assert back.returncode == 0, back.stderr
    assert rows(empty) == rows(full)
    assert len(rows(full)["enrolments"]) == 1
    again = run("restore.sh", backup, INSTANCE_DIR=str(tmp_path / "there"), DATABASE_URL=empty)
    assert again.returncode == 1
    assert "Say --replace" in again.stderr
    replaced = run("restore.sh", backup, "--replace", INSTANCE_DIR=str(tmp_path / "there"), DATABASE_URL=empty)
    assert replaced.returncode == 0, replaced.stderr
    assert rows(empty) == rows(full)
