"""The mentors' inbox and its letters: what is owed, told, reminded of once, answered, handed over."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, update

from core.db import utcnow
from core.jobs import Job, JobState, run_all
from forum.models import Question, QuestionTask, RoomState
from mentors.models import CohortTeam
from tests.forum.conftest import Table
from tests.forum.test_closing import close, colleague, tasks
from tests.forum.test_sockets import enrolled
from tests.forum.test_views import queries_of


def owing(table: Table, *bodies: str, **how: Any) -> list[dict[str, Any]]:
    """Questions that the meeting's mentor owes since the room closed."""
    asked = [table.asked(body=body, **how) for body in bodies]
    close(table, rest="mentor")
    return asked


def letters(table: Table, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """(to, subject and body) of every e-mail that is sent by now."""
    with table.world.app.app_context():
        run_all()
    found = capsys.readouterr().out.split("--- e-mail to ")[1:]
    return [(letter.partition(":")[0], letter) for letter in found]


def pass_time(table: Table, days: float) -> None:
    """DAYS go by for what the worker still has to do."""
    with table.world.session() as session:
        for job in session.scalars(select(Job).where(Job.state == JobState.QUEUED)):
            job.run_after -= dt.timedelta(days=days)


def test_told_once_and_reminded_once_before_and_once_after(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    owing(table, "Η πρώτη;", "Η δεύτερη;")
    ((to, told),) = letters(table, capsys)
    assert to == table.host.email
    assert "Σας δόθηκαν 2 ερωτήσεις" in told
    assert "Η πρώτη;" in told
    assert letters(table, capsys) == []
    seen = []
    for _day in range(12):
        pass_time(table, 1)
        seen += [letter.partition("\n")[0].rpartition(": ")[2] for _to, letter in letters(table, capsys)]
    assert seen == ["Πλησιάζει η ημέρα για τις απαντήσεις σας", "Πέρασε η ημέρα για τις απαντήσεις σας"]


def test_nobody_is_reminded_of_what_is_done(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = owing(table, "Η πρώτη;", "Η δεύτερη;")
    letters(table, capsys)
    table.act(table.host, "question:answer", qid=one["id"], body="Έτσι.")
    letters(table, capsys)
    pass_time(table, 6)
    ((_to, said),) = letters(table, capsys)
    assert ("Η πρώτη;" in said, "Η δεύτερη;" in said) == (False, True)
    table.act(table.host, "question:assign", qid=two["id"], to=str(colleague(table).pid))
    letters(table, capsys)
    pass_time(table, 6)
    assert [to == table.host.email for to, _said in letters(table, capsys)] == [False]


def test_the_asker_reads_the_answer_by_mail_unless_nobody_can_know(
    table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    named, hidden = table.asked(body="Με όνομα;"), table.asked(body="Χωρίς όνομα;", vis="none")
    close(table, rest="mentor")
    letters(table, capsys)
    for question in (named, hidden):
        table.act(table.host, "question:answer", qid=question["id"], body="Έτσι γίνεται.", sources="ν. 4430/2016")
    ((to, said),) = letters(table, capsys)
    assert to == table.alice.email
    for words in ("Με όνομα;", "Έτσι γίνεται.", "ν. 4430/2016", f"/rooms/{table.code}/record?q={named['id']}#q-"):
        assert words in said
    page = table.world.client(table.host).get(f"/inbox/{hidden['id']}").text
    assert "No e-mail can be sent" in page


def test_the_asker_reads_why_not(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    (question,) = owing(table, "Γίνεται;")
    letters(table, capsys)
    table.act(table.host, "question:cannot", qid=question["id"], reason="Αλλάζει ο νόμος.")
    ((to, said),) = letters(table, capsys)
    assert (to, "Αλλάζει ο νόμος." in said) == (table.alice.email, True)


def test_an_owner_hears_of_a_promise(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    other = colleague(table)
    table.act(table.host, "promise:make", body="Θα σταλεί το υπόδειγμα.", to=str(other.pid))
    ((to, said),) = letters(table, capsys)
    assert (to, "Θα σταλεί το υπόδειγμα." in said) == (other.email, True)


def test_the_inbox_sorts_by_day_and_state(table: Table) -> None:
    owing(table, "Νωρίς;", "Αργά;")
    with table.world.session() as session:
        late = session.scalars(select(Question.id).where(Question.body == "Αργά;")).one()
        past = utcnow() - dt.timedelta(days=1)
        session.execute(update(QuestionTask).where(QuestionTask.question_id == late).values(due_at=past))
    host = table.world.client(table.host)
    page = host.get("/inbox").text
    assert page.index("Αργά;") < page.index("Νωρίς;")
    assert "was due on" in page
    overdue = host.get("/inbox?state=overdue").text
    assert ("Αργά;" in overdue, "Νωρίς;" in overdue) == (True, False)
    assert "Νωρίς;" not in host.get(f"/inbox?cohort={table.cohort.slug}x").text
    assert "Nothing here" in host.get("/inbox?state=done").text
    assert "Nothing here" in table.world.client(colleague(table)).get("/inbox").text


def test_answered_handed_over_and_refused_from_the_inbox(table: Table) -> None:
    one, two, three = owing(table, "Α;", "Β;", "Γ;")
    other, host = colleague(table), table.world.client(table.host)
    empty = host.post(f"/inbox/{one['id']}/answer", data={"body": " "})
    assert (empty.status_code, "Write the answer first." in empty.text) == (422, True)
    done = host.post(f"/inbox/{one['id']}/answer", data={"body": "Έτσι."})
    over = host.post(f"/inbox/{two['id']}/hand-over", data={"to": str(other.pid), "due": "2030-03-12"})
    why = host.post(f"/inbox/{three['id']}/cannot", data={"reason": "Αλλάζει ο νόμος."})
    assert [(r.status_code, r.location) for r in (done, over, why)] == [(303, "/inbox")] * 3
    mine, theirs = table.host.id, other.id
    assert tasks(table) == {1: (mine, "done"), 2: (theirs, "open"), 3: (mine, "cannot")}
    assert table.room().state is RoomState.CLOSED
    record = table.world.client(table.alice).get(f"/rooms/{table.code}/record").text
    assert "Έτσι." in record


@pytest.mark.parametrize(("who", "inbox", "task"), [("alice", 403, 403), ("stranger", 403, 404)])
def test_who_owes_nothing_has_no_inbox(table: Table, who: str, inbox: int, task: int) -> None:
    (question,) = owing(table, "Α;")
    client = table.world.client(getattr(table, who))
    at = f"/inbox/{question['id']}"
    assert client.get("/inbox").status_code == inbox
    forms = {"answer": {"body": "Έτσι."}, "hand-over": {"to": "mentor"}, "cannot": {"reason": "Όχι."}}
    answers = [client.get(at), *[client.post(f"{at}/{act}", data=form) for act, form in forms.items()]]
    assert [answer.status_code for answer in answers] == [task] * 4
    assert tasks(table) == {1: (table.host.id, "open")}


def test_whoever_left_the_team_sees_it_no_more(table: Table) -> None:
    (question,) = owing(table, "Α;")
    other = colleague(table)
    table.act(table.host, "question:assign", qid=question["id"], to=str(other.pid))
    client = table.world.client(other)
    assert "Α;" in client.get("/inbox").text
    with table.world.session() as session:
        session.query(CohortTeam).filter_by(user_id=other.id).delete()
    assert client.get("/inbox").status_code == 403


def test_the_inbox_asks_the_same_few_things_however_long_it_is(table: Table) -> None:
    def owed(n: int) -> int:
        owing(table, *[f"{i};" for i in range(n)])
        table.act(table.host, "room:open")
        return queries_of(table, table.host, "/inbox")

    owed(1)
    assert owed(1) == owed(3) == 8


def test_my_questions_with_their_fates(table: Table) -> None:
    table.moderate("dismiss", table.ask(table.alice, body="Εκτός;"), reason="Βγαίνει από το θέμα.")
    table.ask(table.alice, body="Ανώνυμη;", vis="none")
    table.asked(enrolled(table), body="Άλλης;")
    owing(table, "Σε μέντορα;")
    page = table.world.client(table.alice).get("/me/questions").text
    for words in ("Εκτός;", "Βγαίνει από το θέμα.", "Σε μέντορα;", "with the mentors until"):
        assert words in page
    assert "Ανώνυμη;" not in page
    assert "Άλλης;" not in page
    assert "You haven't asked yet" in table.world.client(table.stranger).get("/me/questions").text


def test_my_questions_to_take_along(table: Table) -> None:
    table.asked(body="=SUM(A1)")
    table.asked(body="Με, κόμμα;")
    alice, other = table.world.client(table.alice), table.world.client(table.stranger)
    sheet = alice.get("/me/questions.csv")
    assert sheet.data.startswith(b"\xef\xbb\xbfroom,cohort,module,no,asked_at,")
    assert ",'=SUM(A1)," in sheet.text
    assert '"Με, κόμμα;"' in sheet.text
    assert {row["question"] for row in alice.get("/me/questions.json").json} == {"=SUM(A1)", "Με, κόμμα;"}
    assert other.get("/me/questions.json").json == []
    assert alice.get("/me/questions.xml").status_code == 404


def test_my_questions_ask_the_same_few_things_however_many(table: Table) -> None:
    def asked(n: int) -> int:
        for i in range(n):
            question = table.asked(body=f"{i};")
            table.act(table.host, "question:answer", qid=question["id"], body="Έτσι.")
        return queries_of(table, table.alice, "/me/questions")

    asked(1)
    assert asked(1) == asked(3) == 10


def test_a_promise_is_read_on_the_phone(table: Table) -> None:
    host, alice = table.world.client(table.host), table.world.client(table.alice)
    at, body = f"/rooms/{table.code}", "Σας στέλνω το υπόδειγμα αύριο."
    assert host.post(f"{at}/promises", data={"body": body}).status_code == 303
    assert alice.get(at).text.count(body) == 1
    assert table.world.client(table.stranger).get(at).status_code == 404
