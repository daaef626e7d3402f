"""Questions that weren't reached, and where their answers are heard since."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording, RecordingVisibility
from core.db import utcnow
from forum.models import Question, QuestionState, Room, Visibility
from tests.archive.conftest import Stage


@pytest.fixture
def open_question(stage: Stage) -> Question:
    stage.ask(1, 100)
    return stage.ask(2, None, body="Κι οι νέοι;")


def other_meeting(stage: Stage, media: dict[str, Path], audience: RecordingVisibility) -> tuple[Question, Recording]:
    """Another cohort's meeting, filmed, where it was answered at second 4."""
    world = stage.world
    meeting = world.meetings(world.cohort(starts=-dt.timedelta(hours=3)))[0]
    with world.session() as session:
        room = session.query(Room).filter_by(meeting_id=meeting.id).one()
        question = Question(
            room_id=room.id, no=1, body="Και για νέους;", visibility=Visibility.NAME, asker_id=stage.host.id,
            state=QuestionState.ANSWERED, answering_at=utcnow(), answered_at=utcnow() + dt.timedelta(seconds=3),
        )
        session.add(question)
        session.commit()
        session.expunge_all()
    recording = stage.playable(media["mp4"], visibility=audience)
    with world.session() as session:
        moved = session.get_one(Recording, recording.id)
        moved.meeting_id, moved.starts_at = meeting.id, question.answering_at - dt.timedelta(seconds=4)
    return question, recording


def say(stage: Stage, recording: Recording, question: Question, link: str, user: Any = None) -> int:
    data = {"unreached": str(question.pid), "link": link}
    client = stage.world.client(user or stage.staff)
    return client.post(f"/recordings/{recording.pid}/since", data=data).status_code


@pytest.mark.parametrize("audience", [RecordingVisibility.PUBLIC, RecordingVisibility.COHORT])
def test_the_way_to_the_answer_is_for_those_who_may_hear_it(
    stage: Stage, media: dict[str, Path], open_question: Question, audience: RecordingVisibility
) -> None:
    here = stage.playable(media["mp4"])
    answer, there = other_meeting(stage, media, audience)
    for _ in range(2):
        assert say(stage, here, open_question, f"https://x/rooms/ABCDEF/record?q={answer.pid}#q-{answer.pid}") == 303
    page = stage.world.client(stage.learner).get(f"/recordings/{here.pid}").text
    assert (f'href="/recordings/{there.pid}?t=4"' in page) is (audience is RecordingVisibility.PUBLIC)
    assert ("with the mentors" in page) is (audience is RecordingVisibility.COHORT)


def test_only_answered_questions_of_meetings_that_one_manages(
    stage: Stage, media: dict[str, Path], open_question: Question
) -> None:
    here = stage.playable(media["mp4"])
    answer, _there = other_meeting(stage, media, RecordingVisibility.PUBLIC)
    assert say(stage, here, open_question, str(answer.pid), stage.host) == 422  # the host of this cohort alone
    for link in ("", "x", "https://x/", str(open_question.pid), "00000000-0000-0000-0000-000000000000"):
        assert say(stage, here, open_question, link) == 422
    for user, status in ((stage.learner, 404), (stage.stranger, 404)):
        assert say(stage, here, open_question, str(answer.pid), user) == status
    assert "Answered since" not in stage.world.client(stage.learner).get(f"/recordings/{here.pid}").text


def test_the_second_part_of_the_same_meeting_has_what_the_first_lacks(
    stage: Stage, media: dict[str, Path], open_question: Question
) -> None:
    late = stage.ask(3, 5000, body="Μετά το διάλειμμα;")
    first, second = (stage.playable(media["mp4"]) for _ in range(2))
    with stage.world.session() as session:
        for recording, after in ((first, 95), (second, 4994)):
            begun = stage.meeting.starts_at + dt.timedelta(seconds=after)
            session.get_one(Recording, recording.id).starts_at = begun
    page = stage.world.client(stage.learner).get(f"/recordings/{first.pid}").text
    row = page.split(late.body)[1].split("</li>")[0]
    assert f'href="/recordings/{second.pid}?t=6"' in row
