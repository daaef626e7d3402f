"""Writing the manifest of a recording whenever something it says has changed."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from archive import manifests
from archive.models import Asset, AssetRole, Chapter, Recording, RecordingAnchor, RecordingQuestion
from archive.queries import keeping
from core.db import db
from core.jobs import Job, Lane
from core.storage import storage

KIND = "archive.manifest"
TOLD = (Asset, Chapter, RecordingAnchor, RecordingQuestion, *(model for model, *_ in manifests.HISTORY.values()))


def after_flush(session: Session, _context: Any) -> None:
    """A recording whose rows the flush wrote has its manifest written anew. Called for every session."""
    changed = (row for row in session.dirty if session.is_modified(row))
    touched = {_recording_of(row) for row in (*session.new, *changed, *session.deleted)}
    enqueue(session, touched - {None})


def _recording_of(row: Any) -> int | None:
    if isinstance(row, Recording):
        return row.id
    return row.recording_id if isinstance(row, TOLD) else None


def enqueue(session: Session, recording_ids: Iterable[int | None]) -> None:
    """Have manifests written, each by a job of its own: one that runs already may have read what was before."""
    jobs = [
        {"kind": KIND, "key": f"{number}:{uuid.uuid4().hex}", "payload": {"recording_id": number}, "lane": Lane.SLOW}
        for number in recording_ids
    ]
    if jobs:
        session.connection().execute(insert(Job), jobs)


def write(recording_id: int) -> bool:
    """Make the manifest say what the database says; whether it had to be written. There is none without an original."""
    wrote = False
    while (now := _current(recording_id)) is not None:
        recording_pid, data = now
        key = manifests.key_of(recording_pid)
        if _kept(key) == data:
            return wrote
        storage().write(key, data)
        wrote = True  # then look again: another worker may have read earlier and written later
    return wrote


def write_all() -> int:
    """Bring every manifest up to date; how many had to be written."""
    return sum(write(number) for number in keeping.everything())


def read(pid: uuid.UUID) -> dict[str, Any] | None:
    """The manifest of the recording PID as it is kept; None when there is none, or none that can be read."""
    data = _kept(manifests.key_of(pid))
    try:
        found = json.loads(data) if data else None
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("format") == manifests.FORMAT else None


def _kept(key: str) -> bytes | None:
    try:
        return b"".join(storage().open(key))
    except FileNotFoundError:
        return None


def _current(recording_id: int) -> tuple[uuid.UUID, bytes] | None:
    """(pid, the manifest as the database would have it)."""
    db.session.rollback()  # as it is now
    recording = keeping.whole(recording_id)
    original = next((a for a in recording.assets if a.role == AssetRole.ORIGINAL), None) if recording else None
    if recording is None or original is None:
        return None
    files = sorted(recording.assets, key=lambda asset: (asset.role, asset.language, asset.part))
    blocks = _blocks(recording.pid, original)
    said = {
        "format": manifests.FORMAT,
        "recording": manifests.described(recording) | {"meeting": str(recording.meeting.pid)},
        "files": [manifests.filed(asset, original, blocks) for asset in files],
        "kept": keeping.kept_of(recording),
    }
    return recording.pid, manifests.dumped(said)


def _blocks(pid: uuid.UUID, original: Asset) -> list[str]:
    """SHA-256 of each block of ORIGINAL: as the manifest has them already, else read once."""
    before = read(pid) or {}
    known = next((f for f in before.get("files", []) if f.get("sha256") == original.sha256 and "blocks" in f), None)
    if known and len(known["blocks"]) == -(-original.bytes // manifests.BLOCK):
        return list(known["blocks"])
    try:
        return list(block_digests(storage().open(original.key)))
    except FileNotFoundError:
        return []


def block_digests(pieces: Iterable[bytes]) -> Iterator[str]:
    """SHA-256 of each manifests.BLOCK bytes of what PIECES make together."""
    digest, held = hashlib.sha256(), 0
    for piece in pieces:
        left = memoryview(piece)
        while len(left) + held >= manifests.BLOCK:
            room = manifests.BLOCK - held
            digest.update(left[:room])
            yield digest.hexdigest()
            digest, held, left = hashlib.sha256(), 0, left[room:]
        digest.update(left)
        held += len(left)
    if held:
        yield digest.hexdigest()
