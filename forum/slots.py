"""What the room shows on the pages of cohorts and of the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import format_timedelta, gettext
from markupsafe import Markup

from accounts.models import User
from accounts.permissions import actor
from core.db import db, utcnow
from core.slots import fills
from courses.models import Module
from forum import queries
from forum.permissions import can_keep_faq
from forum.queries.owed import may_owe
from forum.queries.receipt import pace
from forum.services import archiving
from mentors.models import Cohort, CohortState, Meeting
from mentors.services.signals import cohort_changed


@fills("meetings.acts")
def rooms(meetings: Sequence[Meeting]) -> dict[int, Markup]:
    """The way into each meeting's room, or to its record, for people with a part in it."""
    user = actor()
    if user is None or not meetings:
        return {}
    found = queries.rooms_of([meeting.id for meeting in meetings], user)
    begins, now = {meeting.id: meeting.starts_at for meeting in meetings}, utcnow()
    return {
        room.meeting_id: Markup(  # noqa: S704 - our own template, escaped
            render_template("forum/_way_in.html", room=room, role=role, begins=begins[room.meeting_id], now=now)
        )
        for room, role in found
    }


@fills("module.more")
def frequent_questions(module: Module) -> Markup | None:
    """The module's frequent questions in short. Reads the FAQ's own tables only: a vote in a room changes no page."""
    revisions, addresses, total = queries.faq_in_short(module.id)
    if not revisions:
        return None
    page = render_template(
        "forum/_faq_of_module.html", module=module, revisions=revisions, addresses=addresses, total=total
    )
    return Markup(page)  # noqa: S704 - our own template, escaped


@cohort_changed.connect
def _archive_later(cohort: Cohort, *, after: CohortState, **_facts: Any) -> None:
    """The rooms of a cohort that ended go to the archive after a while."""
    if after is CohortState.COMPLETED:
        db.session.add(archiving.job(cohort.id))


@fills("desk.more")
def pace_on_desk(cohort: Cohort) -> Markup | None:
    """How soon a cohort's questions are answered, on its desk."""
    found = pace(db.session(), cohort.id, utcnow())
    if not found.counted:
        return None
    half = format_timedelta(found.median, granularity="minute") if found.median else ""
    return Markup(render_template("forum/_pace.html", cohort=cohort, pace=found, half=half))  # noqa: S704 - our own template


@fills("account.menu")
def inbox_in_menu(user: User) -> list[tuple[str, str]]:
    """For mentors: what they still owe after their meetings."""
    return [(gettext("Questions to answer"), url_for("forum.inbox"))] if may_owe(user) else []


@fills("account.menu")
def review_in_menu(user: User) -> list[tuple[str, str]]:
    """For authors and staff: what of the frequent questions must be looked at again."""
    return [(gettext("Frequent questions to look at"), url_for("forum.faq_review"))] if can_keep_faq(user) else []
