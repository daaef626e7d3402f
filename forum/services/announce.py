"""Saying what was stored: events to each audience in order, letters to persons, counts four times a second."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from flask import Flask
from gevent.monkey import is_module_patched

from core.live import NAMESPACE, socketio
from core.log import log
from forum import queries
from forum.models import Stream
from forum.protocol import EVENTS, ME, TICK, Audience, audience, events_payload
from forum.services import catchup, later, presence, ticks
from forum.services.desk import Desk
from forum.services.guard import Guard
from forum.services.reading import readings
from forum.services.shedding import Light, shedding

TICK_SECONDS = 0.25
SLOW_SECONDS = 1.0  # between two ticks of a room with more than MANY sockets
MANY = 1000
VOICES = "v"
GUARD_SECONDS = 1.0
DUE_SECONDS = 1.0
HEADS_SECONDS = 10.0
SWEEP_SECONDS = 15.0

_lock = threading.Lock()
_counted: dict[int, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))

Reader = Callable[[int, set[Any]], dict[Audience, Any]]


def _voices(room_id: int, qids: set[Any]) -> dict[Audience, Any]:
    return {Audience.TICK: queries.counts(room_id, qids)}


# {kind of tick: what the room's audiences get of what changed}. A kind is the field's name in the tick. Values are read
# when they are sent, not carried over: another process may have counted meanwhile.
READERS: dict[str, Reader] = {VOICES: _voices, **ticks.READERS}
WITH_HELLO = frozenset({VOICES, *ticks.READERS})  # what a hello brings; all else of a tick is in snapshots


def emit(event: str, payload: Any, to: str) -> None:
    socketio.emit(event, payload, namespace=NAMESPACE, to=to)


def announce(desks: list[Desk]) -> None:
    """What the stored commands of one room left behind: mod, proj, pub, then persons, in order."""
    room_id, epoch = desks[0].order.room_id, desks[0].epoch
    for stream, parts in (
        (Stream.MOD, (Audience.MOD,)),
        (Stream.PUB, (Audience.PROJ, Audience.PUB)),
    ):
        entries = [entry for desk in desks for entry in desk.entries if entry.stream is stream]
        if entries:
            payload = events_payload(epoch, stream, entries)
            for part in parts:
                emit(EVENTS, payload, audience(room_id, part))
    for desk in desks:
        for to, letter in desk.letters:
            emit(ME, letter, to)
    for desk in desks:
        for kind, changed in desk.counted.items():
            count(room_id, kind, changed)


def count(room_id: int, kind: str, changed: set[Any]) -> None:
    """CHANGED of KIND goes out with the room's next tick."""
    with _lock:
        _counted[room_id][kind] |= changed


# Kinds that are left out while the loop is late, and when.
LIGHT = {"rx": Light.REACTIONS, "away": Light.PRESENCE}


def _shed(kind: str) -> bool:
    return kind in LIGHT and shedding.sheds(LIGHT[kind])


def _take_counted(waits: Callable[[int], bool]) -> dict[int, dict[str, set[Any]]]:
    """What changed in each room whose tick is due."""
    with _lock:
        return {room_id: _counted.pop(room_id) for room_id in list(_counted) if not waits(room_id)}


def _payloads(room_id: int, changed: dict[str, set[Any]]) -> dict[Audience, dict[str, Any]]:
    """What each audience gets in this tick, every value absolute."""
    payloads: dict[Audience, dict[str, Any]] = defaultdict(dict)
    for kind, what in changed.items():
        for part, value in READERS[kind](room_id, what).items():
            payloads[part][kind] = value
    return payloads


def standing(room_id: int, parts: Collection[Audience]) -> list[dict[str, Any]]:
    """The ticks that bring somebody who hears PARTS to where the room stands, besides the voices."""
    now = readings().now(room_id)
    if not now.ticks:
        now.ticks.update(_payloads(room_id, {kind: set() for kind in ticks.STORED}))
    fresh = _payloads(room_id, {kind: set() for kind in ticks.REMEMBERED})
    values = ({**now.ticks.get(part, {}), **fresh.get(part, {})} for part in parts)
    return [value for value in values if value]


class Ticker:
    """Absolute counts of what changed, heads of the streams, and the sweep of people who lost their seat.

    DUE does what has come to its moment, once a second.
    """

    def __init__(self, app: Flask, due: Callable[[], None]) -> None:
        self.app, self.due, self.guard = app, due, Guard()
        self.on: dict[int, int] = {}
        self.ticked: dict[int, float] = {}  # when the last tick of a large room went out
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, name="room-ticker", daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join(10)

    def _run(self) -> None:
        begun = time.monotonic()
        last = {act: begun for act, _seconds in self.duties}
        while not self.stopped.wait(TICK_SECONDS):
            now = time.monotonic()
            if is_module_patched("threading"):  # there is a loop that everything shares
                shedding.lag(max(0.0, now - begun - TICK_SECONDS), now)
            try:
                with self.app.app_context():
                    for act, seconds in self.duties:
                        if now - last[act] > seconds:
                            last[act] = now
                            act()
            except Exception as error:  # noqa: BLE001 - the next tick is absolute again
                log.error("room tick failed", exc_info=error)
            begun = time.monotonic()

    @property
    def duties(self) -> tuple[tuple[Callable[[], None], float], ...]:
        """What is done how often, in seconds."""
        return (
            (self.tick, 0.0),
            (self.look, GUARD_SECONDS),
            (self.due, DUE_SECONDS),
            (tell_heads, HEADS_SECONDS),
            (presence.sweep, SWEEP_SECONDS),
        )

    def look(self) -> None:
        """Let the guard see to slow connections, and tell those who caught up what they missed."""
        for room_id, missed in self.guard.look().items():
            self.on.pop(room_id, None)
            for kind, what in missed.items():
                count(room_id, kind, what)

    def tick(self) -> None:
        """The tick of every room that is due: what changed, and how many are in when that did."""
        for room_id, kind in later.due():
            count(room_id, kind, set())
        waiting = self._waiting()
        counted, seats = _take_counted(waiting.__contains__), presence.people()
        for room_id in (counted.keys() | seats.keys() | self.on.keys()) - waiting:
            changed = {kind: what for kind, what in counted.get(room_id, {}).items() if not _shed(kind)}
            self.guard.told(room_id, changed)
            if changed.keys() - WITH_HELLO:
                catchup.snapshots().told_more(room_id)
            payloads = _payloads(room_id, changed)
            on = seats.get(room_id, 0)
            if on != self.on.get(room_id, 0) and not shedding.sheds(Light.PRESENCE):
                payloads.setdefault(Audience.TICK, {})["on"] = self.on[room_id] = on
            for part, payload in payloads.items():
                emit(TICK, payload, audience(room_id, part))
        self.on = {room_id: on for room_id, on in self.on.items() if on}

    def _waiting(self) -> set[int]:
        """Rooms whose turn is not yet: a large one hears at most once in SLOW_SECONDS."""
        now = time.monotonic()
        most = 0 if shedding.sheds(Light.TICKS) else MANY
        large = {room_id for room_id, number in presence.sockets().items() if number > most}
        waiting = {room_id for room_id in large if now - self.ticked.get(room_id, 0.0) < SLOW_SECONDS - 0.01}
        self.ticked = {room_id: self.ticked[room_id] if room_id in waiting else now for room_id in large}
        return waiting


def tell_heads() -> None:
    """The head of each stream to its audience, so that a loss at the tail is noticed too."""
    for room_id, _epoch, pub, mod in queries.heads(presence.people()):
        emit(TICK, {"h": mod}, audience(room_id, Audience.MOD))
        for part in (Audience.PROJ, Audience.PUB):
            emit(TICK, {"h": pub}, audience(room_id, part))
