"""The fan-out engine against real servers in their own processes and real clients."""

from __future__ import annotations

import hashlib
import inspect
import io
import shutil
import socket
import subprocess
import threading
import time
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engineio.packet
import engineio.payload
import engineio.server
import engineio.socket
import flask_socketio
import gevent.pywsgi
import gevent.socket
import pytest
import socketio
from flask import Flask
from websocket import WebSocketConnectionClosedException

from core import fanout
from tests.conftest import need
from tests.core.fanout_client import PATIENCE, Client, Server, UpgradingClient

GREEK = "Πώς εγγράφεται η ΚοινΣΕπ; "


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(**options: Any) -> Server:
        servers.append(Server(**options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def text(number: int, size: int) -> str:
    return GREEK * (1 + size * (number % 7) // 100)


def wait_for(client: Client, done: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    """Ask the server until its counters satisfy ``done``."""
    deadline = time.monotonic() + PATIENCE
    while not done(told := client.call("tell")):
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
    return told


def test_order_holds_for_a_client_that_does_not_read(serve: Callable[..., Server]) -> None:
    server = serve(buffer=4096)
    slow, quick = server.client(buffer=4096), server.client()
    slow.send("say", 300, 2000, 10)  # 1 MB that it does not read yet
    quick.until(lambda: quick.count("line") == 300)
    told = quick.call("tell")
    assert told["partial"] > 0
    assert told["queued"] > 0
    assert told["direct"] > 0
    slow.until(lambda: slow.count("word") == 300)
    expected = [
        event for no in range(300) for event in (("line", [{"no": no, "text": text(no, 2000)}]), ("word", [{"no": no}]))
    ]
    assert slow.heard == expected
    assert quick.numbers_of("line") == list(range(300))


def test_no_frame_is_torn_while_a_slow_reader_pings(serve: Callable[..., Server]) -> None:
    server = serve(buffer=4096)
    slow, quick = server.client(buffer=16_384), server.client()

    def read() -> None:
        while slow.count("line") < 4000:
            if len(slow.heard) % 10 == 0:
                slow.ws.ping(f"ping {len(slow.heard)}")
                time.sleep(0.001)
            slow.hear()

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(4):
        assert quick.call("say", 1000, 300, 3) == 1000
    reader.join()
    told = quick.call("tell")
    assert slow.heard == [("line", [{"no": no, "text": text(no, 300)}]) for no in range(1000)] * 4
    assert slow.pongs == [f"ping {number}".encode() for number in range(0, 4000, 10)][: len(slow.pongs)]
    assert len(slow.pongs) > 100
    assert told["partial"] > 0
    assert quick.numbers_of("word") == list(range(1000)) * 4


def test_a_healthy_room_never_needs_the_queue(serve: Callable[..., Server]) -> None:
    server = serve()
    clients = [server.client() for _ in range(5)]
    clients[0].call("say", 50, 10)
    for client in clients:
        client.until(lambda client=client: client.count("line") == 50)
        assert client.numbers_of("line") == list(range(50))
    told = clients[0].call("tell")
    assert (told["direct"], told["queued"], told["partial"]) == (50 * 5 + 50, 0, 0)


def test_a_polling_client_misses_nothing(serve: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    # One answer may hold more packets than the Python client accepts by default.
    monkeypatch.setattr(engineio.payload.Payload, "max_decode_packets", 10_000)
    server = serve()
    speaker = server.client()
    listener = socketio.Client(reconnection=False)
    heard: list[dict[str, Any]] = []
    whole = threading.Event()
    listener.on("line", lambda line: (heard.append(line), line["no"] == 999 and whole.set()))
    listener.connect(server.url, transports=["polling"])
    listener.call("join")
    speaker.call("say", 1000, 50, 7)
    assert whole.wait(PATIENCE)
    assert listener.transport() == "polling"
    listener.disconnect()
    assert heard == [{"no": no, "text": text(no, 50)} for no in range(1000)]


def test_an_upgrade_in_the_middle_misses_nothing(serve: Callable[..., Server]) -> None:
    server = serve()
    speaker = server.client()
    upgraded = threading.Event()
    rounds = 0

    def speak() -> None:
        nonlocal rounds
        while not upgraded.is_set():
            speaker.call("say", 300, 50, 1)
            rounds += 1

    listeners = [UpgradingClient(server.port) for _ in range(5)]
    server.clients += listeners
    speaking = threading.Thread(target=speak)
    speaking.start()
    for listener in listeners:
        listener.upgrade()
        listener.hear()
    upgraded.set()
    speaking.join()
    for listener in listeners:
        listener.until(lambda client=listener: client.count("line") == 300 * rounds)
        assert listener.numbers_of("line") == list(range(300)) * rounds


def test_clients_that_vanish_disturb_nobody(serve: Callable[..., Server]) -> None:
    server = serve(buffer=4096)
    speaker, *staying = [server.client(buffer=16_384) for _ in range(11)]
    before = speaker.call("tell")["files"]
    leaving = [server.client(buffer=16_384) for _ in range(10)]

    def leave() -> None:
        for client in leaving:
            client.vanish()

    threads = [
        threading.Thread(target=lambda: speaker.call("say", 500, 500, 2)),
        threading.Thread(target=leave),
    ]
    for thread in threads:
        thread.start()
    for client in staying:
        client.until(lambda client=client: client.count("line") == 500)
    for thread in threads:
        thread.join()
    wait_for(speaker, lambda told: told["clients"] == 11 and told["files"] == before)
    for client in staying:
        client.until(lambda client=client: client.count("left") == 10)
        assert client.numbers_of("line") == list(range(500))


def test_a_client_that_stops_reading_is_cut_off(serve: Callable[..., Server]) -> None:
    server = serve(buffer=4096, ping=[1, 1])
    quick = server.client()
    before = quick.call("tell")["files"]
    stalled = server.client(buffer=4096)
    quick.call("say", 100, 5000)
    wait_for(quick, lambda told: told["clients"] == 1 and told["files"] == before)
    assert quick.numbers_of("line") == list(range(100))
    with pytest.raises((ConnectionError, WebSocketConnectionClosedException)):
        stalled.until(lambda: False)


def test_namespaces_do_not_hear_each_other(serve: Callable[..., Server]) -> None:
    server = serve()
    one, two = server.client(), server.client(namespace="/live")
    one.call("say", 3, 10)
    two.call("say", 5, 10)
    assert one.numbers_of("line") == [0, 1, 2]
    assert two.numbers_of("line") == [0, 1, 2, 3, 4]


def test_the_caller_may_be_left_out(serve: Callable[..., Server]) -> None:
    server = serve()
    caller, other = server.client(), server.client()
    caller.call("say_to_others", 20)
    other.until(lambda: other.count("line") == 20)
    assert other.numbers_of("line") == list(range(20))
    assert caller.heard == []


def test_every_shape_of_data_arrives(serve: Callable[..., Server]) -> None:
    server = serve()
    client = server.client()
    client.call("say_shapes")
    binary = '451-["shape",{"_placeholder":true,"num":0}]'
    assert client.heard == [
        ("shape", []),
        ("shape", ["ένα", 2]),
        ("shape", [[1, 2]]),
        (binary, []),
        ("binary", []),
        ("shape", ["Ω" * 70_000]),
    ]


def test_a_question_back_is_answered(serve: Callable[..., Server]) -> None:
    server = serve()
    client = server.client()
    client.send("ask_back")
    question = client.packet()
    assert question == '421["shape","?"]'
    client.ws.send('431["ναι"]')
    client.until(lambda: bool(client.heard))
    assert client.heard == [("shape", ["ναι"])]


def test_another_thread_may_not_broadcast(serve: Callable[..., Server]) -> None:
    server = serve()
    client = server.client()
    assert client.call("say_from_thread") == "emit belongs in the thread of the sockets' loop"
    assert client.heard == []


def test_compression_is_declined(serve: Callable[..., Server]) -> None:
    server = serve()
    client = server.client(headers=["Sec-WebSocket-Extensions: permessage-deflate"])
    assert "sec-websocket-extensions" not in client.ws.getheaders()
    client.call("say", 2, 10)
    assert client.numbers_of("line") == [0, 1]


def test_without_gevent_the_library_serves(serve: Callable[..., Server]) -> None:
    server = serve(mode="threading")
    caller, other = server.client(), server.client()
    caller.call("say", 100, 50)
    other.until(lambda: other.count("line") == 100)
    assert other.numbers_of("line") == list(range(100))
    told = caller.call("tell")
    assert (told["direct"], told["queued"], told["partial"]) == (0, 0, 0)


def test_flasks_test_client_hears_broadcasts() -> None:
    app = Flask(__name__)
    sockets = flask_socketio.SocketIO(app, async_mode="gevent", client_manager=fanout.fan_out_manager(None))
    sockets.on_event("join", lambda: flask_socketio.join_room("hall"))
    client = sockets.test_client(app)
    client.emit("join")
    sockets.emit("line", {"no": 1}, to="hall")
    assert [event["name"] for event in client.get_received()] == ["line"]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    need(program is not None, "redis-server")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait()


@pytest.mark.redis
def test_processes_hear_each_other_over_redis(serve: Callable[..., Server], redis: str) -> None:
    here, there = serve(redis=redis), serve(redis=redis)
    one, two = here.client(), there.client()
    # Each subscribes in its own time: say something until the other hears it.
    deadline = time.monotonic() + PATIENCE
    while wait_for(two, lambda _: True)["direct"] == 0:
        assert time.monotonic() < deadline
        one.call("say_to_others", 1)
    one.call("say", 200, 300)
    two.until(lambda: two.numbers_of("line")[-200:] == list(range(200)))
    assert one.numbers_of("line") == list(range(200))
    assert one.numbers_of("word") == list(range(200))
    assert two.count("word") == 0
    assert one.call("tell")["direct"] >= 400
    assert two.call("tell")["direct"] >= 200


def digest(function: Any) -> str:
    """A fingerprint of a function's code, whatever its comments and spacing."""
    source = io.StringIO(inspect.cleandoc(inspect.getsource(function)))
    idle = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    words = [token.string for token in tokenize.generate_tokens(source.readline) if token.type not in idle]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


RELIED_ON = {
    engineio.socket.Socket.poll: "2dd6bc30fe7c",
    engineio.socket.Socket.send: "c9a22bdf6216",
    engineio.socket.Socket.close: "ad4b7d5c1087",
    engineio.socket.Socket.receive: "252ed8992fe9",
    engineio.socket.Socket.check_ping_timeout: "6a4eaeeb1de5",
    engineio.socket.Socket.schedule_ping: "f0210460dae5",
    engineio.socket.Socket._send_ping: "43321f97f2ba",
    engineio.socket.Socket.handle_get_request: "883e38d85866",
    engineio.socket.Socket._upgrade_websocket: "e63a2340d092",
    engineio.socket.Socket._websocket_handler: "90ceb05b90da",
    engineio.server.Server._handle_connect: "6d9db29b76c0",
    engineio.packet.Packet.encode: "d917d9c3395d",
    socketio.Manager.emit: "a1cbad9e02fa",
    socketio.Manager.get_participants: "f48b2000a83e",
    socketio.PubSubManager.initialize: "806b2324d671",
    socketio.PubSubManager._handle_emit: "634df68a8c90",
    socketio.Server._send_eio_packet: "a8f3eba31d1e",
    socketio.packet.Packet.encode: "38e506036d44",
    gevent.pywsgi.WSGIHandler.handle_one_request: "5e65a15e4ee3",
    gevent.socket.socket.send: "13507f774e22",
    gevent.socket.socket.sendall: "c49b1e0c0e63",
}


@pytest.mark.parametrize("function", RELIED_ON, ids=lambda function: function.__qualname__)
def test_the_libraries_are_those_the_engine_was_written_for(function: Any) -> None:
    """After an upgrade: read what changed, see that ``core/fanout.py`` still holds, then note the new digest."""
    assert digest(function) == RELIED_ON[function]
