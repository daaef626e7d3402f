"""Adjusting the meetings of a cohort: day and hour, teleconference link, who teaches."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from accounts.models import User
from core.db import db, utcnow
from core.errors import Conflict, DomainError, require
from mentors.models import Cohort, CohortState, CohortTeam, Meeting, MeetingState
from mentors.permissions import can_manage
from mentors.plans import Plan
from mentors.services.cohorts import Finished
from mentors.services.schedule import LENGTH, overlapping
from mentors.services.signals import cohort_moved
from mentors.services.state import start_job


class Overlap(DomainError):
    code = "overlap"
    status = 422
    message = _l("Two meetings would overlap. Each lasts two hours.")


class BegunAlready(DomainError):
    code = "begun"
    status = 422
    message = _l("A meeting that has begun can't be moved.")


class BackInTime(DomainError):
    code = "in_the_past"
    status = 422
    message = _l("A meeting can't be moved into the past.")


class NotOnTeam(DomainError):
    code = "not_on_team"
    status = 422
    message = _l("Whoever teaches must be on the cohort's team.")


def set_meetings(actor: User | None, cohort: Cohort, revision: int, plans: dict[int, Plan]) -> list[Meeting]:
    """Give the meetings (by id) of COHORT their PLANS; the moved ones, whose people get an e-mail.

    REVISION is the one the form was made from. Raises Forbidden, Finished, BegunAlready,
    BackInTime, Overlap, NotOnTeam, Conflict; then nothing has changed.
    """
    require(can_manage(actor, cohort))
    require(cohort.state not in {CohortState.COMPLETED, CohortState.ARCHIVED, CohortState.CANCELLED}, Finished)
    _claim(cohort, revision)
    meetings = list(db.session.scalars(select(Meeting).where(Meeting.cohort_id == cohort.id)))
    try:
        moved = _adjust(cohort, meetings, plans)
        require(not overlapping([(m.starts_at, m.ends_at) for m in meetings]), Overlap)
    except DomainError:
        db.session.rollback()
        raise
    _follow_dates(cohort, meetings)
    if cohort.state is CohortState.PUBLISHED:
        db.session.add(start_job(cohort))
    if moved and cohort.state is not CohortState.DRAFT:
        cohort_moved.send(cohort, meetings=moved)
    db.session.commit()
    return moved


def _claim(cohort: Cohort, revision: int) -> None:
    """Raise the revision if nobody else did since the form was made."""
    done = db.session.execute(
        update(Cohort)
        .where(Cohort.id == cohort.id, Cohort.revision == revision)
        .values(revision=Cohort.revision + 1)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        raise Conflict
    db.session.refresh(cohort, ["revision", "starts_at", "ends_at", "enrol_closes_at", "state"])


def _adjust(cohort: Cohort, meetings: list[Meeting], plans: dict[int, Plan]) -> list[Meeting]:
    now, moved = utcnow(), []
    team = set(db.session.scalars(select(CohortTeam.user_id).where(CohortTeam.cohort_id == cohort.id)))
    for meeting in meetings:
        plan = plans.get(meeting.id)
        if plan is None:
            continue
        require(plan.mentor_id is None or plan.mentor_id in team, NotOnTeam)
        before = (meeting.starts_at, meeting.conference_url)
        if plan.starts_at != meeting.starts_at:
            require(meeting.starts_at > now and meeting.state is MeetingState.PLANNED, BegunAlready)
            require(plan.starts_at > now, BackInTime)
            meeting.starts_at, meeting.ends_at = plan.starts_at, plan.starts_at + LENGTH
            moved.append(meeting)
        meeting.conference_url, meeting.mentor_id = plan.conference_url, plan.mentor_id
        if before != (meeting.starts_at, meeting.conference_url):
            meeting.ics_sequence += 1
    return moved


def _follow_dates(cohort: Cohort, meetings: list[Meeting]) -> None:
    """The cohort spans its meetings; a deadline that stood at the first one moves with it."""
    first, last = min(m.starts_at for m in meetings), max(m.ends_at for m in meetings)
    if cohort.enrol_closes_at == cohort.starts_at:
        cohort.enrol_closes_at = first
    cohort.enrol_closes_at = min(cohort.enrol_closes_at, last)
    cohort.starts_at, cohort.ends_at = first, last
