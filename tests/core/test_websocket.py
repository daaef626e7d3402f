"""Our WebSocket takes what the protocol allows, in pieces too, and says why it ends with anything else."""

from __future__ import annotations

import http.client
import socket
import struct
from collections.abc import Iterator

import pytest
import websocket
from wsproto.frame_protocol import FrameProtocol

from core import websocket as ours
from tests.core.fanout_client import PATIENCE, Client, Server

MASK = b"\x01\x02\x03\x04"
LARGEST = 1_000_000  # what the test server takes, the library's default


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def client(server: Server) -> Client:
    return server.client()


def frame(first: int, payload: bytes, *, mask: bytes = MASK) -> bytes:
    """A client's frame: FIRST is its first byte."""
    size = len(payload)
    bit = 0x80 if mask else 0
    head = struct.pack("!BB", first, bit | size) if size < 126 else struct.pack("!BBH", first, bit | 126, size)
    return head + mask + (ours.unmasked(payload, mask) if mask else payload)


def ending(client: Client, sent: bytes) -> int:
    """Why the server ends the connection after SENT."""
    client.ws.sock.sendall(sent)
    while True:
        kind, data = client.ws.recv_data(control_frame=True)
        if kind == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2], "big")


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
@pytest.mark.parametrize("kind", [ours.TEXT, ours.BINARY])
def test_a_frame_is_what_the_protocol_library_makes(kind: int, size: int) -> None:
    data = "x" * size if kind == ours.TEXT else b"x" * size
    expected = FrameProtocol(client=False, extensions=[]).send_data(data, fin=True)
    assert ours.frame(kind, b"x" * size) == bytes(expected)


def test_masking_is_undone() -> None:
    for size in range(20):
        data = bytes(range(100, 100 + size))
        masked = bytes(byte ^ MASK[i % 4] for i, byte in enumerate(data))
        assert ours.unmasked(masked, MASK) == data


BAD = {
    "not masked": (frame(0x81, b"2", mask=b""), ours.FAULT),
    "an extension": (frame(0xC1, b"2"), ours.FAULT),
    "an unknown kind": (frame(0x83, b"2"), ours.FAULT),
    "an unknown control": (frame(0x8B, b""), ours.FAULT),
    "a large ping": (frame(0x89, b"x" * 126), ours.FAULT),
    "a ping in pieces": (frame(0x09, b"x"), ours.FAULT),
    "more of nothing": (frame(0x80, b"x"), ours.FAULT),
    "a message inside another": (frame(0x01, b"4") + frame(0x81, b"2"), ours.FAULT),
    "not UTF-8": (frame(0x81, b"4\xff\xfe"), ours.NOT_TEXT),
    "too large": (b"\x81\xff" + struct.pack("!Q", LARGEST + 1) + MASK, ours.TOO_LARGE),
    "enormous": (b"\x81\xff" + b"\x7f" + b"\xff" * 7 + MASK, ours.TOO_LARGE),
    "a goodbye": (frame(0x88, struct.pack("!H", 1000)), 1000),
}


@pytest.mark.parametrize("what", BAD)
def test_why_it_ends(client: Client, what: str) -> None:
    sent, code = BAD[what]
    assert ending(client, sent) == code


def test_many_small_pieces_are_too_large_together(client: Client) -> None:
    pieces = frame(0x01, b"4") + b"".join(frame(0x00, b"x" * 60_000) for _ in range(LARGEST // 60_000 + 1))
    assert ending(client, pieces) == ours.TOO_LARGE


def test_messages_arrive_in_pieces_with_pings_between(client: Client) -> None:
    question = b'421["say",1,1]'
    sent = frame(0x01, question[:5]) + frame(0x89, b"there?") + frame(0x00, question[5:9]) + frame(0x80, question[9:])
    for byte in sent:
        client.ws.sock.sendall(bytes([byte]))
    client.until(lambda: client.count("line") == 1)
    assert client.pongs == [b"there?"]


def test_several_messages_at_once(client: Client) -> None:
    client.ws.sock.sendall(b"".join(frame(0x81, b'42["say",1,0]') for _ in range(5)))
    client.until(lambda: client.count("line") == 5)
    assert client.numbers_of("line") == [0] * 5


@pytest.mark.parametrize("header", ["Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: short"])
def test_another_handshake_is_refused(server: Server, header: str) -> None:
    name, value = header.split(": ")
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "YSBsb3Qgb2YgY2xpZW50cw==",
        name: value,
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", "/socket.io/?EIO=4&transport=websocket", headers=headers)
    assert connection.getresponse().status == 400
    connection.close()


def test_a_client_that_breaks_off_in_a_frame_is_gone(server: Server, client: Client) -> None:
    other = server.client()
    before = other.call("tell")["clients"]
    client.ws.sock.sendall(frame(0x81, b'42["say",1,0]')[:6])
    client.ws.sock.shutdown(socket.SHUT_RDWR)
    while other.call("tell")["clients"] == before:
        pass
    assert other.call("tell")["clients"] == before - 1
