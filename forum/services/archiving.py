"""Rooms go to the archive some time after their cohort ended: by a job, or by hand (`flask forum archive`)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import utcnow
from core.jobs import Job
from forum.models import Room, RoomState
from forum.services import anonymity
from forum.services.writer import own_engine


class Outcome(StrEnum):
    DONE = "archived"
    BEFORE = "in the archive already"
    OPEN = "still open: close it first"


def job(cohort_id: int, wait: dt.timedelta | None = None) -> Job:
    """The job that archives a cohort's rooms, FORUM_ARCHIVE_DAYS from now or after WAIT."""
    if wait is None:
        wait = dt.timedelta(days=current_app.config["FORUM_ARCHIVE_DAYS"])
    at = utcnow() + wait
    return Job(
        kind="forum.archive", key=f"{cohort_id}/{at.date()}", payload={"cohort_id": cohort_id}, run_after=at
    )


def archive(url: str, room_id: int) -> Outcome:
    """Archive one room in a transaction of its own, with the room's row locked as the writer locks it."""
    engine = own_engine(url)
    try:
        with Session(engine) as session:
            room = session.scalars(select(Room).where(Room.id == room_id).with_for_update()).one()
            if room.state is RoomState.OPEN:
                return Outcome.OPEN
            done = anonymity.archive(session, room)
            session.commit()
            return Outcome.DONE if done else Outcome.BEFORE
    finally:
        engine.dispose()
