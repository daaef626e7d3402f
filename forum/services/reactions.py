"""Reactions: counted in memory over the last ten seconds, and gone. Nobody's name is kept even that long."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter, defaultdict, deque

WINDOW_SECONDS = 10.0
# Several processes count on their own; a client adds up what each says under its mark.
PROCESS = secrets.token_hex(2)

_lock = threading.Lock()
_recent: dict[int, deque[tuple[float, str]]] = defaultdict(deque)


def add(room_id: int, kind: str) -> None:
    with _lock:
        _recent[room_id].append((time.monotonic(), kind))


def counts(room_id: int) -> tuple[dict[str, int], float | None]:
    """({kind: how many in the window}, seconds until the oldest of them leaves it)."""
    now = time.monotonic()
    with _lock:
        recent = _recent[room_id]
        while recent and recent[0][0] <= now - WINDOW_SECONDS:
            recent.popleft()
        if not recent:
            del _recent[room_id]
            return {}, None
        return dict(Counter(kind for _at, kind in recent)), recent[0][0] + WINDOW_SECONDS - now


def clear() -> None:
    """Forget everything (tests)."""
    with _lock:
        _recent.clear()
