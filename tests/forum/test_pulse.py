"""Pulse, the silent check and reactions: shares, never names; they fade by themselves."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import update

from core.db import utcnow
from core.errors import DomainError
from forum.models import Pulse
from forum.services import later, reactions
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def shares(socket: Any) -> Any:
    return [tick["pulse"] for tick in socket.heard("tick") if "pulse" in tick][-1]


def test_moderators_see_shares_and_the_room_its_own_choice(table: Table) -> None:
    alice, vera, host = table.inside(table.alice), table.inside(enrolled(table)), table.inside(table.host)
    assert alice("pulse", level="lost")["r"] == {
        "t": "pulse", "room": table.code, "level": "lost", "ms": pytest.approx(300_000, abs=5000),
    }
    vera("pulse", level="clear")
    assert shares(host) == {"lost": 1, "fast": 0, "clear": 1}
    alice("pulse", level="clear")
    vera("pulse", level="none")
    assert shares(host) == {"lost": 0, "fast": 0, "clear": 1}
    assert [m["level"] for m in vera.heard("me")] == ["clear", None]
    assert "pulse" not in json.dumps(alice.heard("tick"))
    assert "Αλίκη" not in json.dumps(host.frames(), ensure_ascii=False)


def test_a_pulse_fades_after_five_minutes_and_is_counted_again(table: Table) -> None:
    host = table.inside(table.host)
    table.act(table.alice, "pulse", level="fast")
    assert shares(host) == {"lost": 0, "fast": 1, "clear": 0}
    with table.world.session() as session:
        session.execute(update(Pulse).values(at=utcnow() - dt.timedelta(minutes=5, seconds=1)))
        session.commit()
    later.again(table.room_id, "pulse", -1.0)  # its time has come
    assert shares(host) == {"lost": 0, "fast": 0, "clear": 0}
    assert table.socket(table.alice).hello(table.code)["r"]["me"]["pulse"]["level"] is None


def test_the_silent_check_asks_anew_and_shows_only_when_revealed(table: Table) -> None:
    alice, host = table.inside(table.alice), table.inside(table.host)
    alice("pulse", level="clear")
    assert host("check:ask")["r"]["check"]["no"] == 1
    assert shares(host) == {"lost": 0, "fast": 0, "clear": 0}, "everybody is asked anew"
    alice("pulse", level="lost")
    heard = [e["d"] for m in alice.heard() for e in m["l"]]
    assert [(d["state"], d["result"]) for d in heard] == [("asked", None)]
    host("check:reveal")
    assert host("check:reveal")["r"]["check"]["rev"] == 2, "a second click changes nothing"
    assert [e["d"]["result"] for m in alice.heard() for e in m["l"]] == [{"lost": 1, "fast": 0, "clear": 0}]
    hello = table.socket(table.alice).hello(table.code)["r"]
    assert hello["snapshot"]["check"]["result"]["lost"] == 1
    host("check:close")
    assert table.socket(table.alice).hello(table.code)["r"]["snapshot"]["check"] is None
    assert host("check:reveal")["err"] == "locked"


def test_asking_again_ends_the_check_before(table: Table) -> None:
    assert [table.act(table.host, "check:ask")["check"]["no"] for _ in range(2)] == [1, 2]
    assert table.act(table.host, "check:close")["check"]["state"] == "closed"
    assert table.act(table.host, "check:close")["check"]["rev"] == 2


def test_reactions_are_counts_of_ten_seconds_without_names(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    alice, vera, host = table.inside(table.alice), table.inside(enrolled(table)), table.inside(table.host)
    for socket, kind in ((alice, "thanks"), (vera, "thanks"), (host, "laugh")):
        assert socket("react", k=kind)["ok"]
    ticks = [tick["rx"] for tick in vera.heard("tick") if "rx" in tick]
    assert ticks[-1] == [reactions.PROCESS, {"thanks": 2, "laugh": 1}]
    monkeypatch.setattr(reactions, "WINDOW_SECONDS", 0.0)
    later.again(table.room_id, "rx", -1.0)
    assert [tick["rx"] for tick in vera.heard("tick") if "rx" in tick][-1] == [reactions.PROCESS, {}]


def test_one_reaction_in_two_seconds(table: Table) -> None:
    table.world.app.config["RATELIMIT_ENABLED"] = True
    alice, vera = table.inside(table.alice), table.inside(enrolled(table))
    assert alice("react", k="agree")["ok"]
    ack = alice("react", k="agree")
    assert (ack["err"], 0 < ack["retry_ms"] <= 2001) == ("rate", True)
    assert vera("react", k="agree")["ok"]


def test_a_closed_room_takes_neither(table: Table) -> None:
    table.act(table.host, "room:close")
    for command, args in (("react", {"k": "thanks"}), ("pulse", {"level": "clear"}), ("hand", {"up": 1})):
        with pytest.raises(DomainError) as refused:
            table.act(table.alice, command, **args)
        assert refused.value.code == "closed"


def test_the_forms_without_script(table: Table) -> None:
    alice, host = table.world.client(table.alice), table.world.client(table.host)
    for client, path, data in (
        (host, "check/ask", {}),
        (alice, "pulse", {"level": "clear"}),
        (alice, "react", {"k": "applause"}),
        (host, "check/reveal", {}),
        (host, "check/close", {}),
    ):
        assert client.post(f"/rooms/{table.code}/{path}", data=data).status_code == 303
    assert alice.post(f"/rooms/{table.code}/check/ask").status_code == 403
    assert alice.post(f"/rooms/{table.code}/pulse", data={"level": "angry"}).status_code == 422
