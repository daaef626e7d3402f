"""Cohorts and mentors, for everybody."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from accounts.guards import only, signed_in
from accounts.permissions import actor
from core.db import utcnow
from core.errors import Conflict, require
from core.limits import writes
from core.pages import page_number
from mentors import queries
from mentors.forms import PARTNER_PARTS, TEAM_PARTS, AboutMentorForm, MentorForm, number
from mentors.permissions import can_edit_page, can_open_desk, can_open_pages
from mentors.queries import Wanted
from mentors.services import pages as profiles
from mentors.services.people import UnknownPerson

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
        may_open=can_open_pages(actor()),
    )


@pages.route("/mentors/new", methods=["GET", "POST"])
@only(can_open_pages)
@writes
def new() -> Any:
    """Staff open the page of a mentor; the person fills it."""
    form = MentorForm()
    if form.validate_on_submit():
        try:
            mentor = profiles.open_page(actor(), form.email.data or "", form.headline_el.data or "")
        except UnknownPerson as error:
            form.email.errors = [str(error.message)]
        else:
            flash(_("The page is open. The mentor finds it in their menu and writes the rest."), "ok")
            return redirect(url_for("mentors.mentor", slug=mentor.slug), 303)
    return render_template("mentors/new.html", form=form), 422 if form.errors else 200


@pages.get("/mentors/<slug>")
def mentor(slug: str) -> Any:
    """One mentor: who they are and where they teach."""
    mentor = queries.mentor_or_404(slug)
    return render_template(
        "mentors/mentor.html",
        mentor=mentor,
        cohorts=queries.cohorts_of_mentor(mentor.user_id),
        may_edit=can_edit_page(actor(), mentor),
    )


@pages.route("/mentors/<slug>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(slug: str) -> Any:
    """The mentor, or staff, write what the page says."""
    mentor = queries.mentor_or_404(slug)
    require(can_edit_page(actor(), mentor))
    form = AboutMentorForm.of(mentor, queries.themes())
    conflict = None
    if form.validate_on_submit():
        try:
            profiles.edit_page(actor(), mentor, number(form.revision.data), form.about())
        except Conflict as error:
            conflict = error
            # What was typed stays in the form, on the newest revision.
            mentor = queries.mentor_or_404(slug)
            form.revision.data = str(mentor.revision)
        else:
            flash(_("Saved."), "ok")
            return redirect(url_for("mentors.mentor", slug=slug), 303)
    status = 409 if conflict else 422 if form.errors else 200
    return render_template("mentors/edit.html", mentor=mentor, form=form, conflict=conflict), status
