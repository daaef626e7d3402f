"""What is left out while the loop is late, least needed first. Never: acks, numbered events, what hosts do."""

from __future__ import annotations

import time
from enum import IntEnum

from forum.services import memory
from forum.services.metrics import LAG, SHEDDING, meter

LATE = 0.25  # seconds the loop may lag behind
STEP = 0.5  # seconds until the next thing is left out
CALM = 2.0  # seconds without lag until one is taken up again


class Light(IntEnum):
    """In the order in which it goes."""

    REACTIONS = 1
    PRESENCE = 2
    TICKS = 3  # once a second instead of four times
    HINTS = 4  # what was asked before, while somebody types


class Shedding:
    """The level of one process. Times are monotonic seconds."""

    def __init__(self) -> None:
        self.level, self.since, self.late = 0, 0.0, 0.0

    def lag(self, seconds: float, now: float | None = None) -> None:
        """The loop was SECONDS late just now."""
        now = time.monotonic() if now is None else now
        LAG.set(seconds)
        if seconds > LATE:
            self.late = now
            if self.level < max(Light) and now - self.since >= STEP:
                self._go(self.level + 1, now)
        elif self.level and now - max(self.since, self.late) >= CALM:
            self._go(self.level - 1, now)

    def _go(self, level: int, now: float) -> None:
        meter("shedding", "more" if level > self.level else "less")
        self.level, self.since = level, now
        SHEDDING.set(level)
        memory.shed(self.sheds(Light.HINTS))

    def sheds(self, what: Light) -> bool:
        return self.level >= what


shedding = Shedding()
