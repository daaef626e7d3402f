"""What cohorts show on pages of packages below, and the desk in the account's menu."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from accounts.models import User
from accounts.permissions import actor
from core.slots import fills
from mentors import queries
from mentors.permissions import can_open_cohorts


def _part(template: str, **facts: Any) -> Markup:
    return Markup(render_template(template, **facts).strip())  # noqa: S704 - our own template


@fills("module.more")
def cohorts_that_teach(module: Any) -> Markup:
    """Cohorts of a module, under its page."""
    return _part("mentors/_module_cohorts.html", cohorts=queries.cohorts_teaching(module.id))


@fills("modules.next")
def next_meetings(modules: list[Any]) -> dict[int, Markup]:
    """Beside each module of a list, when it is taught next; one query for the list."""
    coming = queries.next_meetings_of([module.id for module in modules])
    return {
        module_id: _part("mentors/_next.html", meeting=meeting, cohort=meeting.cohort)
        for module_id, meeting in coming.items()
    }


@fills("course.more")
def cohorts_of_course(course: Any) -> Markup:
    """Cohorts of a course, and the way to open one."""
    return _part(
        "mentors/_course_cohorts.html",
        course=course,
        cohorts=queries.cohorts_of_course(course.id),
        may_open=course.current_id is not None and can_open_cohorts(actor()),
    )


@fills("organisation.more")
def cohorts_of_organisation(organisation: Any) -> Markup:
    return _part("mentors/_organisation_cohorts.html", cohorts=queries.cohorts_by_organisation(organisation.id))


@fills("account.menu")
def desk_in_menu(user: User) -> list[tuple[str, str]]:
    """The desk of those who run cohorts; for mentors also their page."""
    desk = (_("Cohorts I run"), url_for("mentors_manage.index"))
    if can_open_cohorts(user):
        return [desk]
    teaches, page = queries.desk_and_page(user)
    own = [(_("My page as a mentor"), url_for("mentors.edit", slug=page))] if page else []
    return [desk, *own] if teaches else own
