"""Cohorts and mentors as people see them, and the desk of those who run them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask

from core.db import utcnow
from mentors.models import Cohort, CohortState, CohortTeam, EnrolPolicy, Mentor, Rhythm, TeamPart
from tests.programme import BROWSER, counted
from tests.world import World


def titles(page: str, cohorts: list[Cohort]) -> list[str]:
    """Which of COHORTS stand on PAGE."""
    return [cohort.slug for cohort in cohorts if f"/cohorts/{cohort.slug}" in page]


def test_the_list_shows_public_cohorts_and_hides_drafts_and_the_archive(world: World) -> None:
    shown = [world.cohort(), world.cohort(state=CohortState.RUNNING), world.cohort(state=CohortState.CANCELLED)]
    hidden = [world.cohort(state=CohortState.DRAFT), world.cohort(state=CohortState.ARCHIVED)]
    for user in (None, world.stranger(), world.stelios()):
        page = world.client(user).get("/cohorts").text
        assert titles(page, shown + hidden) == [cohort.slug for cohort in shown]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["open", "full", "invite", "running", "finished"]),
        ("state=open", ["open", "full", "running"]),
        ("state=running", ["running"]),
        ("state=finished", ["finished"]),
        ("free=1", ["open", "running"]),
        ("language=en", ["invite"]),
        ("theme=health", ["open"]),
        ("organisation=petra", ["full"]),
        ("month={month}", ["open", "full", "invite"]),
        ("theme=health&state=finished", []),
        ("theme=nothing", []),
        ("month=2026-99&page=-3&state=x", ["open", "full", "invite", "running", "finished"]),
    ],
)
def test_filters(world: World, query: str, found: list[str]) -> None:
    starts = (utcnow().replace(day=15) + dt.timedelta(days=40)) - utcnow()
    health = world.course([world.module(world.theme(slug="health"))])
    cohorts = {
        "open": world.cohort(health, starts=starts),
        "full": world.cohort(lead=world.organisation(slug="petra"), seats=1, taken=1, starts=starts),
        "invite": world.cohort(enrol_policy=EnrolPolicy.INVITE, language="en", starts=starts),
        "running": world.cohort(starts=dt.timedelta(hours=-1), enrol_closes_at=utcnow() + dt.timedelta(minutes=30)),
        "finished": world.cohort(state=CohortState.COMPLETED, starts=dt.timedelta(days=-90)),
    }
    month = f"{utcnow() + starts:%Y-%m}"
    page = world.client().get(f"/cohorts?{query.format(month=month)}").text
    assert [name for name, cohort in cohorts.items() if f"/cohorts/{cohort.slug}" in page] == found
    assert ("Nobody sits here yet" in page) is (not found)


def test_the_list_costs_the_same_for_one_and_for_three(app: Flask, world: World) -> None:
    client, costs = world.client(), []
    for _ in range(2):
        world.cohort(world.course([world.module(), world.module()]))
        with counted(app) as statements:
            assert client.get("/cohorts").status_code == 200
        costs.append(len(statements))
        world.cohort()
    # themes, partners, months; count, cohorts, partners, meetings
    assert costs == [7, 7]


def test_many_cohorts_come_in_pages(world: World) -> None:
    course, lead = world.course(), world.organisation()
    for _ in range(13):
        world.cohort(course, lead)
    page = world.client().get("/cohorts?state=open").text
    assert page.count('class="meet"') == 12
    assert "/cohorts?state=open&amp;page=2" in page
    assert world.client().get("/cohorts?state=open&page=2").text.count('class="meet"') == 1


def test_a_draft_is_seen_by_its_people_only(world: World) -> None:
    lead, partner, chara, aris = world.organisation(), world.organisation(), world.chara(), world.person("Άρης")
    world.member(chara, lead)
    world.member(aris, partner)
    host = world.vasilis()
    draft = world.cohort(lead=lead, state=CohortState.DRAFT, host=host)
    address = f"/cohorts/{draft.slug}"
    for user, status in (
        (None, 404),
        (world.stranger(), 404),
        (world.alice(), 404),
        (aris, 404),
        (chara, 200),
        (host, 200),
        (world.stelios(), 200),
    ):
        assert world.client(user).get(address).status_code == status
        assert world.client(user).get(f"{address}.ics").status_code == status


def test_a_draft_that_was_cancelled_stays_unseen(world: World) -> None:
    draft, stelios = world.cohort(state=CohortState.DRAFT), world.stelios()
    staff = world.client(stelios)
    said = staff.post(f"/coordinate/{draft.slug}/state", data={"to": "cancelled", "reason": "Δεν γίνεται."})
    assert said.status_code == 303
    assert world.get(Cohort, draft.id).state is CohortState.CANCELLED
    assert world.client(world.stranger()).get(f"/cohorts/{draft.slug}").status_code == 404
    assert world.client().get("/cohorts").text.count('class="meet"') == 0


def test_the_page_of_a_cohort_names_who_runs_it_and_costs_the_same_for_any_number_of_meetings(
    app: Flask, world: World
) -> None:
    host = world.vasilis()
    short = world.cohort(world.course([world.module()]), host=host)
    long = world.cohort(world.course([world.module() for _ in range(3)]), host=host)
    costs = []
    for cohort in (short, long):
        with counted(app) as statements:
            page = world.client().get(f"/cohorts/{cohort.slug}")
        costs.append(len(statements))
        assert host.name in page.text
        assert "tele.example" not in page.text
    assert costs[0] == costs[1]
    assert costs[0] <= 8


def test_a_cancelled_cohort_says_why(world: World) -> None:
    cohort = world.cohort(state=CohortState.CANCELLED)
    page = world.client().get(f"/cohorts/{cohort.slug}").text
    assert "This cohort was cancelled" in page
    assert "Λίγοι." in page
    assert "/enrol" not in page


def test_mentors_by_theme_and_their_pages(app: Flask, world: World) -> None:
    theme = world.theme(slug="health")
    vasilis = world.vasilis()
    cohort, draft = world.cohort(host=vasilis), world.cohort(host=vasilis, state=CohortState.DRAFT)
    world.add(Mentor(slug="vasilis", user_id=vasilis.id, headline_el="Μηχανικός", bio_el="**Από** <b>τα νησιά</b>"))
    costs = []
    for n in range(2):
        with counted(app) as statements:
            page = world.client().get("/mentors").text
        costs.append(len(statements))
        assert page.count("/mentors/") == n * 2 + 1
        for _ in range(2):
            person = world.person()
            world.add(Mentor(slug=f"m{person.id}", user_id=person.id, headline_el="Γεωπόνος"))
    # count, mentors with their people, their themes, the themes to choose
    assert costs == [4, 4]
    assert "/mentors/vasilis" not in world.client().get(f"/mentors?theme={theme.slug}").text
    page = world.client(world.stranger()).get("/mentors/vasilis").text
    assert "<strong>Από</strong> &lt;b&gt;" in page
    assert cohort.slug in page
    assert draft.slug not in page
    assert vasilis.email not in page
    assert world.client().get("/mentors/nobody").status_code == 404


def test_a_module_and_a_course_show_the_cohorts_that_teach_them(world: World) -> None:
    module = world.module()
    course = world.course([module])
    cohort, draft = world.cohort(course), world.cohort(course, state=CohortState.DRAFT)
    for address in (f"/modules/{module.slug}", f"/courses/{course.slug}", "/modules"):
        page = world.client(world.stranger()).get(address).text
        assert titles(page, [cohort, draft]) == [cohort.slug]


# The desk


def new_cohort(course: Any, lead: Any, /, **facts: Any) -> dict[str, Any]:
    return {
        "course": course.id,
        "lead": lead.id,
        "title_el": "Έξι βράδια",
        "summary_el": "Μαζί.",
        "language": "el",
        "seats": "20",
        "first": f"{utcnow() + dt.timedelta(days=30):%Y-%m-%d}",
        "clock": "18:00",
        "rhythm": Rhythm.WEEKLY,
    } | facts


def test_from_a_course_to_a_published_cohort(app: Flask, world: World) -> None:
    lead, partner, chara, vasilis = world.organisation(), world.organisation(), world.chara(), world.vasilis()
    world.member(chara, lead)
    course, desk = world.course([world.module(), world.module()]), world.client(chara)
    made = desk.post("/coordinate/new", data=new_cohort(course, lead))
    assert made.headers["Location"] == "/coordinate/exi-vradia"
    assert "Nobody is named as host." in desk.get("/coordinate/exi-vradia").text
    assert desk.post("/coordinate/exi-vradia/state", data={"to": "published"}).status_code == 303
    assert world.client().get("/cohorts/exi-vradia").status_code == 404
    for path, data in (
        ("team", {"mentor": "0", "email": vasilis.email, "part": "host"}),
        ("partners", {"organisation": partner.id, "part": "co_organiser"}),
        ("state", {"to": "published"}),
    ):
        assert desk.post(f"/coordinate/exi-vradia/{path}", data=data).status_code == 303
    page = world.client().get("/cohorts/exi-vradia").text
    assert partner.name_en in page
    assert vasilis.name in page
    assert "Enrolment open" in page


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title_el": "  "}, "title_el"),
        ({"title_el": "α" * 201}, "title_el"),
        ({"seats": "0"}, "seats"),
        ({"seats": "many"}, "seats"),
        ({"first": "2020-01-01"}, "first"),
        ({"first": "31/12/2030"}, "first"),
        ({"clock": "25:00"}, "clock"),
        ({"rhythm": "sometimes"}, "rhythm"),
        ({"lead": "999"}, "lead"),
        ({"course": "x"}, "course"),
        ({"language": "fr"}, "language"),
    ],
)
def test_a_mistake_keeps_what_was_typed(app: Flask, world: World, facts: dict[str, str], field: str) -> None:
    lead, chara = world.organisation(), world.chara()
    world.member(chara, lead)
    answer = world.client(chara).post("/coordinate/new", data=new_cohort(world.course(), lead, **facts))
    assert answer.status_code == 422
    assert f'href="#{field}' in answer.text
    assert "Μαζί." in answer.text
    with world.session() as session:
        assert session.query(Cohort).count() == 0


def test_a_foreign_organisation_cannot_be_chosen(world: World) -> None:
    mine, other, chara = world.organisation(), world.organisation(), world.chara()
    world.member(chara, mine)
    assert world.client(chara).post("/coordinate/new", data=new_cohort(world.course(), other)).status_code == 422


def meeting_fields(world: World, cohort: Cohort, **facts: str) -> dict[str, str]:
    fields = {"revision": "1"}
    for meeting in world.meetings(cohort):
        at = meeting.starts_at + dt.timedelta(hours=2)
        fields |= {
            f"m{meeting.position}-day": f"{at:%Y-%m-%d}",
            f"m{meeting.position}-clock": f"{at:%H:%M}",
            f"m{meeting.position}-mentor": "0",
            f"m{meeting.position}-conference_url": "https://tele.example/b",
        }
    return fields | facts


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, 303),
        ({"m1-conference_url": "http://tele.example"}, 422),
        ({"m1-conference_url": "javascript:alert(1)"}, 422),
        ({"m1-conference_url": "https://user@tele.example"}, 422),
        ({"m1-conference_url": "https://"}, 422),
        ({"m1-conference_url": "https://tele.example/" + "a" * 500}, 422),
        ({"m1-day": "soon"}, 422),
        ({"m1-day": "2020-01-01"}, 422),
        ({"m1-mentor": "777"}, 422),
        ({"revision": "7"}, 409),
        ({"revision": "x"}, 409),
    ],
)
def test_dates_and_links_on_one_page(world: World, facts: dict[str, str], status: int) -> None:
    cohort, desk = world.cohort(), world.client(world.stelios())
    answer = desk.post(f"/coordinate/{cohort.slug}/meetings", data=meeting_fields(world, cohort, **facts))
    assert answer.status_code == status
    (meeting,) = world.meetings(cohort)
    assert meeting.conference_url == ("https://tele.example/b" if status == 303 else "https://tele.example/αίθουσα")
    if status != 303:
        typed = facts.get("m1-conference_url", "https://tele.example/b")
        assert typed.replace("(", "(") in answer.text


def test_a_stale_form_keeps_its_words_and_can_be_saved_again(world: World) -> None:
    cohort, desk = world.cohort(), world.client(world.stelios())
    closes = cohort.enrol_closes_at
    words = {
        "revision": "1",
        "title_el": "Πρώτος",
        "summary_el": "Μαζί.",
        "language": "el",
        "seats": "20",
        "closes_day": f"{closes:%Y-%m-%d}",
        "closes_clock": "00:00",
        "enrol_policy": "open",
    }
    address = f"/coordinate/{cohort.slug}/edit"
    assert desk.post(address, data=words).status_code == 303
    late = desk.post(address, data=words | {"title_el": "Δεύτερος"})
    assert late.status_code == 409
    assert "Δεύτερος" in late.text
    assert 'value="2"' in late.text
    assert world.get(Cohort, cohort.id).title_el == "Πρώτος"
    assert desk.post(address, data=words | {"title_el": "Δεύτερος", "revision": "2"}).status_code == 303


def test_cancelling_asks_why(world: World) -> None:
    cohort, desk = world.cohort(), world.client(world.stelios())
    assert desk.get(f"/coordinate/{cohort.slug}/cancel").status_code == 200
    refused = desk.post(f"/coordinate/{cohort.slug}/state", data={"to": "cancelled", "reason": " "})
    assert refused.status_code == 422
    assert "Say why it is cancelled" in refused.text
    assert desk.post(f"/coordinate/{cohort.slug}/state", data={"to": "melted"}).status_code == 404
    assert world.get(Cohort, cohort.id).state is CohortState.PUBLISHED


def test_the_desk_lists_ones_own_cohorts_and_what_waits(app: Flask, world: World) -> None:
    lead, chara, vasilis = world.organisation(), world.chara(), world.vasilis()
    world.member(chara, lead)
    mine, foreign = world.cohort(lead=lead, state=CohortState.DRAFT), world.cohort(host=vasilis)
    page = world.client(chara).get("/coordinate").text
    assert (mine.slug in page, foreign.slug in page) == (True, False)
    assert "It is a draft: finish it and publish it." in page
    page = world.client(vasilis).get("/coordinate").text
    assert (mine.slug in page, foreign.slug in page) == (False, True)
    assert world.client(world.stranger()).get("/coordinate").status_code == 403
    costs = []
    for _ in range(2):
        with counted(app) as statements:
            world.client(chara).get("/coordinate")
        costs.append(len(statements))
        world.cohort(lead=lead)
        world.cohort(lead=lead)
    assert costs[0] == costs[1]


def test_the_desk_comes_in_pages_and_says_what_waits_on_each(world: World) -> None:
    course, staff, host = world.course(), world.client(world.stelios()), world.vasilis()
    ready = world.cohort(course, host=host)
    over = world.cohort(course, host=host, state=CohortState.RUNNING, starts=dt.timedelta(days=-2))
    unready = world.cohort(course)
    drafts = [world.cohort(course, state=CohortState.DRAFT) for _ in range(20)]
    first, last = (staff.get(f"/coordinate?page={number}").text for number in (1, 2))
    assert (first.count('<li class="meet'), last.count('<li class="meet')) == (20, 3)
    assert 'href="/coordinate?page=2"' in first
    for page in (first, last):
        assert page.count("See to it") == 20
        assert "Its last meeting is over: close it." in page
        assert "More wait behind these" in page
        assert f'btn btn--line" href="/coordinate/{ready.slug}"' not in page
    with world.session() as session:
        for draft in drafts:
            cohort = session.get_one(Cohort, draft.id)
            cohort.state, cohort.cancel_reason = CohortState.CANCELLED, "Δεν γίνεται."
        session.commit()
    page = staff.get("/coordinate").text
    assert "More wait behind these" not in page
    assert [c.slug in page.split("All of them")[0] for c in (ready, over, unready)] == [False, True, True]


def test_who_only_takes_part_reads_the_desk_but_changes_nothing(world: World) -> None:
    lead, partner, aris, mentor = world.organisation(), world.organisation(), world.person("Άρης"), world.vasilis()
    world.member(aris, partner)
    cohort = world.cohort(lead=lead)
    world.add(CohortTeam(cohort_id=cohort.id, user_id=mentor.id, part=TeamPart.MENTOR))
    desk = world.client(world.stelios())
    desk.post(f"/coordinate/{cohort.slug}/partners", data={"organisation": partner.id, "part": "supporter"})
    for user in (aris, mentor):
        client = world.client(user)
        page = client.get(f"/coordinate/{cohort.slug}")
        assert page.status_code == 200
        assert "/edit" not in page.text
        assert client.get(f"/coordinate/{cohort.slug}/edit").status_code == 403
        assert client.post(f"/coordinate/{cohort.slug}/state", data={"to": "running"}).status_code == 403
    stranger = world.client(world.stranger())
    assert stranger.get(f"/coordinate/{cohort.slug}").status_code == 403
    nobody = world.client()
    assert nobody.get(f"/coordinate/{cohort.slug}", headers=BROWSER).status_code == 302
