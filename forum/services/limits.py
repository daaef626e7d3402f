"""How much one person may send: token buckets in memory, counted for people and never for addresses.

A whole school sits behind one address; only people are slowed down here.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

from flask import current_app

from forum.services.metrics import meter
from forum.services.refusals import Flood, TooFast

# command or family: (burst, a second)
RATES = {
    "question:ask": (3, 1 / 20),
    "question:vote": (20, 5.0),
    "question:after": (3, 1 / 20),
    "question:also": (20, 5.0),
    "question:edit": (5, 1 / 5),
    "question:withdraw": (5, 1 / 5),
    "question:moderate": (20, 10.0),
    "question:bulk": (10, 1.0),
    "question:report": (5, 1 / 10),
    "room:settings": (10, 1.0),
    "room:undo": (20, 5.0),
    "question:answer": (5, 1 / 5),
    "answer:accept": (5, 1 / 2),
    "question:covered": (10, 1.0),
    "question:similar": (10, 2.0),
    "question:picture": (4, 1 / 15),
    "question:say": (4, 1 / 15),
    "poll:vote": (20, 5.0),
    "poll:save": (10, 1.0),
    "poll:take": (10, 1.0),
    "poll:move": (20, 5.0),
    "poll:delete": (10, 1.0),
    "poll:open": (5, 1.0),
    "poll:close": (5, 1.0),
    "poll:again": (5, 1.0),
    "poll:reveal": (5, 1.0),
    "poll:show": (10, 2.0),
    "poll:hands": (20, 5.0),
    "poll:pick": (20, 5.0),
    "question:assign": (20, 2.0),
    "question:cannot": (5, 1 / 2),
    "question:anonymise": (5, 1 / 2),
    "promise:make": (5, 1 / 5),
    "promise:done": (10, 1.0),
    "room:open": (5, 1 / 2),
    "room:close": (5, 1 / 2),
    "hand": (5, 1 / 2),
    "hand:call": (10, 2.0),
    "hand:lower": (10, 2.0),
    "react": (1, 1 / 2),
    "pulse": (5, 1 / 2),
    "check:ask": (3, 1 / 5),
    "check:reveal": (3, 1 / 2),
    "check:close": (3, 1 / 2),
    "room:announce": (5, 1 / 5),
    "breakout:open": (5, 1 / 5),
    "breakout:extend": (10, 1.0),
    "breakout:close": (5, 1.0),
    "breakout:sit": (10, 1.0),
    "breakout:bring": (3, 1 / 20),
    "room:unannounce": (5, 1.0),
    "room:caption": (20, 4.0),
    "caption:key": (5, 1 / 10),
    "caption:revoke": (5, 1.0),
    "note:send": (5, 1 / 3),
    "note:read": (20, 5.0),
    "screen:clear": (10, 2.0),
    "screen:blank": (10, 2.0),
    "screen:captions": (10, 2.0),
    "screen:due": (20, 4.0),
    "room:ping": (5, 1 / 2),
    "room:hello": (10, 1.0),
    "room:sync": (6, 1 / 2),
    "refused": (30, 3.0),  # commands that nobody could do: of another version, of a wrong shape, without a seat
}
PATIENCE = 10  # times the limit, then it is a flood
KEPT = 50_000  # buckets; full ones are forgotten past this


@dataclass
class Buckets:
    """{(who, command): (tokens, patience left, at)}. Times are monotonic seconds."""

    filled: dict[tuple[object, str], tuple[float, float, float]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def take(self, who: object, command: str, now: float | None = None) -> None:
        """Take one token of WHO for COMMAND. TooFast with `retry_ms` when there is none, Flood far beyond."""
        burst, rate = RATES[command]
        now = time.monotonic() if now is None else now
        retry_ms = 0
        with self.lock:
            tokens, patience, at = self.filled.get((who, command), (float(burst), float(burst * PATIENCE), now))
            tokens = min(burst, tokens + (now - at) * rate)
            patience = min(burst * PATIENCE, patience + (now - at) * rate * PATIENCE) - 1
            if tokens < 1:
                retry_ms = int((1 - tokens) / rate * 1000) + 1
            self.filled[who, command] = tokens if retry_ms else tokens - 1, max(0.0, patience), now
            if len(self.filled) > KEPT:
                self._forget(now)
        if patience < 0:
            meter("limit", "flood")
            raise Flood(retry_ms=retry_ms)
        if retry_ms:
            meter("limit", "too fast")
            raise TooFast(retry_ms=retry_ms)

    def _forget(self, now: float) -> None:
        for key, (tokens, _patience, at) in list(self.filled.items()):
            burst, rate = RATES[key[1]]
            if tokens + (now - at) * rate >= burst:
                del self.filled[key]


def take(who: object, command: str) -> None:
    """Count COMMAND of WHO against their limit in this process."""
    if current_app.config["RATELIMIT_ENABLED"]:
        current_app.extensions.setdefault("forum.buckets", Buckets()).take(who, command)
