"""The README's five-minute tour, in real browsers, with a host, a learner and a stranger at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person

pytestmark = pytest.mark.browser

RUNNING = "/cohorts/exi-vradia-petrinos-kampos"
UPCOMING = "/cohorts/ypalliloi-anemorachi"
QUESTION = "Ποιος πληρώνει τον κάδο αν τον κάψουν;"


def room_of(somebody: Person) -> str:
    """The path of the room that is on now, as the cohort's page links to it."""
    page = somebody.go(RUNNING)
    return str(page.locator("a[href^='/rooms/']").filter(has=page.locator("svg")).evaluate_all(
        "links => links.map(a => a.getAttribute('href')).find(h => !h.endsWith('/record'))"
    ))


def test_find_a_module_and_try_its_self_check(person: Callable[..., Person]):
    nobody = person()
    page = nobody.go("/modules?theme=green-economy")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(nobody.site + "/modules/koino-reyma")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Power in common")

    for group in page.locator("form[action$='self-check'] fieldset").all():
        group.locator("input[type=radio]").first.check()
    page.locator("form[action$='self-check'] button[type=submit]").first.click()

    expect(page.locator("main")).to_contain_text(re.compile(r"of \d|out of|right", re.IGNORECASE))


def test_take_a_seat_and_leave_it(person: Callable[..., Person]):
    dimitris = person("dimitris@example.org")
    page = dimitris.go(UPCOMING)
    page.locator("form[action$='/enrol'] button").click()
    leave = page.locator("[data-dialog=leave]").first
    expect(leave).to_be_visible()

    dimitris.go("/me")
    expect(page.locator("main")).to_contain_text("Για υπαλλήλους δήμων")
    calendar = page.request.get(dimitris.site + UPCOMING + ".ics")
    assert calendar.text().count("BEGIN:VEVENT") == 5

    dimitris.go(UPCOMING)
    page.locator("[data-dialog=leave]").first.click()
    page.locator("dialog[open] form[action$='/withdraw'] button").click()
    expect(page.locator("form[action$='/enrol'] button")).to_be_visible()


def test_ask_host_and_show_with_three_people_at_once(person: Callable[..., Person]):
    host = person("vasilis@example.org")
    learner = person("alice@example.org", width=360, locale="el-GR")
    stranger = person("dimitris@example.org")
    room = room_of(learner)
    phone = learner.go(room)
    console = host.go(f"{room}/host")
    assert stranger.page.goto(stranger.site + room).status == 404
    assert stranger.page.goto(stranger.site + f"{room}/host").status == 404

    phone.locator("[data-open-compose]").click()
    phone.fill("#body", QUESTION)
    phone.locator("[data-compose] button[type=submit]:not([formaction])").click()

    slip = console.locator("article.slip", has_text=QUESTION)
    expect(slip).to_be_visible()
    expect(phone.locator("[data-panel=questions]").get_by_text(QUESTION)).to_have_count(0)
    projector_link = console.locator("a[href*='/screen']").first.get_attribute("href")
    projector = person()
    screen = projector.page
    screen.goto(projector.site + str(projector_link).replace(projector.site, ""))
    expect(screen.get_by_text(QUESTION)).to_have_count(0)

    slip.locator("[data-act=a]").click()
    phone.locator("[data-tab=questions]").click()
    expect(phone.locator("[data-panel=questions]").get_by_text(QUESTION)).to_be_visible()
    rank = console.locator("li.rank", has_text=QUESTION).first
    rank.locator("button[value=answering]").click()
    expect(screen.locator("[data-spot-text]")).to_have_text(QUESTION)
    expect(console.locator("[data-stage] [data-text]")).to_have_text(QUESTION)
    console.locator("[data-stage] button[value=answered]").click()
    phone.locator("[data-tab=mine]").click()
    expect(phone.locator("[data-panel=mine] [data-q]", has_text=QUESTION).locator(".chip--ok")).to_be_visible()


def test_a_voice_is_seen_by_everybody(person: Callable[..., Person]):
    learner, other = person("alice@example.org", width=360), person("giorgos@example.org", width=360)
    room = room_of(learner)
    learner.go(room)
    other.go(room)
    # The first that still takes voices
    mine = learner.page.locator("[data-panel=questions] [data-q]", has=learner.page.locator("button.metoo")).first
    theirs = other.page.locator(f"[data-panel=questions] [data-q='{mine.get_attribute('data-q')}']")
    before = int(theirs.locator("[data-n]").first.inner_text())
    button = mine.locator("button.metoo")
    change = -1 if button.get_attribute("aria-pressed") == "true" else 1

    button.click()

    expect(theirs.locator("[data-n]").first).to_have_text(str(before + change))


def test_a_cut_line_loses_no_question(person: Callable[..., Person]):
    learner = person("maria@example.org", width=360)
    host = person("vasilis@example.org")
    room = room_of(learner)
    page = learner.go(room)
    console = host.go(f"{room}/host")
    words = "Φτάνει ένας κάδος για όλη τη γειτονιά;"

    learner.context.set_offline(True)
    page.locator("[data-open-compose]").click()
    page.fill("#body", words)
    page.locator("[data-compose] button[type=submit]:not([formaction])").click()
    expect(console.get_by_text(words)).to_have_count(0)
    learner.context.set_offline(False)

    expect(console.locator("article.slip", has_text=words)).to_have_count(1, timeout=40_000)


def test_a_question_leads_to_its_answer_in_the_recording(person: Callable[..., Person]):
    learner = person("dimitris@example.org")
    page = learner.go("/recordings")
    page.locator("main a[href^='/recordings/']", has_text="Κοινό ρεύμα").first.click()
    video = page.locator("video")
    expect(video).to_be_visible()
    link = page.locator("a[href*='t=']", has_text="1:49").first

    link.click()

    # Asked from outside: the page's own policy lets nobody run text as a script inside it.
    for _ in range(100):
        at = page.evaluate("document.querySelector('video').currentTime")
        if at > 108:
            break
        page.wait_for_timeout(200)
    assert 108 < at < 140


def test_the_tour_works_without_javascript(person: Callable[..., Person]):
    learner = person(java_script_enabled=False)
    learner.sign_in("nikos@example.org")
    room = room_of_plain(learner)
    page = learner.go(room + "?ask=1")
    page.fill("#body", "Πού πάει το λάδι της τηγανιάς;")
    page.locator("form.compose button[type=submit]:not([formaction])").click()

    expect(page.locator("body")).to_contain_text("Πού πάει το λάδι της τηγανιάς;")


def room_of_plain(somebody: Person) -> str:
    page = somebody.go(RUNNING)
    for link in page.locator("a[href^='/rooms/']").all():
        href = str(link.get_attribute("href"))
        if not href.endswith("/record"):
            return href
    raise AssertionError("no room is open")
