"""A tus client over plain sockets, as careless as a phone on a train: for the benchmark of uploads and for tests."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import http.client
import os
import random
import socket
import struct
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PIECE = 64 * 1024
PATIENCE = 60.0  # seconds
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset


@dataclass
class Break:
    """How a connection ended, and how many bytes that had left us had to be sent again."""

    how: str
    sent: int
    again: int


class Sender:
    """Sends FILE for the recording PID to the server at PORT of loopback, as whoever has COOKIE."""

    def __init__(self, port: int, cookie: str, pid: str, file: Path) -> None:
        self.port, self.file, self.size = port, file, file.stat().st_size
        self.headers = {"Cookie": cookie, "Tus-Resumable": "1.0.0", "Origin": f"http://127.0.0.1:{port}"}
        facts = {"recording": pid, "filename": file.name, "fingerprint": f"{file.name}-{self.size}"}
        told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items())
        made = self.ask("POST", "/uploads", {"Upload-Length": str(self.size), "Upload-Metadata": told})
        assert made.status == 201, made.status
        self.place = made.headers["Location"]

    def ask(self, method: str, place: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        """One request without a body; its answer, read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, place, headers=self.headers | headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def offset(self) -> int:
        """Where the server wants to go on."""
        return int(self.ask("HEAD", self.place, {}).headers["Upload-Offset"])

    def patch(self, at: int, size: int) -> tuple[socket.socket, int]:
        """A PATCH that announces all from AT on; SIZE bytes of it leave. The open line, and how many have left us."""
        head = [f"PATCH {self.place} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Upload-Offset: {at}"]
        head += ["Content-Type: application/offset+octet-stream", f"Content-Length: {self.size - at}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        line.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        with self.file.open("rb") as file:
            file.seek(at)
            left = size
            while left > 0 and (piece := file.read(min(PIECE, left))):
                line.sendall(piece)
                left -= len(piece)
        return line, size - left - waiting(line)

    def finish(self, at: int) -> int:
        """Everything from AT on; the status of the answer."""
        line, _ = self.patch(at, self.size - at)
        with line:
            return int(line.recv(64).split()[1])


def waiting(line: socket.socket) -> int:
    """Bytes that the other side hasn't taken yet."""
    count = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, b"\0" * 4)
    return int(struct.unpack("i", count)[0])


def broken_upload(sender: Sender, breaks: int, acts: Mapping[str, Callable[[], None]], seed: int) -> list[Break]:
    """Send all, with so many BREAKS at random places: fin, rst, stall, and the ACTS upon the server (kill, restart)."""
    dice, found, left_open = random.Random(seed), list[Break](), list[socket.socket]()
    kinds = ["fin", "rst", "stall", *acts]
    order = [kinds[n % len(kinds)] for n in range(breaks)]
    dice.shuffle(order)
    for number, how in enumerate(order):
        at = sender.offset()
        most = 2 * (sender.size - at) // (breaks - number + 1)
        line, sent = sender.patch(at, dice.randrange(1, max(2, most)))
        if how == "stall":
            left_open.append(line)  # half a connection: the next one must win over it
        elif how == "rst":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        elif how in acts:
            acts[how]()
        if how != "stall":
            line.close()
        found.append(Break(how, sent, max(0, at + sent - sender.offset())))
    _finish(sender)
    for line in left_open:
        line.close()
    return found


def _finish(sender: Sender) -> None:
    """Send the rest; a last byte of an older connection may still come in between."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        at = sender.offset()
        if at == sender.size:
            return
        with suppress(ConnectionError):
            if sender.finish(at) == 204:
                return
    raise RuntimeError("the upload doesn't end")


def digest(file: Path) -> str:
    """The SHA-256 of FILE."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def noise(target: Path, size: int, seed: int = 1) -> Path:
    """TARGET with SIZE bytes that nothing compresses, the same each time."""
    dice = random.Random(seed)
    with target.open("wb") as file:
        for left in range(size, 0, -(1 << 20)):
            file.write(dice.randbytes(min(left, 1 << 20)))
        file.flush()
        os.fsync(file.fileno())
    return target
