"""Opening a cohort, changing it, its dates and its people."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from core.db import utcnow
from core.errors import Conflict, Forbidden
from core.i18n import athens, from_athens
from mentors.models import (
    Cohort,
    CohortPartner,
    CohortState,
    CohortTeam,
    EnrolPolicy,
    Meeting,
    PartnerPart,
    Rhythm,
    TeamPart,
)
from mentors.plans import Dates, Plan, Rules, Words
from mentors.services import cohorts, meetings, people, state
from network.models import Organisation
from tests.programme import acting, cohort_in, letters, meanwhile
from tests.world import World

WORDS = Words("Έξι βράδια", "", "Μαζί.", "", "Στην πλατεία", "", "el")


def next_month(days: int = 30) -> dt.date:
    return (utcnow() + dt.timedelta(days=days)).date()


def rules_of(cohort: Cohort, **facts: object) -> Rules:
    given = {"seats": cohort.seats, "enrol_closes_at": cohort.enrol_closes_at, "enrol_policy": EnrolPolicy.OPEN}
    return Rules(**(given | facts))  # type: ignore[arg-type]


def test_a_draft_has_a_meeting_for_each_module(app: Flask, world: World) -> None:
    course, lead, chara = world.course([world.module(), world.module()]), world.organisation(), world.chara()
    world.member(chara, lead)
    dates = Dates(next_month(), dt.time(18), Rhythm.WEEKLY)
    with acting(app):
        cohort = cohorts.open_cohort(chara, course.id, lead.id, words=WORDS, seats=20, dates=dates)
    row, rows = world.get(Cohort, cohort.id), world.meetings(cohort)
    assert (row.state, row.slug, row.published_at) == (CohortState.DRAFT, "exi-vradia", None)
    assert [athens(m.starts_at).hour for m in rows] == [18, 18]
    assert [m.position for m in rows] == [1, 2]
    assert (row.starts_at, row.ends_at, row.enrol_closes_at) == (
        rows[0].starts_at,
        rows[1].ends_at,
        rows[0].starts_at,
    )


def test_the_same_title_gets_another_address(app: Flask, world: World) -> None:
    course, lead, stelios = world.course(), world.organisation(), world.stelios()
    evening, later = (Dates(next_month(), dt.time(hour), Rhythm.DAILY) for hour in (18, 20))
    new = Words("New", "", "Μαζί.", "", "", "", "el")
    with acting(app):
        made = [
            cohorts.open_cohort(stelios, course.id, lead.id, words=words, seats=5, dates=dates).slug
            for words, dates in ((WORDS, evening), (WORDS, later), (new, evening))
        ]
    assert made == ["exi-vradia", "exi-vradia-2", "new-2"]


def test_a_double_click_opens_one_cohort(app: Flask, world: World) -> None:
    course, lead, other, stelios = world.course(), world.organisation(), world.organisation(), world.stelios()
    dates = Dates(next_month(), dt.time(18), Rhythm.DAILY)
    with acting(app):
        made = [
            cohorts.open_cohort(stelios, course.id, body.id, words=WORDS, seats=5, dates=dates).slug
            for body in (lead, lead, other)
        ]
    assert made == ["exi-vradia", "exi-vradia", "exi-vradia-2"]


def test_two_halves_at_the_same_moment_open_one_cohort(app: Flask, world: World) -> None:
    course, lead, other, stelios = world.course(), world.organisation(), world.organisation(), world.stelios()

    def opened(body: Organisation, hour: int) -> str:
        dates = Dates(next_month(), dt.time(hour), Rhythm.DAILY)
        return cohorts.open_cohort(stelios, course.id, body.id, words=WORDS, seats=5, dates=dates).slug

    with acting(app), meanwhile(app, lambda: opened(lead, 18)):
        assert opened(lead, 18) == "exi-vradia"
    with acting(app), meanwhile(app, lambda: opened(other, 18)), pytest.raises(Conflict):
        opened(lead, 20)  # another cohort took the address


def test_only_for_ones_own_organisation_and_from_a_published_course(app: Flask, world: World) -> None:
    lead, other, chara = world.organisation(), world.organisation(), world.chara()
    world.member(chara, lead)
    course, draft = world.course(), world.course(published=False)
    dates = Dates(next_month(), dt.time(18), Rhythm.WEEKLY)
    past = Dates(next_month(-30), dt.time(18), Rhythm.WEEKLY)
    with acting(app):
        with pytest.raises(Forbidden):
            cohorts.open_cohort(chara, course.id, other.id, words=WORDS, seats=5, dates=dates)
        with pytest.raises(Forbidden):
            cohorts.open_cohort(world.stranger(), course.id, lead.id, words=WORDS, seats=5, dates=dates)
        with pytest.raises(cohorts.CourseNotPublished):
            cohorts.open_cohort(chara, draft.id, lead.id, words=WORDS, seats=5, dates=dates)
        with pytest.raises(cohorts.InThePast):
            cohorts.open_cohort(chara, course.id, lead.id, words=WORDS, seats=5, dates=past)


def test_seats_never_fall_below_those_taken(app: Flask, world: World) -> None:
    cohort, stelios = world.cohort(seats=3), world.stelios()
    for _ in range(2):
        world.enrol(world.person(), cohort)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        with pytest.raises(cohorts.SeatsTaken):
            cohorts.edit_cohort(stelios, row, 1, WORDS, rules_of(cohort, seats=1))
        cohorts.edit_cohort(stelios, row, 1, WORDS, rules_of(cohort, seats=2))
    row = world.get(Cohort, cohort.id)
    assert (row.seats, row.taken, row.revision, row.title_el) == (2, 2, 2, "Έξι βράδια")


def test_two_people_editing_at_once_overwrite_nothing(app: Flask, world: World) -> None:
    cohort, stelios = world.cohort(), world.stelios()
    with acting(app) as session:
        cohorts.edit_cohort(stelios, cohort_in(session, cohort), 1, WORDS, rules_of(cohort))
    late = Words("Αργά", "", "Μαζί.", "", "", "", "el")
    with acting(app) as session, pytest.raises(Conflict):
        cohorts.edit_cohort(stelios, cohort_in(session, cohort), 1, late, rules_of(cohort))
    assert world.get(Cohort, cohort.id).title_el == "Έξι βράδια"


def test_enrolment_closes_before_the_end(app: Flask, world: World) -> None:
    cohort = world.cohort()
    after = rules_of(cohort, enrol_closes_at=cohort.ends_at + dt.timedelta(seconds=1))
    with acting(app) as session, pytest.raises(cohorts.InThePast):
        cohorts.edit_cohort(world.stelios(), cohort_in(session, cohort), 1, WORDS, after)


@pytest.mark.parametrize("who", ["stranger", "host", "learner"])
def test_others_change_nothing(app: Flask, world: World, who: str) -> None:
    host, alice = world.vasilis(), world.alice()
    cohort = world.cohort(host=host)
    world.enrol(alice, cohort)
    actor = {"stranger": world.stranger(), "host": host, "learner": alice}[who]
    (meeting,) = world.meetings(cohort)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        for act in (
            lambda: cohorts.edit_cohort(actor, row, 1, WORDS, rules_of(cohort)),
            lambda: meetings.set_meetings(actor, row, 1, {meeting.id: Plan(meeting.starts_at, "", None)}),
            lambda: people.add_partner(actor, row, 1, PartnerPart.SUPPORTER),
            lambda: people.remove_partner(actor, row, 1),
            lambda: people.add_to_team(actor, row, "a@example.org", TeamPart.HOST),
            lambda: people.add_mentor_to_team(actor, row, actor.id, TeamPart.HOST),
            lambda: people.remove_from_team(actor, row, host.id),
        ):
            with pytest.raises(Forbidden):
                act()


# Meetings


def moved_by(meeting: Meeting, **later: int) -> Plan:
    return Plan(meeting.starts_at + dt.timedelta(**later), meeting.conference_url, meeting.mentor_id)


def test_a_moved_meeting_raises_its_sequence_and_tells_those_with_a_seat(app: Flask, world: World) -> None:
    course = world.course([world.module(), world.module()])
    cohort, alice = world.cohort(course, host=world.vasilis()), world.alice()
    world.enrol(alice, cohort)
    world.enrol(world.person(), world.cohort())
    first, second = world.meetings(cohort)
    with acting(app) as session:
        plans = {first.id: moved_by(first), second.id: moved_by(second, days=1)}
        assert len(meetings.set_meetings(world.stelios(), cohort_in(session, cohort), 1, plans)) == 1
    stays, moved = world.meetings(cohort)
    assert (stays.ics_sequence, stays.starts_at) == (0, first.starts_at)
    assert (moved.ics_sequence, moved.ics_uid) == (1, second.ics_uid)
    assert moved.ends_at - moved.starts_at == dt.timedelta(hours=2)
    assert world.get(Cohort, cohort.id).ends_at == moved.ends_at
    (letter,) = letters(app)
    assert letter["to"] == alice.email
    assert cohort.slug in letter["body"]
    assert letter["body"].count("Ενότητα") == 1


def test_a_draft_is_moved_quietly_and_a_link_changes_the_calendar_only(app: Flask, world: World) -> None:
    draft, shown, stelios = world.cohort(state=CohortState.DRAFT), world.cohort(), world.stelios()
    world.enrol(world.alice(), shown)
    (loose,), (fixed,) = world.meetings(draft), world.meetings(shown)
    with acting(app) as session:
        meetings.set_meetings(stelios, cohort_in(session, draft), 1, {loose.id: moved_by(loose, days=2)})
        link = Plan(fixed.starts_at, "https://tele.example/b", None)
        meetings.set_meetings(stelios, cohort_in(session, shown), 1, {fixed.id: link})
    assert [m.ics_sequence for m in (*world.meetings(draft), *world.meetings(shown))] == [1, 1]
    assert letters(app) == []


def test_a_deadline_at_the_first_meeting_moves_with_it(app: Flask, world: World) -> None:
    cohort = world.cohort()
    (meeting,) = world.meetings(cohort)
    with acting(app) as session:
        meetings.set_meetings(world.stelios(), cohort_in(session, cohort), 1, {meeting.id: moved_by(meeting, days=3)})
    row = world.get(Cohort, cohort.id)
    assert row.enrol_closes_at == row.starts_at == meeting.starts_at + dt.timedelta(days=3)


def test_what_cannot_be_planned(app: Flask, world: World) -> None:
    course = world.course([world.module(), world.module()])
    cohort, stelios = world.cohort(course, starts=dt.timedelta(hours=-1)), world.stelios()
    begun, coming = world.meetings(cohort)
    cases = [
        ({begun.id: moved_by(begun, days=1)}, meetings.BegunAlready),
        ({coming.id: moved_by(coming, days=-30)}, meetings.BackInTime),
        ({coming.id: Plan(begun.ends_at - dt.timedelta(minutes=1), "", None)}, meetings.Overlap),
        ({coming.id: Plan(coming.starts_at, "", stelios.id)}, meetings.NotOnTeam),
    ]
    for plans, refusal in cases:
        with acting(app) as session, pytest.raises(refusal):
            meetings.set_meetings(stelios, cohort_in(session, cohort), 1, plans)
    with acting(app) as session, pytest.raises(Conflict):
        meetings.set_meetings(stelios, cohort_in(session, cohort), 9, {coming.id: moved_by(coming)})
    assert world.get(Cohort, cohort.id).revision == 1
    assert [m.starts_at for m in world.meetings(cohort)] == [begun.starts_at, coming.starts_at]


def test_a_finished_cohort_stays_as_it_is(app: Flask, world: World) -> None:
    cohort, stelios = world.cohort(state=CohortState.COMPLETED), world.stelios()
    with acting(app) as session:
        row = cohort_in(session, cohort)
        with pytest.raises(cohorts.Finished):
            cohorts.edit_cohort(stelios, row, 1, WORDS, rules_of(cohort))
        with pytest.raises(cohorts.Finished):
            meetings.set_meetings(stelios, row, 1, {})


def test_an_hour_that_summer_time_skips_moves_on() -> None:
    assert athens(from_athens(dt.date(2027, 3, 28), dt.time(3, 30))).time() == dt.time(4, 30)


# People


def test_partners_come_change_and_go_but_the_lead_stays(app: Flask, world: World) -> None:
    lead, other, stelios = world.organisation(), world.organisation(), world.stelios()
    cohort = world.cohort(lead=lead)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        people.add_partner(stelios, row, other.id, PartnerPart.SUPPORTER)
        people.add_partner(stelios, row, other.id, PartnerPart.CO_ORGANISER)
        for act in (
            lambda: people.add_partner(stelios, row, other.id, PartnerPart.LEAD),
            lambda: people.add_partner(stelios, row, lead.id, PartnerPart.SUPPORTER),
            lambda: people.remove_partner(stelios, row, lead.id),
        ):
            with pytest.raises(people.LeadStays):
                act()
        partners = session.query(CohortPartner).filter_by(cohort_id=cohort.id).order_by("id")
        assert [partner.part for partner in partners] == [PartnerPart.LEAD, PartnerPart.CO_ORGANISER]
        people.remove_partner(stelios, row, other.id)
        people.remove_partner(stelios, row, other.id)
        assert partners.count() == 1


def test_the_team_keeps_a_host_and_whoever_leaves_leaves_the_meetings_to_come(app: Flask, world: World) -> None:
    host, stelios, anna = world.vasilis(), world.stelios(), world.person(email="Anna@Example.org")
    course = world.course([world.module(), world.module()])
    cohort = world.cohort(course, host=host, state=CohortState.RUNNING, starts=dt.timedelta(hours=-3))
    with acting(app) as session:
        row = cohort_in(session, cohort)
        with pytest.raises(people.LastHost):
            people.remove_from_team(stelios, row, host.id)
        with pytest.raises(people.LastHost):
            people.add_to_team(stelios, row, host.email, TeamPart.MENTOR)
        with pytest.raises(people.UnknownPerson):
            people.add_to_team(stelios, row, "nobody@example.org", TeamPart.HOST)
        assert people.add_to_team(stelios, row, " anna@example.ORG ", TeamPart.HOST).id == anna.id
        people.remove_from_team(stelios, row, host.id)
        people.remove_from_team(stelios, row, host.id)
        assert session.query(CohortTeam.user_id).filter_by(cohort_id=cohort.id).all() == [(anna.id,)]
    gone, coming = world.meetings(cohort)
    assert (gone.mentor_id, coming.mentor_id) == (host.id, None)


def test_a_mentor_joins_the_team_from_the_list(app: Flask, world: World) -> None:
    cohort, stelios, vasilis = world.cohort(), world.stelios(), world.vasilis()
    gone = world.person("Παύλος", active=False)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        for part in (TeamPart.MENTOR, TeamPart.HOST):
            assert people.add_mentor_to_team(stelios, row, vasilis.id, part).id == vasilis.id
        for nobody in (gone.id, 999):
            with pytest.raises(people.UnknownPerson):
                people.add_mentor_to_team(stelios, row, nobody, TeamPart.MENTOR)
    with world.session() as session:
        assert [(seat.user_id, seat.part) for seat in session.query(CohortTeam)] == [(vasilis.id, TeamPart.HOST)]


def test_two_steps_at_the_same_moment_are_one(app: Flask, world: World) -> None:
    cohort, stelios = world.cohort(), world.stelios()
    with acting(app) as session:
        seen = cohort_in(session, cohort)
        with app.app_context(), acting(app) as other:
            state.transition(cohort_in(other, cohort), CohortState.CANCELLED, stelios, "Λίγοι.")
        with pytest.raises(Conflict):
            state.transition(seen, CohortState.CANCELLED, stelios, "Κανείς.")
    assert world.get(Cohort, cohort.id).cancel_reason == "Λίγοι."
