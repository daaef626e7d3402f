"""Slow connections lose their ticks, then themselves; floods are cut off; under lag the least needed goes first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from engineio import packet

from core.fanout import WiredSocket
from core.live import NAMESPACE, socketio
from forum import events, services
from forum.services import guard, presence
from forum.services.announce import count
from forum.services.limits import PATIENCE, RATES, Buckets
from forum.services.refusals import Flood, TooFast
from forum.services.shedding import CALM, LATE, STEP, Light, Shedding, shedding
from tests.forum.conftest import Socket, Table
from tests.forum.test_sockets import TEXT, enrolled


@pytest.fixture
def slow(table: Table) -> Iterator[tuple[Socket, WiredSocket]]:
    """Αλίκη, and the connection behind her socket, on which we let packets wait."""
    alice = table.inside(table.alice)
    engine = WiredSocket(socketio.server.eio, alice.client.eio_sid)
    socketio.server.eio.sockets[engine.sid] = engine
    yield alice, engine
    socketio.server.eio.sockets.pop(engine.sid, None)


def waits(engine: WiredSocket, number: int) -> None:
    for _ in range(number):
        engine.send(packet.Packet(packet.MESSAGE, "x"))


def look(table: Table) -> None:
    with table.world.app.app_context():
        services.live(table.world.app).ticker.look()


def ticks(socket: Socket) -> list[dict[str, Any]]:
    return socket.heard("tick")


def test_who_is_behind_hears_no_ticks_and_then_what_was_missed(
    table: Table, slow: tuple[Socket, WiredSocket]
) -> None:
    alice, engine = slow
    vera, question = table.inside(enrolled(table)), table.asked()
    for socket in (alice, vera):
        socket.frames()
    waits(engine, guard.BEHIND + 1)
    look(table)
    vera("question:vote", qid=question["id"], val=1, n=1)
    assert [tick["v"] for tick in ticks(vera)] == [[[question["id"], 1]]]
    assert ticks(alice) == []
    assert alice("question:ask", body=TEXT, vis="name")["ok"]  # acks and events reach everybody always
    engine.poll()
    look(table)
    assert [tick["v"] for tick in ticks(alice) if "v" in tick] == [[[question["id"], 1]]]


def test_who_is_far_behind_is_cut_off(table: Table, slow: tuple[Socket, WiredSocket]) -> None:
    alice, engine = slow
    sid = socketio.server.manager.sid_from_eio_sid(engine.sid, NAMESPACE)
    waits(engine, guard.FAR)
    look(table)
    assert not engine.closed
    waits(engine, 1)
    look(table)
    assert engine.closed
    assert presence.find(sid) is None
    assert table.room_id not in presence.people()
    assert services.live(table.world.app).ticker.guard.quiet == {}
    assert alice.client is not None


def test_a_flood_is_ten_times_the_limit() -> None:
    buckets, (burst, _rate) = Buckets(), RATES["question:ask"]
    said: list[type[Exception] | None] = []
    for _ in range(burst * PATIENCE + 1):
        try:
            buckets.take(1, "question:ask", now=0.0)
            said.append(None)
        except (TooFast, Flood) as refusal:
            said.append(type(refusal))
    assert said == [None] * burst + [TooFast] * (burst * (PATIENCE - 1)) + [Flood]
    buckets.take(1, "question:ask", now=3600.0)


@pytest.mark.parametrize(("command", "fields"), [("question:ask", {"body": TEXT, "vis": "name"}), ("nonsense", {})])
def test_a_flooder_is_told_and_loses_the_connection(
    table: Table, monkeypatch: pytest.MonkeyPatch, command: str, fields: dict[str, Any]
) -> None:
    table.world.app.config["RATELIMIT_ENABLED"] = True
    monkeypatch.setattr(events, "HOLD", 0.05)
    alice, vera = table.inside(table.alice), table.inside(enrolled(table))
    limit = "refused" if command == "nonsense" else command
    burst, _rate = RATES[limit]
    monkeypatch.setitem(RATES, limit, (burst, 1e-6))  # nothing is given back, however slow the machine
    sid = next(guest.sid for guest in presence._guests.values() if guest.user_id == table.alice.id)
    errors = [alice(command, **fields).get("err") for _ in range(burst + 1)]
    assert errors[-1] == "rate"
    for _ in range(burst * PATIENCE * 5):
        if presence.find(sid) is None:
            break
        with suppress(RuntimeError, KeyError):  # the socket is gone
            errors.append(alice(command, **fields)["err"])
    assert set(errors[burst:]) == {"rate"}
    assert presence.find(sid) is None
    assert vera("question:ask", body=TEXT, vis="name")["ok"]


def test_what_goes_first_under_lag() -> None:
    late, level = Shedding(), []
    now = 100.0
    for _ in range(5):
        late.lag(LATE * 2, now)
        level.append(late.level)
        now += STEP
    assert level == [1, 2, 3, 4, 4]
    late.lag(LATE * 2, now)
    late.lag(0.0, now + CALM / 2)
    assert late.sheds(Light.HINTS)
    for step in range(1, 5):
        late.lag(0.0, now + step * CALM)
    assert not late.sheds(Light.REACTIONS)


def test_under_lag_acks_and_events_still_go_out(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shedding, "level", max(Light))
    alice, vera = table.inside(table.alice), table.inside(enrolled(table))
    question = table.asked()
    assert [event["s"] for message in alice.heard() for event in message["l"]] == [1]
    ticker = services.live(table.world.app).ticker
    ticker.ticked[table.room_id] = float("inf")  # its second isn't over
    assert vera("question:vote", qid=question["id"], val=1, n=1)["ok"]
    assert ticks(alice) == []
    ticker.ticked[table.room_id] = 0.0
    count(table.room_id, "rx", {"1"})
    table.inside(enrolled(table, "Νίκα"))
    assert ticks(alice) == [{"v": [[question["id"], 1]]}]  # no reactions, not who came
