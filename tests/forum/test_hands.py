"""Raised hands: one each, in order, through reconnects and restarts; the room hears no names."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import DomainError
from forum import services
from forum.models import Hand
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled
from tests.world import World


def hands(socket: Any) -> dict[str, Any]:
    """What the ticks since the last call say of the hands, put together as a client does."""
    known: dict[str, Any] = {}
    for tick in socket.heard("tick"):
        known |= tick.get("hands", {})
    return known


def test_a_person_is_told_their_number_and_the_room_how_many(table: Table) -> None:
    alice, vera, host = table.inside(table.alice), table.inside(enrolled(table)), table.inside(table.host)
    assert vera("hand", up=1)["r"]["no"] == 1
    assert alice("hand", up=1)["r"]["no"] == 2
    assert hands(alice) == {"up": [1, 2], "called": None, "by": None}
    assert hands(host)["who"] == [[1, "Βέρα Ε."], [2, "Αλίκη Ε."]]


def test_raising_twice_is_once_on_every_device(table: Table) -> None:
    phone, tablet = table.inside(table.alice), table.inside(table.alice)
    assert phone("hand", up=1)["r"]["no"] == 1
    assert [m["no"] for m in tablet.heard("me")] == [1]
    assert tablet("hand", up=1)["r"]["no"] == 1
    assert tablet("hand", up=0)["r"]["no"] is None
    assert [m["no"] for m in phone.heard("me")] == [1, 1, None]
    assert phone.hello(table.code)["r"]["ticks"][0]["hands"]["up"] == []
    assert phone("hand", up=1)["r"]["no"] == 2, "a new hand stands at the end"


def test_the_next_is_called_and_told(table: Table) -> None:
    alice, vera, host = table.inside(table.alice), table.inside(enrolled(table)), table.inside(table.host)
    alice("hand", up=1)
    vera("hand", up=1, named=1)
    for socket in (alice, vera):
        socket.frames()
    assert host("hand:call")["r"] == {"no": 1}
    assert [(m["t"], m["no"], m["called"]) for m in alice.heard("me")] == [("hand", 1, True)]
    assert hands(vera) == {"up": [2], "called": 1, "by": None}, "she didn't ask to be named"
    assert host("hand:call")["r"] == {"no": 2}
    assert [(m["no"], m["called"]) for m in alice.heard("me")] == [(None, False)], "she has spoken"
    assert hands(vera) == {"up": [], "called": 2, "by": "Βέρα Ε."}, "she said the room may hear her name"
    assert host("hand:call")["r"] == {"no": None}
    assert hands(vera) == {"up": [], "called": None, "by": None}


def test_a_moderator_calls_out_of_turn_lowers_one_and_all(table: Table) -> None:
    people = [enrolled(table, f"Π{i}") for i in range(4)]
    for person in people:
        table.act(person, "hand", up=1)
    assert table.act(table.host, "hand:call", no=3) == {"no": 3}
    assert table.act(table.host, "hand:lower", no=2) == {"lowered": [2]}
    assert table.act(table.host, "hand:lower", no=2) == {"lowered": []}
    with pytest.raises(DomainError) as refused:
        table.act(table.host, "hand:call", no=2)
    assert refused.value.code == "not_found"
    assert table.act(table.host, "hand:lower") == {"lowered": [1, 3, 4]}


def test_nobody_hears_a_name_that_was_not_given(table: Table) -> None:
    listener = table.inside(enrolled(table, "Ακροάτρια"))
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    projector, host = table.inside(None, key=key), table.inside(table.host)
    for name in ("Μυστική", "Κρυφή"):
        table.act(enrolled(table, name), "hand", up=1)
    table.act(table.host, "hand:call")
    public = json.dumps([listener.frames(), projector.frames(), listener.hello(table.code)], ensure_ascii=False)
    assert '"called": 1' in public
    assert not [name for name in ("Μυστική", "Κρυφή", '"who"') if name in public]
    assert "Μυστική" in json.dumps(host.frames(), ensure_ascii=False)


def test_the_order_holds_when_many_raise_at_once(table: Table) -> None:
    people = [enrolled(table, f"Π{i}") for i in range(8)]
    numbers: dict[int, int] = {}

    def raise_hand(person: Any) -> None:
        numbers[person.id] = table.act(person, "hand", up=1)["no"]

    threads = [threading.Thread(target=raise_hand, args=(person,)) for person in [*people, *people]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers.values()) == list(range(1, 9))
    with table.world.session() as session:
        assert {hand.user_id: hand.no for hand in session.scalars(select(Hand))} == numbers


def test_a_hand_survives_reconnect_and_restart(table: Table) -> None:
    table.act(table.alice, "hand", up=1)
    services.live(table.world.app).stop()
    del table.world.app.extensions["forum.live"]
    hello = table.socket(table.alice).hello(table.code)["r"]
    assert (hello["me"]["hand"]["no"], hello["me"]["hand"]["called"]) == (1, False)
    assert hello["ticks"][0]["hands"]["up"] == [1]
    assert table.act(table.host, "hand:call") == {"no": 1}


def test_only_learners_raise_hands_and_only_in_an_open_room(table: Table, world: World) -> None:
    for person in (table.host, table.stranger):
        with pytest.raises(DomainError) as refused:
            table.act(person, "hand", up=1)
        assert refused.value.code in {"forbidden", "not_found"}
    table.act(table.alice, "hand", up=1)
    table.act(table.host, "room:close")
    with pytest.raises(DomainError) as refused:
        table.act(table.alice, "hand", up=1)
    assert refused.value.code == "closed"
    with world.session() as session:
        assert session.scalars(select(Hand.state)).all() == ["down"], "closing lowers what was up"


def test_the_forms_without_script(table: Table) -> None:
    alice, host = table.world.client(table.alice), table.world.client(table.host)
    assert alice.post(f"/rooms/{table.code}/hand", data={"up": "1", "named": "1"}).status_code == 303
    assert host.post(f"/rooms/{table.code}/hands/call").status_code == 303
    with table.world.session() as session:
        hand = session.scalars(select(Hand)).one()
        assert (hand.state, hand.named) == ("called", True)
    assert host.post(f"/rooms/{table.code}/hands/lower", data={"no": "1"}).status_code == 303
    assert alice.post(f"/rooms/{table.code}/hands/call").status_code == 403
    assert table.world.client(table.stranger).post(f"/rooms/{table.code}/hand", data={"up": "1"}).status_code == 404
