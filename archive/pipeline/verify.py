"""The whole original is read once, in the sandbox: it plays, or is refused with its reason."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from typing import Any

from archive import verdicts
from archive.formats import Way, way
from archive.models import AssetRole, Recording, RecordingState
from archive.pipeline.files import recording_with_files
from archive.pipeline.planning import plan
from archive.queries.recordings import asset
from archive.reasons import Reason
from archive.sandbox import Limits, TimedOut, run
from archive.services.recordings import mark_published
from core.db import db
from core.jobs import enqueue
from core.log import log
from core.storage import storage

SLOWEST = 16 << 20  # bytes a second that a disk gives at least


def verify(recording_id: int, upload_id: str) -> None:
    """Refuse the original, let it be played, or have it rewrapped or encoded first."""
    recording = recording_with_files(recording_id)
    original = asset(recording, AssetRole.ORIGINAL)
    if recording.state != RecordingState.VERIFYING or original is None:
        return
    db.session.commit()
    with storage().local(original.key) as path:
        answer = examine(path)
    if "verdict" in answer:
        reject(recording, Reason(answer["verdict"]), *answer["numbers"])
        return
    original.facts = facts = answer["facts"]
    recording.duration = facts["duration"]
    ending = original.key.rsplit(".", 1)[1]
    if (how := way(facts, ending)) is Way.AS_IS:
        make_playable(recording)
    else:
        kind = "archive.rewrap" if how is Way.REWRAP else "archive.encode"
        enqueue(kind, upload_id, recording_id=recording.id, upload_id=upload_id)
    db.session.commit()


def reject(recording: Recording, reason: Reason, *numbers: float) -> None:
    """Say to whoever sent it why it isn't taken, and commit."""
    recording.state = RecordingState.REJECTED
    recording.reason = verdicts.reason(reason, *numbers)
    db.session.commit()


def make_playable(recording: Recording) -> None:
    """From now on it is watched, and the rest is made of it."""
    recording.state, recording.reason = RecordingState.PLAYABLE, ""
    mark_published(recording)
    plan(recording)


def examine(path: Path) -> dict[str, Any]:
    """What archive/probe.py says of PATH: {"facts": …} or {"verdict": code, "numbers": […]}."""
    size = path.stat().st_size
    limits = Limits(memory=1 << 30, cpu=10 + size // (4 * SLOWEST), seconds=30 + size // SLOWEST)
    began = time.monotonic()
    try:
        done = run([sys.executable, "-m", "archive.probe", str(path)], limits)
    except TimedOut:
        return {"verdict": Reason.TIMEOUT, "numbers": []}
    seconds = round(time.monotonic() - began, 1)
    log.info("probe", seconds=seconds, cpu=round(done.cpu, 1), memory=done.memory, made="probe")
    if done.code == -signal.SIGXCPU:
        return {"verdict": Reason.TIMEOUT, "numbers": []}
    try:
        return dict(json.loads(done.out))
    except ValueError:  # the parser itself fell over the file
        log.warning("probe died", code=done.code, error=done.err[-500:].decode(errors="replace"))
        return {"verdict": Reason.NOT_MEDIA, "numbers": []}
