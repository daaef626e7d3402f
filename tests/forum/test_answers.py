"""Written answers: what they rest on, and which one answers the question."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from core.errors import DomainError
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def answered(table: Table, question: dict[str, Any], *bodies: str, **facts: Any) -> list[dict[str, Any]]:
    for body in bodies:
        found = table.act(table.host, "question:answer", qid=question["id"], body=body, **facts)["q"]["answers"]
    return found


def test_an_answer_says_what_it_rests_on_and_asks_to_be_checked(table: Table) -> None:
    public = table.inside(enrolled(table))
    question = table.asked()
    answered(table, question, "Με αίτηση στο Μητρώο.", sources="ν. 4430/2016, άρθρο 4", unsure=1)
    (told,) = public.heard()[-1]["l"][-1]["d"]["answers"]
    assert (told["sources"], told["unsure"], told["accepted"]) == ("ν. 4430/2016, άρθρο 4", True, False)


@pytest.mark.parametrize("vis", ["name", "none"])
def test_the_asker_says_which_answer_answers(table: Table, vis: str) -> None:
    question = table.asked(vis=vis)
    first, second = answered(table, question, "Έτσι.", "Κι έτσι.")
    for chosen in (first, second, second):
        table.act(table.alice, "answer:accept", qid=question["id"], answer=chosen["id"], on=1)
    shown = table.socket(table.host).hello(table.code)["r"]["snapshot"]["questions"][0]["answers"]
    assert [a["accepted"] for a in shown] == [False, True]
    table.act(table.host, "answer:accept", qid=question["id"], answer=second["id"], on=0)
    shown = table.socket(table.host).hello(table.code)["r"]["snapshot"]["questions"][0]["answers"]
    assert [a["accepted"] for a in shown] == [False, False]


def test_accepting_leaves_no_trace_of_an_anonymous_asker(table: Table) -> None:
    question = table.asked(vis="none")
    (only,) = answered(table, question, "Έτσι.")
    table.act(table.alice, "answer:accept", qid=question["id"], answer=only["id"], on=1)
    with table.world.session() as session:
        rows = session.execute(text("SELECT count(*) FROM room_commands WHERE user_id = :id"), {"id": table.alice.id})
        assert rows.scalar_one() == 0


def test_nobody_accepts_for_another_and_no_answer_of_another_question(table: Table) -> None:
    question, other = table.asked(), table.asked(body="Άλλη;")
    (mine,), (theirs,) = answered(table, question, "Έτσι."), answered(table, other, "Αλλιώς.")
    refusals = ((enrolled(table), mine), (table.stranger, mine), (table.alice, theirs), (table.host, theirs))
    for user, answer in refusals:
        with pytest.raises(DomainError) as refused:
            table.act(user, "answer:accept", qid=question["id"], answer=answer["id"], on=1)
        assert refused.value.code == "not_found"


def test_the_form_of_the_record_accepts_too(table: Table) -> None:
    question = table.asked()
    (only,) = answered(table, question, "Έτσι.")
    table.act(table.host, "room:close")
    address = f"/rooms/{table.code}/questions/{question['id']}/accept"
    answer = table.world.client(table.alice).post(address, data={"answer": only["id"], "on": "1"})
    assert answer.location.endswith(f"/record#q-{question['id']}")
    page = table.world.client(table.alice).get(f"/rooms/{table.code}/record").get_data(as_text=True)
    assert "It doesn't answer it after all" in page
    others = table.world.client(enrolled(table)).get(f"/rooms/{table.code}/record").get_data(as_text=True)
    assert "data-accept>" not in others
    assert "it answers the question" in others
