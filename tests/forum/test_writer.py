"""Group commit, replay, and refusals that roll back alone."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from core.errors import DomainError
from forum.models import Question, QuestionVote, RoomCommand
from forum.services.refusals import Reused
from tests.forum.conftest import Table, cid


def test_ask_approve_vote_answer(table: Table) -> None:
    vera = table.world.person("Βέρα")
    table.world.enrol(vera, table.cohort)
    asked = table.ask(table.alice)
    assert (asked["no"], asked["state"], asked["by"]) == (1, "pending", "Αλίκη Ε.")
    approved = table.moderate("approve", asked)
    assert approved["state"] == "open"
    assert table.act(vera, "question:vote", qid=asked["id"], val=1, n=1) == {"qid": asked["id"], "val": 1, "n": 1}
    now = table.moderate("answering", approved)
    done = table.moderate("answered", now)
    assert done["state"] == "answered"
    assert done["from"]
    assert done["to"]
    with table.world.session() as session:
        assert session.scalar(select(Question.score)) == 1
    room = table.room()
    assert (room.pub_seq, room.mod_seq, room.spotlight_id) == (5, 6, None)


def test_replay_answers_the_same_once(table: Table) -> None:
    key = cid()
    first = table.ask(table.alice, cid=key)
    assert table.ask(table.alice, cid=key) == first
    with table.world.session() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 1


def test_another_text_under_a_known_cid_is_refused(table: Table) -> None:
    key = cid()
    table.ask(table.alice, cid=key)
    with pytest.raises(Reused):
        table.ask(table.alice, body="Άλλο;", cid=key)


def test_votes_are_sets_and_late_ones_are_ignored(table: Table) -> None:
    vera = table.world.person("Βέρα")
    table.world.enrol(vera, table.cohort)
    question = table.asked()
    vote = {"qid": question["id"]}
    table.act(vera, "question:vote", **vote, val=1, n=1)
    table.act(vera, "question:vote", **vote, val=1, n=2)
    table.act(vera, "question:vote", **vote, val=0, n=5)
    assert table.act(vera, "question:vote", **vote, val=1, n=4) == {"qid": question["id"], "val": 0, "n": 5}
    with table.world.session() as session:
        assert session.scalar(select(Question.score)) == 0
        assert session.scalar(select(func.count()).select_from(QuestionVote)) == 1


def test_a_refusal_rolls_back_alone(table: Table) -> None:
    people = [table.world.person(f"Π{i}") for i in range(8)]
    for person in people:
        table.world.enrol(person, table.cohort)
    question = table.asked()
    outcomes: list[object] = []

    def send(i: int) -> None:
        try:
            if i % 2:
                outcomes.append(table.act(people[i], "question:vote", qid=question["id"], val=1))
            else:
                outcomes.append(table.act(people[i], "question:withdraw", qid=question["id"]))
        except DomainError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=send, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("not_found") == 4
    with table.world.session() as session:
        assert session.scalar(select(Question.score)) == 4
        assert session.scalar(select(func.count()).select_from(RoomCommand)) == 2
