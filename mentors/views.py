"""Cohorts and mentors, for everybody."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask_babel import format_date

from accounts.permissions import actor
from core.db import utcnow
from core.pages import page_number
from mentors import queries
from mentors.forms import PARTNER_PARTS, TEAM_PARTS
from mentors.permissions import can_open_desk
from mentors.queries import Wanted

pages = Blueprint("mentors", __name__)
FILTERS = ("theme", "organisation", "month", "language", "state")


def _wanted() -> Wanted:
    asked = {name: request.args.get(name, "")[:80] for name in FILTERS}
    return Wanted(**asked, free=request.args.get("free") == "1")


@pages.get("/cohorts")
def cohorts() -> Any:
    """The cohorts that can be joined, are running or are over, by filters in the address."""
    wanted = _wanted()
    filled = {name: request.args[name] for name in (*FILTERS, "free") if request.args.get(name)}
    choices = queries.choices()
    return render_template(
        "mentors/cohorts.html",
        listing=queries.cohorts(actor(), wanted, page_number()),
        choices=choices,
        months_by_name=[(month.strftime("%Y-%m"), format_date(month, "LLLL y")) for month in choices.months],
        wanted=wanted,
        address=url_for("mentors.cohorts", **cast("dict[str, Any]", filled)),
    )


@pages.get("/cohorts/<slug>")
def cohort(slug: str) -> Any:
    """One cohort: its meetings, who runs it, and the seat (slot "cohort.act")."""
    cohort = queries.cohort_or_404(slug, actor())
    people = {member.user_id for member in cohort.team}
    return render_template(
        "mentors/cohort.html",
        cohort=cohort,
        phase=cohort.phase(utcnow()),
        mentor_pages=queries.mentor_pages(people),
        partner_parts=PARTNER_PARTS,
        team_parts=TEAM_PARTS,
        desk=can_open_desk(actor(), cohort),
    )


@pages.get("/mentors")
def mentors() -> Any:
    """The mentors, by theme."""
    theme = request.args.get("theme", "")[:80]
    return render_template(
        "mentors/mentors.html",
        listing=queries.mentors(theme, page_number()),
        themes=queries.themes(),
        theme=theme,
    )


@pages.get("/mentors/<slug>")
def mentor(slug: str) -> Any:
    """One mentor: who they are and where they teach."""
    mentor = queries.mentor_or_404(slug)
    return render_template(
        "mentors/mentor.html", mentor=mentor, cohorts=queries.cohorts_of_mentor(mentor.user_id)
    )
