"""The learner's acts and pages: take and leave a seat, calendar, teleconference, what was followed."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.urls import iri_to_uri

from accounts.guards import signed_in
from accounts.permissions import actor
from core.db import utcnow
from core.errors import DomainError, NotFound, require
from core.i18n import local
from core.limits import writes
from learning import ics, queries
from learning.forms import InviteForm, RemoveForm
from learning.permissions import can_invite, can_remove
from learning.services import enrolment as enrolling
from learning.services.attendance import counted
from mentors.models import Cohort
from mentors.permissions import can_see_roster
from mentors.queries import bare_cohort_or_404, meeting_or_404

pages = Blueprint("learning", __name__)


def _to_cohort(slug: str) -> Any:
    return redirect(url_for("mentors.cohort", slug=slug, _anchor="seat"), 303)


@pages.post("/cohorts/<slug>/enrol")
@signed_in
@writes
def enrol(slug: str) -> Any:
    """Take a seat for oneself."""
    enrolling.enrol(actor(), bare_cohort_or_404(slug, actor()))
    flash(_("The seat is yours. The dates are below: put them in your calendar."), "ok")
    return _to_cohort(slug)


@pages.post("/cohorts/<slug>/place")
@signed_in
@writes
def place(slug: str) -> Any:
    """Say from which of the cohort's organisations one takes part."""
    chosen = request.form.get("place", "")
    cohort = bare_cohort_or_404(slug, actor())
    enrolling.take_part_from(actor(), cohort, int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None)
    flash(_("Noted. In the room, each place has its turn."), "ok")
    return _to_cohort(slug)


@pages.get("/cohorts/<slug>/leave")
@signed_in
def leaving(slug: str) -> Any:
    """The page that asks once more, for those without script."""
    cohort = bare_cohort_or_404(slug, actor())
    if queries.enrolment_of(actor(), cohort.id) is None:
        return _to_cohort(slug)
    return render_template("learning/leaving.html", cohort=cohort)


@pages.post("/cohorts/<slug>/withdraw")
@signed_in
@writes
def withdraw(slug: str) -> Any:
    """Leave one's seat."""
    if enrolling.withdraw(actor(), bare_cohort_or_404(slug, actor())):
        flash(_("You left your seat and it is free for somebody else. What you asked and followed stays yours."), "ok")
    return _to_cohort(slug)


@pages.get("/meetings/<uuid:pid>.ics")
def calendar(pid: uuid.UUID) -> Any:
    """One meeting as a calendar file; the teleconference link only for its participants."""
    meeting = meeting_or_404(pid, actor())
    links = queries.is_participant(actor(), meeting.cohort_id)
    body = ics.calendar([meeting], local(meeting.cohort, "title"), links)
    return _ics(body, f"{meeting.cohort.slug}-{meeting.position}")


@pages.get("/cohorts/<slug>.ics")
def cohort_calendar(slug: str) -> Any:
    """All meetings of a cohort as a calendar file."""
    cohort = bare_cohort_or_404(slug, actor())
    links = queries.is_participant(actor(), cohort.id)
    return _ics(ics.calendar(queries.programme_of(cohort), local(cohort, "title"), links), cohort.slug)


def _ics(body: bytes, name: str) -> Response:
    response = Response(body, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    # What it says depends on who asks.
    response.headers["Cache-Control"] = "private, no-store"
    return response


@pages.get("/meetings/<uuid:pid>/conference")
@signed_in
def conference(pid: uuid.UUID) -> Any:
    """On to the teleconference, for participants."""
    meeting = meeting_or_404(pid, actor())
    require(queries.is_participant(actor(), meeting.cohort_id), NotFound)
    if not meeting.conference_url.startswith("https://"):
        raise NotFound(_("The teleconference link isn't there yet. It is added before the meeting."))
    answer = redirect(iri_to_uri(meeting.conference_url), 302)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.get("/me/learning")
@signed_in
def mine() -> Any:
    """What I followed: my cohorts, and of each module whether and when."""
    cohorts = queries.cohorts_of(actor())
    followed = {item.module_id: item for item in queries.followed_modules(actor())}
    taught = {meeting.module_version.module_id for cohort in cohorts for meeting in cohort.meetings}
    return render_template(
        "learning/mine.html",
        cohorts=cohorts,
        followed=followed,
        attended=queries.attendance_of(actor()),  # type: ignore[arg-type] # signed_in
        counted=counted,
        others=[item for module_id, item in followed.items() if module_id not in taught],
        now=utcnow(),
    )


@pages.get("/cohorts/<slug>/people")
@signed_in
def roster(slug: str) -> Any:
    """Who holds a seat, for the team and the lead: names, nothing to reach them by."""
    cohort = bare_cohort_or_404(slug, actor())
    require(can_see_roster(actor(), cohort))
    return _roster_page(cohort, InviteForm(formdata=None))


def _roster_page(cohort: Cohort, form: InviteForm) -> Any:
    page = render_template(
        "learning/roster.html",
        cohort=cohort,
        seats=queries.roster(cohort),
        left=queries.left_count(cohort),
        made_up=queries.made_up_in(cohort),
        form=form,
        may_invite=can_invite(actor(), cohort),
        may_remove=can_remove(actor()),
    )
    return page, 422 if form.errors else 200


@pages.post("/cohorts/<slug>/people")
@signed_in
@writes
def invite(slug: str) -> Any:
    """Seat somebody in a cohort by invitation, by the e-mail of their account."""
    cohort = bare_cohort_or_404(slug, actor())
    require(can_invite(actor(), cohort))
    form = InviteForm()
    if not form.validate_on_submit():
        return _roster_page(cohort, form)
    try:
        enrolling.invite(actor(), cohort, form.email.data)
    except DomainError as error:
        form.email.errors = [str(error.message)]
        return _roster_page(bare_cohort_or_404(slug, actor()), form)
    flash(_("They have a seat and an e-mail that says so."), "ok")
    return redirect(url_for("learning.roster", slug=slug), 303)


@pages.route("/cohorts/<slug>/people/<uuid:pid>/remove", methods=["GET", "POST"])
@signed_in
@writes
def remove(slug: str, pid: uuid.UUID) -> Any:
    """Staff take a seat back and say why."""
    cohort = bare_cohort_or_404(slug, actor())
    require(can_remove(actor()))
    seat = queries.seat_or_404(cohort, pid)
    form = RemoveForm()
    if form.validate_on_submit():
        enrolling.remove(actor(), cohort, seat, form.reason.data or "")
        flash(_("%(name)s no longer has a seat, and reads why in an e-mail.", name=seat.user.name), "ok")
        return redirect(url_for("learning.roster", slug=slug), 303)
    page = render_template("learning/remove.html", cohort=cohort, seat=seat, form=form)
    return page, 422 if form.errors else 200
