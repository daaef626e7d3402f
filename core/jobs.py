"""Background work that survives a kill: rows with leases, run by one worker process.

A service adds a job in its own transaction, so the job exists exactly when the change does.
The worker claims a row by a conditional UPDATE, renews the lease while it works, and a row
whose lease has lapsed (the worker was killed) is claimed again. `key` makes adding the same
job twice harmless. No queue library: with the truth in this table it would be a second one.

How a task ends decides what follows: it returns (done), raises `Wait` (again in a minute, nothing
is spent), `Permanent` (never again), `Transient` or OSError (later and later), or anything else
(the same, but given up when it fails three times alike).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import re
import threading
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, case, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Json, db, enum_type, utcnow
from core.log import log

BACKOFF = [dt.timedelta(seconds=10), dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1)]
RECHECK = dt.timedelta(minutes=1)  # until a job that waits for something looks again
ALIKE = 3  # so often the same error, and it is the job's own
REPORTS = 2.0  # seconds between two notes of how far a job is


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"  # for what `reason` names
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  # somebody decided against it


class Lane(StrEnum):
    """Two queues, so that an encode of half an hour keeps nobody's e-mail."""

    FAST = "fast"
    SLOW = "slow"


class Permanent(Exception):
    """Raised by a task that would fail again: it is not retried. `reason` is a code for the pages."""

    reason = "permanent"


class Transient(Exception):
    """What happened has its cause elsewhere and passes: a program was killed, a service didn't answer."""


class Wait(Exception):
    """The task can't run now: REASON is "disk", "live" or another code for the pages. Nothing is spent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_tasks: dict[str, Callable[..., None]] = {}
_lanes: dict[str, Lane] = {}
_daily: list[str] = []


def _lane(context: Any) -> Lane:
    return _lanes.get(context.get_current_parameters()["kind"], Lane.FAST)


class Job(db.Model):  # type: ignore[name-defined]
    __tablename__ = "jobs"
    id: Mapped[PK]
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[Json]
    lane: Mapped[Lane] = mapped_column(enum_type(Lane, name="job_lane"), default=_lane)
    state: Mapped[JobState] = mapped_column(enum_type(JobState, name="job_state"), default=JobState.QUEUED)
    reason: Mapped[str] = mapped_column(String(40), default="")  # why it waits or was given up, as a code
    attempts: Mapped[int] = mapped_column(default=0)  # how often it was begun
    failures: Mapped[int] = mapped_column(default=0)  # how often it failed
    alike: Mapped[int] = mapped_column(default=0)  # of these the last ones with the same error
    progress: Mapped[float | None]  # 0 to 1, of those that can say
    run_after: Mapped[dt.datetime] = mapped_column(default=utcnow)
    lease_until: Mapped[dt.datetime | None]
    error: Mapped[str | None] = mapped_column(Text)  # the error in one line, then its last lines
    created_at: Mapped[dt.datetime] = mapped_column(default=utcnow)
    finished_at: Mapped[dt.datetime | None]
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="leased"),
        Index("ix_jobs_due", "state", "run_after"),
    )


def task(kind: str, lane: Lane = Lane.FAST) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register the decorated function for jobs of KIND; it gets the payload as keyword arguments."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _tasks[kind], _lanes[kind] = function, lane
        return function

    return register


def daily(function: Callable[..., None]) -> Callable[..., None]:
    """Have the worker run the task FUNCTION, which takes nothing, once a day. Stands before `task`."""
    _daily.extend(kind for kind, known in _tasks.items() if known is function)
    return function


def add_daily() -> None:
    """Add today's jobs of the daily tasks and commit; once, however often it is called."""
    try:
        for kind in _daily:
            enqueue(kind, utcnow().date().isoformat())
        db.session.commit()
    except IntegrityError:  # another worker was faster
        db.session.rollback()


def enqueue(kind: str, key: str, /, **payload: Any) -> None:
    """Add a job to the open transaction; one of the same kind and key that exists stays as it is."""
    exists = db.session.scalar(select(Job.id).where(Job.kind == kind, Job.key == key))
    if exists is None:
        db.session.add(Job(kind=kind, key=key, payload=payload))


def renew(kind: str, key: str, /, **payload: Any) -> None:
    """As `enqueue`, but what was done is done again: its result is no longer there, or no longer good."""
    done = db.session.scalar(select(Job).where(Job.kind == kind, Job.key == key, Job.state == JobState.DONE))
    if done is None:
        enqueue(kind, key, **payload)
    else:
        done.payload = payload
        retry(done)


def retry(job: Job) -> None:
    """Begin JOB anew as soon as a worker is free, with nothing spent yet."""
    job.state, job.reason, job.run_after = JobState.QUEUED, "", utcnow()
    job.failures = job.alike = 0
    job.error = job.finished_at = job.progress = job.lease_until = None


def skip(job: Job) -> None:
    """Leave JOB undone."""
    job.state, job.reason, job.finished_at, job.lease_until = JobState.SKIPPED, "", utcnow(), None


def lease() -> dt.timedelta:
    """How long a worker that says nothing keeps its job."""
    return dt.timedelta(seconds=current_app.config["JOB_LEASE"])


def claim(lane: Lane | None = None) -> Job | None:
    """Take the oldest due job of LANE, the fast lane first, and commit; None when there is none.

    A job whose lease lapsed is due: its worker was killed.
    """
    now = utcnow()
    due = or_(
        Job.state.in_((JobState.QUEUED, JobState.WAITING)) & (Job.run_after <= now),
        (Job.state == JobState.RUNNING) & (Job.lease_until < now),
    )
    if lane is not None:
        due &= Job.lane == lane
    slow_last = case((Job.lane == Lane.SLOW, 1), else_=0)
    job_id = db.session.scalar(select(Job.id).where(due).order_by(slow_last, Job.run_after, Job.id).limit(1))
    if job_id is None:
        db.session.rollback()
        return None
    taken = db.session.execute(
        update(Job)
        .where(Job.id == job_id, due)
        .values(state=JobState.RUNNING, reason="", lease_until=now + lease(), attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return db.session.get(Job, job_id, populate_existing=True) if taken.rowcount == 1 else None  # type: ignore[attr-defined]


class _Run:
    """One start of a job. Its number is the fence: whoever lost the lease no longer writes to the row."""

    def __init__(self, job: Job) -> None:
        self.id, self.kind = job.id, job.kind
        self.mine = (Job.id == job.id, Job.state == JobState.RUNNING, Job.attempts == job.attempts)
        self.reported = 0.0

    def write(self, **values: Any) -> None:
        """Change the row in a transaction of its own, if it is still this run's."""
        with db.engine.begin() as connection:
            connection.execute(update(Job).where(*self.mine).values(**values))

    def keep(self) -> threading.Event:
        """Renew the lease every third of it, from a thread, until the returned event is set."""
        stop, wait = threading.Event(), lease()
        app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - a thread needs the app itself

        def again() -> None:
            while not stop.wait(wait.total_seconds() / 3):
                # A database that is busy now is asked again: two more turns fit into the lease.
                with app.app_context(), contextlib.suppress(SQLAlchemyError):
                    self.write(lease_until=utcnow() + wait)

        threading.Thread(target=again, daemon=True).start()
        return stop


_running: ContextVar[_Run | None] = ContextVar("running", default=None)


def report(share: float) -> None:
    """How far the running job is (0 to 1): for the pages. Cheap: most calls write nothing."""
    run, now = _running.get(), time.monotonic()
    if run is not None and now - run.reported >= REPORTS:
        run.reported = now
        with contextlib.suppress(OperationalError):
            run.write(progress=min(1.0, max(0.0, share)))


def run_one(lane: Lane | None = None) -> bool:
    """Run one due job to its end in a fresh application context; False when none was due."""
    with current_app.app_context():
        job = claim(lane)
        if job is None:
            return False
        run, payload, before = _Run(job), job.payload, (job.failures, job.alike, job.error or "")
        stop, token = run.keep(), _running.set(run)
        try:
            _tasks[run.kind](**payload)
            _finish(run)
        except Exception as error:  # noqa: BLE001 - any failure of a task is recorded on its row
            db.session.rollback()
            after = _after(error, *before)
            run.write(**after)
            log.warning("job ended", kind=run.kind, job=run.id, error=type(error).__name__, **_told(after))
        finally:
            _running.reset(token)
            stop.set()
        return True


def _finish(run: _Run) -> None:
    """Commit what the task left open together with the end of its job; nothing of it when the lease was lost."""
    # What was done needs its facts no more: they may be somebody's letter.
    values = {"state": JobState.DONE, "lease_until": None, "finished_at": utcnow(), "error": None, "progress": None}
    done = db.session.execute(
        update(Job).where(*run.mine).values(payload={}, **values).execution_options(synchronize_session=False)
    )
    if done.rowcount == 1:  # type: ignore[attr-defined]
        db.session.commit()
    else:
        db.session.rollback()


def _told(after: dict[str, Any]) -> dict[str, str]:
    return {"state": str(after["state"]), "reason": after["reason"]}


def _after(error: Exception, failures: int, alike: int, before: str) -> dict[str, Any]:
    """What the row becomes when its task raised ERROR; BEFORE is the text of the failure before it."""
    now = utcnow()
    ended: dict[str, Any] = {"lease_until": None, "progress": None}
    if missing := _missing(error):
        return ended | {"state": JobState.WAITING, "reason": missing, "run_after": now + RECHECK}
    failures += 1
    alike = alike + 1 if _first(_words(error)) == _first(before) else 1
    ended |= {"failures": failures, "alike": alike, "error": _words(error)}
    if isinstance(error, Permanent):
        reason = error.reason
    elif not isinstance(error, (Transient, OSError, OperationalError)) and alike >= ALIKE:
        reason = "poison"
    elif failures > len(BACKOFF):
        reason = "exhausted"
    else:
        later = now + BACKOFF[failures - 1]
        return ended | {"state": JobState.QUEUED, "reason": "transient", "run_after": later}
    return ended | {"state": JobState.FAILED, "reason": reason, "finished_at": now}


def _missing(error: Exception) -> str:
    """What the task needs and will get by itself, "" when its failure has another cause."""
    if isinstance(error, Wait):
        return error.reason
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if isinstance(error, OperationalError):
        full = any(words in str(error.orig) for words in ("disk is full", "No space left"))
    return "disk" if full else ""


def _words(error: Exception) -> str:
    """The error in one line, then the last of what is known of it: a program's lines, else where it was raised."""
    line = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    lines = getattr(error, "lines", None) or "".join(traceback.format_exception(error))
    return f"{line}\n{lines[-3600:]}"


def _first(words: str) -> str:
    """The line by which errors are compared; numbers in it (a place, a process) differ each time."""
    return re.sub(r"\d+", "0", words.partition("\n")[0])


def run_all() -> None:
    """Run every job that is due now (tests, and `flask worker --once`)."""
    while run_one():
        pass


def _work(app: Flask, lane: Lane, going: Callable[[], bool]) -> None:
    """Run the jobs of LANE as long as GOING; what goes wrong outside of a task (a full disk) passes too."""
    today: dt.date | None = None
    with app.app_context():
        while going():
            try:
                if today != utcnow().date():
                    add_daily()
                    today = utcnow().date()
                busy = run_one(lane)
            except Exception as error:  # noqa: BLE001 - the worker outlives its database's bad days
                log.error("worker", error=type(error).__name__)
                busy = False
            if not busy:
                time.sleep(1)


def init_app(app: Flask) -> None:
    @app.cli.command("worker")
    @click.option("--once", is_flag=True, help="Run what is due, then stop.")
    @click.option("--parent", type=int, help="Stop when the process with this number is no longer the parent.")
    def worker(once: bool, parent: int | None) -> None:
        """Run background jobs until stopped."""
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how one stops it, not a fault
            if once:
                run_all()
                return
            threading.Thread(target=_work, args=(app, Lane.SLOW, lambda: True), daemon=True).start()
            _work(app, Lane.FAST, lambda: parent is None or os.getppid() == parent)
