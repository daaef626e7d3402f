"""A link to a moment, opened in Chromium on loopback: how soon its first frame shows, and how near it is.

`python -m bench player` makes a film of ten minutes, serves it and opens it at several seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from imageio_ffmpeg import get_ffmpeg_exe

from bench.product import ROOT, Product, product

SECONDS = 600
MOMENTS = ("12.5", "1m40s", "311", "9m57s")
MEANT = (12.5, 100.0, 311.0, 597.0)
MOST, NEAR = 2.0, 0.5  # seconds
SWITCHES = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
# Every frame the picture shows: [seconds since the page was asked for, seconds of the film].
FRAMES = """window.frames_shown = [];
document.addEventListener("loadedmetadata", ({ target }) => {
  const look = (_now, { mediaTime }) => {
    window.frames_shown.push([performance.now() / 1000, mediaTime]);
    target.requestVideoFrameCallback(look);
  };
  target.requestVideoFrameCallback(look);
}, { capture: true, once: true });"""
PATIENCE = 20  # seconds


def film(target: Path) -> None:
    """Ten minutes of a counting picture and a tone, a key frame every eight seconds."""
    picture = ["-f", "lavfi", "-i", f"testsrc=s=640x360:r=10:d={SECONDS}"]
    sound = ["-f", "lavfi", "-i", f"sine=d={SECONDS}"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "80", "-c:a", "aac"]
    program = shutil.which("ffmpeg") or get_ffmpeg_exe()
    subprocess.run([program, "-y", "-v", "error", *picture, *sound, *codecs, str(target)], check=True)


def add(path: str) -> None:
    """Put the film at PATH into the product of this environment, for everybody; prints the address of its page."""
    from app import create_app
    from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility
    from archive.pipeline.files import digest
    from core.db import db
    from core.storage import storage
    from mentors.models import Meeting

    with create_app().app_context():
        meeting = db.session.query(Meeting).first()
        assert meeting is not None
        found = Recording(
            meeting_id=meeting.id, title_el="Δέκα λεπτά", state=RecordingState.PLAYABLE, duration=SECONDS,
            visibility=RecordingVisibility.PUBLIC,
        )
        db.session.add(found)
        db.session.flush()
        key, size, told = f"{found.pid}/original/film.mp4", Path(path).stat().st_size, digest(Path(path))
        storage().adopt(Path(path), key)
        db.session.add(
            Asset(recording_id=found.id, role=AssetRole.ORIGINAL, key=key, mimetype="video/mp4", bytes=size,
                  sha256=told, facts={"video": {"codec": "h264"}})
        )
        db.session.commit()
        print(f"/recordings/{found.pid}")


def opened(ours: Product, page: str, program: str) -> list[tuple[str, float, float]]:
    """(moment, seconds until its frame, seconds off) of each moment, in a browser that has seen nothing."""
    from playwright.sync_api import sync_playwright

    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        for moment, meant in zip(MOMENTS, MEANT, strict=True):
            tab = browser.new_page()
            tab.add_init_script(FRAMES)
            tab.goto(f"{ours.url}{page}?t={moment}", wait_until="commit")
            at, shown = first_near(tab, meant)
            rows.append((moment, at, abs(shown - meant)))
            tab.close()
        browser.close()
    return rows


def first_near(tab: Any, meant: float) -> tuple[float, float]:
    """When the first frame within five seconds of MEANT showed, and its second."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for at, shown in tab.evaluate("window.frames_shown ?? []"):
            if abs(shown - meant) < 5:
                return at, shown
        tab.wait_for_timeout(20)
    raise RuntimeError("its frame never showed")


def run() -> list[tuple[str, float, float]] | None:
    """The rows; None without Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder, product() as ours:
        target = Path(folder) / "film.mp4"
        film(target)
        made: Any = subprocess.run(
            [sys.executable, "-c", "import sys; from bench.player import add; add(sys.argv[1])", str(target)],
            cwd=ROOT,
            env=os.environ | {"INSTANCE_DIR": str(ours.folder)},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return opened(ours, made.stdout.strip().rsplit("\n", 1)[-1], program)


def table(rows: list[tuple[str, float, float]] | None) -> str:
    """The figures as lines of text."""
    if rows is None:
        return "Not measured: Chromium is not on PATH."
    lines = [f"?t={moment:8} first frame {at:5.2f} s, {off:4.2f} s off" for moment, at, off in rows]
    worst = max(at for _moment, at, _off in rows), max(off for _moment, _at, off in rows)
    good = "kept" if worst[0] <= MOST and worst[1] <= NEAR else "missed"
    return "\n".join([*lines, f"worst {worst[0]:.2f} s of {MOST:.0f}, {worst[1]:.2f} s of {NEAR}: {good}"])


def main() -> None:
    """Print the table."""
    print(table(run()))
