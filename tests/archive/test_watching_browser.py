"""In a browser: an answer alone stops at its end, a removed part is passed over, one asks while the film goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording
from forum.models import Moderation, Question, Room, RoomState
from tests.archive.conftest import Stage
from tests.archive.test_browser import tab_of, until
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
VIDEO = "document.querySelector('video')"


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    """Answers at 8 and 10 seconds, two seconds each; the room has closed."""
    first = stage.ask(1, 100, body="Πόσα μερίδια παίρνει καθένας;")
    stage.ask(2, 102, body="Ποιος πληρώνει τη σύνδεση;", score=4)
    found = stage.playable(media["mp4"])
    with stage.world.session() as session:
        room = session.query(Room).filter_by(meeting_id=stage.meeting.id).one()
        room.state, room.last_no, room.moderation = RoomState.CLOSED, 2, Moderation.OFF
    data = {"question": str(first.pid), "at": "0:08"}
    assert stage.world.client(stage.staff).post(f"/recordings/{found.pid}/place", data=data).status_code == 303
    return found


@pytest.fixture
def tab(chromium: Any, server: Server, recording: Recording) -> Iterator[Any]:  # noqa: F811 - the fixture's value
    troubles: list[str] = []
    page = tab_of(chromium, server, server.stage.learner, troubles)
    page.goto(f"/recordings/{recording.pid}")
    until(page, f"{VIDEO}.readyState > 1")
    yield page
    assert troubles == []


def test_an_answer_alone_stops_at_its_end(tab: Any) -> None:
    tab.click("[data-until='10']")
    until(tab, f"{VIDEO}.currentTime > 2 && !{VIDEO}.paused")
    tab.evaluate(f"{VIDEO}.currentTime = 9")
    until(tab, f"{VIDEO}.paused")
    assert 10 <= tab.evaluate(f"{VIDEO}.currentTime") < 10.6
    tab.evaluate(f"{VIDEO}.play()")  # and goes on when one wants
    until(tab, f"{VIDEO}.currentTime > 11")


def test_a_removed_part_is_passed_over(stage: Stage, tab: Any, recording: Recording) -> None:
    facts = {"first": "0:03", "last": "0:06", "reason": "Γιατί."}
    assert stage.world.client(stage.staff).post(f"/recordings/{recording.pid}/removed", data=facts).status_code == 303
    stage.work()
    tab.reload()
    until(tab, f"{VIDEO}.readyState > 1")
    tab.evaluate(f"{VIDEO}.currentTime = 2.5")
    tab.evaluate(f"{VIDEO}.play()")
    until(tab, f"{VIDEO}.currentTime >= 6")
    tab.evaluate(f"{VIDEO}.currentTime = 4")
    until(tab, f"{VIDEO}.currentTime >= 6")


def test_asking_while_it_plays(stage: Stage, tab: Any) -> None:
    tab.evaluate(f"{VIDEO}.currentTime = 4.2")
    tab.click("#ask summary")
    tab.fill("#ask-body", "Κι αν φύγει κάποιος;")
    assert tab.input_value("#ask-at") == "0:04"
    tab.click("[data-ask] button")
    until(tab, "!document.querySelector('[data-said]').hidden")
    with stage.world.session() as session:
        assert session.query(Question).filter_by(body="Κι αν φύγει κάποιος;").count() == 1
    tab.reload()
    assert tab.locator(".moment", has_text="Κι αν φύγει κάποιος;").count() == 1
