"""What moderators do besides letting through: other words, tags, locks, reports, bans, several at once, and undo."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import func, select, update

from core.db import utcnow
from core.errors import DomainError
from forum.models import ModerationAct, Question
from tests.forum.conftest import Table
from tests.forum.test_merging import stand, vote
from tests.forum.test_sockets import enrolled


def refusal(table: Table, user: Any, command: str, **args: Any) -> str:
    with pytest.raises(DomainError) as refused:
        table.act(user, command, **args)
    return refused.value.code


def test_the_askers_own_words_are_kept_for_them_and_for_moderators(table: Table) -> None:
    question = table.asked(body="ΠΟΣΟ ΚΑΝΕΙ ΡΕ ΠΑΙΔΙΑ")
    other, alice, host = table.inside(enrolled(table)), table.inside(table.alice), table.inside(table.host)
    edited = table.moderate("edit", question, body="Πόσο κοστίζει;")
    seen = other.heard()[0]["l"][0]["d"]
    assert (seen["body"], seen["edited"]) == ("Πόσο κοστίζει;", True)
    assert "ΡΕ ΠΑΙΔΙΑ" not in json.dumps(seen, ensure_ascii=False)
    assert alice.heard("me")[0]["q"]["original"] == "ΠΟΣΟ ΚΑΝΕΙ ΡΕ ΠΑΙΔΙΑ"
    assert host.heard()[0]["l"][0]["d"]["original"] == "ΠΟΣΟ ΚΑΝΕΙ ΡΕ ΠΑΙΔΙΑ"
    edited = table.moderate("edit", edited, body="Πόσο κοστίζει το μερίδιο;")
    assert edited["original"] == "ΠΟΣΟ ΚΑΝΕΙ ΡΕ ΠΑΙΔΙΑ"
    back = table.moderate("edit", edited, body="ΠΟΣΟ ΚΑΝΕΙ ΡΕ ΠΑΙΔΙΑ")
    assert (back["original"], back["edited"]) == (None, False)


def test_tags_are_the_rooms(table: Table) -> None:
    question = table.asked()
    table.moderate("tag", question, tags=["Νομικά", "κόστος"])
    again = table.moderate("tag", table.asked(body="Άλλη;"), tags=["ΝΟΜΙΚΑ"])
    assert again["tags"] == ["Νομικά"]
    assert table.room().tags == ["Νομικά", "κόστος"]
    assert table.moderate("tag", table.now(question), tags=[])["tags"] == []
    for start in (0, 5):
        table.moderate("tag", table.now(question), tags=[f"ετικέτα {start + i}" for i in range(5)])
    with pytest.raises(DomainError):
        table.moderate("tag", table.now(question), tags=["μία ακόμη"])


def test_a_locked_question_takes_no_more_voices(table: Table) -> None:
    vera = enrolled(table)
    question = table.moderate("lock", table.asked())
    assert refusal(table, vera, "question:vote", qid=question["id"], val=1) == "locked"
    table.moderate("unlock", question)
    vote(table, vera, question)
    assert stand(table)[1] == ("open", 1, 0)


def test_a_report_is_once_for_each_person_and_for_moderators_only(table: Table) -> None:
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    question = table.asked()
    host, other = table.inside(table.host), table.inside(vera)
    for person in (vera, vera, nikos):
        table.act(person, "question:report", qid=question["id"], reason=f"Προσβάλλει, λέει {person.given_name}")
    assert [d["d"]["reports"] for m in host.heard() for d in m["l"]] == [
        ["Προσβάλλει, λέει Βέρα"],
        ["Προσβάλλει, λέει Βέρα", "Προσβάλλει, λέει Νίκος"],
    ]
    assert other.heard() == []
    assert refusal(table, table.alice, "question:report", qid=question["id"], reason="Δική μου.") == "forbidden"
    assert refusal(table, vera, "question:report", qid=table.ask(table.alice)["id"], reason="Πού;") == "not_found"


def test_not_for_now_is_counted_and_told_to_moderators_only(table: Table) -> None:
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    question = table.asked()
    host, other = table.inside(table.host), table.inside(table.alice)
    vote(table, vera, question, -1)
    vote(table, nikos, question)
    assert stand(table)[1] == ("open", 1, 1)
    assert [m["d"] for m in host.heard("tick") if "d" in m][-1] == [[question["id"], 1]]
    frames = json.dumps(other.frames())
    assert '"d":' not in frames.replace('"d": {', "")
    ticks = table.socket(table.host).hello(table.code)["r"]["ticks"]
    assert [values["d"] for values in ticks if "d" in values] == [[[question["id"], 1]]]
    assert not [values for values in table.socket(vera).hello(table.code)["r"]["ticks"] if "d" in values]


@pytest.mark.parametrize("vis", ["name", "none"])
def test_a_banned_person_only_reads_until_the_ban_is_lifted(table: Table, vis: str) -> None:
    question, other = table.asked(vis=vis), table.asked(enrolled(table), body="Άλλη;")
    alice, host = table.inside(table.alice), table.inside(table.host)
    table.moderate("ban", question)
    assert [m for m in alice.heard("me") if m["t"] == "ban"] == [{"t": "ban", "room": table.code, "on": True}]
    assert [e["d"] for m in host.heard() for e in m["l"] if e["t"] == "room.bans"] == [{"bans": [question["id"]]}]
    for command, args in (
        ("question:ask", {"body": "Πάλι;", "vis": "name"}),
        ("question:ask", {"body": "Πάλι;", "vis": "none"}),
        ("question:vote", {"qid": other["id"], "val": 1}),
        ("question:report", {"qid": other["id"], "reason": "Όχι."}),
    ):
        assert refusal(table, table.alice, command, **args) == "forbidden"
    assert table.socket(table.alice).hello(table.code)["r"]["me"]["banned"] is True
    assert table.act(table.alice, "question:withdraw", qid=question["id"])["q"]["state"] == "withdrawn"
    table.moderate("unban", table.now(question))
    vote(table, table.alice, other)
    assert stand(table)[2] == ("open", 1, 0)


def test_two_bans_tell_nobody_that_two_anonymous_questions_are_one_persons(table: Table) -> None:
    first, second = table.asked(vis="none", body="Α;"), table.asked(vis="none", body="Β;")
    for question in (first, second):
        assert table.act(table.host, "question:moderate", qid=question["id"], rev=2, op="ban")["act"]
    table.moderate("unban", first)
    assert refusal(table, table.alice, "question:ask", body="Πάλι;", vis="name") == "forbidden"


def act_of(table: Table, op: str, question: dict[str, Any], **args: Any) -> int:
    return table.act(table.host, "question:moderate", qid=question["id"], rev=question["rev"], op=op, **args)["act"]


def undo(table: Table, act: int) -> None:
    table.act(table.host, "room:undo", act=act)


STARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "approve": ("pending", {}),
    "dismiss": ("open", {"reason": "Εκτός."}),
    "edit": ("open", {"body": "Αλλιώς;"}),
    "tag": ("open", {"tags": ["νέα"]}),
    "lock": ("open", {}),
    "later": ("open", {}),
    "spotlight": ("open", {}),
    "answering": ("open", {}),
    "answered": ("open", {}),
    "merge": ("open", {}),
}


@pytest.mark.parametrize("op", STARTS)
def test_every_act_can_be_undone(table: Table, op: str) -> None:
    state, args = STARTS[op]
    shown = table.moderate("spotlight", table.asked(enrolled(table), body="Στην οθόνη;"))
    question = table.ask(table.alice) if state == "pending" else table.asked()
    args |= {"into": shown["id"]} if op == "merge" else {}
    before, spot, counts = table.now(question), table.room().spotlight_id, stand(table)
    act = act_of(table, op, question, **args)
    assert {**table.now(question), "rev": 0} != {**before, "rev": 0} or table.room().spotlight_id != spot
    undo(table, act)
    undo(table, act)  # a second click
    after = table.now(question)
    assert {**after, "rev": 0, "who": None} == {**before, "rev": 0, "who": None}
    assert (table.room().spotlight_id, stand(table)) == (spot, counts)


def test_what_was_undone_is_told_to_those_who_saw_it(table: Table) -> None:
    other, question = table.inside(enrolled(table)), table.ask(table.alice)
    act = act_of(table, "approve", question)
    assert [e["t"] for m in other.heard() for e in m["l"]] == ["question.published"]
    undo(table, act)
    assert [e["t"] for m in other.heard() for e in m["l"]] == ["question.removed"]


def test_a_written_answer_can_be_undone(table: Table) -> None:
    question = table.asked()
    act = table.act(table.host, "question:answer", qid=question["id"], body="Έτσι.")["act"]
    undo(table, act)
    assert (table.now(question)["state"], table.now(question)["answers"]) == ("open", [])


def test_undo_is_refused_when_late_changed_or_anothers(table: Table) -> None:
    question, stelios = table.asked(), table.world.stelios()
    act = act_of(table, "lock", question)
    assert refusal(table, stelios, "room:undo", act=act) == "forbidden"
    table.act(stelios, "question:moderate", qid=question["id"], rev=3, op="unlock")
    assert refusal(table, table.host, "room:undo", act=act) == "conflict"
    act = act_of(table, "later", table.now(question))
    with table.world.session() as session:
        session.execute(update(ModerationAct).values(at=utcnow() - dt.timedelta(seconds=11)))
        session.commit()
    assert refusal(table, table.host, "room:undo", act=act) == "locked"
    other = lay_other(table)
    assert refusal(other, other.host, "room:undo", act=act) == "not_found"


def lay_other(table: Table) -> Table:
    from tests.forum.conftest import lay_table

    return lay_table(table.world)


def test_a_ban_and_settings_can_be_undone(table: Table) -> None:
    question = table.asked()
    undo(table, act_of(table, "ban", question))
    table.ask(table.alice, body="Μιλώ πάλι;")
    act = table.act(table.host, "room:settings", moderation="off", cap=1, blocked="α, β")["act"]
    undo(table, act)
    room = table.room()
    assert (room.moderation, room.question_cap, room.blocked_words) == ("pre", 10, [])


def test_several_at_once_are_one_act(table: Table) -> None:
    waiting = [table.ask(enrolled(table, f"Π{i}"), body=f"{i};") for i in range(3)]
    qs = [f"{q['id']}:{q['rev']}" for q in waiting]
    done = table.act(table.host, "question:bulk", qs=qs, op="approve")
    assert [q["state"] for q in done["qs"]] == ["open"] * 3
    undo(table, done["act"])
    assert [state for state, *_ in stand(table).values()] == ["pending"] * 3
    qs = [f"{q['id']}:{table.now(q)['rev']}" for q in waiting]
    table.moderate("approve", table.now(waiting[2]))
    assert refusal(table, table.host, "question:bulk", qs=qs, op="dismiss", reason="Εκτός.") == "conflict"
    assert [state for state, *_ in stand(table).values()] == ["pending", "pending", "open"]
    assert refusal(table, table.host, "question:bulk", qs=[], op="approve") == "invalid"


def test_an_act_that_changes_nothing_leaves_no_trace(table: Table) -> None:
    question = table.moderate("lock", table.asked())
    with table.world.session() as session:
        acts = session.scalar(select(func.count()).select_from(ModerationAct))
    assert act_of(table, "lock", question) is None
    with table.world.session() as session:
        assert session.scalar(select(func.count()).select_from(ModerationAct)) == acts == 2
        assert session.scalar(select(Question.rev)) == question["rev"]


def test_the_chosen_are_joined_with_the_earliest_that_everybody_sees(table: Table) -> None:
    waits = table.ask(enrolled(table, "Π0"), body="Πρώτη, περιμένει;")
    seen = [table.asked(enrolled(table, f"Π{i}"), body=f"{i};") for i in (1, 2)]
    qs = [f"{q['id']}:{q['rev']}" for q in (seen[1], waits, seen[0])]
    done = table.act(table.host, "question:bulk", qs=qs, op="merge")
    assert (done["op"], [q["no"] for q in done["qs"]]) == ("merge", [3, 1])
    assert [table.now(q)["into"] and table.now(q)["into"]["no"] for q in (waits, *seen)] == [2, None, 2]
    table.act(table.host, "room:undo", act=done["act"])
    assert [table.now(q)["state"] for q in (waits, *seen)] == ["pending", "open", "open"]


def test_one_question_alone_is_not_joined(table: Table) -> None:
    question = table.asked()
    told = {"qs": [f"{question['id']}:{question['rev']}"], "op": "merge"}
    assert refusal(table, table.host, "question:bulk", **told) == "invalid"
