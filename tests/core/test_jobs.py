"""Background work: done once, again when its worker died, never again when it would fail again."""

from __future__ import annotations

import datetime as dt
import errno
import threading
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from core import jobs
from core.db import db, utcnow
from core.jobs import (
    BACKOFF,
    RECHECK,
    Job,
    JobState,
    Lane,
    Permanent,
    Transient,
    Wait,
    claim,
    enqueue,
    run_all,
    run_one,
)
from tests.world import World

DONE: list[str] = []
LEASE = dt.timedelta(seconds=60)


@pytest.fixture(autouse=True)
def _tasks() -> Iterator[None]:
    def fails(error: Callable[[str], Exception]) -> Callable[[str], None]:
        def fail(word: str) -> None:
            DONE.append(word)
            raise error(word)

        return fail

    ours = {
        "note": note,
        "bug": fails(RuntimeError),
        "other": fails(lambda word: RuntimeError("abcdefgh"[len(DONE)] + word)),
        "away": fails(Transient),
        "gone": fails(ConnectionRefusedError),
        "never": fails(Permanent),
        "wait": fails(lambda _word: Wait("live")),
        "full": fails(lambda _word: OSError(errno.ENOSPC, "No space left on device")),
        "full in the database": fails(lambda _word: OperationalError("UPDATE", {}, Exception("disk is full"))),
    }
    jobs._tasks |= ours
    DONE.clear()
    yield
    for name in ours:
        del jobs._tasks[name]


def note(word: str) -> None:
    DONE.append(word)


def add(world: World, kind: str, key: str) -> None:
    with world.session():
        enqueue(kind, key, word=key)


def the_job(world: World) -> Job:
    with world.session() as session:
        job = session.query(Job).one()
        session.expunge(job)
        return job


def test_run_once(app: Flask, world: World) -> None:
    add(world, "note", "a")
    with app.app_context():
        assert run_one()
        assert not run_one()
    assert DONE == ["a"]
    assert (the_job(world).state, the_job(world).payload) == (JobState.DONE, {})


def test_the_same_job_is_added_once(world: World) -> None:
    add(world, "note", "a")
    add(world, "note", "a")
    assert the_job(world).state is JobState.QUEUED


def test_a_job_exists_exactly_when_its_cause_does(app: Flask, world: World) -> None:
    with app.app_context():
        enqueue("note", "a", word="a")
        db.session.rollback()
    with app.app_context():
        run_all()
    assert DONE == []


def test_in_their_order(app: Flask, world: World) -> None:
    for key in ("a", "b", "c"):
        add(world, "note", key)
    with app.app_context():
        run_all()
    assert DONE == ["a", "b", "c"]


def test_a_lapsed_lease_is_taken_again(app: Flask, world: World) -> None:
    add(world, "note", "a")
    with app.app_context():
        assert claim() is not None  # and then this worker is killed
    with app.app_context():
        assert claim() is None
    with time_machine.travel(utcnow() + LEASE + dt.timedelta(seconds=1), tick=False), app.app_context():
        run_all()
    assert DONE == ["a"]
    assert the_job(world).attempts == 2


def test_a_lease_that_is_renewed_stays(app: Flask, world: World) -> None:
    add(world, "note", "a")
    with app.app_context():
        assert claim() is not None
        db.session.execute(update(Job).values(lease_until=utcnow() + 2 * LEASE))
        db.session.commit()
    with time_machine.travel(utcnow() + LEASE + dt.timedelta(seconds=1), tick=False), app.app_context():
        assert claim() is None


def test_two_workers_take_one_job_once(app: Flask, world: World) -> None:
    for key in "abcdefghij":
        add(world, "note", key)
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        for _ in range(30):
            with app.app_context():
                run_one()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(DONE) == list("abcdefghij")


@pytest.mark.parametrize("kind", ["away", "gone", "other"])
def test_what_passes_is_tried_again_later_and_then_given_up(app: Flask, world: World, kind: str) -> None:
    add(world, kind, "a")
    moment = utcnow()
    for wait in [*BACKOFF, None]:
        with time_machine.travel(moment, tick=False), app.app_context():
            assert run_one()
            assert not run_one()
        if wait:
            assert (the_job(world).state, the_job(world).reason) == (JobState.QUEUED, "transient")
            moment += wait
    job = the_job(world)
    assert (job.state, job.reason, job.failures) == (JobState.FAILED, "exhausted", len(BACKOFF) + 1)


def test_the_same_error_three_times_is_the_jobs_own(app: Flask, world: World) -> None:
    add(world, "bug", "a")
    moment = utcnow()
    for wait in BACKOFF[:3]:
        with time_machine.travel(moment, tick=False), app.app_context():
            run_all()
        moment += wait
    job = the_job(world)
    assert (job.state, job.reason, job.failures, job.alike) == (JobState.FAILED, "poison", 3, 3)
    line, *rest = (job.error or "").splitlines()
    assert line == "RuntimeError: a"
    assert rest[-1] == "RuntimeError: a"


@pytest.mark.parametrize(("kind", "reason"), [("wait", "live"), ("full", "disk"), ("full in the database", "disk")])
def test_what_is_missing_is_waited_for_and_costs_nothing(app: Flask, world: World, kind: str, reason: str) -> None:
    add(world, kind, "a")
    moment = utcnow()
    for _ in range(9):
        with time_machine.travel(moment, tick=False), app.app_context():
            run_all()
        job = the_job(world)
        assert (job.state, job.reason, job.failures, job.error) == (JobState.WAITING, reason, 0, None)
        moment += RECHECK
    assert len(DONE) == 9
    with time_machine.travel(moment, tick=False), app.app_context():
        jobs._tasks[kind] = note
        run_all()
    assert the_job(world).state is JobState.DONE


def test_a_verdict_is_not_tried_again(app: Flask, world: World) -> None:
    add(world, "never", "a")
    with app.app_context():
        run_all()
    job = the_job(world)
    assert (job.state, job.reason, job.attempts) == (JobState.FAILED, "permanent", 1)


def test_the_fast_lane_goes_first_and_each_lane_alone(app: Flask, world: World) -> None:
    for key, lane in (("slow", Lane.SLOW), ("fast", Lane.FAST)):
        world.add(Job(kind="note", key=key, payload={"word": key}, lane=lane))
    add(world, "note", "faster")
    with app.app_context():
        assert run_one(Lane.SLOW)
        assert not run_one(Lane.SLOW)
    assert DONE == ["slow"]
    world.add(Job(kind="note", key="slower", payload={"word": "slower"}, lane=Lane.SLOW))
    with app.app_context():
        run_all()
    assert DONE == ["slow", "fast", "faster", "slower"]


def test_who_lost_the_lease_writes_nothing_more(app: Flask, world: World) -> None:
    """A worker that was asleep for a minute comes back while another has its job."""
    add(world, "note", "a")

    def asleep(word: str) -> None:
        with time_machine.travel(utcnow() + LEASE + dt.timedelta(seconds=1), tick=False), app.app_context():
            assert claim() is not None
        enqueue("note", "left behind", word=word)

    jobs._tasks["note"] = asleep
    with app.app_context():
        assert run_one()
    job = the_job(world)
    assert (job.state, job.attempts, job.key) == (JobState.RUNNING, 2, "a")


def test_begun_anew_with_nothing_spent(app: Flask, world: World) -> None:
    add(world, "never", "a")
    with app.app_context():
        run_all()
        jobs.retry(db.session.query(Job).one())
        db.session.commit()
        jobs._tasks["never"] = note
        run_all()
        jobs.renew("never", "a", word="again")
        jobs.renew("never", "a", word="again")
        db.session.commit()
        run_all()
    assert DONE == ["a", "a", "again"]
    assert (the_job(world).state, the_job(world).failures) == (JobState.DONE, 0)


def test_skipped_is_left_alone(app: Flask, world: World) -> None:
    add(world, "note", "a")
    with app.app_context():
        jobs.skip(db.session.query(Job).one())
        db.session.commit()
        jobs.renew("note", "a", word="a")
        db.session.commit()
        run_all()
    assert DONE == []
    assert the_job(world).state is JobState.SKIPPED


def test_how_far_it_is(app: Flask, world: World) -> None:
    seen: list[float | None] = []

    def slowly(word: str) -> None:
        jobs.report(0.4)
        jobs.report(0.5)  # too soon to be worth a transaction
        seen.append(db.session.execute(select(Job.progress)).scalar_one())

    jobs._tasks["note"] = slowly
    add(world, "note", "a")
    with app.app_context():
        run_all()
    assert seen == [0.4]
    assert the_job(world).progress is None
