"""The rules of asking, editing, moderating and closing, through the services."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import DomainError
from forum.cli import broken_streams, wrong_scores
from forum.models import Moderation, Question, Room, RoomState
from forum.permissions import Role, Standing, may, role_of
from mentors.models import CohortState, Meeting, MeetingState
from tests.forum.conftest import Table, lay_table
from tests.forum.test_convergence import many_rooms
from tests.forum.test_sockets import enrolled
from tests.world import World


@pytest.mark.parametrize(
    ("standing", "role"),
    [
        (None, None),
        (Standing(CohortState.RUNNING), None),
        (Standing(CohortState.RUNNING, enrolled=True), Role.LEARNER),
        (Standing(CohortState.DRAFT, enrolled=True), None),
        (Standing(CohortState.CANCELLED, enrolled=True), None),
        (Standing(CohortState.ARCHIVED, enrolled=True), Role.LEARNER),
        (Standing(CohortState.DRAFT, team=True), Role.MODERATOR),
        (Standing(CohortState.RUNNING, enrolled=True, team=True), Role.MODERATOR),
        (Standing(CohortState.RUNNING, staff=True), Role.MODERATOR),
        (Standing(CohortState.RUNNING, coordinator=True), Role.OBSERVER),
    ],
)
def test_part_in_the_room(standing: Standing | None, role: Role | None) -> None:
    assert role_of(standing) is role


def test_who_may_send_what() -> None:
    commands = ("question:ask", "question:vote", "question:moderate", "room:close", "poll:open", "poll:vote", "poll:x")
    allowed = {role: {command for command in commands if may(role, command)} for role in (None, *Role)}
    assert allowed == {
        None: set(),
        Role.LEARNER: {"question:ask", "question:vote", "poll:vote"},
        Role.MODERATOR: set(commands) - {"poll:x"},
        Role.OBSERVER: set(),
        Role.WATCHER: set(),
        Role.PROJECTOR: set(),
        Role.CLOCK: set(),
    }


def test_every_meeting_has_a_room(world: World) -> None:
    cohort = world.cohort()
    with world.session() as session:
        meeting = session.scalars(select(Meeting).where(Meeting.cohort_id == cohort.id)).one()
        room = session.scalars(select(Room).where(Room.meeting_id == meeting.id)).one()
        assert (room.state, len(room.code), room.pub_seq) == (RoomState.PLANNED, 6, 0)
        session.delete(meeting)
        session.commit()
        assert session.scalars(select(Room)).all() == []


def code_of(refused: pytest.ExceptionInfo[DomainError]) -> str:
    return refused.value.code


def test_a_room_that_is_not_open_takes_no_question(world: World) -> None:
    table = lay_table(world, RoomState.PLANNED)
    with pytest.raises(DomainError) as refused:
        table.ask(table.alice)
    assert code_of(refused) == "closed"
    assert table.act(table.host, "room:open") == {"state": "open"}
    assert table.ask(table.alice)["no"] == 1
    with world.session() as session:
        assert session.get_one(Meeting, table.meeting_id).state is MeetingState.LIVE


def test_without_moderation_a_question_is_open_and_editable_until_the_first_voice(table: Table) -> None:
    with table.world.session() as session:
        session.get_one(Room, table.room_id).moderation = Moderation.OFF
        session.commit()
    question = table.ask(table.alice)
    assert question["state"] == "open"
    question = table.act(table.alice, "question:edit", qid=question["id"], rev=1, body="Αλλιώς;")["q"]
    table.act(enrolled(table), "question:vote", qid=question["id"], val=1)
    with pytest.raises(DomainError) as refused:
        table.act(table.alice, "question:edit", qid=question["id"], rev=question["rev"], body="Τρίτη φορά;")
    assert code_of(refused) == "locked"


def test_what_was_let_through_is_not_changed_behind_the_moderators_back(table: Table) -> None:
    question = table.asked()
    with pytest.raises(DomainError) as refused:
        table.act(table.alice, "question:edit", qid=question["id"], rev=question["rev"], body="Κάτι άλλο;")
    assert code_of(refused) == "locked"


def test_nobody_touches_anothers_question(table: Table) -> None:
    question, vera = table.ask(table.alice), enrolled(table)
    for command, args in (("question:edit", {"rev": 1, "body": "Δική μου;"}), ("question:withdraw", {})):
        with pytest.raises(DomainError) as refused:
            table.act(vera, command, qid=question["id"], **args)
        assert code_of(refused) == "not_found"


def test_a_learner_does_not_moderate(table: Table) -> None:
    question = table.ask(table.alice)
    with pytest.raises(DomainError) as refused:
        table.act(table.alice, "question:moderate", qid=question["id"], rev=1, op="approve")
    assert code_of(refused) == "forbidden"


def test_no_dismissal_without_a_reason(table: Table) -> None:
    question = table.ask(table.alice)
    with pytest.raises(DomainError) as refused:
        table.moderate("dismiss", question)
    assert code_of(refused) == "invalid"
    assert table.moderate("approve", question)["state"] == "open"


def test_one_answer_at_a_time_and_the_clicks_are_kept(table: Table) -> None:
    first, second = table.asked(body="Α;"), table.asked(body="Β;")
    first = table.moderate("answering", first)
    second = table.moderate("answering", second)
    with table.world.session() as session:
        rows = {q.body: q for q in session.scalars(select(Question))}
        assert rows["Α;"].state == "answered"
        assert rows["Α;"].answering_at < rows["Α;"].answered_at
        assert rows["Β;"].state == "answering"
        assert rows["Β;"].answered_at is None
    assert second["from"]


def test_closing_ends_what_is_being_answered_and_clears_the_screen(table: Table) -> None:
    table.moderate("answering", table.asked())
    assert table.act(table.host, "room:close") == {"state": "closed"}
    room = table.room()
    assert room.spotlight_id is None
    assert room.closed_at
    with table.world.session() as session:
        assert session.scalar(select(Question.state)) == "answered"
        assert session.get_one(Meeting, table.meeting_id).state is MeetingState.ENDED
    assert table.act(table.host, "room:open") == {"state": "open"}


def test_a_withdrawn_question_leaves_the_screen(table: Table) -> None:
    question = table.moderate("spotlight", table.asked())
    assert table.room().spotlight_id is not None
    table.act(table.alice, "question:withdraw", qid=question["id"])
    assert table.room().spotlight_id is None


def test_the_logs_and_scores_are_what_they_must_be(table: Table) -> None:
    vera = enrolled(table)
    for i in range(5):
        question = table.asked(body=f"{i};")
        table.act(vera, "question:vote", qid=question["id"], val=1)
    with table.world.session() as session:
        assert (wrong_scores(), broken_streams()) == ([], [])
        session.get_one(Room, table.room_id).pub_seq += 1
        session.scalars(select(Question)).first().score += 1
        session.commit()
        assert (len(wrong_scores()), len(broken_streams())) == (1, 1)


def test_the_check_command(table: Table) -> None:
    table.asked()
    result = table.world.app.test_cli_runner().invoke(args=["forum", "check"])
    assert (result.exit_code, result.output) == (0, "ok\n")


def test_no_two_rooms_have_the_same_code(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = world.cohort()
    monkeypatch.setattr("forum.models.room.CODE_ALPHABET", "AB")  # 64 codes: chance alone would meet one twice
    assert len(set(many_rooms(world, cohort.id, 50))) == 50
