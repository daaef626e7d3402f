"""The site as `make run` starts it, with its demonstration, and real browsers in front of it."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from seeds.programme import PASSWORD
from tests.browser import CHROMIUM
from tests.conftest import need

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(folder: Path, port: int) -> dict[str, str]:
    """The environment of a site of its own: nothing of this machine's but where programs are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "FLASK_"))}
    return {**kept, "INSTANCE_DIR": str(folder), "PORT": str(port), "RATE_LIMITS": "0", "PYTHONWARNINGS": "default"}


def start_site(folder: Path, port: int, *words: str, seconds: float = 240) -> subprocess.Popen[bytes]:
    """Start the site and wait until it answers."""
    process = subprocess.Popen(
        [sys.executable, "app.py", *words], cwd=ROOT, env=settings(folder, port), stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return process
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, "the site ended while starting"
            time.sleep(0.2)
    process.kill()
    raise AssertionError("the site did not answer in time")


def stop_site(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """The address of a site on what FOLDER holds."""
    port = free_port()
    process = start_site(folder, port, *words)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_site(process)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make run` puts into an empty folder, as nobody has touched it: to be copied. All workers share one."""
    need(CHROMIUM is not None, "Chromium")
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demonstration"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first makes it, the others wait
        if not (done := folder.with_suffix(".done")).exists():
            with serving(folder, "--prepare"):
                pass
            done.touch()
    return folder


@pytest.fixture(scope="session")
def shared_site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site for those who only look."""
    with serving(copytree(demonstration, tmp_path_factory.mktemp("shared") / "site")) as address:
        yield address


@pytest.fixture
def site(demonstration: Path, tmp_path: Path) -> Iterator[str]:
    """A site of this test alone: what another has left behind isn't here."""
    with serving(copytree(demonstration, tmp_path / "site")) as address:
        yield address


@dataclass
class Person:
    """Somebody in front of a browser of their own."""

    page: Page
    context: BrowserContext
    site: str
    complaints: list[str]

    def go(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def sign_in(self, email: str) -> Person:
        self.go("/sign-in")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/me")
        return self


# {(site, person, language): the cookies of a sign-in}: each signs in once, however many browsers they open later.
_signed_in: dict[tuple[str, str, str], Any] = {}


@contextmanager
def people(chromium: Browser, site: str) -> Iterator[Callable[..., Person]]:
    """Make people: `person("alice@example.org", width=360)`; nobody's page may complain or ask another host."""
    made: list[Person] = []

    def make(email: str = "", width: int = 1440, locale: str = "en-GB", **options: object) -> Person:
        known = _signed_in.get((site, email, locale)) if email else None
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=locale, **{"storage_state": known} | options
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        somebody = Person(page, context, site, [])
        page.on("console", lambda message: _complain(somebody, message.type, message.text))
        page.on("pageerror", lambda error: somebody.complaints.append(str(error)))
        page.on("request", lambda request: _foreign(somebody, request.url))
        made.append(somebody)
        if email and known is None:
            somebody.sign_in(email)
            _signed_in[site, email, locale] = context.storage_state()
        return somebody

    yield make
    complaints = [line for one in made for line in one.complaints]
    for one in made:
        one.context.close()
    assert complaints == []


@pytest.fixture
def person(chromium: Browser, site: str) -> Iterator[Callable[..., Person]]:
    with people(chromium, site) as make:
        yield make


def _complain(somebody: Person, kind: str, text: str) -> None:
    # What a closed door or a line that was cut on purpose says isn't a fault of the page.
    if kind == "error" and "status of 40" not in text and "ERR_INTERNET_DISCONNECTED" not in text:
        somebody.complaints.append(text)


def _foreign(somebody: Person, url: str) -> None:
    if not url.startswith((somebody.site, "data:", "blob:", somebody.site.replace("http", "ws"))):
        somebody.complaints.append(f"a request to {url}")
