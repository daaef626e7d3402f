"""Polls on their pages: everything works as plain forms, and shows what each may see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from mentors.models import Cohort
from tests.forum.conftest import Table, earlier, statements_of
from tests.forum.test_sockets import enrolled


def text_of(page: str) -> str:
    bare = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def visible(page: str, marker: str) -> bool:
    """Whether the first element with MARKER outside templates is not hidden."""
    bare = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    found = re.search(rf"<[a-z0-9]+[^>]*{re.escape(marker)}[^>]*>", bare)
    return found is not None and " hidden" not in found.group()


def browsers(table: Table) -> tuple[FlaskClient, FlaskClient, str]:
    return table.world.client(table.host), table.world.client(table.alice), f"/rooms/{table.code}"


def test_a_poll_from_preparing_to_results_by_plain_forms(table: Table) -> None:
    host, alice, room = browsers(table)
    said = {"kind": "quiz", "body": "Πόσα μέλη;", "options": ["Τρία", "", "Πέντε"], "right": ["2"], "why": "Ο νόμος."}
    assert host.post(f"{room}/polls", data=said).status_code == 303
    page = host.get(f"{room}/polls").text
    assert "Πέντε <b>(right)</b>" in page
    pid = re.search(r"/polls/([0-9a-f-]{36})/open", page).group(1)
    step = f"{room}/polls/{pid}"
    assert "Πόσα μέλη;" not in alice.get(room).text
    assert host.post(f"{step}/open", data={"rev": "1"}).status_code == 303
    page = alice.get(room).text
    assert "Πόσα μέλη;" in page
    assert "Ο νόμος." not in page
    assert alice.post(f"{step}/choice", data={"choice": "1", "round": "1"}).headers["Location"].endswith(f"#p-{pid}")
    assert f'id="o-{pid}-1" value="1" checked' in alice.get(room).text
    host.post(f"{step}/hands", data={"option": "0", "count": "14"})
    assert "+14 in the hall" in text_of(host.get(f"{room}/host").text)
    assert "+14" not in alice.get(room).text
    host.post(f"{step}/close", data={"rev": "2"})
    assert visible(alice.get(room).text, 'data-poll-when="closed"')
    host.post(f"{step}/reveal", data={"rev": "3"})
    page = text_of(alice.get(room).text)
    assert "+14 in the hall" in page
    assert "Ο νόμος." in page


def test_a_refused_choice_comes_back_where_it_was_made(table: Table) -> None:
    _host, alice, room = browsers(table)
    poll = table.poll(kind="budget")
    answer = alice.post(f"{room}/polls/{poll['id']}/choice", data={"choice": ["50", "20", "0"], "round": "1"})
    assert answer.status_code == 422
    assert "Give out exactly 100 points. You gave 70." in answer.text
    assert 'value="50"' in answer.text


def test_a_refused_draft_comes_back_with_its_words(table: Table) -> None:
    host, _alice, room = browsers(table)
    answer = host.post(f"{room}/polls", data={"kind": "single", "body": "", "options": ["Κρατήστε με", "Κι εμένα"]})
    assert (answer.status_code, "Write what you ask first." in answer.text) == (422, True)
    assert 'value="Κρατήστε με"' in answer.text


def test_taken_from_the_self_check_and_from_a_question_once(table: Table) -> None:
    host, _alice, room = browsers(table)
    question = table.asked(body="Ποιος πληρώνει το ρεύμα;")
    for _click in range(2):
        assert host.post(f"{room}/polls/take", data={"check": "0"}).status_code == 303
        assert host.post(f"{room}/polls/take", data={"qid": question["id"]}).status_code == 303
    hello = table.socket(table.host).hello(table.code)["r"]["snapshot"]["polls"]
    assert [(poll["kind"], len(poll["right"])) for poll in hello] == [("quiz", 1), ("single", 0)]
    assert hello[1]["body"] == "Ποιος πληρώνει το ρεύμα;"
    assert host.post(f"{room}/polls/take", data={"check": "99"}).status_code == 404
    assert host.post(f"{room}/polls/take", data={}).status_code == 404


def test_the_stranger_and_the_learner_prepare_nothing(table: Table) -> None:
    poll = table.poll("draft")
    for who, code in ((table.stranger, 404), (table.alice, 403)):
        browser = table.world.client(who)
        assert browser.get(f"/rooms/{table.code}/polls").status_code == code
        assert browser.post(f"/rooms/{table.code}/polls/{poll['id']}/open", data={"rev": "1"}).status_code == code
    assert table.world.client(table.stranger).post(
        f"/rooms/{table.code}/polls/{poll['id']}/choice", data={"choice": "0", "round": "1"}
    ).status_code == 404


KINDS: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "single": ({}, [0]),
    "multiple": ({"most": 2}, [0, 1]),
    "yesno": ({}, [0]),
    "scale": ({"options": ["λίγο", "πολύ"]}, [3]),
    "cloud": ({}, ["Εμπιστοσύνη"]),
    "text": ({}, ["Δυο λόγια"]),
    "ranking": ({}, [3, 2, 1]),
    "number": ({"options": ["κιλά"], "number": 450}, [420]),
    "quiz": ({"right": [0]}, [0]),
    "peer": ({"right": [0]}, [0]),
    "budget": ({}, [50, 30, 20]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_on_every_page(table: Table, kind: str) -> None:
    host, alice, room = browsers(table)
    facts, choice = KINDS[kind]
    poll = table.poll(kind=kind, body=f"Ερώτημα {kind}", **facts)
    table.choose(table.alice, poll, *choice)
    closed = table.step("close", poll)
    poll = table.step("open", closed)
    earlier(table, 2)
    pages = {path: browser.get(room + path) for browser, path in ((alice, ""), (host, "/host"), (host, "/screen"))}
    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 200)
    assert all(f"Ερώτημα {kind}" in page.text for page in pages.values())
    closed = table.step("close", poll)
    if kind == "peer":
        closed = table.step("close", table.step("again", closed))
    table.step("reveal", closed)
    table.act(table.host, "room:close")
    page = alice.get(f"{room}/record").text
    assert f"Ερώτημα {kind}" in page
    assert "Answered: 1" in page
    assert (kind == "number") == ("The right value: 450" in page)


@pytest.mark.parametrize(("path", "who"), [("", "alice"), ("/host", "host"), ("/polls", "host"), ("/screen", "host")])
def test_a_page_asks_the_same_few_things_however_many_polls(table: Table, path: str, who: str) -> None:
    browser = table.world.client(getattr(table, who))

    def queries(more: int) -> int:
        for _one in range(more):
            table.choose(table.alice, table.poll(), 0)
            table.poll("revealed")
        browser.get(f"/rooms/{table.code}{path}")
        with statements_of(table.world.app) as asked:
            assert browser.get(f"/rooms/{table.code}{path}").status_code == 200
        return len(asked)

    assert queries(1) == queries(2) <= 24


def test_the_screen_shows_the_counter_but_no_bars_before_the_reveal(table: Table) -> None:
    host, _alice, room = browsers(table)
    poll = table.poll()
    table.choose(enrolled(table), poll, 0)
    earlier(table, 2)
    page = host.get(f"{room}/screen").text
    assert 'class="scene scene--poll is-on' in page
    assert not visible(page, "data-bar")
    table.step("reveal", table.step("close", poll))
    earlier(table, 2)
    assert visible(host.get(f"{room}/screen").text, "data-bar")


def test_a_planned_meeting_is_deleted_with_what_was_prepared(table: Table) -> None:
    from forum.models import Poll, Room, RoomState
    from mentors.models import Meeting

    table.poll("draft")
    with table.world.session() as session:
        session.get_one(Room, table.room_id).state = RoomState.PLANNED
        session.commit()
        session.delete(session.get_one(Meeting, table.meeting_id))
        session.commit()
        assert session.query(Poll).count() == 0
        assert session.get(Cohort, table.cohort.id) is not None
