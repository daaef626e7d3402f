"""The life of a cohort: draft → published → running → completed → archived, or cancelled with a reason.

The table below is the whole truth: who may take which step and what must hold. `published`
becomes `running` by itself: publishing and every change of dates leave a job for the hour of
the first meeting (`mentors.tasks`), and pages show a begun cohort as running even if the
worker is late (`Cohort.phase`). Its end is a person's decision: a host or coordinator closes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from accounts.models import User
from core import search
from core.db import db, utcnow
from core.errors import Conflict, DomainError, require
from core.jobs import Job
from courses.models import CourseVersion, VersionState
from mentors.models import Cohort, CohortState, CohortTeam, Meeting, MeetingState, TeamPart
from mentors.permissions import can_conduct, can_manage
from mentors.services.schedule import overlapping
from mentors.services.signals import cohort_changed

DRAFT, PUBLISHED, RUNNING, COMPLETED, ARCHIVED, CANCELLED = CohortState


class ForbiddenStep(DomainError):
    code = "forbidden_step"
    message = _l("A cohort can't go from its present state to this one.")


class NotReady(DomainError):
    code = "not_ready"


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _l("Say why it is cancelled: the people who hold a seat will read it.")


def missing_to_publish(cohort: Cohort, now: dt.datetime) -> list[str]:
    """What a draft still needs, a sentence for each; empty when it can be shown."""
    version = db.session.get_one(CourseVersion, cohort.course_version_id)
    host = select(CohortTeam.id).where(CohortTeam.cohort_id == cohort.id, CohortTeam.part == TeamPart.HOST)
    times = db.session.execute(
        select(Meeting.starts_at, Meeting.ends_at).where(Meeting.cohort_id == cohort.id)
    ).all()
    checks = [
        (version.state is VersionState.DRAFT, _("Its course is not published yet.")),
        (db.session.scalar(host.limit(1)) is None, _("Nobody is named as host.")),
        (not times, _("It has no meetings.")),
        (bool(times) and cohort.starts_at <= now, _("Its first meeting is in the past.")),
        (overlapping([(start, end) for start, end in times]), _("Two of its meetings overlap.")),
        (cohort.enrol_closes_at <= now, _("The last day for enrolment has passed.")),
    ]
    return [sentence for wrong, sentence in checks if wrong]


def _ready(cohort: Cohort, _reason: str) -> None:
    if missing := missing_to_publish(cohort, utcnow()):
        raise NotReady(" ".join(missing))


def _begun(cohort: Cohort, _reason: str) -> None:
    if cohort.starts_at > utcnow():
        raise NotReady(_("It begins by itself with its first meeting."))


def _over(cohort: Cohort, _reason: str) -> None:
    if cohort.ends_at > utcnow():
        raise NotReady(_("Its last meeting hasn't taken place yet."))


def _explained(_cohort: Cohort, reason: str) -> None:
    require(bool(reason.strip()), ReasonMissing)


def _nothing(_cohort: Cohort, _reason: str) -> None:
    pass


@dataclass(frozen=True)
class Step:
    """Who may take it, and what must hold (raises DomainError)."""

    may: Callable[[User | None, Cohort], bool]
    guard: Callable[[Cohort, str], None]


STEPS: dict[tuple[CohortState, CohortState], Step] = {
    (DRAFT, PUBLISHED): Step(can_manage, _ready),
    (PUBLISHED, RUNNING): Step(can_conduct, _begun),
    (RUNNING, COMPLETED): Step(can_conduct, _over),
    (COMPLETED, ARCHIVED): Step(can_manage, _nothing),
    (DRAFT, CANCELLED): Step(can_manage, _explained),
    (PUBLISHED, CANCELLED): Step(can_manage, _explained),
    (RUNNING, CANCELLED): Step(can_manage, _explained),
}


def next_states(state: CohortState) -> list[CohortState]:
    """Where a cohort may go from STATE."""
    return [after for before, after in STEPS if before is state]


def transition(cohort: Cohort, to: CohortState, actor: User | None, reason: str = "") -> Cohort:
    """Take COHORT to the state TO. A step it has already taken changes nothing (a double click).

    Raises ForbiddenStep, Forbidden, NotReady, ReasonMissing, or Conflict when somebody was faster.
    """
    require(can_conduct(actor, cohort))
    if cohort.state is to:
        return cohort
    step = STEPS.get((cohort.state, to))
    if step is None:
        raise ForbiddenStep
    require(step.may(actor, cohort))
    step.guard(cohort, reason)
    _apply(cohort, to, actor, reason.strip())
    return cohort


def start_when_due(cohort: Cohort) -> bool:
    """The clock's own step, published → running; False when there is nothing to start."""
    if cohort.state is not PUBLISHED or cohort.starts_at > utcnow():
        return False
    _apply(cohort, RUNNING, None, "")
    return True


def start_job(cohort: Cohort) -> Job:
    """The job that starts COHORT at its first meeting; one that finds other dates does nothing."""
    return Job(
        kind="mentors.start",
        key=f"{cohort.id}/{cohort.revision}",
        payload={"cohort_id": cohort.id},
        run_after=cohort.starts_at,
    )


def _apply(cohort: Cohort, to: CohortState, actor: User | None, reason: str) -> None:
    """Write the step if the cohort still is where we saw it, tell the packages above, commit."""
    before, now = cohort.state, utcnow()
    values: dict[str, object] = {"state": to, "revision": Cohort.revision + 1}
    if to is PUBLISHED:
        values["published_at"] = now
    if to is CANCELLED:
        values["cancel_reason"] = reason
    done = db.session.execute(
        update(Cohort)
        .where(Cohort.id == cohort.id, Cohort.state == before)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        raise Conflict
    db.session.refresh(cohort)
    search.touch("cohort", cohort.id)
    if to is PUBLISHED:
        db.session.add(start_job(cohort))
    if to is CANCELLED:
        _cancel_meetings(cohort, now)
    cohort_changed.send(cohort, before=before, after=to, actor=actor, reason=reason)
    db.session.commit()


def _cancel_meetings(cohort: Cohort, now: dt.datetime) -> None:
    """Those that have not taken place; calendars hear of it by the raised SEQUENCE."""
    db.session.execute(
        update(Meeting)
        .where(Meeting.cohort_id == cohort.id, Meeting.ends_at > now, Meeting.state != MeetingState.ENDED)
        .values(state=MeetingState.CANCELLED, ics_sequence=Meeting.ics_sequence + 1)
        .execution_options(synchronize_session="fetch")
    )
