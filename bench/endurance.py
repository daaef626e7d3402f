"""Two hours at five hundred people, squeezed: everybody comes and goes as often as then, memory must stay.

Two hours in which each phone loses its connection every five minutes are 12,000 returns; they are made as fast as
they come. `python -m bench endurance` prints the drift.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from bench.capacity import Meeting
from bench.hall import Hall, Phone, full_hall

PEOPLE = 500
RETURNS = 12_000
EACH_SECOND = 60  # connections lost in a second
VOTES = 20.0  # a second
WARM = 0.25  # part of the returns after which the memory is what it stays


@dataclass
class Drift:
    """Megabytes of the server, by part of the way; phones that did not stand where the room stands at the end."""

    memory: list[tuple[float, float]] = field(default_factory=list)
    stuck: int = 0
    returns: int = 0
    took: float = 0.0

    def drift(self) -> float:
        """How much more memory at the end than when it was warm, as a part."""
        warm = next(mb for part, mb in self.memory if part >= WARM)
        return self.memory[-1][1] / warm - 1


def measure(hall: Hall) -> Drift:
    """Lose connections at random, EACH_SECOND, until there were RETURNS; people vote and ask meanwhile."""
    found, meeting, began = Drift(), Meeting(hall), time.perf_counter()
    hall.comes_back = True
    votes = VOTES / EACH_SECOND

    def lose() -> None:
        phone = random.choice(hall.phones)
        if phone.inside:
            phone.lost()
            phone.tries = 0
            found.returns += 1
        inside = [phone for phone in random.sample(hall.phones, 3) if phone.inside]
        if inside and random.random() < votes:
            meeting.vote(inside[0])
        if found.returns < RETURNS:
            hall.after(1 / EACH_SECOND, lose)

    lose()
    for tenth in range(1, 11):
        hall.until(lambda part=tenth / 10: found.returns >= part * RETURNS)
        found.memory.append((tenth / 10, hall.ours.memory()["web"]))
    hall.until(lambda: all(phone.inside for phone in hall.phones))
    meeting.ask()
    hall.rest(3.0)
    head = max(phone.s for phone in hall.phones)
    found.stuck = sum(not stands(phone, head) for phone in hall.phones)
    found.took = time.perf_counter() - began
    return found


def stands(phone: Phone, head: int) -> bool:
    """Whether PHONE heard everything."""
    return phone.inside and phone.s == head


def run() -> Drift:
    """Measure once."""
    with full_hall(PEOPLE) as hall:
        return measure(hall)


def table(found: Drift) -> str:
    """The figures as lines of text, with their target."""
    memory = ", ".join(f"{mb:.0f}" for _part, mb in found.memory)
    drift = f"drift after the first quarter {100 * found.drift():+.1f} % (target 5)"
    return "\n".join(
        [
            f"{PEOPLE} people, {found.returns} returns in {found.took:.0f} s; standing elsewhere: {found.stuck} phones",
            f"memory at each tenth of the way: {memory} MB; {drift}",
        ]
    )


def main() -> None:
    """Print the drift."""
    print(table(run()))
