"""Background work: done once, again when its worker died, never again when it would fail again."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from core import jobs
from core.db import db, utcnow
from core.jobs import BACKOFF, LEASE, Job, JobState, Permanent, claim, enqueue, run_all, run_one
from tests.world import World

DONE: list[str] = []


@pytest.fixture(autouse=True)
def _tasks() -> Iterator[None]:
    def note(word: str) -> None:
        DONE.append(word)

    def fail(word: str) -> None:
        raise RuntimeError(word)

    def never(word: str) -> None:
        raise Permanent(word)

    jobs._tasks |= {"note": note, "fail": fail, "never": never}
    DONE.clear()
    yield
    for name in ("note", "fail", "never"):
        del jobs._tasks[name]


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


def test_a_failure_is_tried_again_later_and_then_given_up(app: Flask, world: World) -> None:
    add(world, "fail", "a")
    moment = utcnow()
    for wait in [*BACKOFF, None]:
        with time_machine.travel(moment, tick=False), app.app_context():
            assert run_one()
            assert not run_one()
        if wait:
            assert the_job(world).state is JobState.QUEUED
            moment += wait
    job = the_job(world)
    assert (job.state, job.attempts) == (JobState.FAILED, len(BACKOFF) + 1)
    assert "RuntimeError" in (job.error or "")


def test_a_verdict_is_not_tried_again(app: Flask, world: World) -> None:
    add(world, "never", "a")
    with app.app_context():
        run_all()
    assert (the_job(world).state, the_job(world).attempts) == (JobState.FAILED, 1)
