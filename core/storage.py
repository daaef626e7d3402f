"""Files that are too large for the database: one folder, addressed by keys.

A key is a relative path of our own making ("<recording>/original/<sha256>.mp4"), never a name
somebody typed. Another backend (S3) keeps the same keys.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from flask import current_app


class Folder:
    """Files below ROOT by key."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, key: str) -> Path:
        """Where KEY lies, whether it exists or not. Raises ValueError when it leads out of the folder."""
        path = self.root / key
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise ValueError(f"not a key: {key!r}")
        return path

    def adopt(self, source: Path, key: str) -> None:
        """Move the file SOURCE (same disk, no copy) to KEY and make it read-only; safe against a power cut."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.chmod(0o444)
        source.replace(target)
        _sync(target.parent)

    def write(self, key: str, data: bytes) -> None:
        """Put DATA at KEY, whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=self.scratch(), delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self.adopt(Path(file.name), key)

    def scratch(self) -> Path:
        """A folder on the same disk for what is being made."""
        folder = self.root / "work"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def free(self) -> int:
        """Bytes that may still be written."""
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage() -> Folder:
    """The media of this application."""
    return Folder(Path(current_app.config["MEDIA_DIR"]))
