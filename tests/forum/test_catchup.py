"""Coming back: from memory, in pages, or with a snapshot that is rendered once and never old."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from sqlalchemy import insert, update

from core.revisions import Revision
from forum import services
from forum.models import Room, RoomEvent, Stream
from forum.protocol import INLINE_EVENTS, PAGE_EVENTS, PAGED_EVENTS
from forum.services import catchup, snapshots
from forum.services.announce import READERS, count
from forum.services.metrics import COUNTED
from forum.services.reading import readings
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def counted(what: str, how: str) -> float:
    return COUNTED.labels(what, how)._value.get()


def history(table: Table, number: int) -> None:
    """NUMBER events that change nothing, as another process would leave them."""
    with table.world.session() as session:
        room = session.get_one(Room, table.room_id)
        rows = [
            {"room_id": room.id, "stream": Stream.PUB, "seq": n, "type": "nothing", "data": {"n": n}, "hash": "0"}
            for n in range(room.pub_seq + 1, room.pub_seq + number + 1)
        ]
        session.execute(insert(RoomEvent), rows)
        room.pub_seq += number
        session.commit()


def resume(epoch: str, last: int) -> dict[str, Any]:
    return {"resume": {"pub": [epoch, last]}}


def test_what_was_missed_comes_from_memory(table: Table) -> None:
    alice, vera = table.socket(table.alice), table.socket(enrolled(table))
    epoch = alice.hello(table.code)["r"]["epoch"]
    history(table, INLINE_EVENTS)
    hits, memory = counted("ring", "hit"), counted("catch-up", "memory")
    events = alice.hello(table.code, **resume(epoch, 0))["r"]["events"]
    assert [event["s"] for event in events] == list(range(1, INLINE_EVENTS + 1))
    history(table, 2)
    assert [e["s"] for e in vera.hello(table.code, **resume(epoch, 999))["r"]["events"]] == [1000, 1001, 1002]
    assert vera.hello(table.code, **resume(epoch, 1002))["r"]["events"] == []
    assert (counted("ring", "hit") - hits, counted("catch-up", "memory") - memory) == (3, 3)
    with table.world.session() as session:  # as when names are erased from what events carry
        session.execute(update(Room).values(epoch="another"))
        session.commit()
    assert "events" not in vera.hello(table.code, **resume(epoch, 1001))["r"]


def test_further_back_it_comes_in_pages(table: Table) -> None:
    alice = table.socket(table.alice)
    epoch = alice.hello(table.code)["r"]["epoch"]
    history(table, PAGED_EVENTS)
    answer = alice.hello(table.code, **resume(epoch, 0))["r"]
    seen = [event["s"] for event in answer["events"]]
    assert (len(seen), answer["more"]) == (PAGE_EVENTS, True)
    while answer["more"]:
        answer = alice("room:sync", epoch=epoch, **{"from": seen[-1]})["r"]
        seen += [event["s"] for event in answer["events"]]
    assert seen == list(range(1, PAGED_EVENTS + 1))


def test_from_too_far_back_only_a_snapshot_helps(table: Table) -> None:
    alice = table.socket(table.alice)
    epoch = alice.hello(table.code)["r"]["epoch"]
    history(table, PAGED_EVENTS + 1)
    assert alice.hello(table.code, **resume(epoch, 0))["r"]["snapshot"]["s"] == PAGED_EVENTS + 1
    assert alice("room:sync", epoch=epoch, **{"from": 0})["r"]["snapshot"]["s"] == PAGED_EVENTS + 1
    assert "snapshot" in alice("room:sync", epoch=epoch, **{"from": PAGED_EVENTS + 9})["r"]


def fetched(table: Table, user: Any, url: str, **headers: str) -> Any:
    return table.world.client(user).get(url, headers=headers)


def test_a_large_snapshot_is_fetched_rendered_once_and_compressed(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "SMALL", 0)
    question = table.asked()
    before = counted("snapshot", "rendered")
    people = [table.alice, enrolled(table), enrolled(table, "Νίκος")]
    answers = [table.socket(person).hello(table.code)["r"] for person in people]
    urls = {answer["snapshot_url"] for answer in answers}
    assert urls == {f"/rooms/{table.code}/snapshot"}
    url = urls.pop()
    sent = [fetched(table, person, url, **{"Accept-Encoding": "gzip"}) for person in people]
    assert {answer.headers["Content-Encoding"] for answer in sent} == {"gzip"}
    assert counted("snapshot", "rendered") - before == 1
    said = json.loads(gzip.decompress(sent[0].data))
    assert said["epoch"] == answers[0]["epoch"]
    assert [q["id"] for q in said["snapshot"]["questions"]] == [question["id"]]
    assert said == fetched(table, table.alice, url).json
    again = fetched(table, table.alice, url, **{"If-None-Match": sent[0].headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_snapshot_is_never_older_than_the_room(table: Table) -> None:
    url = f"/rooms/{table.code}/snapshot"
    first = fetched(table, table.alice, url)
    assert first.json["snapshot"]["questions"] == []
    question = table.asked()
    now = fetched(table, table.alice, url, **{"If-None-Match": first.headers["ETag"]})
    assert [q["id"] for q in now.json["snapshot"]["questions"]] == [question["id"]]
    table.moderate("answering", question)
    assert fetched(table, table.alice, url).json["snapshot"]["questions"][0]["state"] == "answering"


def test_what_a_tick_told_is_in_the_next_snapshot(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "x", lambda _room, _what: {})
    value = {"x": 1}
    monkeypatch.setattr(catchup, "PARTS", (*catchup.PARTS, lambda _room, _stream: dict(value)))
    alice = table.inside(table.alice)
    assert alice.hello(table.code)["r"]["snapshot"]["x"] == 1
    value["x"] = 2
    count(table.room_id, "x", {1})
    alice.frames()
    assert alice.hello(table.code)["r"]["snapshot"]["x"] == 2


def test_whose_snapshot_it_is(table: Table) -> None:
    table.ask(table.alice, body="Περιμένει;")
    shown = table.asked(body="Φαίνεται;")
    url = f"/rooms/{table.code}/snapshot"

    def bodies(answer: Any) -> list[str]:
        return [q["body"] for q in answer.json["snapshot"]["questions"]]

    assert bodies(fetched(table, table.host, url)) == ["Περιμένει;", "Φαίνεται;"]
    assert bodies(fetched(table, table.alice, url)) == ["Φαίνεται;"]
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    assert bodies(fetched(table, None, f"{url}?key={key}")) == ["Φαίνεται;"]
    assert fetched(table, None, f"{url}?key=wrong").status_code == 404
    assert fetched(table, table.stranger, url).status_code == 404
    assert fetched(table, table.alice, "/rooms/AAAAAA/snapshot").status_code == 404
    assert fetched(table, None, url, Accept="application/json").status_code == 401
    assert shown["body"] == "Φαίνεται;"


def test_a_reading_holds_until_somebody_writes(table: Table) -> None:
    question = table.asked()
    with table.world.app.app_context():
        first = readings().now(table.room_id)
        assert readings().now(table.room_id) is first
        assert first.counts == [(question["id"], 0)]
    table.act(enrolled(table), "question:vote", qid=question["id"], val=1, n=1)
    with table.world.app.app_context():
        assert readings().now(table.room_id).counts == [(question["id"], 1)]
    with table.world.session() as session:  # another process
        session.get_one(Room, table.room_id).epoch = "restored"[:8]
        session.commit()
        assert session.get(Revision, "forum") is not None
    with table.world.app.app_context():
        assert readings().now(table.room_id).room.epoch == "restored"
