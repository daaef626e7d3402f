"""Opening a cohort from a published course, and changing what it says and how many it seats."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core import search
from core.db import db, utcnow
from core.errors import Conflict, DomainError, NotFound, require
from core.text import slugify
from courses.models import Course, CoursePart, CourseVersion, VersionState
from mentors.models import Cohort, CohortPartner, CohortState, Meeting, PartnerPart
from mentors.permissions import can_manage, can_open_for
from mentors.plans import Dates, Rules, Words
from mentors.services.schedule import plan_meetings
from mentors.services.state import CANCELLED, COMPLETED

MOMENT = dt.timedelta(seconds=30)


class CourseNotPublished(DomainError):
    code = "course_not_published"
    message = _l("This course has no published version yet.")


class InThePast(DomainError):
    code = "in_the_past"
    status = 422
    message = _l("This moment has passed.")


class SeatsTaken(DomainError):
    code = "seats_taken"
    status = 422


class Finished(DomainError):
    code = "finished"
    message = _l("The cohort is over: its record stays as it is.")


def open_cohort(
    actor: User | None, course_id: int, lead_id: int, *, words: Words, seats: int, dates: Dates
) -> Cohort:
    """A draft of the course's newest version with a meeting for each module; enrolment closes when it starts.

    Raises Forbidden, CourseNotPublished, InThePast.
    """
    require(can_open_for(actor, lead_id))
    version = _published_version(course_id)
    modules = list(
        db.session.scalars(
            select(CoursePart.module_version_id)
            .where(CoursePart.course_version_id == version.id)
            .order_by(CoursePart.position)
        )
    )
    times = plan_meetings(dates.first, dates.clock, dates.rhythm, len(modules))
    require(bool(times), CourseNotPublished)
    require(times[0][0] > utcnow(), InThePast)
    if twin := _just_opened(actor, lead_id, version.id, words.title_el, times[0][0]):
        return twin
    cohort = Cohort(
        slug=_free_slug(slugify(words.title_el)),
        course_version_id=version.id,
        seats=seats,
        starts_at=times[0][0],
        ends_at=max(end for _start, end in times),
        enrol_closes_at=times[0][0],
        created_by_id=actor.id if actor else None,
        partners=[CohortPartner(organisation_id=lead_id, part=PartnerPart.LEAD)],
        meetings=[
            Meeting(module_version_id=module, position=n, starts_at=start, ends_at=end)
            for n, (module, (start, end)) in enumerate(zip(modules, times, strict=True), 1)
        ],
        **vars(words),
    )
    db.session.add(cohort)
    try:
        db.session.commit()
    except IntegrityError:  # somebody took the address meanwhile: the other half of a double click, as a rule
        db.session.rollback()
        if twin := _just_opened(actor, lead_id, version.id, words.title_el, times[0][0]):
            return twin
        raise Conflict from None
    return cohort


def _just_opened(
    actor: User | None, lead_id: int, version_id: int, title: str, starts_at: dt.datetime
) -> Cohort | None:
    """The draft that the same form made a moment ago: a double click opens one cohort."""
    return db.session.scalar(
        select(Cohort)
        .where(
            Cohort.created_by_id == (actor and actor.id),
            Cohort.partners.any(organisation_id=lead_id),
            Cohort.course_version_id == version_id,
            Cohort.title_el == title,
            Cohort.starts_at == starts_at,
            Cohort.state == CohortState.DRAFT,
            Cohort.created_at > utcnow() - MOMENT,
        )
        .limit(1)
    )


def _published_version(course_id: int) -> CourseVersion:
    course = db.session.get(Course, course_id)
    if course is None:
        raise NotFound
    version = db.session.get(CourseVersion, course.current_id) if course.current_id else None
    if version is None or version.state is not VersionState.PUBLISHED:
        raise CourseNotPublished
    return version


def _free_slug(wanted: str) -> str:
    base = wanted or "tmima"
    taken = set(db.session.scalars(select(Cohort.slug).where(Cohort.slug.startswith(base, autoescape=True))))
    taken.add("new")  # an address of the desk
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def edit_cohort(actor: User | None, cohort: Cohort, revision: int, words: Words, rules: Rules) -> None:
    """Change what it says and its rules. REVISION is the one the form was made from.

    Raises Forbidden, Finished, InThePast (a deadline after the end), SeatsTaken (fewer seats than
    people who hold one; decided by the database, people enrol meanwhile), Conflict.
    """
    require(can_manage(actor, cohort))
    require(cohort.state not in {COMPLETED, CANCELLED}, Finished)
    if rules.enrol_closes_at > cohort.ends_at:
        raise InThePast(_("Enrolment can't close after the last meeting."))
    done = db.session.execute(
        update(Cohort)
        .where(Cohort.id == cohort.id, Cohort.revision == revision, Cohort.taken <= rules.seats)
        .values(revision=Cohort.revision + 1, **vars(words), **vars(rules))
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 1:  # type: ignore[attr-defined]
        search.touch("cohort", cohort.id)
        db.session.commit()
        return
    db.session.rollback()
    db.session.refresh(cohort)
    if cohort.taken > rules.seats and cohort.revision == revision:
        raise SeatsTaken(_("%(taken)d seats are taken already: there can't be fewer.", taken=cohort.taken))
    raise Conflict
