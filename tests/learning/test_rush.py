"""Real concurrency: many connections at once, on the database that the suite runs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.models import User
from app import create_app
from core.db import db, utcnow
from core.errors import DomainError
from learning.models import LIVE, Enrolment, EnrolmentEvent
from learning.services import enrolment as enrolling
from mentors.models import Cohort
from tests.conftest import _settings
from tests.programme import cohort_in
from tests.world import World

CONNECTIONS, TRIES, SEATS = 20, 50, 30


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    """As everywhere, with a connection for each of the crowd."""
    pool = {"pool_size": CONNECTIONS, "max_overflow": 0}
    application = create_app(_settings(tmp_path, database_url) | {"SQLALCHEMY_ENGINE_OPTIONS": pool})
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


def crowd(world: World, size: int) -> list[int]:
    with world.session() as session:
        people = [
            User(email=f"c{n}@example.org", given_name="Α", family_name=str(n), confirmed_at=utcnow())
            for n in range(size)
        ]
        session.add_all(people)
        session.flush()
        return [person.id for person in people]


def at_once(app: Flask, act: Callable[[int, int], str], tries: int = TRIES) -> Counter[str]:
    """TRIES times ACT(connection, number) from CONNECTIONS threads at once; how each ended."""
    start = Barrier(CONNECTIONS)

    def one(connection: int) -> list[str]:
        start.wait(timeout=30)
        ends = []
        for number in range(tries):
            with app.test_request_context():
                try:
                    ends.append(act(connection, number))
                except DomainError as error:
                    ends.append(error.code)
        return ends

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return Counter(end for ends in pool.map(one, range(CONNECTIONS)) for end in ends)


def counted_rows(app: Flask, cohort: Cohort) -> tuple[int, int, int]:
    """(counter, live rows, events)."""
    with app.app_context():
        rows = sa.select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)
        count = sa.select(sa.func.count())
        return (
            db.session.get_one(Cohort, cohort.id).taken,
            db.session.scalar(count.select_from(rows.where(Enrolment.state.in_(LIVE)).subquery())) or 0,
            db.session.scalar(count.where(EnrolmentEvent.enrolment_id.in_(rows))) or 0,
        )


def test_a_thousand_people_for_thirty_seats(app: Flask, world: World) -> None:
    cohort, people = world.cohort(seats=SEATS), crowd(world, CONNECTIONS * TRIES)

    def take(connection: int, number: int) -> str:
        person = db.session.get_one(User, people[connection * TRIES + number])
        enrolling.enrol(person, cohort_in(db.session(), cohort))
        return "seat"

    assert at_once(app, take) == {"seat": SEATS, "cohort_full": CONNECTIONS * TRIES - SEATS}
    assert counted_rows(app, cohort) == (SEATS, SEATS, SEATS)


def test_one_person_in_twenty_windows_gets_one_seat(app: Flask, world: World) -> None:
    cohort, (person,) = world.cohort(seats=SEATS), crowd(world, 1)

    def take(_connection: int, _number: int) -> str:
        enrolling.enrol(db.session.get_one(User, person), cohort_in(db.session(), cohort))
        return "seat"

    assert at_once(app, take, 10) == {"seat": CONNECTIONS * 10}
    assert counted_rows(app, cohort) == (1, 1, 1)


def test_coming_and_going_at_once_keeps_the_counter_true(app: Flask, world: World) -> None:
    """Pairs of windows of one person take and leave the same seat, ten people for five seats."""
    cohort, people = world.cohort(seats=5), crowd(world, CONNECTIONS // 2)

    def come_and_go(connection: int, number: int) -> str:
        person = db.session.get_one(User, people[connection // 2])
        row = cohort_in(db.session(), cohort)
        if number % 2:
            return "left" if enrolling.withdraw(person, row) else "had none"
        enrolling.enrol(person, row)
        return "seat"

    ends = at_once(app, come_and_go, 20)
    assert set(ends) <= {"seat", "left", "had none", "cohort_full"}
    taken, rows, events = counted_rows(app, cohort)
    assert taken == rows <= 5
    # Each seat taken and not held any more was left exactly once.
    assert events == rows + 2 * ends["left"]
