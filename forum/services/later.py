"""What must be counted again at a time of its own, though nobody sends anything: shares that expire, people who left.

Whoever reads a value that ages says when it is next another one; the ticker counts it again then.
"""

from __future__ import annotations

import threading
import time

_lock = threading.Lock()
_times: dict[tuple[int, str], float] = {}


def again(room_id: int, kind: str, seconds: float) -> None:
    """Count KIND of a room again in SECONDS, or earlier when that was said before."""
    at = time.monotonic() + seconds
    with _lock:
        _times[room_id, kind] = min(at, _times.get((room_id, kind), at))


def due() -> list[tuple[int, str]]:
    """The (room, kind) pairs whose time has come; each once."""
    now = time.monotonic()
    with _lock:
        ready = [key for key, at in _times.items() if at <= now]
        for key in ready:
            del _times[key]
    return ready


def clear() -> None:
    """Forget everything (tests)."""
    with _lock:
        _times.clear()
