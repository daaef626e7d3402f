"""A real process of the program in a folder of its own, as it is deployed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from accounts.models import User
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def clean_environment(**more: str) -> dict[str, str]:
    """The environment without settings that a developer may have."""
    ours = {"DATABASE_URL", "REDIS_URL", "BASE_URL", "PORT", "HOST", "INSTANCE_DIR", "MEDIA_DIR", "LOG_JSON"}
    return {name: value for name, value in os.environ.items() if name not in ours} | more


def wait_for(condition, seconds: float = PATIENCE):
    """What CONDITION gives once it gives something; fails when it never does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if found := condition():
                return found
        time.sleep(0.05)
    raise AssertionError("it never happened")


def answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
        return answer.status == 200


@dataclass
class Site:
    """The program on a port of loopback, and makers for its database."""

    folder: Path
    port: int
    app: Flask
    world: World
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def media(self) -> Path:
        return self.folder / "media"

    def start(self, **settings: str) -> None:
        env = clean_environment(
            INSTANCE_DIR=str(self.folder), PORT=str(self.port), SECRET_KEY="tests", TOTP_SECRET="tests", **settings
        )
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=env)
        wait_for(lambda: answers(f"http://127.0.0.1:{self.port}/healthz"))

    def cookie(self, user: User | None) -> str:
        """The Cookie header of a browser signed in as USER."""
        found = self.world.client(user).get_cookie("session")
        assert found
        return f"session={found.value}"

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def site(tmp_path: Path, sqlite_template: Path) -> Iterator[Site]:
    """SQLite in a folder, empty but for its tables; not started yet."""
    import shutil

    from app import create_app
    from core.db import db
    from tests.conftest import _settings

    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "mentors.db")
    app = create_app(_settings(folder, f"sqlite:///{folder / 'mentors.db'}"))
    made = Site(folder, free_port(), app, World(app))
    yield made
    made.stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
