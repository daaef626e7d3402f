"""What `make run` does before it serves: schema up to date, an empty database seeded, the worker started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade

import seed
from core.db import db

ROOT = Path(__file__).resolve().parent


def prepare(app: Flask) -> None:
    """Bring the database up to date and, when it holds nothing, seed the demonstration."""
    with app.app_context():
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
        if current != head:
            upgrade(directory=str(ROOT / "migrations"))
        if seed.wanted():
            say("Seeding the demonstration: the agenda, its modules, and people who don't exist …")
            seed.demo()


def start_worker() -> subprocess.Popen[bytes]:
    """The worker as a child that stops when this process is gone, however it went."""
    command = [sys.executable, "-m", "flask", "--app", "app", "worker", "--parent", str(os.getpid())]
    # Ctrl-C of the terminal is for us alone: we end it, however far it has come with its start.
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - the command is ours


def stop_worker(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGTERM)
    try:
        worker.wait(timeout=5)
    except subprocess.TimeoutExpired:
        worker.kill()


def greet(app: Flask) -> None:
    """Say where it is and who can sign in."""
    say(f"\n  ΜΕΝΤΟΡΕΣ   {app.config['BASE_URL']}\n")
    with app.app_context():
        for line in seed.who():
            say(line)
    say("\n  Ctrl-C stops everything.\n")


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what the terminal is for
