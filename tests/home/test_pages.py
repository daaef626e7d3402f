"""The front page, the two other pillars, the standing texts, language and health."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from archive.models import RecordingState, RecordingVisibility
from mentors.models import CohortState
from tests.home.conftest import Middle, begin, counted
from tests.world import World


def test_an_empty_site_says_what_will_be_there(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Δεν έχει οριστεί ακόμη συνάντηση" in page
    assert "Τα πρώτα κείμενα γράφονται" in page
    for path in ("/think-tank", "/market", "/about"):
        assert client.get(path).status_code == 200
    assert "Τα ράφια είναι άδεια" in client.get("/think-tank").text
    assert "Κανένας φορέας ακόμη" in client.get("/market").text


def test_the_next_public_meeting_stands_first(world: World) -> None:
    later, sooner = world.cohort(starts=dt.timedelta(days=9)), world.cohort(starts=dt.timedelta(days=2))
    world.cohort(starts=dt.timedelta(days=1), state=CohortState.DRAFT, title_el="Κρυφό σχέδιο")
    page = world.client().get("/").text
    tonight = page.partition('class="tonight"')[2].partition("</form>")[0]
    assert tonight.index(sooner.title_en) < tonight.index(later.title_en)
    assert "Κρυφό σχέδιο" not in page


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("2026-01-14 16:30", "Απόψε, 19:00–21:00"),
        ("2026-01-14 17:30", "Τώρα, ως τις 21:00"),
        ("2026-01-13 10:00", "Αύριο, 19:00–21:00"),
        ("2026-01-13 22:30", "Απόψε, 19:00–21:00"),  # past midnight in Athens
        ("2026-01-10 10:00", "Τετάρτη 14 Ιανουαρίου, 19:00"),
    ],
)
def test_when_is_said_as_people_say_it(world: World, clock: str, said: str) -> None:
    starts = dt.datetime(2026, 1, 14, 17, 0, tzinfo=dt.UTC)
    with time_machine.travel(dt.datetime.fromisoformat(f"{clock}+00:00"), tick=False):
        world.cohort(starts=starts - dt.datetime.now(dt.UTC))
        assert said in world.client(locale="el").get("/").text


def test_only_cohorts_with_a_free_seat_are_offered(world: World) -> None:
    free, full = world.cohort(seats=2), world.cohort(seats=1)
    world.enrol(world.alice(), full)
    offered = world.client().get("/").text.partition("Cohorts with free seats")[2].partition("</ul>")[0]
    assert free.title_en in offered
    assert full.title_en not in offered


def test_recordings_are_public_ones_only(middle: Middle) -> None:
    middle.record(middle.meetings[0], title_el="Δημόσια")
    middle.record(middle.meetings[0], title_el="Του τμήματος", visibility=RecordingVisibility.COHORT)
    middle.record(middle.meetings[0], title_el="Πρόχειρη", state=RecordingState.VERIFYING)
    for user in (None, middle.alice, middle.world.stelios()):
        client = middle.world.client(user)
        for path in ("/", "/think-tank"):
            page = client.get(path).text
            assert "Δημόσια" in page
            assert "Του τμήματος" not in page
            assert "Πρόχειρη" not in page


def test_drafts_of_modules_stand_on_no_shelf(world: World) -> None:
    world.module(title_en="On offer")
    world.module(published=False, title_en="Still written")
    for path in ("/", "/think-tank"):
        page = world.client().get(path).text
        assert "On offer" in page
        assert "Still written" not in page


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/", 11), ("/think-tank", 2), ("/market", 1), ("/about", 1)])
def test_pages_take_the_same_queries_with_one_and_with_three(
    app: Flask, world: World, path: str, queries: int, many: int
) -> None:
    for _ in range(many):
        middle = begin(world)
        middle.record(middle.meetings[0])
        world.topic(world.theme())
    assert counted(app, world.client(), path) == queries


@pytest.mark.parametrize("path", ["/about", "/privacy", "/accessibility"])
@pytest.mark.parametrize(("locale", "word"), [("el", "Τι"), ("en", "What")])
def test_standing_texts_are_there_in_both_languages(world: World, path: str, locale: str, word: str) -> None:
    page = world.client(locale=locale).get(path).text
    assert f'lang="{locale}"' in page
    assert word in page.partition("<main")[2].partition("</main>")[0]
    assert page.count("<h1") == 1


def test_an_installation_may_have_words_of_its_own(app: Flask, world: World) -> None:
    folder = Path(app.config["INSTANCE_DIR"], "texts")
    folder.mkdir()
    (folder / "privacy.el.md").write_text("# Ο δικός μας τίτλος\n\nΜια πρόταση.\n\n## Κι άλλο\n\n<b>όχι</b>\n", "utf-8")
    page = world.client(locale="el").get("/privacy").text
    assert "<h1>Ο δικός μας τίτλος</h1>" in page
    assert "<b>όχι</b>" not in page
    assert "My data" in world.client(locale="en").get("/privacy").text


def test_the_language_is_kept_and_leads_back(world: World) -> None:
    client = world.client(locale="el")
    answer = client.post("/language", data={"locale": "en", "next": "/about?x=1"})
    assert (answer.status_code, answer.location) == (303, "/about?x=1")
    assert 'lang="en"' in client.get("/about").text


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/\t/evil.example", ""]
)
def test_the_language_leads_nowhere_else(world: World, target: str) -> None:
    assert world.client().post("/language", data={"locale": "en", "next": target}).location == "/"


def test_a_language_that_we_do_not_speak_changes_nothing(world: World) -> None:
    client = world.client(locale="el")
    client.post("/language", data={"locale": "fr", "next": "/about"})
    assert 'lang="el"' in client.get("/about").text


@pytest.mark.parametrize(("header", "locale"), [("el", "el"), ("en-GB,en;q=0.8", "en"), ("fr", "el"), ("", "el")])
def test_the_first_visit_speaks_the_browsers_language(client: FlaskClient, header: str, locale: str) -> None:
    assert f'<html lang="{locale}"' in client.get("/about", headers={"Accept-Language": header}).text


def test_health(app: Flask, client: FlaskClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")


def test_counters_are_for_this_machine_and_for_whoever_has_the_token(app: Flask, client: FlaskClient) -> None:
    app.config["METRICS_TOKEN"] = "hidden-word"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert b"mentors_requests_total" in client.get("/metrics").data
    assert client.get("/metrics", environ_base=elsewhere).status_code == 404
    wrong, right = ({"Authorization": f"Bearer {word}"} for word in ("x", "hidden-word"))
    assert client.get("/metrics", environ_base=elsewhere, headers=wrong).status_code == 404
    assert client.get("/metrics", environ_base=elsewhere, headers=right).status_code == 200


def test_a_shelf_shows_the_newest_and_says_how_many_there_are(client, world):
    theme = world.theme(slug="green-economy")
    for _ in range(10):
        world.module(theme)

    page = client.get("/think-tank").text

    assert page.count('class="entry"') == 8
    assert "/recordings?theme=green-economy" in page
