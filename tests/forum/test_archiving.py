"""A name taken off, a room in the archive: nobody can be found any more, every count stays, the chain is whole."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from core.db import db, utcnow
from core.errors import DomainError
from core.jobs import Job, run_all
from forum.cli import wrong_scores
from forum.models import Question, QuestionVote, Room, RoomCommand, RoomState
from forum.queries.chain import fault_in, rooms_to_verify
from forum.queries.receipt import receipt
from mentors.models import Cohort, CohortState
from mentors.services import state
from tests.forum.conftest import Table
from tests.forum.test_closing import close
from tests.forum.test_sockets import enrolled

TABLES = (
    *("questions", "room_events", "room_commands", "question_votes", "answers", "question_tasks", "promises"),
    *("poll_answers", "question_reports", "hands", "pulses", "room_bans", "breakout_seats"),
)


def traces(table: Table, user: Any) -> set[str]:
    """The tables of rooms in which USER can be found, by number, id or name."""
    found = set()
    with table.world.session() as session:
        for name in TABLES:
            columns = {c["name"] for c in inspect(db.engine).get_columns(name)}
            people = columns & {"asker_id", "user_id", "author_id", "mentor_id", "owner_id"}
            for row in session.execute(text(f"SELECT * FROM {name}")).mappings():  # noqa: S608 - our own names
                told = " ".join(map(str, row.values()))
                signs = (user.given_name, json.dumps(user.given_name)[1:-1], str(user.pid))
                if any(sign in told for sign in signs) or any(row[column] == user.id for column in people):
                    found.add(name)
    return found


def whole(table: Table) -> bool:
    with table.world.session():
        return fault_in(rooms_to_verify(table.code)[0]) is None


def evening(table: Table) -> dict[str, Any]:
    """A meeting with questions of every kind, closed; Αλίκη's own with her name."""
    asked = table.ask(table.alice)
    edited = table.act(table.alice, "question:edit", qid=asked["id"], rev=asked["rev"], body="Πώς;")["q"]
    mine = table.moderate("approve", edited)
    table.act(enrolled(table, "Νίκη"), "question:vote", qid=mine["id"], val=1)
    table.asked(enrolled(table, "Ρένα"), vis="none", body="Χωρίς όνομα;")
    table.moderate("dismiss", table.ask(enrolled(table, "Λίνα"), body="Εκτός;"), reason="Εκτός.")
    close(table, rest="mentor")
    table.act(table.host, "question:answer", qid=mine["id"], body="Έτσι.")
    return mine


def test_a_name_taken_off_is_nowhere(table: Table) -> None:
    mine = evening(table)
    assert traces(table, table.alice) == {"questions", "room_events", "room_commands"}
    taken = table.act(table.alice, "question:anonymise", qid=mine["id"])["q"]
    assert (taken["by"], taken["vis"], taken["body"]) == (None, "none", "Πώς;")
    assert traces(table, table.alice) == set()
    assert whole(table)
    again = table.act(table.alice, "question:anonymise", qid=mine["id"])["q"]
    assert again == taken
    hello = table.inside(table.host)("room:sync", epoch="x", **{"from": 0})["r"]["snapshot"]
    shown = next(q for q in hello["questions"] if q["id"] == mine["id"])
    assert (shown["by"], shown["answers"][0]["by"]) == (None, "Βασίλης Ε.")


def test_the_log_gives_the_name_no_more_and_keeps_that_of_others(table: Table) -> None:
    mine = evening(table)
    epoch = table.room().epoch
    table.act(table.alice, "question:anonymise", qid=mine["id"])
    assert table.room().epoch != epoch
    hello = table.socket(table.host).hello(table.code, resume={"mod": [table.room().epoch, 0]})["r"]
    told = [event["d"] for event in hello["events"] if event["d"].get("id") == mine["id"]]
    assert len(told) >= 5
    assert {data.get("by") for data in told} == {None}
    assert {data.get("who") for data in told} == {None, "Βασίλης Ε."}
    others = [event["d"]["by"] for event in hello["events"] if event["d"].get("body") == "Εκτός;"]
    assert set(others) == {"Λίνα Ε."}


def test_only_ones_own_and_only_when_the_room_has_closed(table: Table) -> None:
    mine = table.asked()
    for user, code in ((table.alice, "locked"), (enrolled(table), "not_found"), (table.host, "not_found")):
        with pytest.raises(DomainError) as refused:
            table.act(user, "question:anonymise", qid=mine["id"])
        assert refused.value.code == code


def test_the_archive_keeps_every_count_and_nobody(table: Table) -> None:
    evening(table)
    with table.world.session() as session:
        before = receipt(session, table.room_id)
        scores = session.execute(select(Question.no, Question.score).order_by(Question.no)).all()
    result = table.world.app.test_cli_runner().invoke(args=["forum", "archive", table.code])
    assert (result.exit_code, result.output) == (0, f"{table.code}: archived\n")
    with table.world.session() as session:
        assert receipt(session, table.room_id) == before
        assert session.execute(select(Question.no, Question.score).order_by(Question.no)).all() == scores
        assert session.scalars(select(RoomCommand)).all() == []
        assert session.scalars(select(Question.asker_hash)).unique().all() == [None]
        assert session.scalars(select(QuestionVote)).all() == []  # how many is kept, who is not
    room = table.room()
    assert (room.asker_key, room.receipt) == (None, before.payload())
    assert whole(table)
    assert traces(table, table.alice) == {"questions"}  # she signed it; it comes off as well
    again = table.world.app.test_cli_runner().invoke(args=["forum", "archive", table.code])
    assert again.output == f"{table.code}: in the archive already\n"


def test_in_the_archive_it_is_not_opened_but_still_answered(table: Table) -> None:
    mine = evening(table)
    archived(table)
    with pytest.raises(DomainError) as refused:
        table.act(table.host, "room:open")
    assert refused.value.code == "closed"
    with table.world.session() as session:
        waiting = str(session.scalars(select(Question.pid).where(Question.body == "Χωρίς όνομα;")).one())
    table.act(table.host, "question:answer", qid=waiting, body="Έτσι.")
    table.act(table.alice, "question:anonymise", qid=mine["id"])
    assert traces(table, table.alice) == set()
    assert whole(table)


def archived(table: Table) -> str:
    return table.world.app.test_cli_runner().invoke(args=["forum", "archive", table.code]).output


def test_an_open_room_is_left_alone(table: Table) -> None:
    table.asked(vis="none")
    assert archived(table) == f"{table.code}: still open: close it first\n"
    assert table.room().asker_key is not None


def test_thirty_days_after_its_cohort_was_completed(table: Table) -> None:
    evening(table)
    with table.world.session() as session:
        cohort = session.get_one(Cohort, table.cohort.id)
        cohort.starts_at = cohort.enrol_closes_at = utcnow() - dt.timedelta(days=2)
        cohort.ends_at = utcnow() - dt.timedelta(days=1)
        session.commit()
        state.transition(cohort, CohortState.COMPLETED, session.merge(table.host))
        job = session.scalars(select(Job).where(Job.kind == "forum.archive")).one()
        assert 29 < (job.run_after - utcnow()).days + 1 <= 31
        job.run_after = utcnow()
    with table.world.app.app_context():
        run_all()
    assert table.room().archived_at is not None


def test_a_room_left_open_is_tried_again_in_a_week(table: Table) -> None:
    from forum.services import archiving

    with table.world.session() as session:
        session.add(archiving.job(table.cohort.id, dt.timedelta()))
    with table.world.app.app_context():
        run_all()
    assert table.room().archived_at is None
    with table.world.session() as session:
        times = select(Job.run_after).where(Job.kind == "forum.archive").order_by(Job.id.desc())
        later = session.scalars(times).first()
        assert dt.timedelta(days=6) < later - utcnow() < dt.timedelta(days=8)
        assert session.get_one(Room, table.room_id).state is RoomState.OPEN


def test_who_voted_is_nobodys_business_in_the_archive(table: Table) -> None:
    """Every silent act of one person: gone, and every number as it was."""
    silent = enrolled(table, "Σιωπηλή")
    question = table.asked()
    table.act(silent, "question:vote", qid=question["id"], val=1)
    table.act(silent, "question:report", qid=question["id"], reason="Διαφήμιση.")
    table.act(silent, "hand", up=1)
    table.act(silent, "pulse", level="lost")
    poll = table.poll()
    table.choose(silent, poll, 1)
    table.act(table.host, "breakout:open", groups=2, minutes=5)
    table.act(silent, "breakout:sit")
    table.step("reveal", table.step("close", poll))
    close(table, rest="mentor")
    before = {
        *("question_votes", "question_reports", "hands", "pulses", "poll_answers", "breakout_seats", "room_commands")
    }
    assert traces(table, silent) == before
    numbers = [snapshot(table)["polls"][0]["results"], table.row(question).score]
    assert archived(table) == f"{table.code}: archived\n"
    assert traces(table, silent) == set()
    assert [snapshot(table)["polls"][0]["results"], table.row(question).score] == numbers
    with table.world.app.app_context():
        assert wrong_scores() == []


def snapshot(table: Table) -> dict[str, Any]:
    return table.socket(table.host).hello(table.code)["r"]["snapshot"]
