"""A thousand people say "me too" within two seconds, on the product as it is deployed.

Real accounts with a seat, real sockets, the real protocol, votes stored before they are acknowledged.
Product on core 0, the crowd on core 1. `python -m bench voters` prints the figures.
"""

from __future__ import annotations

import gc
import json
import random
import select
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.fanout.load import PATIENCE, Client, LostError, Target
from bench.machine import on_core
from bench.product import Product, product

VOTERS = 1000
WITHIN = 2.0  # seconds in which all of them vote
BATCH = 50  # people who come through the door together
SETTLE = 6.0  # seconds between the last hello and the first vote, as in a room that listens
ACK = "43/live,2"


@dataclass
class Voter:
    """One person at their phone."""

    client: Client
    said: float = 0.0  # when they voted
    acked: float | None = None
    counted: float | None = None  # when their screen showed everybody's vote
    messages: int = 0


@dataclass
class Storm:
    """What was measured: seconds, and processor seconds of the web process."""

    acks: list[float] = field(default_factory=list)
    last_screen: float = 0.0  # from the last vote to the last screen
    first_screen: float = 0.0
    messages: float = 0.0  # for each client in a second
    took: float = 0.0
    cpu: float = 0.0
    hello: float = 0.0  # seconds until all were in the room


def enter(ours: Product, poll: select.epoll) -> dict[int, Voter]:
    """Everybody connects and says hello; whoever is in already keeps listening. By file number."""
    hello = ["room:hello", {"v": 1, "code": ours.facts["room"]}]
    of: dict[int, Voter] = {}
    cookies = ours.facts["voters"]
    for start in range(0, len(cookies), BATCH):
        arriving = [Client(Target(ours.url, "/live", cookie=cookie)) for cookie in cookies[start : start + BATCH]]
        for client in arriving:
            client.upgraded()
            client.expect("0")
            client.send("40/live,")
        for client in arriving:
            client.expect("40/live,")
            client.send(f"42/live,1{json.dumps(hello)}")
        for client in arriving:
            while not (answer := json.loads(client.expect("43/live,1").removeprefix("43/live,1"))[0])["ok"]:
                if answer["err"] != "busy":
                    raise LostError(str(answer))
                time.sleep(answer["retry_ms"] / 1000)
                client.send(f"42/live,1{json.dumps(hello)}")
        for client in arriving:
            of[client.socket.fileno()] = Voter(client)
            poll.register(client.socket.fileno(), select.EPOLLIN)
        listen(poll, of, 0)
    return of


def storm(ours: Product, poll: select.epoll, of: dict[int, Voter]) -> Storm:
    """Everybody votes at a moment of their own; listen until every screen shows the final count."""
    voters = list(of.values())
    question = ours.facts["question"]
    final = f'["{question}",{len(voters)}]'.encode()
    vote = f'42/live,2["question:vote",{json.dumps({"qid": question, "val": 1, "n": 1})}]'
    moments = sorted((random.uniform(0, WITHIN), n) for n in range(len(voters)))
    waiting = moments[::-1]
    for voter in voters:
        voter.messages = 0
    gc.disable()
    cpu, began = ours.cpu_seconds(), time.perf_counter()
    heard = began
    while waiting or any(voter.counted is None or voter.acked is None for voter in voters):
        now = time.perf_counter()
        while waiting and began + waiting[-1][0] <= now:
            voter = voters[waiting.pop()[1]]
            voter.said = time.perf_counter()
            voter.client.send(vote)
        pause = max(0.0, began + waiting[-1][0] - time.perf_counter()) if waiting else 0.5
        for number, _ in poll.poll(pause):
            hear(of[number], final)
            heard = time.perf_counter()
        if time.perf_counter() - heard > PATIENCE:
            raise LostError("silent before every screen showed the final count")
    gc.enable()
    return figures(voters, time.perf_counter() - began, ours.cpu_seconds() - cpu)


def rest(poll: select.epoll, of: dict[int, Voter]) -> None:
    """Let the room come to rest after the arrivals."""
    end = time.monotonic() + SETTLE
    while time.monotonic() < end:
        listen(poll, of, 0.5)


def listen(poll: select.epoll, of: dict[int, Voter], seconds: float) -> None:
    """Hear whatever comes for some SECONDS."""
    end = time.monotonic() + seconds
    while ready := poll.poll(max(0.0, end - time.monotonic())):
        for number, _ in ready:
            hear(of[number], b"-")


def hear(voter: Voter, final: bytes) -> None:
    """Take what arrived at one phone."""
    packets = voter.client.packets(voter.client.receive())
    now = time.perf_counter()
    for packet in packets:
        voter.messages += 1
        if packet.startswith(ACK.encode()):
            if b'"ok":true' not in packet:
                raise LostError(packet.decode())
            voter.acked = now
        elif final in packet:
            voter.counted = now


def figures(voters: list[Voter], took: float, cpu: float) -> Storm:
    last = max(voter.said for voter in voters)
    screens = [voter.counted - last for voter in voters if voter.counted]
    return Storm(
        acks=sorted(voter.acked - voter.said for voter in voters if voter.acked),
        last_screen=max(screens),
        first_screen=min(screens),
        messages=statistics.mean(voter.messages for voter in voters) / took,
        took=took,
        cpu=cpu,
    )


@dataclass
class Room:
    """Everybody in it, and the server's memory before they came."""

    of: dict[int, Voter]
    poll: select.epoll
    before: dict[str, float]
    hello: float  # seconds until all were in


@contextmanager
def room(ours: Product) -> Iterator[Room]:
    """Let everybody in and the room come to rest; hang up afterwards."""
    with select.epoll() as poll:
        before, began = ours.memory(), time.perf_counter()
        of = enter(ours, poll)
        hello = time.perf_counter() - began
        rest(poll, of)
        yield Room(of, poll, before, hello)
        for voter in of.values():
            voter.client.socket.close()


def run() -> Storm:
    """Measure once: the second vote of a person is another thing than the first."""
    with product(VOTERS, worker=True) as ours, on_core(1), room(ours) as full:
        found = storm(ours, full.poll, full.of)
        found.hello = full.hello
    return found


def table(found: Storm) -> str:
    """The figures as lines of text."""
    acks = found.acks
    p50, p95 = (1000 * acks[round(part * len(acks)) - 1] for part in (0.5, 0.95))
    lines = [
        f"{len(acks)} voters within {WITHIN:.0f} s; all in the room after {found.hello:.1f} s",
        f"stored and acknowledged: p50 {p50:.0f} ms, p95 {p95:.0f} ms, last {1000 * acks[-1]:.0f} ms",
        f"final count after the last vote: {1000 * found.first_screen:.0f} to {1000 * found.last_screen:.0f} ms",
        f"messages to each client: {found.messages:.1f} a second",
        f"CPU of the web process: {100 * found.cpu / found.took:.0f} % of one core over {found.took:.1f} s",
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the figures."""
    print(table(run()))
