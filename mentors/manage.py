"""The desk of those who run cohorts: open one, adjust it, name its people, take it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guards import only, signed_in
from accounts.permissions import actor
from core.db import db, utcnow
from core.errors import Conflict, DomainError, NotFound, require
from core.forms import options
from core.i18n import local
from core.limits import writes
from core.pages import page_number
from mentors import queries
from mentors.forms import (
    PARTNER_PARTS,
    TEAM_PARTS,
    EditCohortForm,
    MeetingForm,
    NewCohortForm,
    PartnerForm,
    RevisionForm,
    TeamForm,
    number,
)
from mentors.models import Cohort, CohortState, MeetingState
from mentors.permissions import can_conduct, can_manage, can_open_cohorts, has_desk
from mentors.plans import Dates
from mentors.services import cohorts, meetings, people, state
from network.queries import all_organisations, organisations_of

pages = Blueprint("mentors_manage", __name__, url_prefix="/coordinate")

MOST_WAITING = 20  # cohorts whose waiting things stand above the list


def _back(cohort: Cohort, anchor: str | None = None) -> Response:
    return redirect(url_for("mentors_manage.cohort", slug=cohort.slug, _anchor=anchor), 303)


@pages.get("")
@only(has_desk)
def index() -> Any:
    """My cohorts, and what waits for me in each."""
    user = actor()
    assert user is not None  # noqa: S101 - behind the guard
    waiting = queries.waiting_cohorts(user, MOST_WAITING + 1)
    return render_template(
        "mentors/manage/index.html",
        listing=queries.desk_cohorts(user, page_number()),
        waiting=[(cohort, what) for cohort in waiting[:MOST_WAITING] for what in _waiting(cohort)],
        more_wait=len(waiting) > MOST_WAITING,
        now=utcnow(),
        may_open=can_open_cohorts(user),
    )


def _waiting(cohort: Cohort) -> list[str]:
    """What a cohort asks of its people now, from what the list has loaded."""
    now = utcnow()
    to_come = [m for m in cohort.meetings if m.starts_at > now and m.state is MeetingState.PLANNED]
    waits = []
    if cohort.state is CohortState.DRAFT:
        waits.append(_("It is a draft: finish it and publish it."))
    if cohort.state in {CohortState.PUBLISHED, CohortState.RUNNING}:
        if any(not m.conference_url for m in to_come):
            waits.append(_("A meeting has no teleconference link yet."))
        if any(m.mentor_id is None for m in to_come):
            waits.append(_("A meeting has nobody to teach it yet."))
        if cohort.ends_at <= now:
            waits.append(_("Its last meeting is over: close it."))
    return waits


@pages.route("/new", methods=["GET", "POST"])
@only(can_open_cohorts)
@writes
def new() -> Any:
    form = NewCohortForm(queries.courses_to_run(), organisations_of(actor()))
    if request.method == "GET":
        form.course.data = request.args.get("course", form.course.data, type=int)
    if form.validate_on_submit():
        try:
            cohort = cohorts.open_cohort(
                actor(),
                form.course.data,
                form.lead.data,
                words=form.words(),
                seats=form.seats.data,
                dates=Dates(form.first.data, form.clock.data, form.rhythm.data),
            )
        except cohorts.InThePast as error:
            form.first.errors = [str(error.message)]
        else:
            flash(_("The draft is here, with a date for each module. Only its organisations see it."), "ok")
            return _back(cohort)
    return render_template("mentors/manage/new.html", form=form), 422 if form.errors else 200


@pages.get("/<slug>")
@signed_in
def cohort(slug: str) -> Any:
    """The desk of one cohort."""
    return _desk(queries.desk_cohort_or_404(slug, actor()))


def _desk(
    cohort: Cohort, partner_form: PartnerForm | None = None, team_form: TeamForm | None = None
) -> Any:
    refused = bool((partner_form and partner_form.errors) or (team_form and team_form.errors))
    manages = can_manage(actor(), cohort)
    conducts = manages or can_conduct(actor(), cohort)
    draft = cohort.state is CohortState.DRAFT
    page = render_template(
        "mentors/manage/cohort.html",
        cohort=cohort,
        phase=cohort.phase(utcnow()),
        manages=manages,
        conducts=conducts,
        missing=state.missing_to_publish(cohort, utcnow()) if draft else [],
        partner_form=partner_form or _partner_form(formdata=None),
        team_form=team_form or _team_form(formdata=None),
        partner_parts=PARTNER_PARTS,
        team_parts=TEAM_PARTS,
    )
    return page, 422 if refused else 200


def _partner_form(**given: Any) -> PartnerForm:
    form = PartnerForm(**given)
    form.organisation.choices = options({body.id: local(body, "name") for body in all_organisations()})
    return form


def _team_form(**given: Any) -> TeamForm:
    form = TeamForm(**given)
    known = {mentor.user_id: mentor.user.name for mentor in queries.mentors_to_choose()}
    form.mentor.choices = options({0: _("Nobody from the list"), **known})
    return form


@pages.route("/<slug>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(slug: str) -> Any:
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    form = EditCohortForm.of(cohort)
    conflict = None
    if form.validate_on_submit():
        try:
            cohorts.edit_cohort(actor(), cohort, number(form.revision.data), form.words(), form.rules())
        except cohorts.SeatsTaken as error:
            form.seats.errors = [str(error.message)]
        except cohorts.InThePast as error:
            form.closes_day.errors = [str(error.message)]
        except (Conflict, cohorts.Finished) as error:
            conflict = error
        else:
            flash(_("Saved."), "ok")
            return _back(cohort)
        # The refusal rolled back; what was typed stays in the form, on the newest revision.
        cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
        form.revision.data = str(cohort.revision)
    status = 409 if conflict else 422 if form.errors else 200
    return render_template("mentors/manage/edit.html", cohort=cohort, form=form, conflict=conflict), status


@pages.route("/<slug>/meetings", methods=["GET", "POST"], endpoint="meetings")
@signed_in
@writes
def adjust(slug: str) -> Any:
    """All meetings on one page: day, hour, link, who teaches."""
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    guard = RevisionForm(revision=cohort.revision)
    rows = [(meeting, MeetingForm.of(meeting, cohort.team)) for meeting in cohort.meetings]
    refusal: DomainError | None = None
    # Every row is checked, so that all mistakes show at once.
    checked = [row.validate() for _meeting, row in rows] if guard.is_submitted() else []
    if guard.validate_on_submit() and all(checked):
        plans = {meeting.id: row.plan(meeting) for meeting, row in rows}
        try:
            moved = meetings.set_meetings(actor(), cohort, number(guard.revision.data), plans)
        except DomainError as error:
            refusal = error
            # The refusal rolled back; what was typed stays, on the newest revision.
            cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
            rows = [(meeting, row) for meeting, (_old, row) in zip(cohort.meetings, rows, strict=True)]
            guard.revision.data = str(cohort.revision)
        else:
            _say_moved(cohort, len(moved))
            return _back(cohort, "meetings")
    bad = refusal or guard.errors or any(row.errors for _meeting, row in rows)
    status = refusal.status if refusal else 422 if bad else 200
    page = render_template(
        "mentors/manage/meetings.html", cohort=cohort, rows=rows, guard=guard, refusal=refusal
    )
    return page, status


def _say_moved(cohort: Cohort, moved: int) -> None:
    if moved and cohort.state is not CohortState.DRAFT:
        flash(_("Saved. Those who hold a seat get an e-mail with the new dates."), "ok")
    else:
        flash(_("Saved."), "ok")


@pages.post("/<slug>/partners")
@signed_in
@writes
def add_partner(slug: str) -> Any:
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    form = _partner_form()
    if not form.validate_on_submit():
        return _desk(cohort, partner_form=form)
    people.add_partner(actor(), cohort, form.organisation.data, form.part.data)
    return _back(cohort, "partners")


@pages.post("/<slug>/partners/remove")
@signed_in
@writes
def remove_partner(slug: str) -> Any:
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    return _try(cohort, "partners", lambda: people.remove_partner(actor(), cohort, number(request.form.get("id"))))


@pages.post("/<slug>/team")
@signed_in
@writes
def add_team(slug: str) -> Any:
    """Somebody from the list of mentors, or by the e-mail of their account."""
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    form = _team_form()
    if not form.validate_on_submit():
        return _desk(cohort, team_form=form)
    try:
        if form.email.data:
            people.add_to_team(actor(), cohort, form.email.data, form.part.data)
        else:
            people.add_mentor_to_team(actor(), cohort, form.mentor.data, form.part.data)
    except (people.UnknownPerson, people.LastHost) as error:
        form.email.errors = [str(error.message)]
        return _desk(cohort, team_form=form)
    return _back(cohort, "team")


@pages.post("/<slug>/team/remove")
@signed_in
@writes
def remove_team(slug: str) -> Any:
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    return _try(cohort, "team", lambda: people.remove_from_team(actor(), cohort, number(request.form.get("id"))))


@pages.get("/<slug>/cancel")
@signed_in
def cancel(slug: str) -> Any:
    """The page that asks why, before a cohort is cancelled."""
    cohort = queries.desk_cohort_or_404(slug, actor(), to_change=True)
    require(CohortState.CANCELLED in state.next_states(cohort.state), state.ForbiddenStep)
    return render_template("mentors/manage/cancel.html", cohort=cohort, reason="", error=None)


@pages.post("/<slug>/state")
@signed_in
@writes
def step(slug: str) -> Any:
    """Publish, begin, close, archive or cancel (with a `reason`)."""
    cohort = queries.desk_cohort_or_404(slug, actor())
    try:
        to = CohortState(request.form.get("to", ""))
    except ValueError:
        raise NotFound from None
    reason = request.form.get("reason", "")[:1000]
    try:
        state.transition(cohort, to, actor(), reason)
    except state.ReasonMissing as error:
        page = render_template("mentors/manage/cancel.html", cohort=cohort, reason=reason, error=error.message)
        return page, error.status
    except (state.NotReady, state.ForbiddenStep, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "bad")
    else:
        flash(_done(to), "ok")
    return redirect(url_for("mentors_manage.cohort", slug=slug), 303)


def _done(to: CohortState) -> str:
    return {
        CohortState.PUBLISHED: _("Published. People can take their seats."),
        CohortState.RUNNING: _("It is running."),
        CohortState.COMPLETED: _("Closed. Its record stays open to its people."),
        CohortState.ARCHIVED: _("Archived. It leaves the lists, its page stays."),
        CohortState.CANCELLED: _("Cancelled. Those who held a seat get an e-mail with your reason."),
    }[to]


def _try(cohort: Cohort, anchor: str, act: Callable[[], None]) -> Response:
    """Do ACT; a refusal is said on the desk."""
    try:
        act()
    except DomainError as error:
        flash(str(error.message), "bad")
    return _back(cohort, anchor)
