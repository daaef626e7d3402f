"""Chapters: written by staff or taken from what is known, read by players, podcast programs and people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.models import Asset, AssetRole, Chapter, Recording
from courses.models import ModuleVersion
from tests.archive.conftest import Stage

PLAN = [
    {"kind": "talk", "minutes": 0.1, "title": {"el": "Αρχή", "en": "Beginning"}},
    {"kind": "break", "minutes": 0.05, "title": {}},
    {"kind": "questions", "minutes": 20, "title": {"el": "Ερωτήσεις", "en": ""}},
    {"kind": "talk", "minutes": 20, "title": {"el": "Πολύ αργότερα", "en": ""}},
]
HOSTILE = "<script>alert(1)</script> --> 00:00"


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    return stage.playable(media["mp4"])


def add(stage: Stage, recording: Recording, at: str, el: str, en: str = "") -> Any:
    form = {"new-at": at, "new-title_el": el, "new-title_en": en}
    return stage.world.client(stage.host).post(f"/recordings/{recording.pid}/chapters", data=form)


def test_people_and_programs_read_them(stage: Stage, recording: Recording) -> None:
    assert add(stage, recording, "0:06.5", HOSTILE, "Part two").status_code == 303
    for _twice in range(2):
        assert add(stage, recording, "0:00", "Αρχή").status_code == 303
    client = stage.world.client(stage.learner)
    track = client.get(f"/recordings/{recording.pid}/chapters/el.vtt")
    assert track.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert track.text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:06.500\nΑρχή\n\n"
        "00:00:06.500 --> 00:00:12.000\n&lt;script&gt;alert(1)&lt;/script&gt; --&gt; 00:00\n"
    )
    assert "Part two" in client.get(f"/recordings/{recording.pid}/chapters/en.vtt").text
    answer = client.get(f"/recordings/{recording.pid}/chapters.json")
    assert answer.headers["Content-Type"] == "application/json+chapters"
    assert answer.get_json(force=True) == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0.0, "endTime": 6.5, "title": "Αρχή"},
            {"startTime": 6.5, "endTime": 12.0, "title": HOSTILE},
        ],
    }
    page = client.get(f"/recordings/{recording.pid}").text
    assert f'<track kind="chapters" srclang="en" src="/recordings/{recording.pid}/chapters/en.vtt">' in page
    way = f'<a href="/recordings/{recording.pid}?t=6" data-at="6.5">'
    assert f'{way}<span class="num">0:06</span> <span>Part two</span></a>' in page
    for address in ("chapters/el.vtt", "chapters.json"):
        assert stage.world.client(stage.stranger).get(f"/recordings/{recording.pid}/{address}").status_code == 404


def test_without_any_there_is_no_track(stage: Stage, recording: Recording) -> None:
    client = stage.world.client(stage.learner)
    assert 'kind="chapters"' not in client.get(f"/recordings/{recording.pid}").text
    assert client.get(f"/recordings/{recording.pid}/chapters.json").status_code == 404


@pytest.mark.parametrize(("at", "title"), [("0:13", "Αργά"), ("x", "Τίτλος"), ("", "Τίτλος"), ("0:01", "")])
def test_what_is_no_chapter_is_asked_again(stage: Stage, recording: Recording, at: str, title: str) -> None:
    answer = add(stage, recording, at, title, "Kept words")
    assert answer.status_code == 422
    assert 'value="Kept words"' in answer.text


def test_they_are_changed_and_taken_away(stage: Stage, recording: Recording) -> None:
    add(stage, recording, "0:00", "Αρχή")
    add(stage, recording, "0:05", "Μέση")
    with stage.world.session() as session:
        first, second = (chapter.id for chapter in session.query(Chapter).order_by(Chapter.seconds))
    client, address = stage.world.client(stage.staff), f"/recordings/{recording.pid}/chapters"

    def revise(at: str) -> Any:
        return client.post(f"{address}/{second}", data={f"c{second}-at": at, f"c{second}-title_el": "Αλλιώς"})

    assert revise("0:00").status_code == 422
    assert "Another chapter begins at this second" in revise("0:00").text
    assert revise("0:07").status_code == 303
    assert [client.post(f"{address}/{first}/drop").status_code for _twice in range(2)] == [303, 303]
    with stage.world.session() as session:
        assert [(c.seconds, c.title_el) for c in session.query(Chapter)] == [(7.0, "Αλλιώς")]
    assert stage.world.client(stage.stranger).post(f"{address}/{second}/drop").status_code == 404
    assert stage.world.client(stage.learner).get(address).status_code == 404


def test_what_is_known_is_offered_and_taken_once(stage: Stage, recording: Recording) -> None:
    stage.ask(7, 11, body="Μυστικό όνομα;")
    with stage.world.session() as session:
        session.query(ModuleVersion).update({"plan": PLAN})
        session.merge(stage.now(recording)).starts_at = stage.meeting.starts_at
        original = session.query(Asset).filter_by(role=AssetRole.ORIGINAL).one()
        named = [{"start": 0.5, "title": "Από το αρχείο"}, {"start": 40, "title": "x"}]
        original.facts = {**original.facts, "chapters": named}
        session.commit()
    client, address = stage.world.client(stage.staff), f"/recordings/{recording.pid}/chapters"
    page = client.get(address).text
    offered = ["plan-0", "file-500", "plan-9000", "question-11000"]
    assert [key for key in offered if f'value="{key}"' in page] == offered
    assert page.count('name="take"') == len(offered)
    assert "Μυστικό όνομα;" in page
    for _twice in range(2):
        assert client.post(f"{address}/take", data={"take": ["plan-9000", "file-500", "nothing"]}).status_code == 303
    with stage.world.session() as session:
        found = [(c.seconds, c.title_el) for c in session.query(Chapter).order_by(Chapter.seconds)]
    assert found == [(0.5, "Από το αρχείο"), (9.0, "Ερωτήσεις")]
    assert 'name="take"' not in client.get(address).text  # the rest is nearer than five seconds
    assert "Μυστικό" not in stage.world.client(stage.learner).get(f"/recordings/{recording.pid}/chapters.json").text
