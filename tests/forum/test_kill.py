"""kill -9 in the middle of a meeting: nothing acknowledged is lost, nothing is there twice.

The real server on loopback, real WebSocket clients. Each client sends until it has an ack, with the
same `cid` after every loss, as the page does. KILLS=100 makes the run longer; the seed is fixed.
"""

from __future__ import annotations

import gc
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import socketio
from sqlalchemy import func, select

from accounts.models import User
from core.live import NAMESPACE
from forum.cli import broken_streams, wrong_scores
from forum.models import PollAnswer, Question, QuestionState, QuestionVote
from forum.queries import chain
from tests.forum.conftest import Table, cid

KILLS = int(os.environ.get("KILLS", "30"))
SEED = 20260121
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The server process and its end."""

    def __init__(self, url: str, folder: Path) -> None:
        self.port = free_port()
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "INSTANCE_DIR": str(folder),
            "PORT": str(self.port),
            "SECRET_KEY": "tests",
            "RATE_LIMITS": "0",
            "REDIS_URL": "",
        }
        with (folder / "server.log").open("w") as log:
            self.zygote = subprocess.Popen(
                [sys.executable, "-m", "tests.forum.zygote"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.pid = 0
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.zygote.stdin.write("\n")
        self.zygote.stdin.flush()
        self.pid = int(self.zygote.stdout.readline())
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        pytest.fail("the server does not listen")

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.kill()
        self.zygote.stdin.close()
        self.zygote.stdout.close()
        self.zygote.wait(10)


def cookie(world: Any, user: User) -> str:
    """The signed session of USER, as the browser would send it."""
    with world.app.test_request_context():
        signer = world.app.session_interface.get_signing_serializer(world.app)
        return "session=" + signer.dumps({"_user_id": user.fs_uniquifier, "_fresh": True, "locale": "en"})


class Person(threading.Thread):
    """Asks, votes, answers a poll and takes questions back without pause; keeps what was acknowledged."""

    def __init__(self, server: Server, table: Table, user: User, done: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.server, self.table, self.user, self.done = server, table, user, done
        self.chance = random.Random(seed)
        self.cookie = cookie(table.world, user)
        self.asked: dict[str, str] = {}  # body: id
        self.standing: list[str] = []  # ids of own questions that count against the cap
        self.withdrawn: set[str] = set()
        self.voices: dict[str, tuple[int, int]] = {}  # id: (value, n)
        self.choice: tuple[str, int] | None = None  # in the poll: (choice, n)
        self.faults: list[Any] = []
        self.acks = 0
        self.client: Any = None

    def connect(self) -> None:
        self.leave()
        self.client = socketio.Client(reconnection=False, handle_sigint=False)
        how = {"transports": ["websocket"], "namespaces": [NAMESPACE], "wait_timeout": 5}
        self.client.connect(self.server.address, {"Cookie": self.cookie}, **how)
        hello = self.client.call("room:hello", {"v": 1, "code": self.table.code}, NAMESPACE, timeout=5)
        if not hello["ok"]:
            raise OSError(hello["err"])

    def leave(self) -> None:
        """Disconnect; a client whose server was killed doesn't close its socket by itself."""
        if self.client is not None:
            with suppress(Exception):
                self.client.disconnect()
            if self.client.eio.ws is not None:
                self.client.eio.ws.close()

    def send(self, command: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The ack, after as many attempts as it takes."""
        while True:
            try:
                if self.client is None or not self.client.connected:
                    self.connect()
                ack = self.client.call(command, payload, NAMESPACE, timeout=1)
                if ack["ok"] or ack["err"] not in {"busy", "internal"}:
                    self.acks += 1
                    return ack
            except (socketio.exceptions.SocketIOError, OSError):
                time.sleep(0.05)

    def run(self) -> None:
        number = 0
        while not self.done.is_set():
            number += 1
            body = f"Ερώτηση {self.user.id}-{number};"
            ack = self.send("question:ask", {"cid": cid(), "body": body, "vis": self.chance.choice(["name", "none"])})
            if ack["ok"]:
                self.asked[body] = ack["r"]["q"]["id"]
                self.standing.append(self.asked[body])
            else:
                self.faults.append(ack)
            self.vote()
            self.choose()
            if len(self.standing) > 7:
                self.withdraw(self.standing.pop(0))
        self.leave()

    def withdraw(self, qid: str) -> None:
        ack = self.send("question:withdraw", {"cid": cid(), "qid": qid})
        if ack["ok"]:
            self.withdrawn.add(qid)
        else:
            self.faults.append(ack)

    def choose(self) -> None:
        n = (self.choice[1] if self.choice else 0) + 1
        payload = {"pid": self.table.things["poll"], "round": 1, "choice": [self.chance.randrange(3)], "n": n}
        ack = self.send("poll:vote", payload)
        if ack["ok"]:
            self.choice = (json.dumps(ack["r"]["choice"]), ack["r"]["n"])
        else:
            self.faults.append(ack)

    def vote(self) -> None:
        target = self.chance.choice(self.table.others["targets"])
        value, n = self.voices.get(target, (0, 0))
        ack = self.send("question:vote", {"qid": target, "val": 1 - value, "n": n + 1})
        if ack["ok"]:
            self.voices[target] = (ack["r"]["val"], ack["r"]["n"])
        else:
            self.faults.append(ack)


@pytest.fixture
def server(table: Table, tmp_path: Path, database_url: str) -> Iterator[Server]:
    running = Server(database_url, tmp_path)
    yield running
    running.stop()


# Sockets of attempts that never became a connection are left to the collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_acknowledged_is_lost_or_doubled(table: Table, server: Server) -> None:
    meet_and_kill(table, server)
    gc.collect()


def meet_and_kill(table: Table, server: Server) -> None:
    people = [table.world.person(f"Π{i}") for i in range(3)]
    for person in people:
        table.world.enrol(person, table.cohort)
    table.others["targets"] = [table.asked(body=f"Στόχος {i};")["id"] for i in range(5)]
    table.things["poll"] = table.poll()["id"]
    done = threading.Event()
    clients = [Person(server, table, person, done, SEED + i) for i, person in enumerate(people)]
    for client in clients:
        client.start()
    chance = random.Random(SEED)
    for _ in range(KILLS):
        # In the middle: after some acks, whatever is under way then.
        goal = acks(clients) + chance.randint(3, 15)
        wait_for(lambda goal=goal: acks(clients) >= goal)
        time.sleep(chance.uniform(0, 0.02))
        server.kill()
        server.start()
    done.set()
    for client in clients:
        client.join(60)
        assert not client.is_alive()
        assert client.faults == []
    compare(table, clients)


def acks(clients: list[Person]) -> int:
    return sum(client.acks for client in clients)


def wait_for(ready: Any) -> None:
    for _ in range(1200):
        if ready():
            return
        time.sleep(0.05)
    pytest.fail("the clients don't get on")


def compare(table: Table, clients: list[Person]) -> None:
    with table.world.session() as session:
        stored = {str(pid): body for pid, body in session.execute(select(Question.pid, Question.body))}
        twice = session.execute(select(Question.body).group_by(Question.body).having(func.count() > 1)).all()
        asked = {qid: body for client in clients for body, qid in client.asked.items()}
        assert len(asked) > KILLS
        assert asked.items() - stored.items() == set(), "acknowledged and lost"
        assert twice == []
        assert len(stored) == len(asked) + len(table.others["targets"])
        numbers = sorted(session.scalars(select(Question.no)))
        assert numbers == list(range(1, len(stored) + 1))
        for client in clients:
            rows = session.execute(
                select(Question.pid, QuestionVote.value, QuestionVote.n)
                .join(QuestionVote, QuestionVote.question_id == Question.id)
                .where(QuestionVote.user_id == client.user.id)
            )
            assert {str(pid): (value, n) for pid, value, n in rows} == client.voices
            answers = session.scalars(select(PollAnswer).where(PollAnswer.user_id == client.user.id))
            assert [(answer.choice, answer.n) for answer in answers] == ([client.choice] if client.choice else [])
            gone = session.scalars(select(Question.pid).where(Question.state == QuestionState.WITHDRAWN))
            assert client.withdrawn <= {str(pid) for pid in gone}
        assert (wrong_scores(), broken_streams()) == ([], [])
        assert [chain.fault_in(room) for room in chain.rooms_to_verify()] == [None]
