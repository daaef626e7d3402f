"""A missed meeting that is made up with its recording: for whom, until when, and how many count."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from archive import seen
from archive.models import Recording, RecordingEdit, RecordingVisibility, WatchPosition
from core.db import utcnow
from learning.models import Attendance, Attended
from learning.services.attendance import counted
from tests.archive.conftest import Stage

LONG = 200.0  # seconds: twenty pieces
MOST = ",".join(map(str, range(18)))


def watched(stage: Stage, recording: Recording, user: Any, pieces: str = MOST) -> float:
    """USER has watched PIECES, in all the time that takes."""
    with stage.world.session() as session:
        session.add(WatchPosition(recording_id=recording.id, user_id=user.id, credit=seen.MOST, seen="", seconds=0))
    answer = stage.world.client(user).post(
        f"/recordings/{recording.pid}/position", data={"seconds": "180", "seen": pieces}
    )
    return float(answer.json["seen"])


def attended(stage: Stage) -> list[tuple[int, int, Attended]]:
    with stage.world.session() as session:
        return [(row.meeting_id, row.user_id, row.how) for row in session.query(Attendance)]


def test_a_learner_makes_the_meeting_up_and_everybody_concerned_sees_it(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=LONG)
    assert watched(stage, recording, stage.learner) == 0.9
    assert attended(stage) == [(stage.meeting.id, stage.learner.id, Attended.MADE_UP)]
    assert "made up with the recording" in stage.world.client(stage.learner).get("/me/learning").text
    roster = stage.world.client(stage.host).get(f"/cohorts/{stage.cohort.slug}/people").text
    row = roster.split(f"{stage.learner.name}</th>")[1].split("</tr>")[0]
    assert '<td class="num">1</td>' in row
    assert stage.world.client(stage.stranger).get(f"/cohorts/{stage.cohort.slug}/people").status_code in {403, 404}


def test_less_than_nine_tenths_is_not_enough(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=LONG)
    assert watched(stage, recording, stage.learner, MOST.removesuffix(",17")) == 0.85
    assert attended(stage) == []
    assert "made up" not in stage.world.client(stage.learner).get("/me/learning").text


@pytest.mark.parametrize(("met", "published", "counts"), [(13, 13, True), (15, 15, False), (40, 3, True)])
def test_two_weeks_from_the_meeting_or_from_its_recording(
    stage: Stage, media: dict[str, Path], met: int, published: int, counts: bool
) -> None:
    recording = stage.playable(media["mp4"], duration=LONG)
    with stage.world.session() as session:
        found, now = session.get_one(Recording, recording.id), utcnow()
        found.published_at = now - dt.timedelta(days=published)
        meeting = session.get_one(type(stage.meeting), stage.meeting.id)
        meeting.starts_at = now - dt.timedelta(days=met, hours=2)
        meeting.ends_at = now - dt.timedelta(days=met)
    watched(stage, recording, stage.learner)
    assert bool(attended(stage)) is counts


def test_who_holds_no_seat_makes_nothing_up(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=LONG, visibility=RecordingVisibility.PUBLIC)
    assert watched(stage, recording, stage.stranger) == 0.9
    assert attended(stage) == []


def test_who_was_there_stays_present(stage: Stage, media: dict[str, Path]) -> None:
    stage.world.add(Attendance(meeting_id=stage.meeting.id, user_id=stage.learner.id, how=Attended.PRESENT))
    watched(stage, stage.playable(media["mp4"], duration=LONG), stage.learner)
    assert attended(stage) == [(stage.meeting.id, stage.learner.id, Attended.PRESENT)]


def test_a_removed_part_needs_no_watching(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=LONG)
    gone = RecordingEdit(recording_id=recording.id, first=100, last=200, reason="Γιατί.", by_id=stage.staff.id)
    stage.world.add(gone)
    assert watched(stage, recording, stage.learner, ",".join(map(str, range(9)))) == 0.9
    assert len(attended(stage)) == 1


@pytest.mark.parametrize(("made_up", "meetings", "counts"), [(0, 6, 0), (3, 6, 3), (4, 6, 3), (1, 1, 0), (2, 5, 2)])
def test_at_most_half_of_them_count(made_up: int, meetings: int, counts: int) -> None:
    assert counted(made_up, meetings) == counts
