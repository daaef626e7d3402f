"""The life of a cohort: every pair of states, every kind of person, and random walks."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core import jobs
from core.db import utcnow
from core.errors import DomainError, Forbidden
from learning.models import EnrolmentEvent, EnrolmentState
from mentors.models import Cohort, CohortState, Meeting, MeetingState, TeamPart
from mentors.services import state
from network.models import MembershipPart
from tests.programme import acting, cohort_in, letters
from tests.world import World

DRAFT, PUBLISHED, RUNNING, COMPLETED, ARCHIVED, CANCELLED = CohortState
# Written down once more, by hand: the test must not believe the table it tests.
ALLOWED = {
    (DRAFT, PUBLISHED),
    (PUBLISHED, RUNNING),
    (RUNNING, COMPLETED),
    (COMPLETED, ARCHIVED),
    (DRAFT, CANCELLED),
    (PUBLISHED, CANCELLED),
    (RUNNING, CANCELLED),
}
# When a cohort is made so that the step's own conditions hold
STARTS = {RUNNING: dt.timedelta(minutes=-5), COMPLETED: dt.timedelta(days=-3)}


def cohort_ready_for(world: World, before: CohortState, to: CohortState) -> Cohort:
    return world.cohort(state=before, host=world.vasilis(), starts=STARTS.get(to, dt.timedelta(days=7)))


@pytest.mark.parametrize("before", CohortState)
@pytest.mark.parametrize("to", CohortState)
def test_every_pair(app: Flask, world: World, before: CohortState, to: CohortState) -> None:
    cohort = cohort_ready_for(world, before, to)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        revision = row.revision
        if before is to:
            assert state.transition(row, to, world.stelios(), "Λίγοι.").revision == revision
        elif (before, to) in ALLOWED:
            state.transition(row, to, world.stelios(), "Λίγοι.")
        else:
            with pytest.raises(state.ForbiddenStep):
                state.transition(row, to, world.stelios(), "Λίγοι.")
    assert world.get(Cohort, cohort.id).state is (to if (before, to) in ALLOWED else before)


@pytest.mark.parametrize(
    ("who", "to", "may"),
    [
        ("lead", PUBLISHED, True),
        ("lead", CANCELLED, True),
        ("host", CANCELLED, False),
        ("co_organiser", CANCELLED, False),
        ("viewer", CANCELLED, False),
        ("mentor", RUNNING, False),
        ("host", RUNNING, True),
        ("host", COMPLETED, True),
        ("lead", COMPLETED, True),
        ("stranger", COMPLETED, False),
        ("nobody", COMPLETED, False),
        ("host", ARCHIVED, False),
        ("lead", ARCHIVED, True),
    ],
)
def test_who_may_take_a_step(app: Flask, world: World, who: str, to: CohortState, may: bool) -> None:
    before = {PUBLISHED: DRAFT, CANCELLED: PUBLISHED, RUNNING: PUBLISHED, COMPLETED: RUNNING, ARCHIVED: COMPLETED}[to]
    cohort = cohort_ready_for(world, before, to)
    person = actor_of(world, cohort, who)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        if may:
            state.transition(row, to, person, "Λίγοι.")
        else:
            with pytest.raises(Forbidden):
                state.transition(row, to, person, "Λίγοι.")
    assert world.get(Cohort, cohort.id).state is (to if may else before)


def actor_of(world: World, cohort: Cohort, who: str) -> User | None:
    """Somebody who is WHO to COHORT."""
    from mentors.models import CohortPartner, CohortTeam, PartnerPart

    if who == "nobody":
        return None
    person = world.person()
    with world.session() as session:
        lead = session.scalars(sa.select(CohortPartner.organisation_id).filter_by(cohort_id=cohort.id)).one()
    if who in {"lead", "viewer"}:
        organisation = type("Organisation", (), {"id": lead})
        world.member(person, organisation, MembershipPart.COORDINATOR if who == "lead" else MembershipPart.VIEWER)
    elif who == "co_organiser":
        other = world.organisation()
        world.add(CohortPartner(cohort_id=cohort.id, organisation_id=other.id, part=PartnerPart.CO_ORGANISER))
        world.member(person, other)
    elif who in set(TeamPart):
        world.add(CohortTeam(cohort_id=cohort.id, user_id=person.id, part=TeamPart(who)))
    return person


@pytest.fixture
def staffed(app: Flask, world: World) -> tuple[Flask, World, User, User]:
    return app, world, world.stelios(), world.vasilis()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    walk=st.lists(st.tuples(st.sampled_from(CohortState), st.booleans(), st.booleans()), max_size=8),
    begun=st.booleans(),
    over=st.booleans(),
)
def test_random_walks_never_leave_the_table(
    staffed: tuple[Flask, World, User, User],
    walk: list[tuple[CohortState, bool, bool]],
    begun: bool,
    over: bool,
) -> None:
    """Whatever is asked for in whatever order: only steps of the table, and only when their conditions hold."""
    app, world, stelios, host = staffed
    starts = dt.timedelta(days=-3) if over else dt.timedelta(minutes=-5) if begun else dt.timedelta(days=7)
    cohort = world.cohort(state=DRAFT, host=host, starts=starts)
    holds = {PUBLISHED: not (begun or over), RUNNING: begun or over, COMPLETED: over, ARCHIVED: True}
    expected = DRAFT
    for to, staff, reasoned in walk:
        actor = stelios if staff else host
        reason = "Λίγοι." if reasoned else " "
        may = staff or to in {RUNNING, COMPLETED}
        fits = (expected, to) in ALLOWED and may and (reasoned if to is CANCELLED else holds.get(to, False))
        with acting(app) as session:
            try:
                state.transition(cohort_in(session, cohort), to, actor, reason)
            except DomainError:
                assert not fits
            else:
                assert fits or to is expected
        expected = to if fits else expected
        row = world.get(Cohort, cohort.id)
        assert row.state is expected
        assert row.published_at is not None or row.state in {DRAFT, CANCELLED}
        assert bool(row.cancel_reason) is (row.state is CANCELLED)


def test_a_draft_says_all_that_it_needs(app: Flask, world: World) -> None:
    cohort = world.cohort(state=DRAFT, starts=dt.timedelta(days=-1))
    with acting(app) as session:
        missing = state.missing_to_publish(cohort_in(session, cohort), utcnow())
        assert len(missing) == 3  # host, first meeting, last day of enrolment
        with pytest.raises(state.NotReady) as refused:
            state.transition(cohort_in(session, cohort), PUBLISHED, world.stelios())
    assert str(refused.value.message) == " ".join(missing)


def test_overlapping_meetings_are_not_published(app: Flask, world: World) -> None:
    cohort = world.cohort(world.course([world.module(), world.module()]), state=DRAFT, host=world.vasilis())
    first, second = world.meetings(cohort)
    with world.session() as session:
        row = session.get_one(Meeting, second.id)
        row.starts_at, row.ends_at = first.starts_at, first.ends_at
    with acting(app) as session:
        assert len(state.missing_to_publish(cohort_in(session, cohort), utcnow())) == 1
        with pytest.raises(state.NotReady):
            state.transition(cohort_in(session, cohort), PUBLISHED, world.stelios())


def test_publishing_leaves_a_job_for_the_first_meeting_and_the_clock_starts_it(app: Flask, world: World) -> None:
    cohort = world.cohort(state=DRAFT, host=world.vasilis())
    with acting(app) as session:
        state.transition(cohort_in(session, cohort), PUBLISHED, world.stelios())
    with app.app_context():
        jobs.run_all()
    assert world.get(Cohort, cohort.id).state is PUBLISHED
    with world.session() as session:
        now = utcnow()
        row = session.get_one(Cohort, cohort.id)
        start = session.scalars(sa.select(jobs.Job).where(jobs.Job.kind == "mentors.start")).one()
        assert start.run_after == row.starts_at
        row.starts_at = now - dt.timedelta(minutes=1)
        session.execute(sa.update(jobs.Job).values(run_after=now))
    with app.app_context():
        jobs.run_all()
    assert world.get(Cohort, cohort.id).state is RUNNING


def test_cancelling_tells_everybody_and_frees_every_seat(app: Flask, world: World) -> None:
    past_and_coming = world.course([world.module(), world.module()])
    cohort = world.cohort(past_and_coming, state=RUNNING, host=world.vasilis(), starts=dt.timedelta(days=-3))
    alice, eleni = world.alice(), world.person("Ελένη", locale="en")
    seats = [world.enrol(person, cohort) for person in (alice, eleni)]
    with acting(app) as session:
        state.transition(cohort_in(session, cohort), CANCELLED, world.stelios(), "Αρρώστησε ο μέντορας.")
    row = world.get(Cohort, cohort.id)
    assert (row.taken, row.cancel_reason) == (0, "Αρρώστησε ο μέντορας.")
    assert [world.get(type(seat), seat.id).state for seat in seats] == [EnrolmentState.CANCELLED] * 2
    gone, coming = world.meetings(cohort)
    assert (gone.state, gone.ics_sequence) == (MeetingState.PLANNED, 0)
    assert (coming.state, coming.ics_sequence) == (MeetingState.CANCELLED, 1)
    sent = letters(app)
    assert {letter["to"] for letter in sent} == {alice.email, eleni.email}
    assert all("Αρρώστησε ο μέντορας." in letter["body"] for letter in sent)
    english = next(letter for letter in sent if letter["to"] == eleni.email)
    assert english["subject"] == f"Cancelled: {row.title_en}"
    with world.session() as session:
        assert session.scalar(sa.select(sa.func.count(EnrolmentEvent.id))) == 2


def test_closing_completes_every_seat(app: Flask, world: World) -> None:
    host = world.vasilis()
    cohort = world.cohort(state=RUNNING, host=host, starts=dt.timedelta(days=-3))
    seat = world.enrol(world.alice(), cohort)
    with acting(app) as session:
        state.transition(cohort_in(session, cohort), COMPLETED, host)
    assert world.get(type(seat), seat.id).state is EnrolmentState.COMPLETED
    assert world.get(Cohort, cohort.id).taken == 1
    assert letters(app) == []


def test_a_begun_cohort_is_shown_as_running_whoever_noticed(world: World) -> None:
    cohort = world.cohort(starts=dt.timedelta(minutes=-1))
    assert cohort.phase(utcnow()) is RUNNING
    assert cohort.phase(cohort.starts_at - dt.timedelta(seconds=1)) is PUBLISHED
