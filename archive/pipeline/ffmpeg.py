"""The ffmpeg program on a file from outside: what it may read, how long, how much, and what its end means."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from archive.pipeline.live import meeting_is_live
from archive.sandbox import DEMUXERS, MOST_PIXELS, Done, Limits, Stalled, TimedOut, run
from core.db import db
from core.jobs import Permanent, Transient, Wait, report
from core.log import log
from core.storage import storage

QUIET = 120  # seconds without progress
LOOK = 10.0  # seconds between two looks whether a meeting has begun
FULL = b"No space left on device"


class Broken(Exception):
    """ffmpeg gave up on the file; `lines` are its last words."""

    def __init__(self, lines: str) -> None:
        self.lines = lines.strip()
        super().__init__(self.lines.splitlines()[-1][:200] if self.lines else "without a word")


class TooMuch(Permanent):
    """It would have taken more processor time or disk than such a file can need."""

    reason = "limit"


@dataclass(frozen=True)
class Effort:
    """What a command may cost, and how it is watched."""

    written: int  # bytes it is expected to write
    duration: float  # seconds of the recording it goes through
    encodes: bool = False  # then it makes way for a meeting, and is given its time
    nice: int = 10

    def limits(self) -> Limits:
        """Far above what is expected, so that only what runs away is stopped."""
        seconds = int(600 + (12 if self.encodes else 1) * self.duration)
        most = 2 * self.written + (16 << 20)
        return Limits(cpu=2 * seconds, written=most, seconds=seconds, quiet=QUIET, nice=self.nice)


def program() -> str:
    """The program: the setting, else the one on PATH, else the binary of the imageio-ffmpeg wheel."""
    if found := current_app.config["FFMPEG"] or shutil.which("ffmpeg"):
        return str(found)
    import imageio_ffmpeg  # only where nothing else is there

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def convert(source: Path, output: list[str], effort: Effort, *before: str) -> None:
    """Make OUTPUT (ffmpeg's arguments) of the file SOURCE, read with the options BEFORE.

    Raises Wait("disk") and Wait("live"), Transient (killed, stalled), TooMuch, Broken.
    """
    make_room(effort.written)
    if effort.encodes:
        make_way()
    db.session.commit()  # nothing stays open for as long as this takes
    guard = ["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS, "-max_pixels", str(MOST_PIXELS)]
    said = ["-nostdin", "-hide_banner", "-v", "error", "-nostats", "-progress", "pipe:1", "-y"]
    command = [program(), *said, *guard, *before, "-i", str(source), *output]
    began = time.monotonic()
    try:
        done = run(command, effort.limits(), _listener(effort))
    except Stalled as stalled:
        raise Transient(str(stalled)) from stalled
    except TimedOut as late:
        raise TooMuch(str(late)) from late
    log.info("ffmpeg", seconds=round(time.monotonic() - began, 1), cpu=round(done.cpu, 1), memory=done.memory,
             code=done.code, made=Path(output[-1]).name)
    _judge(done)


def make_room(needed: int) -> None:
    """Wait while the disk can't take NEEDED bytes and keep its floor."""
    if storage().free() - current_app.config["WORK_FLOOR_BYTES"] < needed:
        raise Wait("disk")


def make_way() -> None:
    """Wait while a meeting is live: its people need the processors."""
    if meeting_is_live():
        raise Wait("live")


def _listener(effort: Effort) -> Callable[[bytes], bool]:
    """Reads ffmpeg's progress: notes how far it is, and looks now and then whether a meeting has begun."""
    at, looked = 0, time.monotonic()

    def heard(line: bytes) -> bool:
        nonlocal at, looked
        name, _, value = line.partition(b"=")
        if name != b"out_time_us" or not value.isdigit():
            return name == b"progress" and value == b"end"
        if effort.encodes and time.monotonic() - looked > LOOK:
            looked = time.monotonic()
            make_way()
            db.session.commit()
        before, at = at, int(value)
        report(at / 1e6 / max(effort.duration, 1))
        return at > before

    return heard


def _judge(done: Done) -> None:
    if done.code == 0:
        return
    if FULL in done.err:
        raise Wait("disk")
    if done.code in {-signal.SIGXFSZ, -signal.SIGXCPU}:
        raise TooMuch(signal.Signals(-done.code).name)
    if done.code < 0:
        raise Transient(f"killed by {signal.Signals(-done.code).name}")
    raise Broken(done.err.decode(errors="replace"))
