"""Background work that survives a kill: rows with leases, run by one worker process.

A service adds a job in its own transaction, so the job exists exactly when the change does.
The worker claims a row by a conditional UPDATE, renews the lease while it works, and a row
whose lease has lapsed (the worker was killed) is claimed again. `key` makes adding the same
job twice harmless. No queue library: with the truth in this table it would be a second one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import threading
import time
import traceback
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Json, db, enum_type, utcnow
from core.log import log

LEASE = dt.timedelta(seconds=60)
BACKOFF = [dt.timedelta(seconds=10), dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1)]


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(db.Model):  # type: ignore[name-defined]
    __tablename__ = "jobs"
    id: Mapped[PK]
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[Json]
    state: Mapped[JobState] = mapped_column(enum_type(JobState, name="job_state"), default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[dt.datetime] = mapped_column(default=utcnow)
    lease_until: Mapped[dt.datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="leased"),
        Index("ix_jobs_due", "state", "run_after"),
    )


class Permanent(Exception):
    """Raised by a task that would fail again: it is not retried."""


_tasks: dict[str, Callable[..., None]] = {}


def task(kind: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the decorated function for jobs of KIND; it gets the payload as keyword arguments."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _tasks[kind] = function
        return function

    return register


def enqueue(kind: str, key: str, /, **payload: Any) -> None:
    """Add a job to the open transaction; one of the same kind and key that exists stays as it is."""
    exists = db.session.scalar(select(Job.id).where(Job.kind == kind, Job.key == key))
    if exists is None:
        db.session.add(Job(kind=kind, key=key, payload=payload))


def claim() -> Job | None:
    """Take the oldest due job, or one whose lease lapsed, and commit; None when there is none."""
    now = utcnow()
    due = or_(
        (Job.state == JobState.QUEUED) & (Job.run_after <= now),
        (Job.state == JobState.RUNNING) & (Job.lease_until < now),
    )
    job_id = db.session.scalar(select(Job.id).where(due).order_by(Job.run_after, Job.id).limit(1))
    if job_id is None:
        db.session.rollback()
        return None
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job_id, due)
        .values(state=JobState.RUNNING, lease_until=now + LEASE, attempts=Job.attempts + 1)
    )
    db.session.commit()
    return db.session.get(Job, job_id, populate_existing=True) if taken.rowcount == 1 else None  # type: ignore[attr-defined]


def run_one() -> bool:
    """Run one due job to its end in a fresh application context; False when none was due."""
    with current_app.app_context():
        job = claim()
        if job is None:
            return False
        kind, payload, job_id = job.kind, job.payload, job.id
        stop = _keep_lease(job_id)
        try:
            _tasks[kind](**payload)
        except Exception as error:  # noqa: BLE001 - any failure of a task is recorded on its row
            db.session.rollback()
            _record_failure(job_id, error)
        else:
            db.session.execute(
                update(Job).where(Job.id == job_id).values(
                    # What was done needs its facts no more: they may be somebody's letter.
                    state=JobState.DONE, lease_until=None, finished_at=utcnow(), error=None, payload={}
                )
            )
            db.session.commit()
        finally:
            stop.set()
        return True


def _record_failure(job_id: int, error: Exception) -> None:
    job = db.session.get_one(Job, job_id)
    job.error = "".join(traceback.format_exception(error))[-4000:]
    job.lease_until = None
    if isinstance(error, Permanent) or job.attempts > len(BACKOFF):
        job.state, job.finished_at = JobState.FAILED, utcnow()
    else:
        job.state, job.run_after = JobState.QUEUED, utcnow() + BACKOFF[job.attempts - 1]
    db.session.commit()
    log.warning("job failed", kind=job.kind, job=job.id, attempts=job.attempts, error=type(error).__name__)


def _keep_lease(job_id: int) -> threading.Event:
    """Renew the lease every third of it, from a thread, until the returned event is set."""
    stop = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - a thread needs the app itself

    def renew() -> None:
        while not stop.wait(LEASE.total_seconds() / 3):
            with app.app_context(), db.engine.begin() as connection:
                connection.execute(
                    update(Job)
                    .where(Job.id == job_id, Job.state == JobState.RUNNING)
                    .values(lease_until=utcnow() + LEASE)
                )

    threading.Thread(target=renew, daemon=True).start()
    return stop


def run_all() -> None:
    """Run every job that is due now (tests, and `flask worker --once`)."""
    while run_one():
        pass


def init_app(app: Flask) -> None:
    @app.cli.command("worker")
    @click.option("--once", is_flag=True, help="Run what is due, then stop.")
    @click.option("--parent", type=int, help="Stop when the process with this number is no longer the parent.")
    def worker(once: bool, parent: int | None) -> None:
        """Run background jobs until stopped."""
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it, not a fault
            run_all()
            while not once and (parent is None or os.getppid() == parent):
                if not run_one():
                    time.sleep(1)
