"""Taking made files into storage: whole or not at all, one of each role and part."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from archive.formats import MIMETYPES
from archive.models import Asset, AssetRole, AssetState, Recording
from core.db import db, utcnow
from core.storage import storage

BLOCK = 1 << 20


@dataclass(frozen=True)
class Made:
    """A finished file at PATH that becomes the ROLE and PART of its recording."""

    role: AssetRole
    path: Path
    part: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.role}-{self.part}" if self.part else self.role.value

    @property
    def ending(self) -> str:
        return self.path.suffix.removeprefix(".")


def recording_with_files(recording_id: int) -> Recording:
    """The recording as the database has it now."""
    return db.session.scalars(
        select(Recording)
        .where(Recording.id == recording_id)
        .options(selectinload(Recording.assets))
        .execution_options(populate_existing=True)
    ).one()


def digest(path: Path) -> str:
    """SHA-256 of the file, after making sure that the disk has it."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


@contextmanager
def workspace(name: str) -> Iterator[Path]:
    """A folder of one's own for what is being made; what a killed run left in it is gone."""
    folder = storage().scratch() / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(recording: Recording, made: list[Made], version: int, old: list[Asset]) -> None:
    """Put the files MADE in the place of OLD and commit: whoever asks gets all of the old ones or all of the new ones.

    Their digests are in their names: a killed run leaves files that nobody asks for, never a changed one.
    """
    before = {(asset.role, asset.part): asset for asset in old}
    left = {asset.key for asset in old}
    for one in made:
        asset = before.pop((one.role, one.part), None) or _new(recording, one)
        asset.sha256 = digest(one.path)
        asset.key = f"{recording.pid}/r/{version}/{one.name}-{asset.sha256[:16]}.{one.ending}"
        asset.mimetype, asset.bytes = MIMETYPES[one.ending], one.path.stat().st_size
        asset.version, asset.state, asset.facts = version, AssetState.READY, one.facts
        asset.created_at, asset.checked_at = utcnow(), None
        storage().adopt(one.path, asset.key)
        left.discard(asset.key)
    forget(recording, list(before.values()))
    db.session.commit()
    for key in left:
        storage().delete(key)


def _new(recording: Recording, one: Made) -> Asset:
    asset = Asset(recording_id=recording.id, role=one.role, part=one.part)
    recording.assets.append(asset)
    return asset


def forget(recording: Recording, assets: list[Asset]) -> None:
    """Take the rows of ASSETS out of the open transaction's recording; their files go after the commit."""
    for asset in assets:
        recording.assets.remove(asset)
        db.session.delete(asset)
    db.session.flush()


def discard(recording: Recording, assets: list[Asset]) -> None:
    """Forget ASSETS and commit, then delete their files."""
    keys = [asset.key for asset in assets]
    forget(recording, assets)
    db.session.commit()
    for key in keys:
        storage().delete(key)


def sweep(older: float) -> None:
    """Delete workspaces that nothing has written to for OLDER seconds: their workers were killed."""
    now = utcnow().timestamp()
    for folder in storage().scratch().iterdir():
        if folder.is_dir() and now - folder.stat().st_mtime > older:
            shutil.rmtree(folder, ignore_errors=True)
