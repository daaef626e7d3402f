"""What the pages of everybody are made of: somebody in the middle of a cohort."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from accounts.models import User
from archive.models import Recording, RecordingState, RecordingVisibility, WatchPosition
from core.db import db, utcnow
from forum.models import Question, QuestionState, Room, Visibility
from learning.models import FollowedBy, ModuleFollowed
from mentors.models import Cohort, CohortState, Meeting
from tests.world import World


@dataclass
class Middle:
    """Αλίκη between the meetings of her cohort."""

    world: World
    alice: User
    host: User
    cohort: Cohort
    meetings: list[Meeting]

    def record(self, meeting: Meeting, **facts: Any) -> Recording:
        return self.world.add(
            Recording(
                meeting_id=meeting.id,
                title_el=facts.pop("title_el", "Η πρώτη συνάντηση"),
                state=facts.pop("state", RecordingState.PLAYABLE),
                visibility=facts.pop("visibility", RecordingVisibility.PUBLIC),
                duration=6000.0,
                **facts,
            )
        )

    def watched(self, user: User, recording: Recording, seconds: float) -> None:
        self.world.add(WatchPosition(recording_id=recording.id, user_id=user.id, seconds=seconds, updated_at=utcnow()))

    def followed(self, user: User, module_id: int) -> None:
        self.world.add(ModuleFollowed(user_id=user.id, module_id=module_id, by=FollowedBy.LIVE))

    def asked(self, user: User, no: int, state: QuestionState = QuestionState.OPEN, **facts: Any) -> None:
        with self.world.session() as session:
            room = session.query(Room).filter_by(meeting_id=self.meetings[0].id).one()
            session.add(
                Question(
                    room_id=room.id,
                    no=no,
                    body=facts.pop("body", f"Ερώτηση {no};"),
                    visibility=Visibility.NAME,
                    asker_id=user.id,
                    state=state,
                    **facts,
                )
            )


def begin(world: World, modules: int = 3, starts: dt.timedelta = dt.timedelta(days=-7), **facts: Any) -> Middle:
    """A running cohort that began a week ago, with Αλίκη in it and Βασίλης as host."""
    alice, host = world.alice(), world.vasilis()
    course = world.course([world.module() for _ in range(modules)])
    cohort = world.cohort(course=course, host=host, state=CohortState.RUNNING, starts=starts, **facts)
    world.enrol(alice, cohort)
    return Middle(world, alice, host, cohort, world.meetings(cohort))


@pytest.fixture
def middle(world: World) -> Middle:
    return begin(world)


def counted(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements the page of PATH takes."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
