"""What every place for files can do; tests/core/test_storage.py holds each backend to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

BLOCK = 64 * 1024  # bytes that are in memory at a time


@dataclass(frozen=True)
class Kept:
    """One file that is there: its bytes, and since when."""

    key: str
    bytes: int
    at: dt.datetime


class Storage(Protocol):
    """Files by key. Whatever needs a file that isn't there raises FileNotFoundError; a bad key ValueError."""

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The file KEY as one on this machine, to read only, as long as the context is open."""

    def adopt(self, source: Path, key: str) -> None:
        """Move the finished file SOURCE (from `scratch`, or the same disk) to KEY; it is there whole or not at all."""

    def write(self, key: str, data: bytes) -> None:
        """Put the little DATA at KEY, whole or not at all, over what is there."""

    def open(self, key: str, first: int = 0, length: int | None = None) -> Iterator[bytes]:
        """LENGTH bytes from FIRST on (None: all the rest) in blocks of at most BLOCK bytes."""

    def link(self, key: str, seconds: int, *, mimetype: str = "", download: str = "") -> str | None:
        """An address at which anybody reads KEY for SECONDS, as MIMETYPE, saved as DOWNLOAD; None: there is none."""

    def delete(self, key: str) -> None:
        """Take KEY away; harmless when it isn't there."""

    def size(self, key: str) -> int | None:
        """Its bytes, None when it isn't there."""

    def files(self, prefix: str = "") -> Iterator[Kept]:
        """Every file whose key begins with PREFIX, in order. What is being made or sent isn't among them."""

    def free(self) -> int:
        """Bytes of this machine's disk that may still be written."""

    def scratch(self) -> Path:
        """A folder of this machine for what is being made."""
