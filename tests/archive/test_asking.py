"""Asking while watching: into the room of the meeting, by its rules, at a second of the recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording, RecordingQuestion, RecordingVisibility
from archive.queries.record import record_beside
from forum.models import Moderation, Question, QuestionState, QuestionTask, QuestionVote, Room, RoomState, Visibility
from tests.archive.conftest import Stage

S = QuestionState


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    """For everybody; its room has closed, with one answer at second 3."""
    stage.ask(1, 100, body="Πόσα μερίδια;")
    closed(stage)
    found = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    with stage.world.session() as session:
        pid = session.query(Question.pid).scalar()
    data = {"question": str(pid), "at": "0:03"}
    assert stage.world.client(stage.staff).post(f"/recordings/{found.pid}/place", data=data).status_code == 303
    return found


def closed(stage: Stage, **facts: Any) -> None:
    with stage.world.session() as session:
        room = session.query(Room).filter_by(meeting_id=stage.meeting.id).one()
        room.state, room.last_no = RoomState.CLOSED, 1
        for name, value in facts.items():
            setattr(room, name, value)


def ask(stage: Stage, recording: Recording, user: Any, **more: Any) -> Any:
    data = {"body": "Κι αν βρέξει;", "at": "0:07", "vis": "name", "cid": "aaaaaaaaaaaaaaaa"} | more
    return stage.world.client(user).post(f"/recordings/{recording.pid}/ask", data=data)


def asked(stage: Stage) -> list[Question]:
    with stage.world.session() as session:
        found = session.query(Question).filter(Question.no > 1).order_by(Question.no).all()
        session.expunge_all()
    return found


def test_a_learner_asks_and_a_mentor_has_it(stage: Stage, recording: Recording) -> None:
    closed(stage, moderation=Moderation.OFF)
    for _ in range(2):  # a double click
        answer = ask(stage, recording, stage.learner)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/recordings/{recording.pid}?t=7")
    (question,) = asked(stage)
    assert (question.no, question.state, question.asker_id) == (2, S.LATER, stage.learner.id)
    with stage.world.session() as session:
        (task,) = session.query(QuestionTask)
        assert (task.mentor_id, task.question_id) == (stage.host.id, question.id)
        assert [(row.question_id, row.seconds) for row in session.query(RecordingQuestion)] == [(question.id, 7.0)]
    assert "Κι αν βρέξει;" in stage.world.client(stage.host).get("/inbox").text
    for reader in (None, stage.stranger):
        page = stage.world.client(reader).get(f"/recordings/{recording.pid}").text
        assert 'data-at="7"' in page
        assert "asked while watching" in page


def test_what_a_moderator_would_read_first_is_seen_by_nobody(stage: Stage, recording: Recording) -> None:
    assert ask(stage, recording, stage.learner).status_code == 303
    assert [question.state for question in asked(stage)] == [S.PENDING]
    address = f"/recordings/{recording.pid}"
    for reader in (None, stage.stranger, stage.host):
        assert "Κι αν βρέξει;" not in stage.world.client(reader).get(address).text
        assert "Κι αν βρέξει;" not in stage.world.client(reader).get(f"{address}/questions.vtt").text
    assert "waits to be let through" in stage.world.client(stage.learner).get(address).text
    with stage.world.app.test_request_context():
        assert record_beside(stage.now(recording)).total == 1


def test_a_stranger_who_may_watch_may_ask_and_sees_no_room(stage: Stage, recording: Recording) -> None:
    closed(stage, moderation=Moderation.OFF)
    assert ask(stage, recording, stage.stranger).status_code == 303
    (question,) = asked(stage)
    assert question.asker_id == stage.stranger.id
    with stage.world.session() as session:
        code = session.query(Room.code).filter_by(id=question.room_id).scalar()
    assert stage.world.client(stage.stranger).get(f"/rooms/{code}/record").status_code == 404


def test_anonymous_leaves_nobody_behind(stage: Stage, recording: Recording) -> None:
    closed(stage, moderation=Moderation.OFF)
    for _ in range(2):
        assert ask(stage, recording, stage.learner, vis="none").status_code == 303
    (question,) = asked(stage)
    assert (question.asker_id, question.visibility, question.state) == (None, Visibility.NONE, S.PENDING)
    with stage.world.session() as session:
        (task,) = session.query(QuestionTask)
        assert task.given_by_id == stage.host.id


@pytest.mark.parametrize(("more", "status"), [
    ({"body": ""}, 422), ({"at": "9:00"}, 422), ({"at": "x"}, 422), ({"vis": "all"}, 422), ({"body": "x" * 1001}, 422),
])
def test_what_isn_t_understood_stays_in_the_form(
    stage: Stage, recording: Recording, more: dict[str, str], status: int
) -> None:
    answer = ask(stage, recording, stage.learner, **more)
    assert answer.status_code == status
    assert 'class="field__error" role="alert">' in answer.text
    assert asked(stage) == []


def test_no_more_than_the_room_allows(stage: Stage, recording: Recording) -> None:
    closed(stage, question_cap=1)
    assert ask(stage, recording, stage.learner).status_code == 303
    again = ask(stage, recording, stage.learner, cid="bbbbbbbbbbbbbbbb")
    assert again.status_code == 409
    assert "waits for its answer here" in again.text


def test_not_before_the_meeting_is_over(stage: Stage, recording: Recording) -> None:
    closed(stage, state=RoomState.OPEN)
    assert ask(stage, recording, stage.learner).status_code == 409
    assert 'id="ask"' not in stage.world.client(stage.learner).get(f"/recordings/{recording.pid}").text
    assert asked(stage) == []


def test_the_stranger_and_nobody_ask_nothing_of_a_cohort(stage: Stage, recording: Recording) -> None:
    with stage.world.session() as session:
        session.get_one(Recording, recording.id).visibility = RecordingVisibility.COHORT
        pid = session.query(Question.pid).scalar()
    for user, status in ((stage.stranger, 404), (None, 401)):
        assert ask(stage, recording, user).status_code == status
        also = stage.world.client(user).post(f"/recordings/{recording.pid}/questions/{pid}/also", data={"on": "1"})
        assert also.status_code == status
    assert asked(stage) == []


def test_asking_the_same_afterwards_counts_once_and_is_taken_back(stage: Stage, recording: Recording) -> None:
    with stage.world.session() as session:
        question = session.query(Question).one()
        address = f"/recordings/{recording.pid}/questions/{question.pid}/also"
    client = stage.world.client(stage.stranger)
    scores = []
    for on in ("1", "1", "", "1"):
        answer = client.post(address, data={"on": on}, headers={"Accept": "application/json"})
        scores.append(answer.json["n"])
    assert scores == [1, 1, 0, 1]
    assert stage.world.client(stage.learner).post(address, data={"on": "1"}).status_code in {303, 409}  # their own
    with stage.world.session() as session:
        assert session.query(Question.score).scalar() == 1
        assert session.query(QuestionVote).filter_by(value=1).count() == 1
    page = client.get(f"/recordings/{recording.pid}").text
    assert 'aria-pressed="true"' in page
    assert "At 0:03 2 people asked" in page  # who asked, and one more
    assert stage.stranger.family_name not in page.split('class="heat"')[1].split("</figure>")[0]
