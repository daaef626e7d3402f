"""A room closes when every question has a fate; what mentors owe afterwards; the receipt."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections import Counter
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import event, insert, select

from core.db import utcnow
from core.errors import DomainError
from core.i18n import ATHENS
from forum.models import (
    Answer,
    Moderation,
    Question,
    QuestionState,
    QuestionTask,
    Room,
    RoomEvent,
    RoomState,
    TaskState,
    Visibility,
)
from forum.permissions import Role
from forum.queries import seat
from forum.queries.chain import fault_in, rooms_to_verify
from forum.queries.receipt import receipt
from forum.services import closing
from forum.services.desk import Order
from forum.services.writer import Ticket, commit, own_engine
from mentors.models import CohortTeam, TeamPart
from tests.forum.conftest import Table, cid, lay_table
from tests.forum.test_sockets import enrolled
from tests.forum.test_views import queries_of

REST = {"rest": "mentor"}


def close(table: Table, **args: Any) -> dict[str, Any]:
    """The command as it comes, without the tests' own help."""
    return table.act(table.host, "room:close", fates=args.pop("fates", []), **args)


def refused(table: Table, **args: Any) -> list[str]:
    with pytest.raises(closing.Unsettled) as error:
        close(table, **args)
    with table.world.app.test_request_context(), force_locale("en"):
        return [str(sentence) for sentence in error.value.facts["left"]]


def colleague(table: Table, name: str = "Μυρτώ") -> Any:
    """Another mentor of the cohort."""
    person = table.world.person(name)
    table.world.add(CohortTeam(cohort_id=table.cohort.id, user_id=person.id, part=TeamPart.MENTOR))
    return person


def tasks(table: Table) -> dict[int, tuple[int, str]]:
    """{question's number: (mentor, state)}."""
    with table.world.session() as session:
        rows = session.execute(select(QuestionTask, Question.no).join(QuestionTask.question))
        return {no: (task.mentor_id, task.state.value) for task, no in rows}


def counted(table: Table) -> dict[str, int]:
    with table.world.session() as session:
        return {key: n for key, n in receipt(session, table.room_id).payload().items() if n or key == "vanished"}


def test_it_does_not_close_while_something_has_no_fate(table: Table) -> None:
    table.asked(body="Η πρώτη;")
    table.moderate("later", table.asked(body="Η δεύτερη;"))
    table.ask(table.alice, body="Περιμένει;")
    table.act(table.host, "promise:make", body="Θα στείλουμε το υπόδειγμα.")
    before = table.room().pub_seq
    assert refused(table) == [
        "2 questions have no answer and no mentor: 1, 2.",
        "1 question was neither let through nor refused: 3.",
        "1 promise has nobody who keeps it.",
    ]
    assert (table.room().state, table.room().pub_seq, tasks(table)) == (RoomState.OPEN, before, {})


def test_one_button_gives_all_the_rest_to_one_mentor(table: Table) -> None:
    table.asked()
    table.ask(table.alice, body="Περιμένει;")
    table.act(table.host, "promise:make", body="Θα στείλουμε το υπόδειγμα.")
    other = colleague(table)
    assert close(table, rest=str(other.pid), due="2030-03-12") == {"state": "closed"}
    assert tasks(table) == {1: (other.id, "open"), 2: (other.id, "open")}
    with table.world.session() as session:
        due = session.scalars(select(QuestionTask.due_at)).first().astimezone(ATHENS)
        states = session.scalars(select(Question.state).order_by(Question.no)).all()
    assert (str(due.date()), due.hour, states) == ("2030-03-12", 23, ["later", "pending"])
    assert counted(table) == {"asked": 2, "mentors": 2, "vanished": 0}


def test_each_question_gets_the_fate_that_was_chosen(table: Table) -> None:
    open_one, read, refused_one, kept = (
        table.asked(), *[table.ask(table.alice, body=f"{i};") for i in ("Περνά", "Όχι", "Κρυφή")]
    )
    other = colleague(table)
    close(table, fates=[
        {"qid": open_one["id"], "to": "mentor"},
        {"qid": read["id"], "to": str(other.pid), "through": 1},
        {"qid": refused_one["id"], "reason": "Εκτός θέματος."},
        {"qid": kept["id"], "to": "mentor"},
    ])
    assert tasks(table) == {1: (table.host.id, "open"), 2: (other.id, "open"), 4: (table.host.id, "open")}
    with table.world.session() as session:
        states = session.scalars(select(Question.state).order_by(Question.no)).all()
        assert states == ["later", "later", "dismissed", "pending"]
        due = session.scalars(select(QuestionTask.due_at)).first()
        assert dt.timedelta(days=6) < due - utcnow() < dt.timedelta(days=8)
    assert counted(table) == {"asked": 4, "mentors": 3, "dismissed": 1, "vanished": 0}


def test_only_the_team_takes_questions_and_only_until_a_day_to_come(table: Table) -> None:
    question = table.asked()
    with pytest.raises(DomainError) as not_on_team:
        close(table, rest=str(table.alice.pid))
    with pytest.raises(DomainError) as passed:
        close(table, rest="mentor", due="2020-01-01")
    assert [str(e.value.message) for e in (not_on_team, passed)] == [
        "Only somebody of the cohort's team can take this.", "The day must be one that is still to come.",
    ]
    with pytest.raises(DomainError):
        table.act(table.host, "question:assign", qid=question["id"], to=str(table.stranger.pid))
    assert tasks(table) == {}


def test_closing_twice_is_closing_once(table: Table) -> None:
    table.asked()
    key = cid()
    assert close(table, cid=key, **REST) == close(table, cid=key, **REST) == {"state": "closed"}
    heads = (table.room().pub_seq, table.room().mod_seq)
    assert close(table) == {"state": "closed"}
    assert (table.room().pub_seq, table.room().mod_seq) == heads


def test_opened_and_closed_again_the_tasks_stand(table: Table) -> None:
    table.asked(body="Α;")
    close(table, **REST)
    table.act(table.host, "room:open")
    table.asked(body="Β;")
    assert refused(table) == ["1 question has no answer and no mentor: 2."]
    close(table, **REST)
    assert tasks(table) == {1: (table.host.id, "open"), 2: (table.host.id, "open")}


def test_closing_while_questions_arrive(table: Table) -> None:
    """Whatever comes in meanwhile either has a fate or was told that the room is closed."""
    with table.world.session() as session:
        session.get_one(Room, table.room_id).moderation = Moderation.OFF
    people = [enrolled(table, f"Π{i}") for i in range(6)]
    got, late, begin = [], [], threading.Barrier(7)

    def ask(person: Any) -> None:
        for i in range(5):
            if i == 1:
                begin.wait()
            try:
                got.append(table.ask(person, body=f"Ερώτηση {i};")["id"])
            except DomainError as error:
                late.append(error.code)

    threads = [threading.Thread(target=ask, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    begin.wait()
    close(table, **REST)
    for thread in threads:
        thread.join()
    assert len(got) + len(late) == 30
    assert set(late) <= {"closed"}
    assert len(got) >= 6
    assert counted(table) == {"asked": len(got), "mentors": len(got), "vanished": 0}
    with table.world.session():
        assert fault_in(rooms_to_verify()[0]) is None


def test_the_receipt_is_a_difference_and_not_a_wish(table: Table) -> None:
    live = table.moderate("answering", table.asked(body="Ζωντανά;"))
    table.moderate("answered", live)
    table.act(table.host, "question:answer", qid=table.asked(body="Γραπτά;")["id"], body="Έτσι.")
    table.moderate("dismiss", table.ask(table.alice, body="Εκτός;"), reason="Εκτός.")
    table.act(table.alice, "question:withdraw", qid=table.ask(table.alice, body="Πίσω;")["id"])
    table.asked(body="Μένει;")
    close(table, **REST)
    told = {"asked": 5, "live": 1, "written": 1, "dismissed": 1, "withdrawn": 1, "mentors": 1, "vanished": 0}
    assert counted(table) == told
    elsewhere = lay_table(table.world).room_id
    with table.world.session() as session:
        receipts = select(RoomEvent.data).where(RoomEvent.type == "room.receipt", RoomEvent.stream == "pub")
        assert {key: n for key, n in session.scalars(receipts).one().items() if n or key == "vanished"} == told
        session.scalars(select(Question).where(Question.no == 3)).one().room_id = elsewhere
    assert counted(table)["vanished"] == 1


def test_a_mentors_answer_ends_the_task_and_changes_the_receipt(table: Table) -> None:
    question, hidden = table.asked(), table.ask(table.alice, body="Δεν πέρασε ακόμη;")
    close(table, **REST)
    for one in (question, hidden):
        table.act(table.host, "question:answer", qid=one["id"], body="Έτσι.")
    assert tasks(table) == {1: (table.host.id, "done"), 2: (table.host.id, "done")}
    assert counted(table) == {"asked": 2, "written": 2, "vanished": 0}
    assert table.room().state is RoomState.CLOSED
    assert table.room().receipt["written"] == 2
    with table.world.session() as session:
        assert session.scalars(select(Answer.body)).all() == ["Έτσι.", "Έτσι."]


def test_handing_over_keeps_the_day(table: Table) -> None:
    question, other = table.asked(), colleague(table)
    close(table, rest="mentor", due="2030-03-12")
    table.act(table.host, "question:assign", qid=question["id"], to=str(other.pid))
    heads = table.room().mod_seq
    table.act(other, "question:assign", qid=question["id"], to=str(other.pid))
    with table.world.session() as session:
        task = session.scalars(select(QuestionTask)).one()
        assert (task.mentor_id, task.given_by_id, str(task.due_at.date())) == (other.id, table.host.id, "2030-03-12")
    assert table.room().mod_seq == heads


def test_a_mentor_says_why_not(table: Table) -> None:
    public, hidden = table.asked(), table.ask(table.alice, body="Για τον γείτονα;")
    with pytest.raises(DomainError) as open_yet:
        table.act(table.host, "question:cannot", qid=public["id"], reason="Όχι.")
    close(table, **REST)
    why = "Εξαρτάται από τον νόμο που έρχεται."
    shown = table.act(table.host, "question:cannot", qid=public["id"], reason=why)["q"]
    gone = table.act(table.host, "question:cannot", qid=hidden["id"], reason="Αφορά συγκεκριμένο πρόσωπο.")["q"]
    assert open_yet.value.code == "locked"
    assert (shown["state"], shown["reason"], gone["state"]) == ("later", why, "dismissed")
    assert {state for _mentor, state in tasks(table).values()} == {TaskState.CANNOT.value}
    assert counted(table) == {"asked": 2, "cannot": 1, "dismissed": 1, "vanished": 0}
    table.act(table.host, "question:answer", qid=public["id"], body="Ψηφίστηκε: έτσι.")
    assert counted(table) == {"asked": 2, "written": 1, "dismissed": 1, "vanished": 0}


def test_promises_are_kept_or_stay_visible(table: Table) -> None:
    made = table.act(table.host, "promise:make", body="Θα στείλουμε το υπόδειγμα.", to="mentor", due="2030-03-12")["p"]
    assert (made["by"], made["done"], made["rev"]) == ("Βασίλης Ε.", False, 1)
    kept = table.act(table.host, "promise:done", id=made["id"], on=1)["p"]
    assert table.act(table.host, "promise:done", id=made["id"], on=1)["p"] == kept
    assert (kept["done"], kept["rev"]) == (True, 2)
    hello = table.socket(table.alice).hello(table.code)["r"]["snapshot"]
    assert [(p["body"], p["done"], "by" in p) for p in hello["promises"]] == [(made["body"], True, False)]


def test_the_list_by_plain_forms(table: Table) -> None:
    open_one, hidden = table.asked(body="Ανοιχτή;"), table.ask(table.alice, body="Κρυφή;")
    promise = table.act(table.host, "promise:make", body="Θα σταλεί.")["p"]
    other, host = colleague(table), table.world.client(table.host)
    at = f"/rooms/{table.code}/close"
    page = host.get(at).text
    assert all(words in page for words in ("Ανοιχτή;", "Κρυφή;", "Θα σταλεί.", "Μυρτώ", "Close, and all the rest"))
    no_reason = {f"to-{open_one['id']}": str(other.pid), f"what-{hidden['id']}": "dismiss", f"to-{hidden['id']}": "x"}
    kept = host.post(at, data=no_reason)
    assert (kept.status_code, table.room().state) == (409, RoomState.OPEN)
    assert "1 question was neither let through nor refused: 2. 1 promise has nobody who keeps it." in kept.text
    full = no_reason | {f"why-{hidden['id']}": "Εκτός.", f"owner-{promise['id']}": str(other.pid)}
    done = host.post(at, data=full)
    assert (done.status_code, done.location) == (303, f"/rooms/{table.code}/record")
    assert tasks(table) == {1: (other.id, "open")}
    assert host.post(at, data=full).status_code == 303
    assert host.get(at).location == f"/rooms/{table.code}/record"


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("stranger", 404)])
def test_the_list_is_the_hosts(table: Table, who: str, status: int) -> None:
    client = table.world.client(getattr(table, who))
    assert client.get(f"/rooms/{table.code}/close").status_code == status
    assert client.post(f"/rooms/{table.code}/close", data={"rest": "mentor"}).status_code == status
    assert table.room().state is RoomState.OPEN


def test_the_list_asks_the_same_few_things_however_long_it_is(table: Table) -> None:
    def asked(n: int) -> int:
        for i in range(n):
            table.asked(body=f"{i};")
            table.act(table.host, "promise:make", body=f"{i}")
        return queries_of(table, table.host, f"/rooms/{table.code}/close")

    asked(1)
    assert asked(1) == asked(3) == 14


def many_open(table: Table, number: int) -> None:
    """NUMBER open questions more, written past the room."""
    facts = {"room_id": table.room_id, "visibility": Visibility.NAME, "asker_id": table.alice.id}
    with table.world.session() as session:
        room = session.get_one(Room, table.room_id)
        first, room.last_no = room.last_no + 1, room.last_no + number
        rows = [
            facts | {"no": no, "pid": uuid.uuid4(), "state": QuestionState.OPEN, "body": f"Ερώτηση {no};"}
            for no in range(first, first + number)
        ]
        session.execute(insert(Question), rows)
        session.commit()


def test_a_room_with_thousands_of_questions_closes_in_as_many_statements(table: Table) -> None:
    """They are counted in the writer's own transaction: whoever writes meanwhile waits for it."""
    engine = own_engine(table.world.app.config["SQLALCHEMY_DATABASE_URI"])
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    def closed(number: int) -> dict[str, int]:
        many_open(table, number)
        with table.world.app.app_context():
            person = seat(table.room_id, table.host.id).person
        assert person is not None
        ticket = Ticket(Order("room:close", table.room_id, person, Role.MODERATOR, {"cid": cid()} | REST))
        seen.clear()
        commit(engine, [ticket])
        assert ticket.error is None
        assert counted(table)["mentors"] == len(tasks(table)) == table.room().last_no
        found = Counter(sql.partition("FROM")[2][:60] or sql[:60] for sql in seen)
        table.act(table.host, "room:open")
        return found

    closed(1)  # the letters that remind are written once for a day
    few, many = closed(3), closed(40)
    assert few == many
    assert sum(many.values()) <= 60
    engine.dispose()
