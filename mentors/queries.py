"""Cohorts, meetings and mentors, ready to render."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, case, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.orm.strategy_options import _AbstractLoad

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db, utcnow
from core.errors import NotFound, require
from core.i18n import athens, from_athens
from core.pages import Page, paginate
from courses.models import Course, CourseVersion, Module, ModuleVersion, Theme
from mentors.models import (
    Cohort,
    CohortPartner,
    CohortState,
    CohortTeam,
    EnrolPolicy,
    Meeting,
    MeetingState,
    Mentor,
    mentor_themes,
)
from mentors.permissions import can_manage, can_open_desk, own_cohorts, teaching, visible_cohorts
from network.models import Organisation

PUBLISHED, RUNNING, COMPLETED = CohortState.PUBLISHED, CohortState.RUNNING, CohortState.COMPLETED
# A module's long texts stay in the database: rows need its title and its theme.
_TITLES = (ModuleVersion.id, ModuleVersion.module_id, ModuleVersion.title_el, ModuleVersion.title_en)


def _programme() -> tuple[ORMOption, ...]:
    """A cohort with partners and meetings, each with its module's title and theme: two more queries."""
    version = selectinload(Cohort.meetings).joinedload(Meeting.module_version)
    return (
        selectinload(Cohort.partners).joinedload(CohortPartner.organisation),
        version.load_only(*_TITLES, raiseload=True).joinedload(ModuleVersion.module).joinedload(Module.theme),
    )


def in_module() -> tuple[_AbstractLoad]:
    """A meeting with its module's title and theme, in the same query."""
    version = joinedload(Meeting.module_version).load_only(*_TITLES, raiseload=True)
    return (version.joinedload(ModuleVersion.module).joinedload(Module.theme),)


@dataclass(frozen=True)
class Wanted:
    """What the list of cohorts is asked for; an empty value asks for everything."""

    theme: str = ""
    organisation: str = ""
    month: str = ""  # "2026-01": begins in that month
    language: str = ""
    state: str = ""  # open, running, finished
    free: bool = False

    def __bool__(self) -> bool:
        return any((self.theme, self.organisation, self.month, self.language, self.state, self.free))


def open_for_enrolment(now: dt.datetime) -> ColumnElement[bool]:
    """The condition on Cohort: anybody may take a seat now, if there is one."""
    return and_(
        Cohort.state.in_((PUBLISHED, RUNNING)),
        Cohort.enrol_policy == EnrolPolicy.OPEN,
        Cohort.enrol_closes_at > now,
    )


def _in_state(state: str, now: dt.datetime) -> ColumnElement[bool]:
    if state == "open":
        return open_for_enrolment(now)
    if state == "running":
        return or_(Cohort.state == RUNNING, and_(Cohort.state == PUBLISHED, Cohort.starts_at <= now))
    if state == "finished":
        return Cohort.state == COMPLETED
    # Archived ones keep their page and leave the list.
    return Cohort.state.in_((PUBLISHED, RUNNING, COMPLETED, CohortState.CANCELLED))


def _month(text: str) -> tuple[dt.datetime, dt.datetime] | None:
    """The UTC bounds of "2026-01" in Athens; None when it is no month."""
    try:
        first = dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC).date()
        after = (first + dt.timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        return None
    return from_athens(first, dt.time()), from_athens(after, dt.time())


def cohorts(user: User | None, wanted: Wanted, number: int = 1) -> Page:
    """The public list: what one can still join first, by date, and then the past, newest first."""
    now = utcnow()
    found = (
        select(Cohort)
        .where(Cohort.published_at.is_not(None), visible_cohorts(user), _in_state(wanted.state, now))
        .options(*_programme())
        .order_by(Cohort.ends_at < now, *_by_distance(now), Cohort.id)
    )
    if wanted.theme:
        teaches = (
            select(Meeting.cohort_id)
            .join(ModuleVersion, ModuleVersion.id == Meeting.module_version_id)
            .join(Module, Module.id == ModuleVersion.module_id)
            .join(Theme, Theme.id == Module.theme_id)
            .where(Theme.slug == wanted.theme)
        )
        found = found.where(Cohort.id.in_(teaches))
    if wanted.organisation:
        found = found.where(Cohort.id.in_(_run_by(Organisation.slug == wanted.organisation)))
    if bounds := _month(wanted.month):
        found = found.where(Cohort.starts_at >= bounds[0], Cohort.starts_at < bounds[1])
    if wanted.language:
        found = found.where(Cohort.language == wanted.language)
    if wanted.free:
        found = found.where(Cohort.taken < Cohort.seats, open_for_enrolment(now))
    return paginate(found, number, 12)


def _by_distance(now: dt.datetime) -> tuple[UnaryExpression[Any], ...]:
    """To come: the nearest first. Past: the latest first."""
    return (case((Cohort.ends_at >= now, Cohort.starts_at)).asc(), Cohort.starts_at.desc())


def _run_by(condition: ColumnElement[bool]) -> Select[int]:
    return (
        select(CohortPartner.cohort_id)
        .join(Organisation, Organisation.id == CohortPartner.organisation_id)
        .where(condition)
    )


@dataclass(frozen=True)
class Choices:
    """What the filters of the list offer: only what would find something."""

    themes: list[Theme]
    organisations: list[Organisation]
    months: list[dt.date]


def choices() -> Choices:
    """Themes of the agenda, partners of public cohorts, the months in which these begin."""
    public = Cohort.published_at.is_not(None)
    partners = select(CohortPartner.organisation_id).join(Cohort).where(public)
    starts = db.session.scalars(select(Cohort.starts_at).where(public))
    return Choices(
        themes=themes(),
        organisations=list(
            db.session.scalars(
                select(Organisation).where(Organisation.id.in_(partners)).order_by(Organisation.name_el)
            )
        ),
        months=sorted({athens(start).date().replace(day=1) for start in starts}),
    )


def themes() -> list[Theme]:
    """The themes of the agenda, in its order."""
    return list(db.session.scalars(select(Theme).order_by(Theme.number)))


def _cohort(slug: str, user: User | None) -> Cohort:
    cohort = db.session.scalar(
        select(Cohort)
        .where(Cohort.slug == slug, visible_cohorts(user))
        .options(
            *_programme(),
            joinedload(Cohort.course_version).joinedload(CourseVersion.course),
            selectinload(Cohort.team).joinedload(CohortTeam.user).lazyload(User.roles),
            selectinload(Cohort.meetings).joinedload(Meeting.mentor).lazyload(User.roles),
        )
    )
    if cohort is None:
        raise NotFound
    return cohort


def cohort_or_404(slug: str, user: User | None) -> Cohort:
    """A cohort with everything its page shows."""
    return _cohort(slug, user)


def bare_cohort_or_404(slug: str, user: User | None) -> Cohort:
    """The row alone, for an act on it."""
    cohort = db.session.scalar(select(Cohort).where(Cohort.slug == slug, visible_cohorts(user)))
    if cohort is None:
        raise NotFound
    return cohort


def desk_cohort_or_404(slug: str, user: User | None, to_change: bool = False) -> Cohort:
    """A cohort for those who run it, or TO_CHANGE for those who decide. Raises NotFound, Forbidden."""
    cohort = _cohort(slug, user)
    require(can_manage(user, cohort) if to_change else can_open_desk(user, cohort))
    return cohort


def meeting_or_404(pid: uuid.UUID, user: User | None) -> Meeting:
    """A meeting with its cohort and its module, of a cohort that USER may see."""
    meeting = db.session.scalar(
        select(Meeting)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Meeting.pid == pid, visible_cohorts(user))
        .options(joinedload(Meeting.cohort), *in_module(), joinedload(Meeting.mentor).lazyload(User.roles))
    )
    if meeting is None:
        raise NotFound
    return meeting


def cohorts_where(*conditions: ColumnElement[bool], limit: int = 6) -> list[Cohort]:
    """Listed cohorts that fit, the nearest first."""
    now = utcnow()
    return list(
        db.session.scalars(
            select(Cohort)
            .where(Cohort.published_at.is_not(None), _in_state("", now), *conditions)
            .options(*_programme())
            .order_by(Cohort.ends_at < now, *_by_distance(now), Cohort.id)
            .limit(limit)
        )
    )


def cohorts_teaching(module_id: int) -> list[Cohort]:
    """Cohorts in which this module is taught, in any of its versions."""
    versions = select(ModuleVersion.id).where(ModuleVersion.module_id == module_id)
    return cohorts_where(Cohort.id.in_(select(Meeting.cohort_id).where(Meeting.module_version_id.in_(versions))))


def cohorts_by_organisation(organisation_id: int) -> list[Cohort]:
    return cohorts_where(Cohort.id.in_(_run_by(Organisation.id == organisation_id)), limit=12)


def cohorts_of_course(course_id: int) -> list[Cohort]:
    versions = select(CourseVersion.id).where(CourseVersion.course_id == course_id)
    return cohorts_where(Cohort.course_version_id.in_(versions))


def next_meetings_of(module_ids: list[int]) -> dict[int, Meeting]:
    """By module: its next meeting in a public cohort, with the cohort."""
    found = db.session.execute(
        select(ModuleVersion.module_id, Meeting)
        .join(Meeting, Meeting.module_version_id == ModuleVersion.id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(
            ModuleVersion.module_id.in_(module_ids),
            Cohort.state.in_((PUBLISHED, RUNNING)),
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > utcnow(),
        )
        .options(joinedload(Meeting.cohort))
        .order_by(Meeting.starts_at)
    )
    coming: dict[int, Meeting] = {}
    for module_id, meeting in found:
        coming.setdefault(module_id, meeting)
    return coming


def cohorts_of_mentor(user_id: int) -> list[Cohort]:
    return cohorts_where(
        Cohort.id.in_(select(CohortTeam.cohort_id).where(CohortTeam.user_id == user_id)), limit=12
    )


def _run_from_desk(user: User) -> Select[Cohort]:
    found = select(Cohort).options(*_programme()).where(Cohort.state != CohortState.ARCHIVED)
    return found if is_staff(user) else found.where(own_cohorts(user))


def desk_cohorts(user: User, number: int = 1) -> Page:
    """What USER runs (all of it, for staff): drafts and what is to come first."""
    order = (Cohort.ends_at < utcnow(), Cohort.starts_at, Cohort.id)
    return paginate(_run_from_desk(user).order_by(*order), number)


def waiting_cohorts(user: User, limit: int) -> list[Cohort]:
    """Those that ask something of the people who run them, the nearest first: see `manage._waiting`."""
    now = utcnow()
    unready = select(Meeting.cohort_id).where(
        Meeting.starts_at > now,
        Meeting.state == MeetingState.PLANNED,
        or_(Meeting.conference_url == "", Meeting.mentor_id.is_(None)),
    )
    waits = or_(
        Cohort.state == CohortState.DRAFT,
        and_(Cohort.state.in_((PUBLISHED, RUNNING)), or_(Cohort.ends_at <= now, Cohort.id.in_(unready))),
    )
    return list(
        db.session.scalars(_run_from_desk(user).where(waits).order_by(Cohort.starts_at, Cohort.id).limit(limit))
    )


def courses_to_run() -> list[Course]:
    """Courses with a published version, for a new cohort."""
    return list(
        db.session.scalars(
            select(Course)
            .join(CourseVersion, CourseVersion.id == Course.current_id)
            .options(joinedload(Course.current))
            .order_by(CourseVersion.title_el)
        )
    )


def mentors(theme: str = "", number: int = 1) -> Page:
    """Mentors with their themes, by name."""
    found = (
        select(Mentor)
        .join(User, User.id == Mentor.user_id)
        .where(User.active.is_(True))
        .options(joinedload(Mentor.user).lazyload(User.roles), selectinload(Mentor.themes))
        .order_by(User.family_name, User.given_name, Mentor.id)
    )
    if theme:
        chosen = select(mentor_themes.c.mentor_id).join(Theme, Theme.id == mentor_themes.c.theme_id)
        found = found.where(Mentor.id.in_(chosen.where(Theme.slug == theme)))
    return paginate(found, number, 24)


def mentor_or_404(slug: str) -> Mentor:
    mentor = db.session.scalar(
        select(Mentor)
        .join(User, User.id == Mentor.user_id)
        .where(Mentor.slug == slug, User.active.is_(True))
        .options(joinedload(Mentor.user).lazyload(User.roles), selectinload(Mentor.themes))
    )
    if mentor is None:
        raise NotFound
    return mentor


def mentors_to_choose() -> list[Mentor]:
    """Every mentor with their person, for the team of a cohort."""
    return list(
        db.session.scalars(
            select(Mentor)
            .join(User)
            .options(joinedload(Mentor.user).lazyload(User.roles))
            .order_by(User.family_name, User.given_name)
        )
    )


def mentor_pages(user_ids: Iterable[int]) -> dict[int, str]:
    """The slug of the public page of each of these people who has one."""
    mentors = select(Mentor).where(Mentor.user_id.in_(list(user_ids)))
    return {mentor.user_id: mentor.slug for mentor in db.session.scalars(mentors)}


def page_of(user_id: int) -> Mentor | None:
    """The public page of this person as a mentor."""
    return db.session.scalar(select(Mentor).where(Mentor.user_id == user_id))


def free_mentor_slug(wanted: str) -> str:
    """WANTED, or WANTED with a number when another mentor has it."""
    base = wanted or "mentor"
    like_it = select(Mentor.slug).where(Mentor.slug.startswith(base, autoescape=True))
    taken = {"new", *db.session.scalars(like_it)}  # "new" is an address of the staff's page
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def desk_and_page(user: User) -> tuple[bool, str | None]:
    """Whether USER is on the team of some cohort, and the address of their page as a mentor; one query in a request."""
    known: dict[int, tuple[bool, str | None]] = g.setdefault("desks_and_pages", {})
    if user.id not in known:
        page = select(Mentor.slug).where(Mentor.user_id == user.id).scalar_subquery()
        row = db.session.execute(select(exists(teaching(user)), page)).one()
        known[user.id] = bool(row[0]), row[1]
    return known[user.id]
