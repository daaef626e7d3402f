"""Questions at their seconds: one placed by staff, the others follow."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from archive import timecodes
from archive.queries.record import record_beside
from core.i18n import athens
from forum.models import QuestionState, Visibility
from tests.archive.conftest import Stage


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3723", 3723),
        ("1h2m3s", 3723),
        ("1h", 3600),
        ("2m", 120),
        ("90s", 90),
        ("62:03", 3723),
        ("1:02:03", 3723),
        ("0:05.5", 5.5),
        ("12.25", 12.25),
        (" 1H2M ", 3720),
        ("0", 0),
        ("", None),
        ("abc", None),
        ("-5", None),
        ("1:2:3:4", None),
        ("1:75", None),
        ("9" * 30, None),
        ("١٢", 12),
    ],
)
def test_moments_as_people_write_them(text: str, seconds: float | None) -> None:
    assert timecodes.parse(text) == seconds


@pytest.fixture
def asked(stage: Stage) -> Stage:
    stage.ask(1, 100, body="Πόσα μερίδια;")
    stage.ask(2, 104, answer="Και γραπτά.")
    stage.ask(3, 4000)
    stage.ask(4, None, answer="Μόνο γραπτά.")
    stage.ask(5, None, visibility=Visibility.MODERATORS)
    stage.ask(6, None, state=QuestionState.PENDING, body="ΑΟΡΑΤΗ-ΕΚΚΡΕΜΗΣ")
    stage.ask(7, 106, state=QuestionState.DISMISSED, body="ΑΟΡΑΤΗ-ΑΠΟΡΡΙΦΘΕΙΣΑ")
    return stage


def test_before_the_offset_questions_have_no_times(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    page = asked.world.client(asked.learner).get(f"/recordings/{recording.pid}").text
    assert "Their moments haven't been set yet" in page
    assert "Πόσα μερίδια;" in page
    assert "data-seat" not in page
    assert "ΑΟΡΑΤΗ" not in page


def test_one_question_places_all(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    questions = {q.no: q for q in _questions(asked, recording)}
    client = asked.world.client(asked.host)
    answer = client.post(
        f"/recordings/{recording.pid}/place", data={"question": str(questions[1].pid), "at": "0:05"}
    )
    assert answer.status_code == 303
    assert asked.now(recording).starts_at == asked.meeting.starts_at + dt.timedelta(seconds=95)
    with asked.world.app.test_request_context():
        beside = record_beside(asked.now(recording))
    placed = [(m.question.no, m.start, m.length) for m in beside.moments]
    assert placed == [(1, 5.0, 2.0), (2, 9.0, 2.0), (3, None, 2.0)]
    assert [q.no for q in beside.written] == [4]
    assert [q.no for q in beside.open] == [5]
    assert beside.total == 5
    page = asked.world.client(asked.learner).get(f"/recordings/{recording.pid}").text
    assert f'href="/recordings/{recording.pid}?t=5" data-at="5"' in page
    assert page.count("data-seat") == 2
    assert "Μόνο γραπτά." in page


def _questions(stage: Stage, recording: object) -> list[object]:
    with stage.world.app.test_request_context():
        beside = record_beside(recording)
    return [m.question for m in beside.moments] + beside.written + beside.open


@pytest.mark.parametrize(
    ("at", "status"), [("", 422), ("abc", 422), ("0:13", 422), ("99:00", 422), ("0:12", 303), ("0", 303)]
)
def test_only_moments_of_the_recording(asked: Stage, media: dict[str, Path], at: str, status: int) -> None:
    recording = asked.playable(media["mp4"])
    pid = _questions(asked, recording)[0].pid
    client = asked.world.client(asked.staff)
    answer = client.post(f"/recordings/{recording.pid}/place", data={"question": str(pid), "at": at})
    assert answer.status_code == status
    assert (asked.now(recording).starts_at is not None) is (status == 303)


def test_only_questions_answered_in_this_room(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    written = next(q for q in _questions(asked, recording) if q.no == 4)
    client = asked.world.client(asked.staff)
    for question in (str(written.pid), "00000000-0000-0000-0000-000000000000"):
        answer = client.post(
            f"/recordings/{recording.pid}/place",
            data={"question": question, "at": "0:05"},
            headers={"Accept": "application/json"},
        )
        assert (answer.status_code, answer.json["err"]) == (422, "not_live")
    assert asked.now(recording).starts_at is None


def test_the_clock_on_the_wall_places_them_too(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    began = asked.meeting.starts_at.replace(microsecond=0) + dt.timedelta(seconds=90)
    client = asked.world.client(asked.staff)
    clock = athens(began).strftime("%H:%M:%S")
    assert client.post(f"/recordings/{recording.pid}/start", data={"clock": clock}).status_code == 303
    assert abs((asked.now(recording).starts_at - began).total_seconds()) % 86400 < 1
    for bad in ("25:00", "18", "18:60", "-"):
        assert client.post(f"/recordings/{recording.pid}/start", data={"clock": bad}).status_code == 422
    assert client.post(f"/recordings/{recording.pid}/start", data={"forget": "1"}).status_code == 303
    assert asked.now(recording).starts_at is None


def test_what_was_placed_by_hand_says_how_far_its_neighbours_are(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    first, second = _questions(asked, recording)[:2]
    client = asked.world.client(asked.staff)
    for question, at in ((first, "0:05"), (second, "0:10")):
        client.post(f"/recordings/{recording.pid}/place", data={"question": str(question.pid), "at": at})
    with asked.world.app.test_request_context():
        placed = record_beside(asked.now(recording)).moments[:2]
    assert [(m.start, m.residual) for m in placed] == [(5.0, -0.5), (10.0, 0.5)]
    page = client.get(f"/recordings/{recording.pid}/manage").text
    assert page.count("placed by you") == 2
    anchor = page.split("/anchors/")[1].split("/")[0]
    assert client.post(f"/recordings/{recording.pid}/anchors/{anchor}/drop").status_code == 303
    assert client.post(f"/recordings/{recording.pid}/anchors/{anchor}/drop").status_code == 303
    with asked.world.app.test_request_context():
        assert sum(m.residual is not None for m in record_beside(asked.now(recording)).moments) == 1


def test_a_stop_is_noted_once_and_taken_back(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    client = asked.world.client(asked.staff)
    for at, status in (("0:06", 303), ("0:06", 303), ("9:00", 422), ("abc", 422)):
        assert client.post(f"/recordings/{recording.pid}/stop", data={"stopped": at}).status_code == status
    page = client.get(f"/recordings/{recording.pid}/manage").text
    assert page.count("Stopped at 0:06") == 1
    stranger = asked.world.client(asked.world.stranger())
    for address in ("stop", "anchors/1/drop"):
        assert stranger.post(f"/recordings/{recording.pid}/{address}", data={"stopped": "0:01"}).status_code == 404


def test_links_to_a_moment_start_there(asked: Stage, media: dict[str, Path]) -> None:
    recording = asked.playable(media["mp4"])
    client = asked.world.client(asked.learner)
    for text, start in (("7", "7.0"), ("0m8s", "8.0"), ("99", "12.0"), ("nonsense", "0")):
        page = client.get(f"/recordings/{recording.pid}?t={text}").text
        assert f'data-start="{start}"' in page, text
