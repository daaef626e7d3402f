"""What of a poll reaches whom: nothing of an unrevealed result or a solution leaves for the room, nobody is named."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from sqlalchemy import text

from core.errors import DomainError
from forum import services
from forum.models import PollAnswer, Room
from tests.forum.conftest import Socket, Table
from tests.forum.test_sockets import enrolled

WHY = "Μυστική εξήγηση"


def listeners(table: Table) -> tuple[Socket, Socket, Socket]:
    """A learner, a projector and the host, who hear everything from now on."""
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    return table.inside(enrolled(table, "Ακροάτρια")), table.inside(None, key=key), table.inside(table.host)


def written(*sockets: Socket) -> str:
    return json.dumps([socket.frames() for socket in sockets], ensure_ascii=False)


def test_votes_of_a_running_poll_are_told_to_moderators_alone(table: Table) -> None:
    learner, projector, host = listeners(table)
    poll = table.poll()
    table.choose(table.alice, poll, 2)
    told = [
        [line for frame in socket.frames() if frame["name"] == "tick" for line in frame["args"][0].get("p", [])][-1]
        for socket in (learner, projector)
    ]
    assert told == [[poll["id"], 1, 1]] * 2
    lines = [line for frame in host.heard("tick") for line in frame.get("p", [])]
    assert [result["rows"][2] for result in lines[-1][3]] == [[2, 1, 100.0, 0]]


def test_a_poll_that_shows_its_bars_says_so_and_tells_everybody(table: Table) -> None:
    learner, _projector, _host = listeners(table)
    poll = table.poll(live=1)
    table.choose(table.alice, poll, 2)
    lines = [line for frame in learner.heard("tick") for line in frame.get("p", [])]
    assert lines[-1][3][0]["rows"][2] == [2, 1, 100.0, 0]
    assert table.step("close", poll)["state"] == "revealed"
    assert table.poll("draft", kind="quiz", right=[0], live=1)["live"] is False
    assert table.poll("draft", kind="text", live=1)["live"] is False


def whole_meeting(table: Table, people: list[Any], hears: Any) -> None:
    """Polls of every kind with votes and hands, up to their reveal; HEARS is called before each one."""
    chance = random.Random(5)
    for kind in ("single", "quiz", "peer", "scale", "yesno", "multiple"):
        poll = table.poll(kind=kind, right=[1], why=f"{WHY} {kind}", most=2 if kind == "multiple" else 1)
        for person in people:
            table.choose(person, poll, chance.randrange(2))
        table.act(table.host, "poll:hands", pid=poll["id"], option=1, count=7731)
        poll = table.step("close", poll)
        if kind == "peer":
            poll = table.step("again", poll)
            for person in people:
                table.choose(person, poll, 1)
            poll = table.step("close", poll)
        hears()
        table.step("reveal", poll)
        hears(clear=True)


def test_the_room_hears_no_result_and_no_solution_before_the_reveal(table: Table) -> None:
    learner, projector, host = listeners(table)
    people = [table.alice, *[enrolled(table, f"Ψ{i}") for i in range(3)]]
    pages = [table.world.client(table.alice), table.world.client(table.host)]

    def hears(*, clear: bool = False) -> None:
        heard = written(learner, projector)
        if clear:
            assert '"results"' in heard
            return
        late = table.socket(table.alice)
        fresh = json.dumps([p for p in late.hello(table.code)["r"]["snapshot"]["polls"] if p["state"] != "revealed"])
        screen = pages[1].get(f"/rooms/{table.code}/screen").text
        assert '"poll.closed"' in heard
        for words in (heard, fresh):
            assert not [key for key in ('"results"', '"right"', '"why"', '"number"', '"who"', "7731") if key in words]
            assert WHY not in words
        for page in (screen, pages[0].get(f"/rooms/{table.code}").text):
            now = page[page.index('data-state="closed"') :] if 'data-state="closed"' in page else page
            card = now.split("</article>")[0] if page != screen else screen
            assert WHY not in card
            assert "7731" not in card
        assert "7731" in written(host)

    whole_meeting(table, people, hears)
    everything = written(learner, projector, host)
    for person in people:
        assert str(person.pid) not in everything


def test_a_draft_is_not_even_named(table: Table) -> None:
    learner, projector, host = listeners(table)
    poll = table.poll("draft", body="Μυστική ερώτηση", kind="quiz", right=[0])
    table.act(table.host, "poll:move", pid=poll["id"], to="down")
    table.act(table.host, "poll:delete", pid=poll["id"], rev=poll["rev"])
    assert "poll" not in written(learner, projector)
    assert "Μυστική ερώτηση" in written(host)


def test_an_anonymous_vote_keeps_no_person_and_differs_from_poll_to_poll(table: Table) -> None:
    first, second = table.poll(anonymous=1), table.poll(anonymous=1)
    for poll in (first, second):
        table.choose(table.alice, poll, 0)
        assert table.choose(table.alice, poll, 1, n=2)["choice"] == [1]
    with table.world.session() as session:
        answers = session.query(PollAnswer).all()
        assert len({answer.voter_hash for answer in answers}) == len(answers) == 2
        for name in ("poll_answers", "room_events", "room_commands"):
            rows = session.execute(text(f"SELECT * FROM {name}")).mappings()  # noqa: S608 - our own names
            assert all(row.get("user_id") != table.alice.id for row in rows), name
    hello = table.socket(table.alice).hello(table.code)["r"]["me"]["ballots"]
    assert hello == [[first["id"], 1, [1], 2], [second["id"], 1, [1], 2]]
    assert table.socket(enrolled(table)).hello(table.code)["r"]["me"]["ballots"] == []


def test_without_the_rooms_key_nobody_votes_anonymously(table: Table) -> None:
    poll = table.poll(anonymous=1)
    table.choose(table.alice, poll, 0)
    with table.world.session() as session:
        session.get_one(Room, table.room_id).asker_key = None
        session.commit()
    with pytest.raises(DomainError) as refused:
        table.choose(table.alice, poll, 1)
    assert refused.value.code == "closed"
    assert table.socket(table.alice).hello(table.code)["r"]["me"]["ballots"] == []
