"""The growing file of an upload. Its length is the offset: a crash can't make the two disagree.

Whoever writes last wins: `append` takes the turn, and an older writer, perhaps stuck on a dead
connection, finds at its next block that the turn is gone and stops.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import ClientDisconnected

from core.errors import DomainError
from core.native import apart

BLOCK = 128 * 1024  # what a broken connection may cost
SYNC = 64 << 20  # the disk is waited for after so many bytes, and at the end
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TURN = struct.Struct("<16sq")  # who writes now; from where on nothing is proven yet (PROVEN: all is)
PROVEN = -1


class WrongOffset(DomainError):
    code = "offset"
    message = _l("The upload goes on from another place. Ask where, then send on.")


class TakenOver(DomainError):
    code = "taken"
    message = _l("Another window or device is sending this file now.")


class DiskFull(DomainError):
    code = "disk_full"
    status = 507
    message = _l("The disk is full. What arrived is kept: continue when there is room again.")


class BrokenBlock(DomainError):
    code = "checksum"
    status = 460
    message = _l("These bytes changed on the way. Send them again.")


class Part:
    """The unfinished file of UPLOAD_ID in the folder PLACE."""

    def __init__(self, place: Path, upload_id: str) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.path = place / f"{upload_id}.part"
        self._turn = place / f"{upload_id}.turn"

    @property
    def offset(self) -> int:
        """Bytes that are there, without those of a piece whose checksum hasn't been compared yet."""
        size, (_, unproven) = self._size(), self._whose()
        return size if unproven == PROVEN else min(size, unproven)

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def delete(self) -> None:
        self.path.unlink(missing_ok=True)
        self._turn.unlink(missing_ok=True)

    def append(self, read: Callable[[int], bytes], offset: int, most: int, checksum: tuple[str, bytes] | None) -> int:
        """Write what READ gives, at most MOST bytes from OFFSET on; the new offset, once the disk has them.

        Raises WrongOffset, TakenOver by a newer writer, DiskFull, BrokenBlock. Ends quietly when the
        connection breaks: what came stays, unless a CHECKSUM was to prove it.
        """
        with _room():
            token = self._take_turn(offset, proven=checksum is None)
            digest = hashlib.new(checksum[0]) if checksum else None
            at = synced = offset
            while at < offset + most and (block := _take(read, min(BLOCK, offset + most - at))):
                at += self._write(token, at, block)
                if digest:
                    digest.update(block)
                if at - synced >= SYNC:
                    self._sync()
                    synced = at
            self._sync()
            if digest and checksum:
                self._judge(token, offset, proven=digest.digest() == checksum[1])
        return at

    def _take_turn(self, offset: int, *, proven: bool) -> bytes:
        """From now on only the holder of the answered token writes; bytes that nobody proved are gone.

        Also at a wrong offset whoever wrote before stops: else one who sends fast could never be caught up with.
        """
        token = secrets.token_bytes(16)
        with self._locked() as turn:
            if self.offset != offset:
                os.pwrite(turn, TURN.pack(token, self._whose()[1]), 0)
                raise WrongOffset
            if self._size() > offset:
                os.truncate(self.path, offset)
            os.pwrite(turn, TURN.pack(token, PROVEN if proven else offset), 0)
        return token

    def _write(self, token: bytes, at: int, block: bytes) -> int:
        with self._locked():
            if self._whose()[0] != token or self._size() != at:
                raise TakenOver
            written = 0
            with self.path.open("ab", buffering=0) as file:
                while written < len(block):
                    written += file.write(block[written:])
        return written

    def _judge(self, token: bytes, offset: int, *, proven: bool) -> None:
        """After a piece with a checksum: keep it, or drop it again."""
        with self._locked() as turn:
            if self._whose()[0] != token:
                raise TakenOver
            if not proven and self._size() > offset:
                os.truncate(self.path, offset)
            os.pwrite(turn, TURN.pack(token, PROVEN), 0)
        if not proven:
            raise BrokenBlock

    def _sync(self) -> None:
        """Wait, beside everything else this process does, until the disk has what was written."""
        if self.path.exists():
            with self.path.open("rb") as file:
                apart(os.fsync, file.fileno())

    def _whose(self) -> tuple[bytes, int]:
        """(token of the last writer, from where on nothing is proven)."""
        try:
            kept = self._turn.read_bytes()
        except FileNotFoundError:
            kept = b""
        return TURN.unpack(kept) if len(kept) == TURN.size else (b"", PROVEN)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Held for one block only, never while waiting for the network or the disk."""
        turn = os.open(self._turn, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield turn
        finally:
            os.close(turn)


def folder() -> Path:
    """Where bytes on their way are gathered."""
    return Path(current_app.config["MEDIA_DIR"]) / "uploads"


def part_of(upload_id: str) -> Part:
    """The growing file of the upload."""
    return Part(folder(), upload_id)


@contextmanager
def _room() -> Iterator[None]:
    """Say a full disk in words."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise


def _take(read: Callable[[int], bytes], size: int) -> bytes:
    """The next block; nothing when the sender is gone."""
    try:
        return read(size)
    except (OSError, ClientDisconnected):
        return b""
