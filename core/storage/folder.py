"""Files in a folder of this machine."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.storage.contract import BLOCK, Kept

# Folders beside the recordings' that hold no finished files.
UNFINISHED = ("uploads/", "work/")


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

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        path = self.path(key)
        if not path.is_file():
            raise FileNotFoundError(key)
        yield path

    def adopt(self, source: Path, key: str) -> None:
        """By renaming, without a copy; read-only from then on, and safe against a power cut."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.chmod(0o444)
        source.replace(target)
        _sync(target.parent)

    def write(self, key: str, data: bytes) -> None:
        self.path(key)
        with tempfile.TemporaryDirectory(dir=self.scratch()) as folder:  # gone with what a full disk took of it
            path = Path(folder) / "whole"
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self.adopt(path, key)

    def open(self, key: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        with self.path(key).open("rb") as file:
            file.seek(first)
            left = length
            while left is None or left > 0:
                block = file.read(BLOCK if left is None else min(BLOCK, left))
                if not block:
                    return
                left = None if left is None else left - len(block)
                yield block

    def link(self, key: str, seconds: int, *, mimetype: str = "", download: str = "") -> str | None:  # noqa: ARG002
        return None  # a folder has no address of its own

    def delete(self, key: str) -> None:
        self.path(key).unlink(missing_ok=True)

    def size(self, key: str) -> int | None:
        path = self.path(key)
        return path.stat().st_size if path.is_file() else None

    def files(self, prefix: str = "") -> Iterator[Kept]:
        folder = self.path(prefix.rpartition("/")[0])
        found = sorted(path.relative_to(self.root).as_posix() for path in folder.rglob("*") if path.is_file())
        for key in found:
            if key.startswith(prefix) and not key.startswith(UNFINISHED):
                about = (self.root / key).stat()
                yield Kept(key, about.st_size, dt.datetime.fromtimestamp(about.st_mtime, dt.UTC))

    def free(self) -> int:
        self.root.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def scratch(self) -> Path:
        """On the same disk, so that a finished file only has to be renamed."""
        folder = self.root / "work"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
