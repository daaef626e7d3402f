"""`make run` behind its installation: migrate, seed, say who is there, serve, and leave nothing behind."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT, answers, clean_environment, free_port, wait_for

SEEDING = 240  # seconds: a recording is rendered


def processes_of(port: int) -> set[int]:
    """Numbers of the processes that carry PORT in their environment: ours and their children."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"PORT={port}\0".encode() in (folder / "environ").read_bytes() and _alive(folder):
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def _alive(folder: Path) -> bool:
    return (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


class Run:
    """`python app.py --prepare` over a folder."""

    code = -1
    left: frozenset[int] | set[int] = frozenset()

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.out = (folder.parent / f"{folder.name}-{self.port}.out").open("w+b")

    def start(self) -> None:
        env = clean_environment(INSTANCE_DIR=str(self.folder), PORT=str(self.port))
        command, out = [sys.executable, "app.py", "--prepare"], self.out
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)

    def answers(self) -> bool:
        return answers(f"http://127.0.0.1:{self.port}/healthz")

    @property
    def said(self) -> str:
        self.out.seek(0)
        return self.out.read().decode()

    def clean(self) -> None:
        for number in processes_of(self.port):
            os.kill(number, signal.SIGKILL)
        self.process.wait()
        self.out.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """An installation that was started once from nothing, and stopped by Ctrl-C; what was seen is noted."""
    run = Run(tmp_path_factory.mktemp("run") / "instance")
    run.start()
    try:
        wait_for(lambda: run.process.poll() is not None or run.answers(), SEEDING)
        wait_for(lambda: "Ctrl-C" in run.said)
        wait_for(lambda: len(processes_of(run.port)) >= 2)  # web and worker
        os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does: everybody gets it
        run.code = run.process.wait(30)
        run.left = processes_of(run.port)
        yield run
    finally:
        run.clean()


def test_from_nothing_it_migrates_seeds_and_says_who_is_there(seeded: Run):
    assert f"http://127.0.0.1:{seeded.port}" in seeded.said
    assert len(re.findall(r"^ {2}\w.*@\S+ ", seeded.said, re.MULTILINE)) >= 6

    with sqlite3.connect(f"file:{seeded.folder / 'mentors.db'}?mode=ro", uri=True) as connection:
        counted = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of ours
            for table in ("alembic_version", "themes", "topics", "modules", "courses")
        }
    connection.close()
    assert counted == {"alembic_version": 1, "themes": 9, "topics": 50, "modules": 12, "courses": 3}


def test_ctrl_c_leaves_no_process_and_no_complaint(seeded: Run):
    assert seeded.code == 0
    assert seeded.left == set()
    assert seeded.said.rstrip().endswith("Ctrl-C stops everything.")


def test_the_next_start_seeds_nothing(seeded: Run):
    again = Run(seeded.folder)
    again.start()
    try:
        wait_for(again.answers)
        wait_for(lambda: "Ctrl-C" in again.said)
        assert "Seeding" not in again.said
        assert re.findall(r"\S+@\S+", again.said) == re.findall(r"\S+@\S+", seeded.said)
    finally:
        again.clean()


def test_the_worker_ends_by_itself_when_the_web_process_was_killed(seeded: Run):
    run = Run(seeded.folder)
    run.start()
    try:
        wait_for(run.answers)
        wait_for(lambda: len(processes_of(run.port)) >= 2)
        run.process.kill()
        run.process.wait()
        wait_for(lambda: processes_of(run.port) == set(), 30)
    finally:
        run.clean()
