"""The questions of a recording as tracks, an answer alone, and the ways back from the room to the second."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.models import Recording
from forum.models import Question, QuestionState, Room, RoomState
from tests.archive.conftest import Stage

LONG = "Πες μας " * 100  # a chapter's title has room for a part of it


@pytest.fixture
def tied(stage: Stage, media: dict[str, Path]) -> Recording:
    """A recording with three answers: at 8 and 10 s by the first one's anchor, one outside; a fourth in writing."""
    first = stage.ask(1, 100, body="Πόσα μερίδια --> ;")
    stage.ask(2, 102, body=f"Ποιος πληρώνει; {LONG}")
    stage.ask(3, 4000, body="Πολύ αργότερα;")
    stage.ask(4, None, answer="Γραπτά.", body="Και γραπτά;")
    recording = stage.playable(media["mp4"])
    answer = stage.world.client(stage.staff).post(
        f"/recordings/{recording.pid}/place", data={"question": str(first.pid), "at": "0:08"}
    )
    assert answer.status_code == 303
    return recording


def test_the_track_has_a_cue_for_each_answer(stage: Stage, tied: Recording) -> None:
    answer = stage.world.client(stage.learner).get(f"/recordings/{tied.pid}/questions.vtt")
    assert answer.content_type == "text/vtt; charset=utf-8"
    head, *cues = answer.text.strip().split("\n\n")
    assert head == "WEBVTT"
    lines = [cue.split("\n") for cue in cues]
    assert [(line[0], line[1]) for line in lines] == [
        ("q1", "00:00:08.000 --> 00:00:10.000"),
        ("q2", "00:00:10.000 --> 00:00:12.000"),
    ]
    assert "-->" not in lines[0][2]
    assert json.loads(lines[0][2])["question"] == "Πόσα μερίδια --> ;"


def test_the_chapters_are_those_of_podcasts(stage: Stage, tied: Recording) -> None:
    answer = stage.world.client(stage.learner).get(f"/recordings/{tied.pid}/questions.json")
    assert answer.content_type == "application/json+chapters; charset=utf-8"
    told = json.loads(answer.text)
    assert told["version"] == "1.2.0"
    assert [(row["startTime"], row["endTime"], row["title"]) for row in told["chapters"]] == [
        (8.0, 10.0, "Πόσα μερίδια --> ;"),
        (10.0, 12.0, "Ποιος πληρώνει;" + " Πες μας" * 23 + "…"),
    ]
    assert told["chapters"][0]["url"].endswith(f"/recordings/{tied.pid}?t=8")


@pytest.mark.parametrize("ending", ["vtt", "json"])
def test_the_stranger_reads_no_questions(stage: Stage, tied: Recording, ending: str) -> None:
    for user in (stage.stranger, None):
        answer = stage.world.client(user).get(f"/recordings/{tied.pid}/questions.{ending}")
        assert answer.status_code == 404
        assert "μερίδια" not in answer.text


def test_an_answer_alone_begins_six_seconds_early_and_stops_at_its_end(stage: Stage, tied: Recording) -> None:
    client = stage.world.client(stage.learner)
    page = client.get(f"/recordings/{tied.pid}").text
    assert f'href="/recordings/{tied.pid}?t=2&amp;until=10" data-at="2" data-until="10"' in page
    alone = client.get(f"/recordings/{tied.pid}?t=2&until=10").text
    assert "/media/play#t=2.0,10.0" in alone  # the browser itself stops there, without script
    assert 'data-until="10.0"' in alone
    assert "data-until" not in client.get(f"/recordings/{tied.pid}?t=9&until=3").text.split("<header")[0]
    assert f'<track kind="metadata" label="questions" src="/recordings/{tied.pid}/questions.vtt">' in alone


def test_the_record_of_the_room_leads_to_the_second(stage: Stage, tied: Recording) -> None:
    with stage.world.session() as session:
        room = session.query(Room).filter_by(meeting_id=stage.meeting.id).one()
        room.state, room.last_no, code = RoomState.CLOSED, 4, room.code
    client = stage.world.client(stage.learner)
    page = client.get(f"/rooms/{code}/record").text
    assert f'href="/recordings/{tied.pid}?t=8"' in page
    assert "Hear the answer, 0:08" in page
    assert page.count("Hear the answer") == 2
    mine = client.get("/me/questions").text
    assert f'href="/recordings/{tied.pid}?t=10"' in mine
    stage.world.client(stage.host).post(f"/recordings/{tied.pid}/visibility", data={"visibility": "private"})
    assert "Hear the answer" not in client.get(f"/rooms/{code}/record").text


def test_a_question_that_was_taken_back_leaves_its_time_and_no_word(stage: Stage, tied: Recording) -> None:
    with stage.world.session() as session:
        session.query(Question).filter_by(no=2).one().state = QuestionState.WITHDRAWN
    page = stage.world.client(stage.learner).get(f"/recordings/{tied.pid}").text
    assert "Ποιος πληρώνει;" not in page
    assert page.count("The question answered here was taken back.") == 1
    assert '<rect class="span after" x="83.33%"' in page
    assert "Ποιος" not in stage.world.client(stage.learner).get(f"/recordings/{tied.pid}/questions.vtt").text
