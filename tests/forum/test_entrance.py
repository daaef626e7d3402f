"""The door: so many newcomers a second, a turn for each of the others; whoever comes back passes by."""

from __future__ import annotations

import pytest

from forum.services import entrance
from forum.services.entrance import BURST, RATE, Door
from forum.services.refusals import Busy
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def turned_away(door: Door, now: float) -> int:
    with pytest.raises(Busy) as refusal:
        door.admit(now)
    return int(refusal.value.facts["retry_ms"])


def test_each_of_a_crowd_gets_a_turn_of_their_own() -> None:
    door = Door(0.0)
    for _ in range(int(BURST)):
        door.admit(0.0)
    turns = [turned_away(door, 0.0) for _ in range(int(RATE) * 2)]
    jitter = 1000 * entrance.JITTER + 2
    for number, turn in enumerate(turns):
        assert 0 <= turn - 1000 * (number + 1) / RATE <= jitter
    door.admit(1 / RATE)  # the first of them, in time
    turned_away(door, 1 / RATE)
    for _ in range(int(BURST)):
        door.admit(60.0)
    turned_away(door, 60.0)


def test_a_newcomer_waits_and_who_comes_back_does_not(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, vera = table.socket(table.alice), table.socket(enrolled(table))
    hello = alice.hello(table.code)["r"]
    table.world.app.config["RATELIMIT_ENABLED"] = True
    monkeypatch.setattr(entrance, "BURST", 0.0)
    ack = vera.hello(table.code)
    assert (ack["ok"], ack["err"]) == (False, "busy")
    assert ack["retry_ms"] > 0
    assert alice.hello(table.code, resume={"pub": [hello["epoch"], hello["snapshot"]["s"]]})["ok"]
    for no_resume in ({"pub": ["other", 1]}, {"pub": 5}, {"pub": []}, [], "x"):
        assert alice.hello(table.code, resume=no_resume)["err"] == "busy"
