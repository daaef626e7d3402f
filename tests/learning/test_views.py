"""Seats on the pages: the box in every state, calendar, teleconference, my modules, the roster."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from accounts.models import User
from core.db import utcnow
from learning.models import Enrolment, EnrolmentState, FollowedBy
from learning.services.following import mark_followed
from mentors.models import Cohort, CohortState, EnrolPolicy, Meeting, MeetingState
from tests.programme import BROWSER, acting, counted
from tests.world import World

PAST = dt.timedelta(days=-40)
LINK = "https://tele.example/%CE%B1%CE%AF%CE%B8%CE%BF%CF%85%CF%83%CE%B1"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Keep my seat"),
        ({"seats": 1, "taken": 1}, "The table is full"),
        ({"enrol_closes_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, "Enrolment has closed"),
        ({"enrol_policy": EnrolPolicy.INVITE}, "The organisation that leads adds people."),
        ({"state": CohortState.COMPLETED, "starts": PAST}, "This cohort is over"),
        ({"state": CohortState.CANCELLED}, "It will not take place"),
    ],
)
def test_the_box_of_a_stranger_in_every_state(world: World, facts: dict[str, Any], words: str) -> None:
    cohort = world.cohort(**facts)
    page = world.client(world.stranger()).get(f"/cohorts/{cohort.slug}").text
    assert words in page
    assert (f"/cohorts/{cohort.slug}/enrol" in page) is (words == "Keep my seat")
    assert "You have a seat" not in page


def test_a_draft_says_that_it_is_not_open(world: World) -> None:
    cohort = world.cohort(state=CohortState.DRAFT)
    assert "Not open yet" in world.client(world.stelios()).get(f"/cohorts/{cohort.slug}").text


def test_nobody_is_sent_to_sign_in_and_back(world: World) -> None:
    cohort = world.cohort()
    page = world.client().get(f"/cohorts/{cohort.slug}").text
    assert f"next=/cohorts/{cohort.slug}" in page.replace("%2F", "/")
    assert f"/cohorts/{cohort.slug}/enrol" not in page


def test_a_seat_is_kept_and_left(world: World) -> None:
    cohort, alice = world.cohort(), world.alice()
    browser = world.client(alice)
    for _ in range(2):
        kept = browser.post(f"/cohorts/{cohort.slug}/enrol")
        assert (kept.status_code, kept.headers["Location"]) == (303, f"/cohorts/{cohort.slug}#seat")
    page = browser.get(f"/cohorts/{cohort.slug}").text
    assert "You have a seat" in page
    assert f"/cohorts/{cohort.slug}/withdraw" in page
    assert world.get(Cohort, cohort.id).taken == 1
    assert "Are you leaving your seat?" in browser.get(f"/cohorts/{cohort.slug}/leave").text
    for _ in range(2):
        assert browser.post(f"/cohorts/{cohort.slug}/withdraw").status_code == 303
    assert world.get(Cohort, cohort.id).taken == 0
    assert browser.get(f"/cohorts/{cohort.slug}/leave").status_code == 303


def test_a_full_cohort_is_said_in_a_sentence(world: World) -> None:
    cohort = world.cohort(seats=1, taken=1)
    browser = world.client(world.alice())
    here = f"http://localhost/cohorts/{cohort.slug}"
    assert browser.post(f"/cohorts/{cohort.slug}/enrol", headers={"Referer": here}).status_code == 303
    assert "The seats are all taken." in browser.get(here).text
    answer = browser.post(f"/cohorts/{cohort.slug}/enrol", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["err"]) == (409, "cohort_full")


# Teleconference and calendar


@pytest.fixture
def cast(world: World) -> dict[str, Any]:
    """A cohort with its people, and the stranger."""
    lead, partner, host, chara, aris = (
        world.organisation(),
        world.organisation(),
        world.vasilis(),
        world.chara(),
        world.person("Άρης"),
    )
    world.member(chara, lead)
    world.member(aris, partner)
    cohort = world.cohort(world.course([world.module(), world.module()]), lead=lead, host=host)
    from mentors.models import CohortPartner, PartnerPart

    world.add(CohortPartner(cohort_id=cohort.id, organisation_id=partner.id, part=PartnerPart.CO_ORGANISER))
    alice, left = world.alice(), world.person("Σοφία")
    world.enrol(alice, cohort)
    world.enrol(left, cohort, EnrolmentState.WITHDRAWN)
    return {
        "cohort": cohort,
        "inside": [alice, host, chara, aris, world.stelios(), world.admin()],
        "outside": [left, world.stranger(), world.author()],
        "meeting": world.meetings(cohort)[0],
    }


def test_the_teleconference_is_for_participants(world: World, cast: dict[str, Any]) -> None:
    address = f"/meetings/{cast['meeting'].pid}/conference"
    for user in cast["inside"]:
        answer = world.client(user).get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, LINK)
    for user in cast["outside"]:
        answer = world.client(user).get(address)
        assert answer.status_code == 404
        assert "tele.example" not in answer.text
    nobody = world.client().get(address, headers=BROWSER)
    assert nobody.status_code == 302
    assert "/sign-in" in nobody.headers["Location"]


@pytest.mark.parametrize("url", ["", "http://tele.example", "javascript:alert(1)"])
def test_a_link_that_is_none_leads_nowhere(world: World, cast: dict[str, Any], url: str) -> None:
    with world.session() as session:
        session.get_one(Meeting, cast["meeting"].id).conference_url = url
    answer = world.client(cast["inside"][0]).get(f"/meetings/{cast['meeting'].pid}/conference")
    assert answer.status_code == 404
    assert "It is added before the meeting." in answer.text


def events(body: str) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def test_the_calendar_has_the_link_for_participants_only(world: World, cast: dict[str, Any]) -> None:
    for user in [*cast["outside"], None]:
        for address in (f"/meetings/{cast['meeting'].pid}.ics", f"/cohorts/{cast['cohort'].slug}.ics"):
            answer = world.client(user).get(address)
            assert answer.status_code == 200
            assert "tele.example" not in answer.text.replace("\r\n ", "")
    answer = world.client(cast["inside"][0]).get(f"/meetings/{cast['meeting'].pid}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    (event,) = events(answer.text)
    assert event["CONFERENCE"] == LINK
    assert LINK in event["DESCRIPTION"]


def test_a_calendar_is_a_stream_of_changes(world: World, cast: dict[str, Any]) -> None:
    meeting, cohort, address = cast["meeting"], cast["cohort"], f"/cohorts/{cast['cohort'].slug}.ics"
    before = events(world.client().get(address).text)
    assert [event["UID"] for event in before] == [m.ics_uid for m in world.meetings(cohort)]
    assert before[0]["DTSTART"].dt == meeting.starts_at.replace(microsecond=0)
    assert before[0]["DTSTART"].dt.tzinfo is not None
    assert "DTSTART:" in world.client().get(address).text
    assert [(event["SEQUENCE"], event["STATUS"]) for event in before] == [(0, "CONFIRMED")] * 2
    desk = world.client(world.stelios())
    assert desk.post(
        f"/coordinate/{cohort.slug}/state", data={"to": "cancelled", "reason": "Λίγοι."}
    ).status_code == 303
    after = events(world.client().get(address).text)
    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert [(event["SEQUENCE"], event["STATUS"]) for event in after] == [(1, "CANCELLED")] * 2


def test_long_greek_lines_are_folded_at_75_octets(world: World) -> None:
    cohort = world.cohort(world.course([world.module(title_en="Ενεργειακή κοινότητα με τον δήμο; πώς, " * 4)]))
    body = world.client().get(f"/cohorts/{cohort.slug}.ics").data
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    (event,) = events(body.decode())
    assert event["SUMMARY"] == "Ενεργειακή κοινότητα με τον δήμο; πώς, " * 4


# My modules


def test_my_modules_are_mine(app: Flask, world: World) -> None:
    live, watched, alone, missed = (world.module() for _ in range(4))
    course = world.course([live, watched, missed])
    cohort = world.cohort(course, state=CohortState.RUNNING, starts=PAST)
    alice, stranger = world.alice(), world.stranger()
    world.enrol(alice, cohort)
    for module, by in ((live, FollowedBy.LIVE), (watched, FollowedBy.RECORDING), (alone, FollowedBy.RECORDING)):
        for _ in range(2):
            with acting(app):
                mark_followed(alice, module.id, by)
    with acting(app):
        assert mark_followed(alice, live.id, FollowedBy.RECORDING).by is FollowedBy.LIVE
    page = world.client(alice).get("/me/learning").text
    assert page.count("not followed") == 1
    assert (page.count("live, "), page.count("with the recording, ")) == (1, 2)
    assert "You followed 2 of 3 modules" in page
    assert "On your own" in page
    empty = world.client(stranger).get("/me/learning").text
    assert "You hold no seat yet" in empty
    assert cohort.slug not in empty
    assert world.client().get("/me/learning", headers=BROWSER).status_code == 302


def test_my_modules_cost_the_same_for_one_and_for_three(app: Flask, world: World) -> None:
    alice, costs = world.alice(), []
    for _ in range(2):
        world.enrol(alice, world.cohort(world.course([world.module(), world.module()])))
        with counted(app) as statements:
            world.client(alice).get("/me/learning")
        costs.append(len(statements))
        world.enrol(alice, world.cohort())
    assert costs[0] == costs[1]


# The roster


def test_the_roster_names_people_and_nothing_to_reach_them_by(world: World, cast: dict[str, Any]) -> None:
    alice, host, chara, aris, stelios, admin = cast["inside"]
    address = f"/cohorts/{cast['cohort'].slug}/people"
    for user in (host, chara, stelios, admin):
        page = world.client(user).get(address)
        assert page.status_code == 200
        assert alice.name in page.text
        assert alice.email not in page.text
        assert ("/remove" in page.text) is (user in (stelios, admin))
    for user in (alice, aris, *cast["outside"]):
        assert world.client(user).get(address).status_code == 403
    desk = world.client(aris).get(f"/coordinate/{cast['cohort'].slug}").text
    assert alice.name not in desk


def test_staff_take_a_seat_back(world: World, cast: dict[str, Any]) -> None:
    alice, _host, chara, _aris, stelios, _admin = cast["inside"]
    with world.session() as session:
        pid = session.scalars(sa.select(Enrolment.pid).where(Enrolment.user_id == alice.id)).one()
    address = f"/cohorts/{cast['cohort'].slug}/people/{pid}/remove"
    assert world.client(chara).post(address, data={"reason": "Γιατί."}).status_code == 403
    staff = world.client(stelios)
    assert staff.get(address).status_code == 200
    assert staff.post(address, data={"reason": " "}).status_code == 422
    other = world.cohort()
    assert staff.post(f"/cohorts/{other.slug}/people/{pid}/remove", data={"reason": "Γ."}).status_code == 404
    assert staff.post(address, data={"reason": "Διπλός λογαριασμός."}).status_code == 303
    assert staff.post(address, data={"reason": "Διπλός λογαριασμός."}).status_code == 404
    assert world.get(Cohort, cast["cohort"].id).taken == 0


def test_seats_by_invitation(world: World) -> None:
    lead, chara, alice = world.organisation(), world.chara(), world.alice()
    world.member(chara, lead)
    cohort = world.cohort(lead=lead, enrol_policy=EnrolPolicy.INVITE)
    address, desk = f"/cohorts/{cohort.slug}/people", world.client(chara)
    for email in ("", "maria", "nobody@example.org"):
        assert desk.post(address, data={"email": email}).status_code == 422
    for _ in range(2):
        assert desk.post(address, data={"email": alice.email}).status_code == 303
    assert world.get(Cohort, cohort.id).taken == 1
    assert world.client(world.stranger()).post(address, data={"email": alice.email}).status_code == 403
    assert world.client(alice).post(f"/cohorts/{cohort.slug}/enrol").status_code == 303


def test_acts_beside_meetings_are_one_query_for_the_list(app: Flask, world: World, cast: dict[str, Any]) -> None:
    from learning.slots import meeting_acts

    alice: User = cast["inside"][0]
    meetings = [*world.meetings(cast["cohort"]), *world.meetings(world.cohort())]
    meetings[1].state = MeetingState.CANCELLED
    with app.test_request_context():
        from flask_login import login_user

        login_user(alice)
        with counted(app) as statements:
            acts = meeting_acts(meetings)
    assert len(statements) == 1
    shown = [("conference" in acts.get(m.id, ""), ".ics" in acts.get(m.id, "")) for m in meetings]
    assert shown == [(True, True), (False, False), (False, True)]
    assert utcnow() < meetings[0].starts_at
