"""The door of a process: so many newcomers a second, the others are told when to come back.

Whoever comes back with what they know already (a valid `resume`) costs little and passes by.
"""

from __future__ import annotations

import time
from random import random

from flask import current_app

from forum.services.metrics import meter
from forum.services.refusals import Busy

RATE = 250.0  # newcomers a second: half of what a core can take in
BURST = 250.0
JITTER = 0.25  # seconds, so that those of one moment don't come back at one moment


class Door:
    """A bucket of places. Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self.places, self.at, self.line = BURST, now, now

    def admit(self, now: float) -> None:
        """Let one in, or raise Busy: `retry_ms` gives each a turn of their own."""
        self.places, self.at = min(BURST, self.places + (now - self.at) * RATE), now
        if self.places >= 1:
            self.places -= 1
            return
        self.line = max(self.line, now) + 1 / RATE
        raise Busy(retry_ms=int(1000 * (self.line - now + random() * JITTER)) + 1)  # noqa: S311 - it spreads people, it hides nothing


def admit() -> None:
    """Let a newcomer into this process. Raises Busy."""
    if not current_app.config["RATELIMIT_ENABLED"]:
        return
    now = time.monotonic()
    try:
        current_app.extensions.setdefault("forum.door", Door(now)).admit(now)
    except Busy:
        meter("join", "refused")
        raise
    meter("join", "admitted")
