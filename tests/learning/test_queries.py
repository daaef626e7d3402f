"""What other packages ask of learning."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from learning import queries
from learning.models import EnrolmentState
from mentors.models import CohortState, Meeting, MeetingState
from tests.programme import acting, counted
from tests.world import World


def test_who_is_enrolled_and_who_takes_part(app: Flask, world: World) -> None:
    alice, left, host, stelios, stranger = (
        world.alice(),
        world.person("Σοφία"),
        world.vasilis(),
        world.stelios(),
        world.stranger(),
    )
    cohort = world.cohort(host=host)
    world.enrol(alice, cohort)
    world.enrol(left, cohort, EnrolmentState.WITHDRAWN)
    enrolled = [alice]
    inside = [alice, host, stelios]
    with acting(app):
        for user in (alice, left, host, stelios, stranger, None):
            assert queries.is_enrolled(user, cohort.id) is (user in enrolled)
            assert queries.is_participant(user, cohort.id) is (user in inside)
            assert queries.takes_part_in(user, [cohort.id]) == ({cohort.id} if user in inside else set())


def test_next_meetings_are_those_one_goes_to_from_now_on(app: Flask, world: World) -> None:
    alice, host = world.alice(), world.vasilis()
    course = world.course([world.module() for _ in range(3)])
    going_on = world.cohort(course, starts=dt.timedelta(hours=-1), state=CohortState.RUNNING)
    later = world.cohort(host=host, starts=dt.timedelta(days=3))
    for cohort in (going_on, later):
        world.enrol(alice, cohort)
    for state in (CohortState.CANCELLED, CohortState.DRAFT):
        world.enrol(alice, world.cohort(state=state))
    world.cohort(starts=dt.timedelta(days=1))
    dropped = world.meetings(going_on)[2]
    with world.session() as session:
        session.get_one(Meeting, dropped.id).state = MeetingState.CANCELLED
    first, second, _third = world.meetings(going_on)
    (other,) = world.meetings(later)
    with acting(app):
        with counted(app) as statements:
            coming = queries.next_meetings(alice, 5)
            words = [(m.cohort.slug, m.module_version.module.theme.slug, m.module_version.title_el) for m in coming]
        assert len(statements) == 1
        assert len(words) == 3
        assert [m.id for m in coming] == [first.id, other.id, second.id]
        assert [m.id for m in queries.next_meetings(alice, 1)] == [first.id]
        assert [m.id for m in queries.next_meetings(host, 5)] == [other.id]
        assert queries.next_meetings(world.stranger(), 5) == queries.next_meetings(None, 5) == []


def test_my_cohorts_come_with_all_that_a_page_shows(app: Flask, world: World) -> None:
    alice = world.alice()
    gone = world.cohort(state=CohortState.COMPLETED, starts=dt.timedelta(days=-30))
    coming = world.cohort(world.course([world.module(), world.module()]))
    for cohort in (gone, coming):
        world.enrol(alice, cohort)
    with acting(app):
        mine = queries.cohorts_of(alice)
        assert [cohort.slug for cohort in mine] == [coming.slug, gone.slug]
        assert [len(cohort.meetings) for cohort in mine] == [2, 1]
        assert mine[0].partners[0].organisation.name_el
        assert queries.cohorts_of(world.stranger()) == queries.cohorts_of(None) == []
