"""What the tests of cohorts, seats and organisations share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from core.db import db
from core.jobs import Job, JobState
from mentors.models import Cohort

BROWSER = {"Accept": "text/html"}


@contextmanager
def acting(app: Flask) -> Iterator[Session]:
    """A session inside a request of its own, for services (their e-mails carry addresses of pages)."""
    with app.test_request_context():
        yield db.session()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that the database gets meanwhile."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@contextmanager
def meanwhile(app: Flask, act: Callable[[], Any]) -> Iterator[None]:
    """ACT is done in another request at the moment when this one is about to write."""

    def strike(_session: Session, _context: Any, _instances: Any) -> None:
        with app.app_context(), app.test_request_context():  # a session of its own goes with the first
            act()

    sa.event.listen(db.session(), "before_flush", strike, once=True)
    yield


def cohort_in(session: Session, cohort: Cohort) -> Cohort:
    """COHORT as a row of SESSION."""
    return session.get_one(Cohort, cohort.id)


def letters(app: Flask) -> list[dict[str, Any]]:
    """The e-mails waiting to be sent, by address."""
    with app.app_context():
        jobs = db.session.scalars(sa.select(Job).where(Job.kind == "mail", Job.state == JobState.QUEUED))
        return sorted((job.payload for job in jobs), key=lambda letter: letter["to"])
