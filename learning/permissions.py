"""Who learns in a cohort, who is at its meetings, and whether its door is open."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import exists, select

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db
from learning.models import LIVE, Enrolment
from mentors.models import Cohort, CohortState, EnrolPolicy
from mentors.permissions import can_manage, standing


class Door(StrEnum):
    """Whether one may take a seat now, and if not, why."""

    OPEN = "open"
    FULL = "full"
    INVITE = "invite"
    CLOSED = "closed"  # the last day for enrolment has passed
    DRAFT = "draft"
    FINISHED = "finished"
    CANCELLED = "cancelled"


def door(cohort: Cohort, now: dt.datetime) -> Door:
    """The door of COHORT. What it says about seats is what was read: only the counter decides."""
    if cohort.state in {CohortState.COMPLETED, CohortState.ARCHIVED}:
        return Door.FINISHED
    if cohort.state is CohortState.CANCELLED:
        return Door.CANCELLED
    if cohort.state is CohortState.DRAFT:
        return Door.DRAFT
    if cohort.enrol_closes_at <= now:
        return Door.CLOSED
    if cohort.enrol_policy is EnrolPolicy.INVITE:
        return Door.INVITE
    return Door.FULL if cohort.full else Door.OPEN


def is_enrolled(user: User | None, cohort_id: int) -> bool:
    """Does USER hold a seat (or did, to the end)?"""
    if user is None or not user.active:
        return False
    mine = select(Enrolment.id).where(
        Enrolment.cohort_id == cohort_id, Enrolment.user_id == user.id, Enrolment.state.in_(LIVE)
    )
    return bool(db.session.scalar(select(exists(mine))))


def is_participant(user: User | None, cohort_id: int) -> bool:
    """At its meetings: the enrolled, the team, coordinators of its partners, staff."""
    return is_staff(user) or is_enrolled(user, cohort_id) or bool(standing(user, cohort_id))


def can_invite(user: User | None, cohort: Cohort) -> bool:
    """Seat somebody in a cohort by invitation: who manages it. Elsewhere people take their own seat."""
    return cohort.enrol_policy is EnrolPolicy.INVITE and can_manage(user, cohort)


def can_remove(user: User | None) -> bool:
    """Take a seat away from somebody, with a reason: staff."""
    return is_staff(user)
