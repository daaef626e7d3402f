"""What an evening costs a learner's phone: two hours, 300 questions, 5,000 votes.

Each kind of message is measured on a real phone and multiplied; nothing is saved by squeezing the evening: every
vote counts as a tick of its own, as in a room where they come one by one. `python -m bench bytes` prints the sum.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from bench.hall import Hall, Phone
from bench.machine import on_core
from bench.product import product

HOURS, QUESTIONS, VOTES = 2, 300, 5000
RETURNS = 6  # times the connection is lost in two hours
PEOPLE = 40
SAMPLE = 30  # questions and votes that are really sent
IDLE = 25.0  # seconds of silence that are measured
BODY = "Πώς μοιράζονται τα έξοδα όταν ένα μέλος αποχωρεί στη μέση της χρονιάς;"


@dataclass
class Evening:
    """Bytes of each thing as a phone receives it."""

    page: int = 0  # the room's page, compressed
    hello: float = 0.0
    question: float = 0.0  # published, taken up, answered
    vote: float = 0.0
    idle: float = 0.0  # a second
    last: float = 0.0  # a snapshot of all questions, compressed: what a return after long costs at most
    parts: dict[str, float] = field(default_factory=dict)

    def total(self) -> float:
        self.parts = {
            "page and first hello": self.page + self.hello,
            f"{QUESTIONS} questions": QUESTIONS * self.question,
            f"{VOTES} votes": VOTES * self.vote,
            f"{HOURS} h of listening": HOURS * 3600 * self.idle,
            f"{RETURNS} returns": RETURNS * self.hello,
            "a return with everything": self.last,
        }
        return sum(self.parts.values())


def done(hall: Hall, phone: Phone, command: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Send and wait; the ack."""
    acks: list[dict[str, Any]] = []
    phone.command(command, payload, acks.append)
    hall.until(lambda: bool(acks))
    return acks[0]


def per(phone: Phone, hall: Hall, number: int, act: Any, pause: float = 0.4) -> float:
    """Bytes that PHONE hears for each of NUMBER times ACT, each in a tick of its own."""
    before = phone.bytes
    for n in range(number):
        act(n)
        hall.rest(pause)
    return (phone.bytes - before) / number


def measure(hall: Hall, host: Hall) -> Evening:
    """One phone of HALL listens while the others ask and vote and HOST answers."""
    listener, moderator, evening = hall.phones[0], host.phones[0], Evening()
    evening.page = len(hall.ours.get(f"/rooms/{hall.code}", listener.cookie, **{"Accept-Encoding": "gzip"}))
    evening.hello = listener.bytes
    qids: list[str] = []

    def question(n: int) -> None:
        payload = {"cid": uuid.uuid4().hex, "body": f"{BODY} ({n})", "vis": "name"}
        ack = done(hall, hall.phones[1 + n % (len(hall.phones) - 1)], "question:ask", payload)
        asked = ack["r"]["q"]
        qids.append(asked["id"])
        for op, rev in (("answering", asked["rev"]), ("answered", asked["rev"] + 1)):
            payload = {"cid": uuid.uuid4().hex, "qid": asked["id"], "rev": rev, "op": op}
            ack = done(host, moderator, "question:moderate", payload)
            assert ack["ok"], ack

    def vote(n: int) -> None:
        voter = hall.phones[1 + n % (len(hall.phones) - 1)]
        payload = {"qid": hall.ours.facts["question"], "val": 1 - n // (len(hall.phones) - 1) % 2, "n": n + 1}
        assert done(hall, voter, "question:vote", payload)["ok"]

    evening.question = per(listener, hall, min(SAMPLE, len(hall.phones) - 1), question)
    evening.vote = per(listener, hall, SAMPLE, vote)
    before, began = listener.bytes, time.perf_counter()
    hall.rest(IDLE)
    evening.idle = (listener.bytes - before) / (time.perf_counter() - began)
    whole = hall.ours.get(f"/rooms/{hall.code}/snapshot", listener.cookie, **{"Accept-Encoding": "gzip"})
    plain = hall.ours.get(f"/rooms/{hall.code}/snapshot", listener.cookie)
    evening.last = len(whole) * QUESTIONS / len(json.loads(plain)["snapshot"]["questions"])
    return evening


def run() -> Evening:
    """Measure once."""
    with product(PEOPLE) as ours, on_core(1):
        hall = Hall(ours, ours.facts["voters"])
        host = Hall(ours, [ours.facts["host"]], stream="mod")
        for one in (host, hall):
            one.fill()
        hall.rest(2.0)
        found = measure(hall, host)
        for one in (host, hall):
            one.close()
    return found


def table(evening: Evening) -> str:
    """The figures as lines of text, with their target."""
    total = evening.total()
    lines = [f"{name:28}{size / 1000:9.1f} kB" for name, size in evening.parts.items()]
    return "\n".join([*lines, f"{'together':28}{total / 1000:9.1f} kB (target 1,500)"])


def main() -> None:
    """Print the sum."""
    print(table(run()))
