"""What the room's engine counts for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

COUNTED = Counter(
    "mentors_room_engine_total",
    "What the live room did to stay quick: joins, catch-up, guarding, shedding",
    ["what", "how"],
)
LAG = Gauge("mentors_loop_lag_seconds", "How late the loop of pages and sockets is")
SHEDDING = Gauge("mentors_shedding_level", "0: nothing is left out; 4: everything that may be")


def meter(what: str, how: str, number: int = 1) -> None:
    """One more of WHAT, by HOW it went."""
    COUNTED.labels(what, how).inc(number)
