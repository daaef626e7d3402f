"""The growing file of an upload. Its length is the offset: a crash can't make the two disagree.

Whoever writes last wins: `begin` takes the turn, and an older writer, perhaps stuck on a dead
connection, finds at its next block that the turn is gone and stops.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import ClientDisconnected

from core.errors import DomainError

BLOCK = 128 * 1024  # what a broken connection may cost


class WrongOffset(DomainError):
    code = "offset"
    message = _l("The upload goes on from another place. Ask where, then send on.")


class DiskFull(DomainError):
    code = "disk_full"
    status = 507
    message = _l("The disk is full. What arrived is kept: continue when there is room again.")


class BrokenBlock(DomainError):
    code = "checksum"
    status = 460
    message = _l("These bytes changed on the way. Send them again.")


class Part:
    """The unfinished file ID in FOLDER."""

    def __init__(self, folder: Path, upload_id: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{upload_id}.part"
        self._turn = folder / f"{upload_id}.turn"

    @property
    def offset(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)
        self._turn.unlink(missing_ok=True)

    def append(self, read: Callable[[int], bytes], offset: int, most: int, checksum: tuple[str, bytes] | None) -> int:
        """Write what READ gives, at most MOST bytes from OFFSET on; the new offset.

        Raises WrongOffset (also when a newer writer took over), DiskFull, BrokenBlock. Ends
        quietly when the connection breaks: what came stays, unless a CHECKSUM was to prove it.
        """
        token = secrets.token_bytes(16)
        with self._locked() as turn:
            if self.offset != offset:
                raise WrongOffset
            os.pwrite(turn, token, 0)
        digest = hashlib.new(checksum[0]) if checksum else None
        at = offset
        while at < offset + most and (block := _take(read, min(BLOCK, offset + most - at))):
            with self._locked() as turn:
                if os.pread(turn, 16, 0) != token or self.offset != at:
                    raise WrongOffset
                at += self._write(block)
            if digest:
                digest.update(block)
        if digest and checksum and digest.digest() != checksum[1]:
            os.truncate(self.path, offset)
            raise BrokenBlock
        return at

    def _write(self, block: bytes) -> int:
        written = 0
        try:
            with self.path.open("ab", buffering=0) as file:
                while written < len(block):
                    written += file.write(block[written:])
        except OSError as error:
            raise DiskFull from error
        return written

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Held for one block only, never while waiting for the network."""
        turn = os.open(self._turn, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield turn
        finally:
            os.close(turn)


def _take(read: Callable[[int], bytes], size: int) -> bytes:
    """The next block; nothing when the sender is gone."""
    try:
        return read(size)
    except (OSError, ClientDisconnected):
        return b""
