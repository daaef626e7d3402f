"""The seat on a cohort's page, calendar and teleconference beside its meetings, and what follows its steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from accounts.models import User
from accounts.permissions import actor
from core.db import db, utcnow
from core.slots import fills
from learning import queries
from learning.models import EnrolmentState
from learning.permissions import can_invite, door
from learning.services import enrolment, letters
from mentors.models import Cohort, CohortState, Meeting
from mentors.permissions import can_see_roster
from mentors.queries import in_module
from mentors.services.signals import cohort_changed, cohort_moved


def _part(template: str, **facts: Any) -> Markup:
    return Markup(render_template(template, **facts).strip())  # noqa: S704 - our own template


@fills("cohort.act")
def seat(cohort: Cohort) -> Markup:
    """The box to take or leave a seat, in every state of the cohort and of the reader."""
    mine = queries.enrolment_of(actor(), cohort.id)
    now = utcnow()
    to_come = [m for m in cohort.meetings if m.ends_at > now and m.state in {"planned", "live"}]
    return _part(
        "learning/_seat.html",
        cohort=cohort,
        mine=mine,
        door=door(cohort, now),
        next_meeting=min(to_come, key=lambda meeting: meeting.starts_at, default=None),
    )


@fills("meetings.acts")
def meeting_acts(meetings: Iterable[Meeting]) -> dict[int, Markup]:
    """Calendar for everybody, teleconference for participants, in one query for the whole list."""
    listed, now = list(meetings), utcnow()
    inside = queries.takes_part_in(actor(), {meeting.cohort_id for meeting in listed})
    acts = {}
    for meeting in listed:
        to_come = meeting.ends_at > now and meeting.state in {"planned", "live"}
        acts[meeting.id] = _part(
            "learning/_meeting_acts.html",
            meeting=meeting,
            now=now,
            to_come=to_come,
            conference=to_come and bool(meeting.conference_url) and meeting.cohort_id in inside,
        )
    return {key: markup for key, markup in acts.items() if markup}


@fills("desk.more")
def roster_on_desk(cohort: Cohort) -> Markup:
    """Seats and the way to the list of names, on the desk of a cohort."""
    return _part(
        "learning/_desk.html",
        cohort=cohort,
        may_see=can_see_roster(actor(), cohort),
        may_invite=can_invite(actor(), cohort),
    )


@fills("account.menu")
def learning_in_menu(_user: User) -> list[tuple[str, str]]:
    return [(_("What I followed"), url_for("learning.mine"))]


@cohort_changed.connect
def _follow(cohort: Cohort, *, after: CohortState, actor: User | None, reason: str, **_facts: Any) -> None:
    """Seats end with their cohort; a cancelled one is told to everybody who held a seat."""
    if after is CohortState.COMPLETED:
        enrolment.follow_cohort(cohort, EnrolmentState.COMPLETED, actor, reason)
    if after is CohortState.CANCELLED:
        people = queries.seated_people(cohort.id)
        enrolment.follow_cohort(cohort, EnrolmentState.CANCELLED, actor, reason)
        letters.cancelled(cohort, people, reason)


@cohort_moved.connect
def _tell(cohort: Cohort, *, meetings: list[Meeting], **_facts: Any) -> None:
    ids = [meeting.id for meeting in meetings]
    db.session.flush()
    loaded = db.session.scalars(
        select(Meeting).where(Meeting.id.in_(ids)).options(*in_module()).execution_options(populate_existing=True)
    )
    letters.moved(cohort, list(loaded))
