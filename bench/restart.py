"""Five hundred phones in a room, the server killed and started again: when does everybody stand where the room stands?

Counted from the moment the new server answers. Each phone tries again at a moment of its own, as `live.js` does.
`python -m bench restart` prints the figures.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from bench.hall import Hall, Phone, full_hall, share

PEOPLE = 500
ASKED = 20  # questions before the kill, and one after the return


@dataclass
class Return:
    """What was measured, in seconds."""

    back: list[float]  # from the server's first answer to each phone's hello
    down: float  # the server's absence
    consistent: bool
    cpu: float  # processor seconds until all were back


def ask(hall: Hall, phone: Phone) -> None:
    """Ask something and wait until it is stored."""
    acks: list[bool] = []
    payload = {"cid": uuid.uuid4().hex, "body": "Πώς μοιράζονται τα έξοδα;", "vis": "name"}
    phone.command("question:ask", payload, lambda ack: acks.append(ack["ok"]))
    hall.until(lambda: bool(acks))
    assert acks[0]


def measure(hall: Hall) -> Return:
    """Kill the server of a full HALL, start it again, and let everybody come back."""
    ours = hall.ours
    for phone in hall.phones[:ASKED]:
        ask(hall, phone)
    hall.until(lambda: all(phone.s == hall.phones[0].s for phone in hall.phones))
    hall.comes_back, gone = True, time.perf_counter()
    ours.kill()
    ours.web = ours.start()
    back: list[float] = []
    hall.entered = lambda _phone: back.append(time.perf_counter())
    hall.until(lambda: bool(back), 120.0)
    began = back[0]
    hall.until(lambda: all(phone.inside for phone in hall.phones))
    cpu = ours.cpu_seconds()
    ask(hall, hall.phones[ASKED])
    hall.until(lambda: all(phone.s == hall.phones[0].s for phone in hall.phones))
    consistent = all(phone.gaps == 0 and phone.s == hall.phones[0].s for phone in hall.phones)
    return Return([at - began for at in back], began - gone, consistent, cpu)


def run() -> Return:
    """Measure once."""
    with full_hall(PEOPLE) as hall:
        return measure(hall)


def table(found: Return) -> str:
    """The figures as lines of text, with their targets."""
    p50, p95, last = (share(found.back, part) for part in (0.5, 0.95, 1))
    state = "all stand where the room stands" if found.consistent else "NOT ALL STAND WHERE THE ROOM STANDS"
    return "\n".join(
        [
            f"{len(found.back)} phones back after a kill, {state}; the server was away for {found.down:.1f} s",
            f"since the first was back: p50 {p50:.1f} s, p95 {p95:.1f} s (target 3), last {last:.1f} s (target 8)",
            f"CPU of the new server until then, its start included: {found.cpu:.1f} s",
        ]
    )


def main() -> None:
    """Print the figures."""
    print(table(run()))
