"""Taking a seat, leaving it, losing it: rules, double clicks, random orders."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.errors import DomainError, Forbidden
from learning.models import LIVE, Enrolment, EnrolmentEvent, EnrolmentState, FollowedBy, ModuleFollowed
from learning.services import enrolment as enrolling
from learning.services import following
from mentors.models import Cohort, CohortState, EnrolPolicy
from tests.programme import acting, cohort_in, letters, meanwhile
from tests.world import World

PAST = dt.timedelta(days=-40)


def held(app: Flask, cohort: Cohort) -> tuple[int, int]:
    """(what the counter says, how many live rows there are)."""
    with app.app_context():
        from core.db import db

        live = sa.select(sa.func.count(Enrolment.id)).where(
            Enrolment.cohort_id == cohort.id, Enrolment.state.in_(LIVE)
        )
        return db.session.get_one(Cohort, cohort.id).taken, db.session.scalar(live) or 0


def test_a_seat_is_taken_once_however_often_one_clicks(app: Flask, world: World) -> None:
    cohort, alice = world.cohort(), world.alice()
    seats = []
    for _ in range(3):
        with acting(app) as session:
            seats.append(enrolling.enrol(alice, cohort_in(session, cohort)).id)
    assert len(set(seats)) == 1
    assert held(app, cohort) == (1, 1)
    with world.session() as session:
        (event,) = session.scalars(sa.select(EnrolmentEvent))
        assert (event.from_state, event.to_state, event.actor_id) == (None, "enrolled", alice.id)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"state": CohortState.DRAFT}, Forbidden),
        ({"state": CohortState.COMPLETED, "starts": PAST}, enrolling.CohortOver),
        ({"state": CohortState.ARCHIVED, "starts": PAST}, enrolling.CohortOver),
        ({"state": CohortState.CANCELLED}, enrolling.CohortCancelled),
        ({"enrol_policy": EnrolPolicy.INVITE}, enrolling.InviteOnly),
        ({"enrol_closes_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, enrolling.EnrolmentClosed),
    ],
)
def test_each_closed_door_says_why(
    app: Flask, world: World, facts: dict[str, object], refusal: type[DomainError]
) -> None:
    cohort = world.cohort(**facts)  # type: ignore[arg-type]
    with acting(app) as session, pytest.raises(refusal):
        enrolling.enrol(world.alice(), cohort_in(session, cohort))
    assert held(app, cohort) == (0, 0)


def test_a_draft_takes_nobody_not_even_its_own_people(app: Flask, world: World) -> None:
    host = world.vasilis()
    cohort = world.cohort(state=CohortState.DRAFT, host=host)
    with acting(app) as session, pytest.raises(enrolling.NotOpenYet):
        enrolling.enrol(host, cohort_in(session, cohort))


def test_a_full_cohort_refuses_until_somebody_leaves(app: Flask, world: World) -> None:
    cohort, alice, eleni = world.cohort(seats=1), world.alice(), world.person("Ελένη")
    with acting(app) as session:
        enrolling.enrol(alice, cohort_in(session, cohort))
    with acting(app) as session, pytest.raises(enrolling.CohortFull):
        enrolling.enrol(eleni, cohort_in(session, cohort))
    with acting(app) as session:
        assert enrolling.withdraw(alice, cohort_in(session, cohort)) is True
    with acting(app) as session:
        assert enrolling.withdraw(alice, cohort_in(session, cohort)) is False
        enrolling.enrol(eleni, cohort_in(session, cohort))
    assert held(app, cohort) == (1, 1)


def test_running_cohorts_take_people_and_an_unconfirmed_e_mail_does_not_get_in(app: Flask, world: World) -> None:
    cohort = world.cohort(world.course([world.module(), world.module()]), starts=dt.timedelta(days=-1))
    ghost = world.person()
    with world.session() as session:
        session.get_one(User, ghost.id).confirmed_at = None
    with acting(app) as session, pytest.raises(enrolling.EmailUnconfirmed):
        enrolling.enrol(session.get_one(User, ghost.id), cohort_in(session, cohort))
    with acting(app) as session, pytest.raises(Forbidden):
        enrolling.enrol(None, cohort_in(session, cohort))
    with acting(app) as session:
        enrolling.enrol(world.alice(), cohort_in(session, cohort))
    assert held(app, cohort) == (1, 1)


def test_a_finished_seat_is_not_left(app: Flask, world: World) -> None:
    cohort, alice = world.cohort(state=CohortState.COMPLETED, starts=PAST), world.alice()
    seat = world.enrol(alice, cohort)
    with world.session() as session:
        session.get_one(Enrolment, seat.id).state = EnrolmentState.COMPLETED
    with acting(app) as session, pytest.raises(enrolling.CohortOver):
        enrolling.withdraw(alice, cohort_in(session, cohort))
    assert held(app, cohort) == (1, 1)


def test_an_invitation_is_given_by_the_lead_and_never_silent(app: Flask, world: World) -> None:
    lead, chara, alice = world.organisation(), world.chara(), world.alice()
    world.member(chara, lead)
    cohort = world.cohort(lead=lead, seats=1, enrol_policy=EnrolPolicy.INVITE)
    with acting(app) as session:
        row = cohort_in(session, cohort)
        for actor in (alice, world.stranger(), None):
            with pytest.raises(Forbidden):
                enrolling.invite(actor, row, alice.email)
        with pytest.raises(enrolling.UnknownPerson):
            enrolling.invite(chara, row, "nobody@example.org")
    for _ in range(2):
        with acting(app) as session:
            enrolling.invite(chara, cohort_in(session, cohort), alice.email.upper())
    with acting(app) as session, pytest.raises(enrolling.CohortFull):
        enrolling.invite(chara, cohort_in(session, cohort), world.person().email)
    (letter,) = letters(app)
    assert letter["to"] == alice.email
    assert held(app, cohort) == (1, 1)


def test_nobody_seats_others_in_an_open_cohort(app: Flask, world: World) -> None:
    cohort, alice = world.cohort(), world.alice()
    with acting(app) as session, pytest.raises(Forbidden):
        enrolling.invite(world.stelios(), cohort_in(session, cohort), alice.email)
    assert held(app, cohort) == (0, 0)


def test_staff_take_a_seat_back_with_a_reason_that_the_person_reads(app: Flask, world: World) -> None:
    lead, chara, alice = world.organisation(), world.chara(), world.alice()
    world.member(chara, lead)
    cohort = world.cohort(lead=lead)
    seat = world.enrol(alice, cohort)
    with acting(app) as session:
        row, mine = cohort_in(session, cohort), session.get_one(Enrolment, seat.id)
        for actor in (chara, alice, world.stranger(), None):
            with pytest.raises(Forbidden):
                enrolling.remove(actor, row, mine, "Γιατί έτσι.")
        with pytest.raises(enrolling.ReasonMissing):
            enrolling.remove(world.stelios(), row, mine, "  ")
        assert enrolling.remove(world.stelios(), row, mine, "Διπλός λογαριασμός.") is True
    assert held(app, cohort) == (0, 0)
    (letter,) = letters(app)
    assert (letter["to"], "Διπλός λογαριασμός." in letter["body"]) == (alice.email, True)


@pytest.fixture
def table(app: Flask, world: World) -> tuple[Flask, World, list[User], User]:
    return app, world, [world.person() for _ in range(4)], world.stelios()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.sampled_from(["enrol", "withdraw", "remove"]), st.integers(0, 3)), max_size=20),
    seats=st.integers(1, 3),
)
def test_whatever_the_order_the_counter_is_the_rows_and_every_change_is_recorded(
    table: tuple[Flask, World, list[User], User], acts: list[tuple[str, int]], seats: int
) -> None:
    app, world, people, stelios = table
    cohort, inside, changes = world.cohort(seats=seats), set(), 0
    for act, who in acts:
        person = people[who]
        with acting(app) as session:
            row = cohort_in(session, cohort)
            if act == "enrol" and (who in inside or len(inside) < seats):
                enrolling.enrol(person, row)
                changes += who not in inside
                inside.add(who)
            elif act == "enrol":
                with pytest.raises(enrolling.CohortFull):
                    enrolling.enrol(person, row)
            elif act == "withdraw":
                assert enrolling.withdraw(person, row) is (who in inside)
                changes += who in inside
                inside.discard(who)
            elif who in inside:
                seat = session.scalars(
                    sa.select(Enrolment).where(
                        Enrolment.cohort_id == row.id, Enrolment.user_id == person.id, Enrolment.state.in_(LIVE)
                    )
                ).one()
                enrolling.remove(stelios, row, seat, "Λόγος.")
                changes += 1
                inside.discard(who)
        assert held(app, cohort) == (len(inside), len(inside))
    with world.session() as session:
        rows = sa.select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)
        events = session.scalar(
            sa.select(sa.func.count(EnrolmentEvent.id)).where(EnrolmentEvent.enrolment_id.in_(rows))
        )
    assert events == changes


def test_followed_from_two_places_at_the_same_moment_counts_once(app: Flask, world: World) -> None:
    alice, module = world.alice(), world.module()

    def follow(by: FollowedBy) -> ModuleFollowed:
        return following.mark_followed(alice, module.id, by)

    with acting(app), meanwhile(app, lambda: follow(FollowedBy.RECORDING)):
        assert follow(FollowedBy.LIVE).by is FollowedBy.RECORDING
    with world.session() as session:
        assert session.query(ModuleFollowed).count() == 1
