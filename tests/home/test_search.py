"""The page of the site's search: what each finds there, where it leads, what it says when there is nothing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from archive import captions
from archive.captions import Cue
from archive.models import Asset, AssetRole, Recording, RecordingVisibility
from core import search
from core.db import db, utcnow
from core.search.find import GLANCE
from core.storage import storage
from forum.models import Answer, Question, QuestionState, Room, RoomState
from mentors.models import CohortState
from tests.home.conftest import Middle, begin, counted
from tests.world import World


def index(world: World) -> None:
    with world.app.app_context():
        search.rebuild()
        db.session.remove()


def speak(middle: Middle, recording: Recording, *cues: Cue) -> None:
    key, said = f"{recording.pid}/text/el.vtt", captions.serialise(list(cues))
    with middle.world.app.app_context():
        storage().write(key, said)
    middle.world.add(
        Asset(recording_id=recording.id, role=AssetRole.CAPTIONS, language="el", key=key, mimetype="text/vtt",
              bytes=len(said), sha256="0" * 64)
    )  # fmt: skip


def close(middle: Middle) -> Room:
    with middle.world.session() as session:
        room = session.query(Room).filter_by(meeting_id=middle.meetings[0].id).one()
        room.state = RoomState.CLOSED
        return room


def titles(page: str) -> list[str]:
    """What was found, without the marks."""
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r'class="found__title"><a [^>]*>(.*?)</a>', page)]


def test_without_words_it_says_what_can_be_found(client) -> None:
    answer = client.get("/search")
    assert "Γράψτε όπως σας βγαίνει" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'class="found"' not in answer.text


def test_nothing_found_helps_on(world: World) -> None:
    page = world.client().get("/search?q=φλαμίνγκο&theme=x").text
    assert "Nothing here says this" in page
    assert 'href="/search?q=%CF%86%CE%BB' in page  # everything, without the narrowing


def test_a_module_is_found_in_latin_letters_with_its_words_marked(world: World) -> None:
    world.module(title_el="Το καφενείο του χωριού", slug="kafeneio", reading_el="## Αρχή\n\nΤα **καφενεία** μένουν.")
    index(world)
    page = world.client(locale="el").get("/search?q=kafeneio").text
    assert titles(page) == ["Το καφενείο του χωριού"]
    assert 'href="/modules/kafeneio"' in page
    assert "<mark>καφενεία</mark>" in page
    assert "**" not in page


def test_what_is_said_in_a_recording_leads_to_its_second(middle: Middle) -> None:
    recording = middle.record(middle.meetings[0])
    speak(middle, recording, Cue(4340, 4345, "Λοιπόν, προχωράμε."), Cue(4350, 4355, "Η στέγη του σχολείου αντέχει."))
    index(middle.world)
    page = middle.world.client().get("/search?q=ΣΤΕΓΕΣ&kind=cue").text
    assert f'href="/recordings/{recording.pid}?t=4350"' in page
    assert "1:12:30" in page


@pytest.mark.parametrize("visibility", [RecordingVisibility.COHORT, RecordingVisibility.PRIVATE])
def test_the_stranger_finds_nothing_of_a_recording_that_is_not_theirs(
    middle: Middle, visibility: RecordingVisibility
) -> None:
    speak(middle, middle.record(middle.meetings[0], visibility=visibility), Cue(1, 5, "Μυστική στέγη."))
    index(middle.world)
    for nobody in (None, middle.world.stranger()):
        page = middle.world.client(nobody).get("/search?q=στέγη").text
        assert ('class="found"' in page, "Μυστικ" in page) == (False, False)
    host = middle.world.client(middle.host).get("/search?q=στέγη").text
    assert "Μυστική <mark>στέγη</mark>." in host
    learner = middle.world.client(middle.alice).get("/search?q=στέγη").text
    assert ("<mark>στέγη</mark>" in learner) == (visibility is RecordingVisibility.COHORT)


def test_a_question_leads_those_of_the_room_to_its_record_and_others_to_the_public_recording(middle: Middle) -> None:
    middle.asked(middle.alice, 1, QuestionState.ANSWERED, body="Ποιος πληρώνει τη στέγη;")
    room = close(middle)
    index(middle.world)
    stranger = middle.world.client(middle.world.stranger())
    assert "πληρώνει" not in stranger.get("/search?q=στέγη").text
    assert f'href="/rooms/{room.code}/record#q-' in middle.world.client(middle.alice).get("/search?q=στέγη").text

    recording = middle.record(middle.meetings[0])
    index(middle.world)
    page = stranger.get("/search?q=στέγη").text
    assert titles(page) == ["Ποιος πληρώνει τη στέγη;"]
    assert (f'href="/recordings/{recording.pid}"' in page, "/record#" in page) == (True, False)


def test_an_answered_moment_is_a_link_to_its_second(middle: Middle) -> None:
    moment = utcnow()
    middle.asked(middle.alice, 1, QuestionState.ANSWERED, body="Η στέγη;", answering_at=moment, answered_at=moment)
    room = close(middle)
    recording = middle.record(middle.meetings[0], starts_at=moment - dt.timedelta(seconds=750))
    index(middle.world)
    page = middle.world.client(middle.alice).get("/search?q=στέγη").text
    assert f'href="/rooms/{room.code}/record#q-' in page
    assert f'href="/recordings/{recording.pid}?t=750"' in page
    assert "12:30" in page


def test_what_is_not_over_or_was_withdrawn_is_found_by_nobody(middle: Middle) -> None:
    middle.asked(middle.alice, 1, QuestionState.OPEN, body="Ανοιχτή στέγη;")
    index(middle.world)
    alice = middle.world.client(middle.alice)
    assert "Ανοιχτή" not in alice.get("/search?q=στέγη").text

    middle.asked(middle.alice, 2, QuestionState.WITHDRAWN, body="Παρμένη στέγη;")
    close(middle)
    index(middle.world)
    page = alice.get("/search?q=στέγη").text
    assert ("Ανοιχτή <mark>στέγη</mark>" in page, "Παρμένη" in page) == (True, False)


def test_a_draft_is_found_by_nobody_and_a_draft_cohort_by_its_own(world: World) -> None:
    world.module(published=False, title_el="Κρυφή στέγη")
    middle = begin(world)
    world.cohort(course=world.course(), host=middle.host, state=CohortState.DRAFT, title_el="Τμήμα στέγης")
    index(world)
    for somebody in (None, world.stranger(), world.author()):
        assert 'class="found"' not in world.client(somebody).get("/search?q=στέγη").text
    assert titles(world.client(middle.host, "el").get("/search?q=στέγη").text) == ["Τμήμα στέγης"]


def test_a_recording_taken_back_is_found_by_nobody_before_any_job_has_run(middle: Middle) -> None:
    recording = middle.record(middle.meetings[0], title_el="Η στέγη")
    speak(middle, recording, Cue(1, 5, "Η στέγη."))
    index(middle.world)
    client = middle.world.client()
    assert client.get("/search?q=στέγη").text.count('class="found"') == 2
    with middle.world.session() as session:
        session.get_one(Recording, recording.id).visibility = RecordingVisibility.PRIVATE
    assert 'class="found"' not in client.get("/search?q=στέγη").text


def test_it_can_be_narrowed_by_kind_theme_cohort_and_language(middle: Middle) -> None:
    world = middle.world
    world.module(world.theme(slug="health"), title_el="Στέγη υγείας", reading_en="A roof.")
    middle.record(middle.meetings[0], title_el="Στέγη σε εικόνα")
    index(world)
    client = world.client(locale="el")
    assert len(titles(client.get("/search?q=στέγη").text)) == 2
    narrowed = {"kind=recording": "Στέγη σε εικόνα", "theme=health": "Στέγη υγείας", "language=en": "Στέγη υγείας",
                f"cohort={middle.cohort.slug}": "Στέγη σε εικόνα"}  # fmt: skip
    for given, title in narrowed.items():
        assert titles(client.get(f"/search?q=στέγη&{given}").text) == [title]
    assert titles(client.get("/search?q=στέγη&cohort=no-such").text) == []
    assert titles(client.get("/search?q=στέγη&since=month&theme=health").text) == ["Στέγη υγείας"]


def test_all_of_a_kind_come_in_pages(world: World) -> None:
    for number in range(23):
        world.organisation(name_el=f"Δήμος Στέγης {number}")
    index(world)
    client = world.client(locale="el")
    glance = client.get("/search?q=στέγη").text
    assert len(titles(glance)) == GLANCE
    assert "kind=organisation" in glance
    first, second = (set(titles(client.get(f"/search?q=στέγη&kind=organisation&page={n}").text)) for n in (1, 2))
    assert (len(first), len(second), first & second) == (20, 3, set())


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_statements_does_not_grow(app: Flask, middle: Middle, number: int) -> None:
    for n in range(number):
        middle.asked(middle.alice, n + 1, QuestionState.ANSWERED, body=f"Η στέγη {n};")
        middle.world.module(title_el=f"Στέγη {n}")
    close(middle)
    with middle.world.session() as session:
        for question in session.query(Question):
            session.add(Answer(question_id=question.id, author_id=middle.host.id, body="Ναι, η στέγη."))
    index(middle.world)
    assert counted(app, middle.world.client(), "/search?q=στέγη") == 5
    assert counted(app, middle.world.client(middle.alice), "/search?q=στέγη") == 11
