"""Polls through the services: states, votes, second thoughts, hands, and everything that is refused."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.errors import DomainError
from forum.models import Poll, PollAnswer, PollState, RoomState
from tests.forum.conftest import Table, cid, lay_table
from tests.forum.test_sockets import enrolled
from tests.world import World


def code_of(act: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act(*args, **named)
    assert len(str(refused.value.message)) > 10
    return refused.value.code


def tick(table: Table, user: Any = None) -> Any:
    """What a hello tells USER (the host when none) of the polls that aren't revealed."""
    ticks = table.socket(user or table.host).hello(table.code)["r"]["ticks"]
    return next(told["p"] for told in ticks if "p" in told)


def test_prepared_opened_closed_revealed(table: Table) -> None:
    vera = enrolled(table)
    poll = table.poll("draft")
    assert (poll["state"], poll["rev"], poll["pos"]) == ("draft", 1, 1)
    poll = table.step("open", poll)
    table.choose(table.alice, poll, 2)
    table.choose(vera, poll, 0)
    poll = table.step("close", poll)
    assert "results" not in poll
    poll = table.step("reveal", poll)
    assert poll["results"] == [
        {"n": 2, "rows": [[0, 1, 50.0, 0], [1, 0, 0.0, 0], [2, 1, 50.0, 0]], "facts": {}}
    ]


def test_a_choice_is_changed_until_the_poll_closes_and_a_late_one_is_ignored(table: Table) -> None:
    poll = table.poll()
    assert table.choose(table.alice, poll, 0, n=1) == {"pid": poll["id"], "round": 1, "choice": [0], "n": 1}
    assert table.choose(table.alice, poll, 1, n=5)["choice"] == [1]
    assert table.choose(table.alice, poll, 2, n=4) == {"pid": poll["id"], "round": 1, "choice": [1], "n": 5}
    assert table.choose(table.alice, poll, 1, n=5)["n"] == 5
    assert table.choose(table.alice, poll, "2")["choice"] == [2]
    with table.world.session() as session:
        assert [(a.choice, a.n) for a in session.scalars(select(PollAnswer))] == [("[2]", 6)]
    table.step("close", poll)
    assert code_of(table.choose, table.alice, poll, 0, n=9) == "locked"


def test_what_is_not_taken(table: Table) -> None:
    poll, several = table.poll(), table.poll(kind="multiple", most=2)
    for choice in ([], [3], [-1], ["x"], [0, 1], [0.5]):
        assert code_of(table.choose, table.alice, poll, *choice) == "invalid", choice
    assert code_of(table.choose, table.alice, several, 0, 1, 2) == "invalid"
    assert table.choose(table.alice, several, 2, 0)["choice"] == [0, 2]
    assert code_of(table.choose, table.alice, table.poll("draft"), 0) == "not_found"
    assert code_of(table.choose, table.stranger, poll, 0) == "not_found"
    assert code_of(table.choose, table.alice, poll, 0, round=2) == "locked"
    assert tick(table)[0][2] == 0


def test_who_only_reads_does_not_vote(table: Table) -> None:
    question, poll = table.asked(), table.poll()
    table.choose(table.alice, poll, 0)
    table.moderate("ban", question)
    assert code_of(table.choose, table.alice, poll, 1) == "forbidden"
    assert [row[1] for row in tick(table)[0][3][0]["rows"]] == [1, 0, 0]


def test_a_poll_of_another_room_is_not_there(table: Table, world: World) -> None:
    other = lay_table(world)
    poll = other.poll()
    assert code_of(table.choose, table.alice, poll, 0) == "not_found"
    for command, args in (("poll:close", {"rev": 2}), ("poll:show", {"on": 1}), ("poll:move", {"to": "up"})):
        assert code_of(table.act, table.host, command, pid=poll["id"], **args) == "not_found"
    assert code_of(table.act, table.host, "poll:hands", pid=poll["id"], option=0, count=1) == "not_found"


def test_a_closed_room_takes_no_votes_and_closes_what_runs(table: Table) -> None:
    poll = table.poll()
    table.choose(table.alice, poll, 0)
    table.act(table.host, "room:close")
    assert code_of(table.choose, table.alice, poll, 1) == "closed"
    with table.world.session() as session:
        stored = session.scalars(select(Poll)).one()
        assert (stored.state, stored.shown) == (PollState.CLOSED, False)
        rev = stored.rev
    assert code_of(table.act, table.host, "poll:open", pid=poll["id"], rev=rev) == "closed"
    shown = table.act(table.host, "poll:reveal", pid=poll["id"], rev=rev)["p"]
    assert shown["results"][0]["n"] == 1


def test_prepared_before_the_room_opens_but_not_opened(world: World) -> None:
    table = lay_table(world, RoomState.PLANNED)
    poll = table.poll("draft")
    assert code_of(table.step, "open", poll) == "closed"
    table.act(table.host, "room:open")
    assert table.step("open", poll)["state"] == "open"


def test_second_clicks_and_replays_are_harmless(table: Table) -> None:
    key = cid()
    poll = table.act(table.host, "poll:save", kind="yesno", body="Ναι;", cid=key)["p"]
    assert table.act(table.host, "poll:save", kind="yesno", body="Ναι;", cid=key)["p"] == poll
    opened = table.step("open", poll)
    assert table.step("open", poll)["rev"] == opened["rev"]
    colleague = table.world.stelios()
    with pytest.raises(DomainError) as refused:
        table.act(colleague, "poll:close", pid=poll["id"], rev=poll["rev"])
    assert refused.value.code == "conflict"
    assert refused.value.facts["cur"]["state"] == "open"
    assert code_of(table.step, "reveal", opened) == "locked"
    draft = table.poll("draft")
    for _click in range(2):
        assert table.act(table.host, "poll:delete", pid=draft["id"], rev=draft["rev"]) == {"pid": draft["id"]}


def test_what_was_opened_is_neither_changed_nor_thrown_away(table: Table) -> None:
    poll = table.poll()
    args = {"pid": poll["id"], "rev": poll["rev"]}
    assert code_of(table.act, table.host, "poll:save", kind="yesno", body="Άλλο;", **args) == "locked"
    assert code_of(table.act, table.host, "poll:delete", **args) == "locked"


def test_an_unfinished_poll_does_not_open(table: Table) -> None:
    assert code_of(table.poll, options=["Μία"]) == "invalid"
    assert code_of(table.poll, kind="quiz") == "invalid"
    assert table.poll(kind="quiz", right=[1])["state"] == "open"


def test_the_prepared_order_is_changed(table: Table) -> None:
    first, second = table.poll("draft", body="Πρώτη;"), table.poll("draft", body="Δεύτερη;")
    moved = table.act(table.host, "poll:move", pid=second["id"], to="up")["p"]
    assert moved["pos"] == 1
    assert table.act(table.host, "poll:move", pid=second["id"], to="up")["p"]["pos"] == 1
    hello = table.socket(table.host).hello(table.code)["r"]["snapshot"]
    assert [poll["id"] for poll in hello["polls"]] == [second["id"], first["id"]]


def test_hands_of_the_hall_stand_beside_the_votes(table: Table) -> None:
    poll = table.poll()
    table.choose(table.alice, poll, 0)
    for count in (12, 14):
        table.act(table.host, "poll:hands", pid=poll["id"], option=1, count=count)
    poll = table.step("reveal", table.step("close", poll))
    assert poll["results"][0]["n"] == 1
    assert poll["results"][0]["rows"] == [[0, 1, 6.7, 0], [1, 0, 0.0, 14], [2, 0, 0.0, 0]]
    assert code_of(table.act, table.host, "poll:hands", pid=poll["id"], option=1, count=1) == "locked"


def test_hands_are_counted_only_where_one_chooses(table: Table) -> None:
    poll = table.poll(kind="cloud")
    assert code_of(table.act, table.host, "poll:hands", pid=poll["id"], option=0, count=1) == "locked"
    poll = table.poll(kind="yesno")
    assert code_of(table.act, table.host, "poll:hands", pid=poll["id"], option=2, count=1) == "not_found"


def test_two_rounds_are_shown_together(table: Table) -> None:
    vera = enrolled(table)
    poll = table.poll(kind="peer", right=[1])
    table.choose(table.alice, poll, 0)
    table.choose(vera, poll, 1)
    closed = table.step("close", poll)
    assert code_of(table.step, "reveal", closed) == "locked"
    second = table.step("again", closed)
    assert (second["state"], second["round"]) == ("open", 2)
    assert code_of(table.choose, table.alice, poll, 1) == "locked"
    table.choose(table.alice, second, 1)
    closed = table.step("close", second)
    assert code_of(table.step, "again", closed) == "locked"
    shown = table.step("reveal", closed)
    assert [[row[1] for row in result["rows"]] for result in shown["results"]] == [[1, 1, 0], [0, 1, 0]]
    assert shown["right"] == [1]


def test_closed_too_early_it_goes_on(table: Table) -> None:
    poll = table.poll("closed")
    poll = table.step("open", poll)
    assert table.choose(table.alice, poll, 0)["choice"] == [0]


def test_short_texts_are_shown_when_they_are_chosen(table: Table) -> None:
    vera = enrolled(table)
    poll = table.poll(kind="text")
    table.choose(table.alice, poll, "Μια καλή σκέψη")
    table.choose(vera, poll, "Κάτι άσχετο")
    texts = tick(table)[0][3][0]["texts"]
    assert [(text, picked) for _id, text, picked in texts] == [("Μια καλή σκέψη", False), ("Κάτι άσχετο", False)]
    args = {"pid": poll["id"], "answer": texts[0][0], "on": 1}
    assert table.act(table.host, "poll:pick", **args)["on"] == 1
    poll = table.step("reveal", table.step("close", poll))
    seen = table.socket(table.alice).hello(table.code)["r"]["snapshot"]["polls"][0]["results"]
    assert seen == [{"n": 2, "rows": [["Μια καλή σκέψη", None, 0.0, 0]], "facts": {}}]
    table.act(table.host, "poll:pick", **args | {"on": 0})
    seen = table.socket(table.alice).hello(table.code)["r"]["snapshot"]["polls"][0]["results"]
    assert seen[0]["rows"] == []


def test_one_poll_on_the_screen_until_a_question_takes_its_place(table: Table) -> None:
    first = table.poll()
    second = table.poll()

    def on_screen() -> Any:
        return table.socket(table.alice).hello(table.code)["r"]["snapshot"]["poll"]

    assert on_screen() == second["id"]
    table.act(table.host, "poll:show", pid=first["id"], on=1)
    assert on_screen() == first["id"]
    table.moderate("answering", table.asked())
    assert on_screen() is None
    table.act(table.host, "poll:show", pid=first["id"], on=1)
    table.act(table.host, "poll:show", pid=first["id"], on=0)
    assert on_screen() is None
