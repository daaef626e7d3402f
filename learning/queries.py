"""Seats, meetings to come, and what was followed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import Select, exists, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db, utcnow
from core.errors import NotFound
from courses.models import Module
from learning.models import LIVE, Attendance, Attended, Enrolment, EnrolmentState, ModuleFollowed
from learning.permissions import is_enrolled, is_participant
from mentors.models import Cohort, CohortPartner, CohortState, CohortTeam, Meeting, MeetingState
from mentors.permissions import own_cohorts
from mentors.queries import in_module
from network.models import Organisation

__all__ = [
    "cohorts_of",
    "followed_modules",
    "is_enrolled",
    "is_participant",
    "next_meetings",
]


def _seats_of(user: User) -> Select[int]:
    """The ids of the cohorts in which USER holds a seat."""
    return select(Enrolment.cohort_id).where(Enrolment.user_id == user.id, Enrolment.state.in_(LIVE))


def enrolment_of(user: User | None, cohort_id: int) -> Enrolment | None:
    """The live seat of USER in the cohort."""
    if user is None:
        return None
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.cohort_id == cohort_id, Enrolment.user_id == user.id, Enrolment.state.in_(LIVE)
        )
    )


def places_of(cohort_id: int) -> dict[int, Organisation]:
    """{id: organisation} of those that run the cohort: from where people take part."""
    found = (
        select(Organisation)
        .join(CohortPartner, CohortPartner.organisation_id == Organisation.id)
        .where(CohortPartner.cohort_id == cohort_id)
        .order_by(Organisation.name_el)
    )
    return {place.id: place for place in db.session.scalars(found)}


def takes_part_in(user: User | None, cohort_ids: Iterable[int]) -> set[int]:
    """Which of these cohorts' meetings USER is at: `is_participant` for a list, in one query."""
    wanted = set(cohort_ids)
    if user is None or not user.active or not wanted:
        return set()
    if is_staff(user):
        return wanted
    seats = _seats_of(user).where(Enrolment.cohort_id.in_(wanted))
    runs = select(Cohort.id).where(Cohort.id.in_(wanted), own_cohorts(user))
    return set(db.session.scalars(union(seats, runs)))


def cohorts_of(user: User | None) -> list[Cohort]:
    """The cohorts in which USER holds a seat, with partners and meetings; what is to come first."""
    if user is None:
        return []
    found = (
        select(Cohort)
        .where(Cohort.id.in_(_seats_of(user)))
        .options(
            selectinload(Cohort.partners).joinedload(CohortPartner.organisation),
            selectinload(Cohort.meetings).options(*in_module(), joinedload(Meeting.mentor).lazyload(User.roles)),
        )
        .order_by(Cohort.ends_at < utcnow(), Cohort.starts_at, Cohort.id)
    )
    return list(db.session.scalars(found))


def next_meetings(user: User | None, limit: int = 5) -> list[Meeting]:
    """The meetings USER goes to (as learner or on the team), from the one going on now."""
    if user is None:
        return []
    teaches = select(CohortTeam.cohort_id).where(CohortTeam.user_id == user.id)
    found = (
        select(Meeting)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(
            Meeting.ends_at > utcnow(),
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.LIVE)),
            Cohort.state.in_((CohortState.PUBLISHED, CohortState.RUNNING)),
            or_(Meeting.cohort_id.in_(_seats_of(user)), Meeting.cohort_id.in_(teaches)),
        )
        .options(joinedload(Meeting.cohort), *in_module(), joinedload(Meeting.mentor).lazyload(User.roles))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(limit)
    )
    return list(db.session.scalars(found))


def next_meeting_in(cohort_id: int) -> Meeting | None:
    """The next meeting of a cohort, or the one going on."""
    return db.session.scalar(
        select(Meeting)
        .where(
            Meeting.cohort_id == cohort_id,
            Meeting.ends_at > utcnow(),
            Meeting.state.in_((MeetingState.PLANNED, MeetingState.LIVE)),
        )
        .options(*in_module())
        .order_by(Meeting.starts_at)
        .limit(1)
    )


def followed_modules(user: User | None) -> list[ModuleFollowed]:
    """The modules USER followed, with their titles and themes, newest first."""
    if user is None:
        return []
    module = joinedload(ModuleFollowed.module)
    found = (
        select(ModuleFollowed)
        .where(ModuleFollowed.user_id == user.id)
        .options(module.joinedload(Module.theme), module.joinedload(Module.current))
        .order_by(ModuleFollowed.at.desc(), ModuleFollowed.id.desc())
    )
    return list(db.session.scalars(found))


def attendance_of(user: User) -> dict[int, Attendance]:
    """{meeting.id: how USER was at it}."""
    found = db.session.scalars(select(Attendance).where(Attendance.user_id == user.id))
    return {one.meeting_id: one for one in found}


def made_up_in(cohort: Cohort) -> dict[int, int]:
    """{user.id: how many meetings of COHORT they made up with the recording}."""
    rows = db.session.execute(
        select(Attendance.user_id, func.count())
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Meeting.cohort_id == cohort.id, Attendance.how == Attended.MADE_UP)
        .group_by(Attendance.user_id)
    ).all()
    return {row[0]: row[1] for row in rows}


def has_seat_somewhere(user: User) -> bool:
    return bool(db.session.scalar(select(exists(_seats_of(user)))))


def roster(cohort: Cohort) -> list[Enrolment]:
    """Who holds a seat, with their names, by family name."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .join(User, User.id == Enrolment.user_id)
            .where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(LIVE))
            .options(joinedload(Enrolment.user).lazyload(User.roles))
            .order_by(User.family_name, User.given_name, Enrolment.id)
        )
    )


def left_count(cohort: Cohort) -> int:
    """How many people left the cohort or were taken out, and hold no seat in it now."""
    gone = (EnrolmentState.WITHDRAWN, EnrolmentState.REMOVED)
    live = select(Enrolment.user_id).where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(LIVE))
    return (
        db.session.scalar(
            select(func.count(Enrolment.user_id.distinct())).where(
                Enrolment.cohort_id == cohort.id, Enrolment.state.in_(gone), Enrolment.user_id.not_in(live)
            )
        )
        or 0
    )


def seat_or_404(cohort: Cohort, pid: uuid.UUID) -> Enrolment:
    """A live seat of COHORT with its person."""
    enrolment = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.pid == pid, Enrolment.cohort_id == cohort.id, Enrolment.state.in_(LIVE))
        .options(joinedload(Enrolment.user).lazyload(User.roles))
    )
    if enrolment is None:
        raise NotFound
    return enrolment


def seated_people(cohort_id: int) -> list[User]:
    """Everybody who holds a seat, to be told of a change."""
    held = select(Enrolment.user_id).where(Enrolment.cohort_id == cohort_id, Enrolment.state.in_(LIVE))
    return list(db.session.scalars(select(User).where(User.id.in_(held), User.active.is_(True)).order_by(User.id)))


def programme_of(cohort: Cohort) -> list[Meeting]:
    """All meetings of COHORT for its calendar file."""
    return list(
        db.session.scalars(
            select(Meeting)
            .where(Meeting.cohort_id == cohort.id)
            .options(joinedload(Meeting.cohort), *in_module(), joinedload(Meeting.mentor).lazyload(User.roles))
            .order_by(Meeting.starts_at, Meeting.position)
        )
    )
