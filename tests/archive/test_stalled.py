"""Fifty viewers who stop reading keep nobody from the other pages."""

from __future__ import annotations

import hashlib
import http.client
import socket
from pathlib import Path

from archive.models import RecordingVisibility
from archive.ranges import PIECE
from tests.archive.conftest import Stage
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

VIEWERS = 50
SIZE = 48 << 20  # more than the buffers between them hold


def stall(port: int, path: str, span: str) -> socket.socket:
    """A viewer whose answer has begun; nothing more is read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(30)
    line.connect(("127.0.0.1", port))
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{span}\r\n".encode())
    assert line.recv(12).startswith(b"HTTP/1.1 20")
    return line


def test_other_pages_are_answered(server: Server, stage: Stage, tmp_path: Path) -> None:  # noqa: F811
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(SIZE)
    recording = stage.playable(film, visibility=RecordingVisibility.PUBLIC)
    path = f"/recordings/{recording.pid}/media/play"
    spans = ["Range: bytes=0-\r\n", "", f"Range: bytes=0-{SIZE - 1}\r\n"]
    lines = [stall(server.port, path, spans[number % 3]) for number in range(VIEWERS)]
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        for page in ("/recordings", f"/recordings/{recording.pid}", "/healthz"):
            connection.request("GET", page)
            answer = connection.getresponse()
            assert (page, answer.status, answer.read() != b"") == (page, 200, True)
        connection.close()
    finally:
        for line in lines:
            line.close()


def test_pieces_over_the_wire_make_the_file(server: Server, stage: Stage, tmp_path: Path) -> None:  # noqa: F811
    """As a player asks: on and on from where the last answer ended."""
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(range(251)) * 20_000)
    recording = stage.playable(film, visibility=RecordingVisibility.PUBLIC)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    found, at, size = hashlib.sha256(), 0, film.stat().st_size
    while at < size:
        connection.request("GET", f"/recordings/{recording.pid}/media/play", headers={"Range": f"bytes={at}-"})
        answer = connection.getresponse()
        piece = answer.read()
        assert (answer.status, len(piece) <= PIECE) == (206, True)
        assert answer.headers["Content-Range"] == f"bytes {at}-{at + len(piece) - 1}/{size}"
        found.update(piece)
        at += len(piece)
    connection.close()
    assert found.hexdigest() == hashlib.sha256(film.read_bytes()).hexdigest() == answer.headers["ETag"].strip('"')
