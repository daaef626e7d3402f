"""The real server: connections that break in the middle, and kill -9 while bytes arrive."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.models import Recording, RecordingState
from tests.archive.conftest import Stage, make

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """`python app.py` on a free port, with the database and media of this test."""

    def __init__(self, stage: Stage, folder: Path, url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.stage = stage
        self.environment = os.environ | {
            "PORT": str(self.port),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
            "INSTANCE_DIR": str(folder),
            "MEDIA_DIR": str(stage.media_dir),
            "DATABASE_URL": url,
            "SECRET_KEY": "tests",
            "PASSWORD_SALT": "tests",
            "TOTP_SECRET": "tests",
            "RATE_LIMITS": "0",
            "REDIS_URL": "",
            "DISK_FLOOR_BYTES": "0",
            "DISK_FLOOR_PERCENT": "0",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=self.environment)
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        pytest.fail("the server did not start")

    def stop(self) -> None:
        """Asked to, as a restart does."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def server(stage: Stage, tmp_path: Path, database_url: str) -> Iterator[Server]:
    found = Server(stage, tmp_path, database_url)
    found.start()
    yield found
    found.kill()


class Sender:
    """A tus client over plain sockets, as careless as a phone on a train."""

    def __init__(self, server: Server, recording: Recording, data: bytes) -> None:
        self.server, self.data = server, data
        cookie = server.stage.world.client(server.stage.staff).get_cookie("session")
        assert cookie is not None
        self.headers = {
            "Cookie": f"session={cookie.value}",
            "Tus-Resumable": "1.0.0",
            "Origin": f"http://127.0.0.1:{server.port}",
        }
        pid = base64.b64encode(str(recording.pid).encode()).decode()
        facts = {"Upload-Length": str(len(data)), "Upload-Metadata": f"recording {pid}"}
        self.place = self._ask("POST", "/uploads", facts).headers["Location"]

    def _ask(self, method: str, place: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.request(method, place, headers=self.headers | headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    def offset(self) -> int:
        return int(self._ask("HEAD", self.place, {}).headers["Upload-Offset"])

    def patch(self, at: int, stop_after: int | None = None, reset: bool = False) -> socket.socket | None:
        """Send everything from AT; with STOP_AFTER only so many bytes of it, then the line breaks."""
        head = [f"PATCH {self.place} HTTP/1.1", f"Host: 127.0.0.1:{self.server.port}", f"Upload-Offset: {at}"]
        head += ["Content-Type: application/offset+octet-stream", f"Content-Length: {len(self.data) - at}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        line = socket.create_connection(("127.0.0.1", self.server.port), timeout=20)
        line.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        body = self.data[at:] if stop_after is None else self.data[at : at + stop_after]
        line.sendall(body)
        if stop_after is None:
            assert line.recv(65536).startswith(b"HTTP/1.1 204")
        elif reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            return line  # left open: half a connection
        line.close()
        return None


def finished(stage: Stage, recording: Recording, data: bytes) -> None:
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    (original,) = (stage.media_dir / str(recording.pid) / "original").iterdir()
    assert hashlib.sha256(original.read_bytes()).hexdigest() == hashlib.sha256(data).hexdigest()


@pytest.fixture(scope="session")
def larger(media: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """About 8 MB that play."""
    noise = ["-f", "lavfi", "-i", "testsrc=s=640x360:r=10:d=8", "-vf", "noise=alls=60:allf=t"]
    target = tmp_path_factory.mktemp("larger") / "larger.mp4"
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "8M", "-pix_fmt", "yuv420p"]
    return make(target, *noise, *codec).read_bytes()


def test_twelve_breaks_and_an_identical_file(server: Server, stage: Stage, larger: bytes) -> None:
    random.seed(12)
    recording = stage.recording()
    sender = Sender(server, recording, larger)
    left_open: list[socket.socket] = []
    for number in range(12):
        at = sender.offset()
        line = sender.patch(at, random.randrange(1, len(larger) // 14), reset=bool(number % 2))
        if line:
            left_open.append(line)  # the newer PATCH must win over these
    sender.patch(_settled(sender))
    for line in left_open:
        line.close()
    finished(stage, recording, larger)


def _settled(sender: Sender) -> int:
    """The offset once nothing more trickles in."""
    before = -1
    while (now := sender.offset()) != before:
        before = now
        time.sleep(0.2)
    return now


def test_three_kills_and_an_identical_file(server: Server, stage: Stage, larger: bytes) -> None:
    recording = stage.recording()
    sender = Sender(server, recording, larger)
    for _ in range(3):
        at = sender.offset()
        line = sender.patch(at, len(larger) // 5)
        server.kill()
        if line:
            line.close()
        server.start()
        assert sender.offset() >= at
    sender.patch(sender.offset())
    finished(stage, recording, larger)


def test_a_stuck_upload_stops_nobody(server: Server, stage: Stage, larger: bytes) -> None:
    """Four half-open uploads and four stalled viewers: a page is answered all the same."""
    lines = []
    for _ in range(4):
        sender = Sender(server, stage.recording(), larger)
        lines.append(sender.patch(0, 1000))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/recordings")
    assert connection.getresponse().status == 200
    connection.close()
    for line in lines:
        if line:
            line.close()
