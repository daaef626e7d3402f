"""Who can know who asked: visibility, the public stream, and what the database keeps of an anonymous question."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from core.db import db
from core.errors import DomainError
from forum import services
from forum.models import RoomEvent, Stream
from forum.models.chain import put_names
from forum.queries import my_questions, record_of
from tests.forum.conftest import Table, cid
from tests.forum.test_sockets import enrolled

TABLES = (
    *("questions", "room_events", "room_commands", "question_votes", "answers", "question_reports", "room_bans"),
    "moderation_acts",
)
SECRET = "Κρυφό κείμενο που περιμένει"


@pytest.mark.parametrize(
    ("vis", "peers", "moderators"), [("name", "Αλίκη Ε.", "Αλίκη Ε."), ("mods", None, "Αλίκη Ε."), ("none", None, None)]
)
def test_who_sees_the_asker(table: Table, vis: str, peers: str | None, moderators: str | None) -> None:
    host, other = table.inside(table.host), table.inside(enrolled(table))
    question = table.ask(table.alice, vis=vis)
    assert host.heard()[0]["l"][0]["d"]["by"] == moderators
    table.moderate("approve", question)
    assert other.heard()[0]["l"][0]["d"]["by"] == peers
    hello = table.socket(table.alice).hello(table.code)["r"]
    assert [q["id"] for q in hello["me"]["mine"]] == [question["id"]]


def test_an_anonymous_asker_hears_the_fate_and_may_take_it_back(table: Table) -> None:
    alice, host = table.inside(table.alice), table.inside(table.host)
    question = alice("question:ask", body="Χωρίς όνομα;", vis="none")["r"]["q"]
    host("question:moderate", qid=question["id"], rev=1, op="dismiss", reason="Εκτός θέματος.")
    assert [m["q"]["reason"] for m in alice.heard("me")] == ["", "Εκτός θέματος."]
    second = alice("question:ask", body="Άλλη χωρίς όνομα;", vis="none")["r"]["q"]
    assert alice("question:edit", qid=second["id"], rev=1, body="Πιο καθαρά;")["r"]["q"]["body"] == "Πιο καθαρά;"
    assert alice("question:withdraw", qid=second["id"])["r"]["q"]["state"] == "withdrawn"


def test_an_anonymous_replay_is_one_question(table: Table) -> None:
    key = cid()
    first = table.ask(table.alice, vis="none", cid=key)
    assert table.ask(table.alice, vis="none", cid=key)["id"] == first["id"]
    vera = enrolled(table)
    assert table.ask(vera, vis="none", cid=key)["id"] != first["id"]
    with pytest.raises(DomainError):
        table.ask(table.alice, vis="none", cid=key, body="Άλλο;")


def test_nothing_stored_leads_from_an_anonymous_question_to_its_asker(table: Table) -> None:
    question = table.ask(table.alice, vis="none")
    question = table.act(table.alice, "question:edit", qid=question["id"], rev=1, body="Αλλιώς;")["q"]
    question = table.moderate("approve", question)
    table.moderate("ban", table.moderate("edit", question, body="Με τα λόγια μας;"))
    with table.world.session() as session:
        for name in TABLES:
            columns = {c["name"] for c in inspect(db.engine).get_columns(name)}
            people = columns & {"asker_id", "user_id", "author_id", "changed_by_id", "who_id"}
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():  # noqa: S608 - our own names
                assert all(row[column] != table.alice.id for column in people), (name, dict(row))
    with table.world.app.app_context():
        assert my_questions(table.alice) == []


def test_nobody_votes_for_themselves_even_hidden(table: Table) -> None:
    for vis in ("name", "mods", "none"):
        question = table.asked(vis=vis)
        with pytest.raises(DomainError) as refused:
            table.act(table.alice, "question:vote", qid=question["id"], val=1)
        assert refused.value.code == "forbidden"


def test_the_public_streams_of_a_meeting_leak_nothing(table: Table) -> None:
    """A random meeting: what learners, observers and projectors hear has no pending text and nobody's number."""
    chance = random.Random(7)
    people = [table.alice, *[enrolled(table, f"Ανώνυμη{i}") for i in range(3)]]
    listener = table.inside(enrolled(table, "Ακροάτρια"))
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    projector = table.inside(None, key=key)
    host = table.inside(table.host)
    hidden, seen = [], []
    for i in range(60):
        asker, vis = chance.choice(people), chance.choice(["name", "mods", "none"])
        question = table.ask(asker, body=f"{SECRET} {i:03}", vis=vis)
        if chance.random() < 0.5:
            question = table.moderate("approve", question)
            seen.append(question["body"])
            if chance.random() < 0.5:
                voter = chance.choice([person for person in people if person is not asker])
                table.act(voter, "question:vote", qid=question["id"], val=1)
            if chance.random() < 0.4:
                table.moderate("answered", table.moderate("answering", question))
        elif chance.random() < 0.5:
            table.moderate("dismiss", question, reason=f"Μυστικός λόγος {i}")
            hidden.append(question["body"])
        else:
            hidden.append(question["body"])
    public = json.dumps([listener.frames(), projector.frames()], ensure_ascii=False)
    assert len(hidden) > 10
    assert len(seen) > 10
    assert all(body in public for body in seen)
    assert not [body for body in hidden if body in public]
    assert "Μυστικός" not in public
    assert not [key for key in ('"vis"', '"reason"', '"who"', "asker", "user") if key in public]
    for person in people:
        assert str(person.pid) not in public
        assert person.email not in public
    whole = json.dumps(host.frames(), ensure_ascii=False)
    assert all(body in whole for body in hidden)


def test_what_moderators_know_of_a_question_stays_with_them(table: Table) -> None:
    """Reports and their reasons, first words, "not for now", joined questions that wait, bans: none of it is public."""
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    public = [table.inside(nikos), table.inside(None, key=key)]
    host = table.inside(table.host)
    question = table.asked(body="Τα πρώτα λόγια;")
    for socket in (*public, host):
        socket.frames()
    waiting = table.ask(vera, body=SECRET)
    table.act(vera, "question:vote", qid=question["id"], val=-1)
    table.act(vera, "question:report", qid=question["id"], reason="Μυστικός λόγος")
    question = table.moderate("edit", table.now(question), body="Με άλλα λόγια;")
    table.moderate("merge", waiting, into=question["id"])
    table.moderate("ban", table.now(question))
    table.act(table.host, "room:settings", blocked="μυστικήλέξη")
    frames = [frame for socket in public for frame in socket.frames()]
    told = json.dumps([frames, *(table.socket(user).hello(table.code)["r"] for user in (nikos,))], ensure_ascii=False)
    hidden = ("Τα πρώτα λόγια", SECRET, "Μυστικός", "μυστικήλέξη", '"reports"', '"original"', '"watch"', '"bans"')
    assert "Με άλλα λόγια;" in told
    assert not [word for word in hidden if word in told]
    assert not [f for f in frames if f["name"] == "tick" and "d" in f["args"][0]]
    whole = json.dumps(host.frames(), ensure_ascii=False)
    assert all(word in whole for word in hidden)


def test_the_record_names_only_who_wanted_it(table: Table) -> None:
    for vis in ("name", "mods", "none"):
        table.asked(vis=vis, body=f"Ερώτηση {vis};")
    table.ask(table.alice, body="Δεν πέρασε;")
    with table.world.app.app_context():
        assert [(line.body, line.by) for line in record_of(table.meeting_id)] == [
            ("Ερώτηση name;", "Αλίκη Ε."),
            ("Ερώτηση mods;", None),
            ("Ερώτηση none;", None),
        ]


def leaves(data: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """(the key it stands under, value) of everything in DATA."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value, key)
    else:
        yield key, data


def a_whole_meeting(table: Table, vera: Any) -> None:
    first, second = table.asked(table.alice, body="Πόσα μέλη;"), table.asked(vera, body="Πόσοι πρέπει;", vis="mods")
    table.moderate("edit", first, body="Πόσα μέλη χρειάζονται;")
    table.moderate("merge", second, into=first["id"])
    table.moderate("answering", table.now(first))
    table.act(table.host, "question:answer", qid=first["id"], body="Πέντε.")
    table.act(table.host, "room:announce", body="Διάλειμμα.", screen=1)
    table.act(table.host, "promise:make", body="Θα σταλεί υπόδειγμα.", to="mentor")
    table.poll("revealed")
    table.act(table.host, "breakout:open", groups=2, minutes=5, called="Ομάδα")
    table.act(vera, "breakout:sit")
    table.moderate("approve", table.act(vera, "breakout:bring", body="Τι βρήκαμε;")["q"])
    table.act(table.host, "room:close")
    table.act(table.alice, "question:anonymise", qid=first["id"])


def test_names_of_people_stand_only_where_they_can_be_taken_away(table: Table) -> None:
    vera = enrolled(table)
    people = (table.alice, vera, table.host)
    names = {name for person in people for name in (person.given_name, person.family_name, person.short_name)}
    table.asked(table.alice, body="Με όνομα;")
    a_whole_meeting(table, vera)
    told = []
    with table.world.session() as session:
        for event in session.scalars(select(RoomEvent).where(RoomEvent.stream == Stream.PUB)):
            assert not [value for _key, value in leaves(event.data) if any(name in str(value) for name in names)]
            whole = put_names(json.loads(json.dumps(event.data)), event.names)
            told += [key for key, value in leaves(whole) if any(name in str(value) for name in names)]
    assert set(told) == {"by"}  # of who wished it, and of who answered; `who` is the moderators' own
