"""A Socket.IO client that reads only when told to, so that a test decides who is slow."""

from __future__ import annotations

import http.client
import itertools
import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import websocket

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds; only a broken server takes that long


class Server:
    """A fan-out server in a process of its own; ``options`` as in ``fanout_server.py``."""

    def __init__(self, **options: Any) -> None:
        command = [sys.executable, "-m", "tests.core.fanout_server", json.dumps(options)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"
        self.clients: list[Client] = []

    def client(self, **options: Any) -> Client:
        """A connected client that has joined the hall."""
        client = Client(self.port, **options)
        self.clients.append(client)
        client.call("join")
        return client

    def stop(self) -> None:
        for client in self.clients:
            client.ws.shutdown()
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Client:
    """One raw WebSocket. ``heard`` collects (event, arguments) in the order they came."""

    def __init__(self, port: int, namespace: str = "/", buffer: int = 0, headers: list[str] | None = None) -> None:
        small = [(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)] if buffer else []
        address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        self.ws = websocket.create_connection(address, timeout=PATIENCE, sockopt=small, header=headers or [])
        self.prefix = "" if namespace == "/" else f"{namespace},"
        self.heard: list[tuple[str, list[Any]]] = []
        self.pongs: list[bytes] = []
        self.numbers = itertools.count(1)
        assert self.packet().startswith("0{")
        self.ws.send(f"40{self.prefix}")
        assert self.packet().startswith(f"40{self.prefix}")

    def packet(self) -> str:
        """The next Engine.IO packet. websocket-client checks frames and UTF-8, and raises."""
        while True:
            kind, data = self.ws.recv_data(control_frame=True)
            if kind == websocket.ABNF.OPCODE_PONG:
                self.pongs.append(data)
            elif kind == websocket.ABNF.OPCODE_BINARY:
                return "binary"
            elif kind == websocket.ABNF.OPCODE_TEXT:
                if data != b"2":
                    return data.decode()
                self.ws.send("3")
            else:
                raise ConnectionError(f"unexpected frame {kind}: {data!r}")

    def send(self, event: str, *arguments: Any, number: int | str = "") -> None:
        self.ws.send(f"42{self.prefix}{number}{json.dumps([event, *arguments])}")

    def call(self, event: str, *arguments: Any) -> Any:
        """Send and wait for the acknowledgement; events on the way are heard."""
        number = next(self.numbers)
        self.send(event, *arguments, number=number)
        answer = f"43{self.prefix}{number}"
        while not (packet := self.packet()).startswith(f"{answer}["):
            self._hear(packet)
        values = json.loads(packet[len(answer) :])
        return values[0] if values else None

    def until(self, done: Callable[[], bool]) -> None:
        """Read until ``done``."""
        while not done():
            self.hear()

    def hear(self) -> None:
        """Read one packet."""
        self._hear(self.packet())

    def count(self, event: str) -> int:
        return sum(name == event for name, _ in self.heard)

    def numbers_of(self, event: str) -> list[int]:
        return [values[0]["no"] for name, values in self.heard if name == event]

    def _hear(self, packet: str) -> None:
        if packet.startswith(f"42{self.prefix}["):
            name, *values = json.loads(packet[2 + len(self.prefix) :])
            self.heard.append((name, values))
        else:
            self.heard.append((packet, []))

    def vanish(self) -> None:
        """Break off without a word (TCP reset)."""
        self.ws.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.ws.shutdown()


class UpgradingClient(Client):
    """Begins with long-polling, joins the hall, and moves to a WebSocket as browsers do."""

    def __init__(self, port: int) -> None:
        self.prefix = ""
        self.heard = []
        self.pongs = []
        self.numbers = itertools.count(1)
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.address = "/socket.io/?EIO=4&transport=polling"
        opened = json.loads(self._exchange("GET")[0][1:])
        self.address += f"&sid={opened['sid']}"
        self._exchange("POST", "40")
        self._exchange("POST", '420["join"]')
        self.port, self.probed = port, threading.Event()

    def poll(self) -> None:
        """Poll until the upgrade is agreed; the server ends the last poll."""
        while not self.probed.is_set():
            for packet in self._exchange("GET"):
                self._hear(packet)

    def upgrade(self) -> None:
        polling = threading.Thread(target=self.poll)
        polling.start()
        address = self.address.replace("polling", "websocket")
        self.ws = websocket.create_connection(f"ws://127.0.0.1:{self.port}{address}", timeout=PATIENCE)
        self.ws.send("2probe")
        assert self.ws.recv() == "3probe"
        self.probed.set()
        polling.join()
        self.http.close()
        self.ws.send("5")

    def _exchange(self, method: str, body: str | None = None) -> list[str]:
        self.http.request(method, self.address, body)
        answer = self.http.getresponse()
        text = answer.read().decode()
        assert answer.status == HTTPStatus.OK, text
        return text.split("\x1e")
