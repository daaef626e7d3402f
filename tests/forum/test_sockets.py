"""Commands by socket: acks, audiences, silence of the others, bad input, catching up."""

from __future__ import annotations

from typing import Any

import pytest
from flask import url_for

from forum import services
from forum.services import presence
from forum.services.limits import Buckets
from forum.services.refusals import TooFast
from learning.models import Enrolment, EnrolmentState
from tests.forum.conftest import Table, cid

TEXT = "Ποιος πληρώνει αν χαλάσει η σοδειά;"


def lines(messages: list[Any]) -> list[tuple[str, int, str]]:
    return [(m["st"], e["s"], e["t"]) for m in messages for e in m["l"]]


def test_a_question_goes_to_moderators_first_and_to_all_when_let_through(table: Table) -> None:
    alice, host, other = table.inside(table.alice), table.inside(table.host), table.inside(enrolled(table))
    ack = alice("question:ask", body=TEXT, vis="name")
    assert ack["ok"] is True
    question = ack["r"]["q"]
    assert (question["state"], question["body"]) == ("pending", TEXT)
    assert lines(host.heard()) == [("mod", 1, "question.pending")]
    assert other.heard() == []
    ack = host("question:moderate", qid=question["id"], rev=1, op="approve")
    assert ack["ok"] is True
    assert lines(other.heard()) == [("pub", 1, "question.published")]
    assert lines(host.heard()) == [("mod", 2, "question.published")]
    assert [m["q"]["state"] for m in alice.heard("me")] == ["pending", "open"]


def enrolled(table: Table, name: str = "Βέρα") -> Any:
    person = table.world.person(name)
    table.world.enrol(person, table.cohort)
    return person


def test_votes_are_told_in_one_tick_of_absolute_counts(table: Table) -> None:
    question = table.asked()
    watcher = table.inside(table.alice)
    voters = [table.inside(enrolled(table, f"Π{i}")) for i in range(3)]
    watcher.frames()
    for voter in voters:
        assert voter("question:vote", qid=question["id"], val=1, n=1)["ok"]
    frames = [f for f in watcher.frames() if f["name"] != "me"]
    counts = [f["args"][0]["v"] for f in frames if "v" in f["args"][0]]
    assert counts[-1] == [[question["id"], 3]]
    assert len(counts) <= 3
    assert {f["name"] for f in frames} == {"tick"}


def test_the_stranger_hears_and_does_nothing(table: Table) -> None:
    stranger = table.socket(table.stranger)
    hello = stranger.hello(table.code)
    assert (hello["ok"], hello["err"]) == (False, "not_found")
    assert stranger.hello("AAAAAA")["msg"] == hello["msg"]
    assert stranger("question:ask", body=TEXT, vis="name")["err"] == "unauth"
    table.asked()
    assert stranger.frames() == []


def test_nobody_hears_only_with_a_projectors_key(table: Table) -> None:
    nobody = table.socket(None)
    assert nobody.hello(table.code)["err"] == "unauth"
    assert nobody.hello(table.code, key="wrong")["err"] == "not_found"
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    assert nobody.hello(table.code, key=key)["r"]["role"] == "projector"
    nobody.frames()
    question = table.asked()
    table.ask(table.alice, body="Κρυφή;")
    assert lines(nobody.heard()) == [("pub", 1, "question.published")]
    assert nobody("question:vote", qid=question["id"], val=1, n=1)["err"] == "forbidden"


BAD: list[tuple[str, tuple[Any, ...], str]] = [
    ("question:ask", (), "invalid"),
    ("question:ask", (None,), "invalid"),
    ("question:ask", ("text",), "invalid"),
    ("question:ask", ([1],), "invalid"),
    ("question:ask", ({}, {}), "invalid"),
    ("question:ask", ({"cid": "a" * 8, "body": 5, "vis": "name"},), "invalid"),
    ("question:ask", ({"cid": "a" * 8, "body": "  \u200b ", "vis": "name"},), "invalid"),
    ("question:ask", ({"cid": "a" * 8, "body": "x" * 1001, "vis": "name"},), "too_long"),
    ("question:ask", ({"cid": "a" * 8, "body": "x", "vis": "all"},), "invalid"),
    ("question:ask", ({"cid": ["a"], "body": "x", "vis": "name"},), "invalid"),
    ("question:ask", ({"cid": "a" * 8, "body": "x", "vis": "name", "state": "open"},), "invalid"),
    ("question:vote", ({"qid": "1; DROP", "val": 1, "n": 1},), "invalid"),
    ("question:vote", ({"qid": "00000000-0000-4000-8000-000000000000", "val": 1, "n": 1},), "not_found"),
    ("question:vote", ({"qid": "00000000-0000-4000-8000-000000000000", "val": True, "n": 1},), "invalid"),
    ("question:vote", ({"qid": "00000000-0000-4000-8000-000000000000", "val": 2, "n": 1},), "invalid"),
    ("question:vote", ({"qid": "00000000-0000-4000-8000-000000000000", "val": 1, "n": 2**70},), "invalid"),
    ("question:moderate", ({"cid": "a" * 8, "qid": "x", "rev": 1, "op": "approve"},), "invalid"),
    ("room:sync", ({"epoch": "x", "from": "0"},), "invalid"),
    ("room:hello", ({"v": 99, "code": "AAAAAA"},), "upgrade"),
    ("room:hello", ({"v": 1, "code": 5},), "invalid"),
    ("room:hello", ({"v": 1, "code": "A\0"},), "invalid"),
    ("room:hello", ({"v": 1, "code": "\ud800"},), "invalid"),
    ("room:hello", ({"v": 1, "code": "AAAAAA", "key": "\ud800"},), "invalid"),
    ("question:ask", ({"cid": "a" * 8, "body": "\ud800\x00", "vis": "name"},), "invalid"),
    ("question:vote", ({"qid": {"a": [1]}, "val": 1, "n": 1},), "invalid"),
    ("poll:vote", ({},), "invalid"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 1, "choice": "0"},), "invalid"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 3, "choice": [0]},), "invalid"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 1, "choice": [[0]]},), "invalid"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 1, "choice": [True]},), "invalid"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 1, "choice": [0] * 13},), "invalid"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 1, "choice": ["x" * 201]},), "too_long"),
    ("poll:vote", ({"pid": "00000000-0000-4000-8000-000000000000", "round": 1, "choice": [0]},), "not_found"),
    ("poll:count", ({},), "upgrade"),
]


@pytest.mark.parametrize(("command", "payload", "code"), BAD)
def test_bad_input_is_answered_with_a_sentence(table: Table, command: str, payload: Any, code: str) -> None:
    alice = table.inside(table.alice)
    ack = alice(command, *payload) if payload else alice.client.emit(command, namespace="/live", callback=True)
    assert (ack["ok"], ack["err"]) == (False, code)
    assert len(ack["msg"]) > 10
    assert alice("question:ask", body=TEXT, vis="name")["ok"]


def test_refusals_speak_the_readers_language(table: Table) -> None:
    alice = table.socket(table.alice, locale="el")
    alice.hello(table.code)
    assert alice("question:ask", body="", vis="name")["msg"] == "Γράψτε πρώτα την ερώτησή σας."


def test_a_question_of_another_room_is_not_found(table: Table) -> None:
    from tests.forum.conftest import lay_table

    other = lay_table(table.world)
    theirs = other.asked()
    alice = table.inside(table.alice)
    assert alice("question:vote", qid=theirs["id"], val=1, n=1)["err"] == "not_found"
    host = table.inside(table.host)
    assert host("question:moderate", qid=theirs["id"], rev=2, op="dismiss", reason="x")["err"] == "not_found"


def test_a_closed_room_says_so_and_stays_readable(table: Table) -> None:
    question = table.asked()
    table.act(table.host, "room:close")
    alice = table.inside(table.alice)
    assert alice("question:ask", body=TEXT, vis="name")["err"] == "closed"
    assert alice("question:vote", qid=question["id"], val=1, n=1)["err"] == "closed"
    assert table.act(table.host, "question:answer", qid=question["id"], body="Ο δήμος.")["q"]["state"] == "answered"


def test_two_moderators_the_slower_learns_who_was_faster(table: Table) -> None:
    staff = table.world.stelios()
    question = table.ask(table.alice)
    host, second = table.inside(table.host), table.inside(staff)
    assert host("question:moderate", qid=question["id"], rev=1, op="approve")["ok"]
    ack = second("question:moderate", qid=question["id"], rev=1, op="dismiss", reason="όχι")
    assert ack["err"] == "conflict"
    assert table.host.short_name in ack["msg"]
    assert ack["cur"]["state"] == "open"
    assert host("question:moderate", qid=question["id"], rev=1, op="approve")["ok"], "their own second click"


def test_a_lost_seat_ends_commands_within_seconds(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "FRESH_SECONDS", -1.0)
    alice = table.inside(table.alice)
    with table.world.session() as session:
        session.query(Enrolment).one().state = EnrolmentState.REMOVED
        session.commit()
    assert alice("question:ask", body=TEXT, vis="name")["err"] == "not_found"
    with table.world.app.app_context():
        presence.sweep()
    assert not alice.client.is_connected("/live")


def test_signing_out_everywhere_ends_sockets(table: Table) -> None:
    alice = table.inside(table.alice)
    with table.world.app.app_context():
        services.disconnect(table.alice.id)
    assert not alice.client.is_connected("/live")


def test_signing_out_in_the_browser_ends_the_socket(table: Table) -> None:
    alice = table.inside(table.alice)
    browser = table.world.client(table.alice)
    with table.world.app.test_request_context():
        address = url_for("security.logout")
    assert browser.post(address).status_code in {302, 303}
    assert not alice.client.is_connected("/live")


def test_hello_resumes_with_what_was_missed(table: Table) -> None:
    first = table.asked(body="Πρώτη;")
    alice = table.socket(table.alice)
    hello = alice.hello(table.code)["r"]
    assert [q["body"] for q in hello["snapshot"]["questions"]] == ["Πρώτη;"]
    assert hello["me"]["mine"][0]["id"] == first["id"]
    table.asked(body="Δεύτερη;")
    resumed = alice.hello(table.code, resume={"pub": [hello["epoch"], hello["snapshot"]["s"]]})["r"]
    assert [(e["s"], e["d"]["body"]) for e in resumed["events"]] == [(2, "Δεύτερη;")]
    assert "snapshot" not in resumed
    for bad in ({"pub": ["other", 1]}, {"pub": [hello["epoch"], 99]}, {"pub": 5}, "x", None):
        assert "snapshot" in alice.hello(table.code, resume=bad)["r"]


def test_sync_fills_a_gap(table: Table) -> None:
    for i in range(4):
        table.asked(body=f"Ερώτηση {i};")
    alice = table.inside(table.alice)
    epoch = table.room().epoch
    answer = alice("room:sync", epoch=epoch, **{"from": 1})
    assert [e["s"] for e in answer["r"]["events"]] == [2, 3, 4]
    assert answer["r"]["more"] is False
    assert "snapshot" in alice("room:sync", epoch="old", **{"from": 1})["r"]


def test_one_persons_haste_is_slowed_and_says_for_how_long(table: Table) -> None:
    table.world.app.config["RATELIMIT_ENABLED"] = True
    alice, vera = table.inside(table.alice), table.inside(enrolled(table))
    acks = [alice("question:ask", body=f"{TEXT} {i}", vis="name") for i in range(4)]
    assert [ack["ok"] for ack in acks] == [True, True, True, False]
    assert acks[3]["err"] == "rate"
    assert 0 < acks[3]["retry_ms"] <= 20_001
    assert vera("question:ask", body=TEXT, vis="name")["ok"]


def test_buckets_fill_again() -> None:
    buckets = Buckets()
    for _ in range(3):
        buckets.take(1, "question:ask", now=0.0)
    with pytest.raises(TooFast):
        buckets.take(1, "question:ask", now=10.0)
    buckets.take(1, "question:ask", now=21.0)


def test_a_replayed_command_is_not_announced_again(table: Table) -> None:
    host, alice = table.inside(table.host), table.inside(table.alice)
    key = cid()
    first = alice("question:ask", cid=key, body=TEXT, vis="name")
    host.frames()
    assert alice("question:ask", cid=key, body=TEXT, vis="name")["r"] == first["r"]
    assert alice("question:ask", cid=key, body="Άλλο;", vis="name")["err"] == "invalid"
    assert host.heard() == []


def test_a_fault_of_ours_is_acknowledged(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    from forum.services import dedupe

    def broken(*_args: Any, **_fields: Any) -> Any:
        raise RuntimeError("boom")

    alice = table.inside(table.alice)
    monkeypatch.setitem(dedupe.ACTS, "question:ask", broken)
    ack = alice("question:ask", body=TEXT, vis="name")
    assert (ack["ok"], ack["err"]) == (False, "internal")
    assert "boom" not in ack["msg"]
