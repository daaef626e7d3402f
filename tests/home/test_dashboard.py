"""A person's own page: what is next, what was followed, what became of their questions, what waits for them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from flask import Flask

from archive.models import RecordingVisibility
from courses.models import ModuleVersion
from forum.models import Answer, Question, QuestionState
from mentors.models import CohortState
from tests.home.conftest import Middle, begin, counted
from tests.world import World


def test_a_newcomer_finds_a_way_on(world: World) -> None:
    page = world.client(world.stranger()).get("/me").text
    assert "You hold no seat yet" in page
    assert "/cohorts?free=1" in page


def test_what_is_next_and_when(middle: Middle) -> None:
    page = middle.world.client(middle.alice).get("/me").text
    titles = [title(middle, n) for n in (1, 2)]
    upcoming = page.partition('class="next deep"')[2].partition("</section>")[0]
    assert titles[0] in upcoming
    assert "Teleconference" in upcoming
    assert "https://tele.example" not in page
    then = page.partition('id="then"')[2].partition("</section>")[0]
    assert titles[1] in then


def title(middle: Middle, n: int) -> str:
    version: ModuleVersion = middle.world.get(ModuleVersion, middle.meetings[n].module_version_id)
    return version.title_en


def test_the_stranger_sees_nothing_of_it(middle: Middle) -> None:
    recording = middle.record(middle.meetings[0], visibility=RecordingVisibility.COHORT)
    middle.watched(middle.alice, recording, 100)
    middle.asked(middle.alice, 1, body="Ποιος κρατά το κλειδί;")
    mine = middle.world.client(middle.alice).get("/me").text
    theirs = middle.world.client(middle.world.stranger()).get("/me").text
    for mark in (middle.cohort.title_en, "Ποιος κρατά το κλειδί;", "Η πρώτη συνάντηση", str(middle.meetings[1].pid)):
        assert mark in mine
        assert mark not in theirs


def test_somebody_who_left_sees_it_no_more(middle: Middle) -> None:
    client = middle.world.client(middle.alice)
    recording = middle.record(middle.meetings[0], visibility=RecordingVisibility.COHORT)
    middle.watched(middle.alice, recording, 100)
    assert middle.cohort.title_en in client.get("/me").text
    client.post(f"/cohorts/{middle.cohort.slug}/withdraw")
    page = client.get("/me").text
    assert middle.cohort.title_en not in page
    assert "Η πρώτη συνάντηση" not in page


def test_modules_followed_are_marked(middle: Middle) -> None:
    version = middle.world.get(ModuleVersion, middle.meetings[0].module_version_id)
    client = middle.world.client(middle.alice)
    track = client.get("/me").text.partition('class="track')[2].partition("</ol>")[0]
    assert "to watch" in track
    middle.followed(middle.alice, version.module_id)
    page = client.get("/me").text
    assert "You followed 1 of 3 modules" in page
    assert "to watch" not in page.partition('class="track')[2].partition("</ol>")[0]


@pytest.mark.parametrize(("seconds", "offered"), [(0, False), (100, True), (5900, False)])
def test_go_on_where_you_stopped(middle: Middle, seconds: int, offered: bool) -> None:
    middle.watched(middle.alice, middle.record(middle.meetings[0]), seconds)
    page = middle.world.client(middle.alice).get("/me").text
    assert ("Go on where you stopped" in page) is offered
    assert ("You are at 1:40 of 1:40:00." in page) is offered


def test_what_became_of_my_questions(middle: Middle) -> None:
    middle.asked(middle.alice, 1, QuestionState.DISMISSED, reason="Βγαίνει από το θέμα")
    middle.asked(middle.alice, 2, QuestionState.ANSWERED)
    middle.asked(middle.alice, 3, QuestionState.LATER)
    middle.asked(middle.alice, 4, QuestionState.OPEN)
    with middle.world.session() as session:
        third = session.query(Question).filter_by(no=3).one()
        session.add(Answer(question_id=third.id, author_id=middle.host.id, body="Γραπτά."))
    asked = middle.world.client(middle.alice).get("/me").text.partition('id="asked"')[2]
    assert "Why: Βγαίνει από το θέμα" in asked
    chips = re.findall(r'class="chip[^>]*>.*?</svg>([^<]+)', asked)
    assert chips == ["answered in writing", "answered", "didn't pass"]


def test_a_cohort_that_is_over_takes_one_line(world: World) -> None:
    over = begin(world, modules=2, starts=dt.timedelta(days=-30))
    page = world.client(over.alice).get("/me").text
    assert "Cohorts that are over" in page
    assert 'class="track' not in page


def test_the_host_sees_what_they_teach(middle: Middle) -> None:
    page = middle.world.client(middle.host).get("/me").text
    assert title(middle, 1) in page.partition('class="next deep"')[2].partition("</section>")[0]
    assert "Cohorts I run" in page
    assert "Meetings without a recording" in page
    assert 'class="track' not in page


def test_the_coordinator_sees_their_drafts_and_nobody_elses(world: World) -> None:
    chara, town = world.chara(), world.organisation()
    world.member(chara, town)
    world.cohort(lead=town, state=CohortState.DRAFT, title_el="Δικό μας σχέδιο")
    world.cohort(state=CohortState.DRAFT, title_el="Ξένο σχέδιο")
    page = world.client(chara, locale="el").get("/me").text
    assert "Δικό μας σχέδιο" in page
    assert "Ξένο σχέδιο" not in page


def test_staff_and_authors_have_their_desks(world: World) -> None:
    world.cohort(state=CohortState.DRAFT, title_el="Ένα σχέδιο")
    world.module(published=False, title_el="Υπό σκέψη")
    people = (world.stelios(), world.author(), world.stranger())
    staff, author, stranger = (world.client(person, locale="el").get("/me").text for person in people)
    assert "Ένα σχέδιο" in staff
    assert "Για όλο το πρόγραμμα" in staff
    assert "Υπό σκέψη" in author
    assert "Ένα σχέδιο" not in author
    assert "Υπό σκέψη" not in stranger


@pytest.mark.parametrize("many", [1, 3])
def test_thirteen_queries_at_most(app: Flask, world: World, many: int) -> None:
    middle = begin(world, modules=1 + many)
    middle.watched(middle.alice, middle.record(middle.meetings[0]), 100)
    for no in range(1, many + 1):
        middle.asked(middle.alice, no)
    people = {"learner": middle.alice, "host": middle.host, "staff": world.stelios(), "stranger": world.stranger()}
    assert {who: counted(app, world.client(user), "/me") for who, user in people.items()} == {
        "learner": 11,
        "host": 13,
        "staff": 9,
        "stranger": 8,
    }
