"""Joined questions: the union of persons, chains made flat, and everything as it was when they are taken apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import DomainError
from forum.cli import wrong_scores
from forum.models import Question, QuestionVote
from forum.queries import merge_choices, voiced
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def stand(table: Table) -> dict[int, tuple[str, int, int]]:
    """{number: (state, score, downs)}."""
    with table.world.session() as session:
        return {q.no: (q.state.value, q.score, q.downs) for q in session.scalars(select(Question))}


def vote(table: Table, person: Any, question: dict[str, Any], val: int = 1) -> dict[str, Any]:
    return table.act(person, "question:vote", qid=question["id"], val=val)


def test_voices_are_the_union_of_persons(table: Table) -> None:
    vera, nikos, lena = (enrolled(table, name) for name in ("Βέρα", "Νίκος", "Λένα"))
    first, second = table.asked(body="Πρώτη;"), table.asked(nikos, body="Δεύτερη;")
    for person, question in ((vera, first), (vera, second), (lena, second), (table.alice, second)):
        vote(table, person, question)
    table.moderate("merge", second, into=first["id"])
    # Vera once, Lena, and Nikos who asked the second; Alice asked the first.
    assert stand(table) == {1: ("open", 3, 0), 2: ("merged", 3, 0)}
    assert wrong_scores_in(table) == []
    with table.world.app.app_context():
        assert voiced(table.room_id, lena.id) == {first["id"]: 1}


def wrong_scores_in(table: Table) -> list[str]:
    with table.world.app.app_context():
        return wrong_scores()


def test_an_anonymous_asker_counts_once_and_stays_unknown(table: Table) -> None:
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    first, hidden = table.asked(body="Πρώτη;"), table.asked(vera, vis="none", body="Κρυφή;")
    vote(table, vera, first)
    vote(table, nikos, hidden)
    table.moderate("merge", hidden, into=first["id"])
    assert stand(table)[1] == ("open", 2, 0)
    with pytest.raises(DomainError) as refused:
        vote(table, vera, first, 0)
    assert refused.value.code == "forbidden"
    assert wrong_scores_in(table) == []


def test_a_vote_after_the_merge_goes_to_the_target_and_speaks_for_the_family(table: Table) -> None:
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    first, second = table.asked(body="Πρώτη;"), table.asked(nikos, body="Δεύτερη;")
    vote(table, vera, second)
    table.moderate("merge", second, into=first["id"])
    lena = enrolled(table, "Λένα")
    assert vote(table, lena, second)["qid"] == first["id"]
    assert stand(table)[1] == ("open", 3, 0)
    vote(table, vera, first, 0)  # takes back what she gave to the second
    assert stand(table) == {1: ("open", 2, 0), 2: ("merged", 0, 0)}
    vote(table, vera, first, -1)
    assert stand(table)[1] == ("open", 2, 1)
    assert wrong_scores_in(table) == []


def test_chains_are_flat_and_come_apart_as_they_were(table: Table) -> None:
    people = [enrolled(table, f"Π{i}") for i in range(4)]
    questions = [table.asked(person, body=f"Ερώτηση {i};") for i, person in enumerate(people)]
    for i, question in enumerate(questions):
        vote(table, people[(i + 1) % 4], question)
    before = stand(table)
    a, b, c, d = questions
    c = table.moderate("merge", c, into=b["id"])
    b = table.moderate("merge", b, into=a["id"])
    d = table.moderate("merge", d, into=c["id"])  # goes to where c went
    assert [q["into"]["no"] for q in (c, b, d)] == [2, 1, 1]
    b = table.moderate("unmerge", table.now(b))
    assert table.now(c)["into"]["no"] == 2
    assert wrong_scores_in(table) == []
    table.moderate("unmerge", table.now(c))
    table.moderate("unmerge", table.now(d))
    assert stand(table) == before


def test_one_that_waited_stays_unseen(table: Table) -> None:
    first, waiting = table.asked(body="Πρώτη;"), table.ask(enrolled(table), body="Αδιάβαστη ακόμη;")
    other = table.inside(enrolled(table, "Νίκος"))
    merged = table.moderate("merge", waiting, into=first["id"])
    assert other.heard() == []
    assert "Αδιάβαστη" not in str(table.socket(table.alice).hello(table.code))
    assert table.moderate("unmerge", merged)["state"] == "pending"


def test_nothing_is_joined_with_itself_or_with_what_went(table: Table) -> None:
    first, second = table.asked(body="Πρώτη;"), table.asked(body="Δεύτερη;")
    joined = table.moderate("merge", second, into=first["id"])
    gone = table.moderate("dismiss", table.asked(body="Τρίτη;"), reason="Εκτός.")
    for question, into in ((first, joined), (first, first), (first, gone), (joined, first)):
        with pytest.raises(DomainError) as refused:
            table.moderate("merge", table.now(question), into=into["id"])
        assert refused.value.code == "locked"


def test_no_question_goes_with_another(table: Table) -> None:
    vera = enrolled(table)
    first, second = table.asked(vera, body="Πρώτη;"), table.asked(body="Δεύτερη;")
    table.moderate("merge", second, into=first["id"])
    table.act(vera, "question:withdraw", qid=first["id"])
    assert stand(table) == {1: ("withdrawn", 0, 0), 2: ("open", 0, 0)}


def test_the_asker_hears_where_it_went(table: Table) -> None:
    first, second = table.asked(enrolled(table), body="Πρώτη;"), table.asked(body="Δεύτερη;")
    alice = table.inside(table.alice)
    table.moderate("merge", second, into=first["id"])
    assert [m["q"]["into"] for m in alice.heard("me")] == [{"id": first["id"], "no": 1}]


def test_the_picker_shows_the_joined_voices(table: Table) -> None:
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    first, second = table.asked(body="Πρώτη;"), table.asked(nikos, body="Δεύτερη;")
    for person, question in ((vera, first), (vera, second), (nikos, first)):
        vote(table, person, question)
    with table.world.app.app_context():
        asked = table.row(second)
        choices = merge_choices(table.room(), asked)
    assert [(choice.question.no, choice.question.score, choice.joined) for choice in choices] == [(1, 2, 2)]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["vote", "vote", "vote", "merge", "unmerge"]),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(-1, 1),
    ),
    min_size=5,
    max_size=25,
)


def test_whatever_happens_the_numbers_are_those_of_the_people(table: Table) -> None:
    people = [table.alice, *(enrolled(table, f"Π{i}") for i in range(5))]
    questions = [table.asked(people[i], body=f"Ε{i};", vis=("name", "none", "mods")[i % 3]) for i in range(6)]

    calm = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}

    @settings(max_examples=15, **calm)
    @given(STEPS)
    def holds(steps: list[Any]) -> None:
        for act, who, which, val in steps:
            question = table.now(questions[which])
            try:
                if act == "vote":
                    vote(table, people[who], question, val)
                elif act == "merge":
                    table.moderate("merge", question, into=questions[who]["id"])
                else:
                    table.moderate("unmerge", question)
            except DomainError:
                continue
        assert wrong_scores_in(table) == []

    holds()
    with table.world.session() as session:
        assert session.scalar(select(QuestionVote.value).where(QuestionVote.value != 0).limit(1))
