"""The room without a line of script: pages, forms, and what comes back when a form is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from core.db import db
from forum import services
from forum.models import Question, RoomState
from forum.qr import qr_path
from tests.forum.conftest import Table, lay_table, statements_of
from tests.forum.test_sockets import enrolled
from tests.world import World


def browser(table: Table, user: Any, locale: str = "en") -> Any:
    return table.world.client(user, locale)


def test_ask_approve_vote_answer_by_plain_forms(table: Table) -> None:
    alice, host, vera = (browser(table, user) for user in (table.alice, table.host, enrolled(table)))
    at = f"/rooms/{table.code}"
    answer = alice.post(f"{at}/questions", data={"cid": "a" * 32, "body": "Πώς;", "vis": "name"})
    assert (answer.status_code, answer.location) == (303, f"{at}#mine")
    page = host.get(f"{at}/host").text
    assert "Πώς;" in page
    with table.world.session() as session:
        qid = str(session.scalar(select(Question.pid)))
    assert "Πώς;" not in vera.get(at).text
    done = host.post(f"{at}/questions/{qid}/moderate", data={"op": "approve", "rev": "1", "cid": "b" * 32})
    assert (done.status_code, done.location) == (303, f"{at}/host")
    assert "Πώς;" in vera.get(at).text
    assert vera.post(f"{at}/questions/{qid}/voice", data={"on": "1"}).status_code == 303
    page = vera.get(at).text
    assert 'aria-pressed="true" data-metoo><span class="metoo__n" data-n>1<' in page
    assert vera.post(f"{at}/questions/{qid}/voice", data={"on": ""}).status_code == 303
    host.post(f"{at}/questions/{qid}/moderate", data={"op": "answering", "rev": "2"})
    assert "Being answered now" in vera.get(at).text
    host.post(f"{at}/questions/{qid}/answer", data={"body": "Έτσι.", "cid": "c" * 32})
    assert "Έτσι." in alice.get(at).text


def test_a_double_click_is_one_question(table: Table) -> None:
    alice = browser(table, table.alice)
    for _ in range(2):
        form = {"cid": "a" * 32, "body": "Μία φορά;", "vis": "name"}
        assert alice.post(f"/rooms/{table.code}/questions", data=form).status_code == 303
    with table.world.session() as session:
        assert session.query(Question).count() == 1


@pytest.mark.parametrize(
    ("body", "vis", "sentence"),
    [
        ("", "name", "Write your question first."),
        ("x" * 1003, "name", "It is 3 characters too long."),
        ("Σωστή;", "everybody", "This wasn&#39;t understood."),
    ],
)
def test_a_refused_question_comes_back_with_its_text(table: Table, body: str, vis: str, sentence: str) -> None:
    answer = browser(table, table.alice).post(f"/rooms/{table.code}/questions", data={"body": body, "vis": vis})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert body in answer.text


def test_a_closed_room_gives_the_text_back(table: Table) -> None:
    table.act(table.host, "room:close")
    answer = browser(table, table.alice).post(
        f"/rooms/{table.code}/questions", data={"body": "Άργησα;", "vis": "name"}
    )
    assert answer.status_code == 409
    assert "Άργησα;" in answer.text


def test_dismissed_with_a_reason_of_the_hosts_own(table: Table) -> None:
    question = table.ask(table.alice)
    host = browser(table, table.host)
    at = f"/rooms/{table.code}/questions/{question['id']}/moderate"
    assert host.post(f"{at}?op=dismiss", data={"rev": "1", "other": "Για την άλλη φορά."}).status_code == 303
    page = browser(table, table.alice).get(f"/rooms/{table.code}").text
    assert "Για την άλλη φορά." in page


def test_codes_are_typed_as_people_type_them(table: Table) -> None:
    typed = f"{table.code[:3].lower()} {table.code[3:]}"
    alice, stranger = browser(table, table.alice), browser(table, table.stranger)
    assert alice.get("/join", query_string={"code": typed}).location == f"/rooms/{table.code}"
    assert alice.get(f"/rooms/{table.code.lower()}").status_code == 200
    for code in (typed, "AAAAAA", "!!", "Ω" * 50):
        answer = stranger.get("/join", query_string={"code": code})
        assert answer.status_code == 404
        assert "There is no room for you with this code." in answer.text
    assert stranger.get("/join").status_code == 200


def test_the_projectors_link_opens_the_screen_and_nothing_else(table: Table) -> None:
    question = table.asked(body="Φαίνεται;")
    table.ask(table.alice, body="Δεν φαίνεται;")
    table.moderate("spotlight", question)
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    nobody = browser(table, None)
    page = nobody.get(f"/rooms/{table.code}/screen", query_string={"key": key})
    assert page.status_code == 200
    assert "Φαίνεται;" in page.text
    assert "Δεν φαίνεται;" not in page.text
    assert qr_path(f"http://localhost/join?code={table.code}").path in page.text
    html = {"Accept": "text/html"}
    assert nobody.get(f"/rooms/{table.code}/host", query_string={"key": key}, headers=html).status_code == 302
    other = lay_table(table.world)
    assert nobody.get(f"/rooms/{other.code}/screen", query_string={"key": key}, headers=html).status_code == 302


def test_the_screen_speaks_the_cohorts_language(table: Table) -> None:
    page = browser(table, table.host, "en").get(f"/rooms/{table.code}/screen")
    assert page.headers["Content-Language"] == "el"
    assert '<html lang="el"' in page.text


def test_the_record_stays_for_those_who_were_there(table: Table) -> None:
    table.asked(body="Μένει;")
    table.ask(table.alice, body="Δεν πέρασε ποτέ;")
    at = f"/rooms/{table.code}/record"
    assert browser(table, table.alice).get(at).location == f"/rooms/{table.code}"
    table.act(table.host, "room:close")
    page = browser(table, table.alice).get(at)
    assert page.status_code == 200
    assert "Μένει;" in page.text
    assert "Δεν πέρασε ποτέ;" in page.text  # among what she asked here
    assert "Δεν πέρασε ποτέ;" not in browser(table, enrolled(table)).get(at).text
    assert browser(table, table.alice).get(f"/rooms/{table.code}").location == at
    assert browser(table, table.stranger).get(at).status_code == 404


def test_pages_carry_no_inline_code(table: Table) -> None:
    question = table.moderate("answering", table.asked())
    table.act(table.host, "question:answer", qid=question["id"], body="Έτσι.")
    table.ask(table.alice)
    for user, path in ((table.alice, ""), (table.host, "/host"), (table.host, "/screen")):
        page = browser(table, user).get(f"/rooms/{table.code}{path}").text
        assert re.findall(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|javascript:", page) == []


def queries_of(table: Table, user: Any, path: str) -> int:
    client = browser(table, user)
    client.get(path)
    with statements_of(table.world.app) as seen:
        client.get(f"{path}?n=2")
    return len(seen)


@pytest.mark.parametrize(("path", "who"), [("", "alice"), ("/host", "host"), ("/record", "host")])
def test_a_page_asks_the_same_few_things_however_long_the_list(table: Table, path: str, who: str) -> None:
    def fill(n: int) -> int:
        for i in range(n):
            question = table.asked(enrolled(table, f"Φ{i}"), body=f"Ερώτηση {i};")
            table.act(table.host, "question:answer", qid=question["id"], body="Έτσι.")
        if path == "/record":
            table.act(table.host, "room:close")
        found = queries_of(table, getattr(table, who), f"/rooms/{table.code}{path}")
        table.act(table.host, "room:open")
        return found

    table.asked()
    assert fill(1) == fill(3) <= 24


def test_ways_into_the_room_from_other_pages(world: World) -> None:
    table = lay_table(world)
    from flask_login import login_user

    from accounts.permissions import actor  # noqa: F401 - the slot asks who is looking
    from core.slots import slot

    def shown(user: Any) -> str:
        with world.app.test_request_context():
            if user is not None:
                login_user(db.session.merge(user))
            parts = slot("meetings.acts", world.meetings(table.cohort))
            return "".join(str(part.get(table.meeting_id, "")) for part in parts)

    assert f"/rooms/{table.code}/host" in shown(table.host)
    assert f'href="/rooms/{table.code}"' in shown(table.alice)
    assert table.code not in shown(table.stranger)
    assert table.code not in shown(None)
    table.act(table.host, "room:close")
    assert f"/rooms/{table.code}/record" in shown(table.alice)


def test_a_planned_room_says_when_it_opens(world: World) -> None:
    table = lay_table(world, RoomState.PLANNED)
    page = browser(table, table.alice).get(f"/rooms/{table.code}").text
    assert "The room opens when the host arrives" in page


def test_words_for_a_question_that_changed_meanwhile_are_not_lost(table: Table) -> None:
    question = table.asked()
    alice = table.world.client(table.alice)
    words = "Αλλιώς ειπωμένο, με κόπο;"

    late = alice.post(f"/rooms/{table.code}/questions/{question['id']}/edit", data={"body": words, "rev": "1"})
    table.act(table.host, "room:close")
    closed = alice.post(f"/rooms/{table.code}/questions", data={"body": words, "vis": "name"})

    for answer in (late, closed):
        assert answer.status_code == 409
        assert f"{words}</textarea>" in answer.text
    assert "data-compose hidden" not in closed.text
