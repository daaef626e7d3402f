"""A second copy of what can't be made again, in the place that the settings name; read back before it counts."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from pathlib import Path

from archive import manifests
from archive.models import Asset
from archive.queries import keeping
from core.jobs import enqueue
from core.storage import Storage, mirror, storage


class Differs(OSError):
    """What was copied isn't what was to be copied."""


def plan(recording_id: int) -> None:
    """Have the copies of a recording brought up to date, if there is a place for them; in the open transaction."""
    if mirror() is not None:
        enqueue("archive.mirror", f"{recording_id}:{uuid.uuid4().hex}", recording_id=recording_id)


def copy(recording_id: int) -> int:
    """Copy each source file and the manifest that the mirror lacks; how many. Raises Differs."""
    there, recording = mirror(), keeping.whole(recording_id)
    if there is None or recording is None:
        return 0
    missing = [a for a in recording.assets if a.role in manifests.SOURCES and there.size(a.key) != a.bytes]
    for asset in missing:
        carry(storage(), there, asset.key, asset.sha256)
    key = manifests.key_of(recording.pid)
    if storage().size(key) is not None:
        there.write(key, b"".join(storage().open(key)))
    return len(missing)


def repair(asset: Asset) -> bool:
    """Bring the file of ASSET back from the mirror; False when there is no whole copy."""
    there = mirror()
    if there is None or there.size(asset.key) is None:
        return False
    try:
        carry(there, storage(), asset.key, asset.sha256)
    except Differs:
        return False
    return True


def carry(source: Storage, target: Storage, key: str, sha256: str) -> None:
    """Copy KEY if it has this SHA256, and read the copy back. Raises Differs."""
    made = target.scratch() / f"carried-{uuid.uuid4().hex}"
    try:
        if _written(source.open(key), made) != sha256:
            raise Differs(f"damaged where it comes from: {key}")
        target.adopt(made, key)
    finally:
        made.unlink(missing_ok=True)
    if digest(target.open(key)) != sha256:
        target.delete(key)
        raise Differs(f"damaged on the way: {key}")


def _written(blocks: Iterable[bytes], path: Path) -> str:
    found = hashlib.sha256()
    with path.open("wb") as file:
        for block in blocks:
            file.write(block)
            found.update(block)
        file.flush()
        os.fsync(file.fileno())
    return found.hexdigest()


def digest(blocks: Iterable[bytes]) -> str:
    """SHA-256 of what BLOCKS make together."""
    found = hashlib.sha256()
    for block in blocks:
        found.update(block)
    return found.hexdigest()
