"""The staff's side: describe, send, check, caption, place the questions, publish."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from accounts.guards import signed_in
from accounts.permissions import actor, is_staff
from archive import verdicts
from archive.captions import LARGEST, BadCaptions
from archive.forms import (
    CaptionsForm,
    FactsForm,
    NewForm,
    PlaceForm,
    RemoveForm,
    ReplaceForm,
    SinceForm,
    StartForm,
    StopForm,
    VisibilityForm,
    WithdrawForm,
    as_uuid,
)
from archive.models import CaptionState, Recording, RecordingState, RecordingVisibility
from archive.parts import part_of
from archive.queries import record
from archive.queries import recordings as find
from archive.queries import uploads as sending
from archive.queries.captions import drafts_of
from archive.queries.edits import edits_of
from archive.services import allowance, recognition
from archive.services import captions as captioning
from archive.services import recordings as act
from core import headers
from core.errors import Forbidden, require
from core.forms import Form
from core.i18n import athens, day, local
from core.limits import writes
from core.pages import page_number
from mentors.models import Meeting

pages = Blueprint("archive_manage", __name__, url_prefix="/recordings")


@pages.url_value_preprocessor
def _room_for_captions(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Captions may be larger than forms; said before anybody reads the body."""
    if endpoint == "archive_manage.add_captions":
        request.max_content_length = LARGEST + (64 << 10)


@pages.get("/manage")
@signed_in
def index() -> str:
    """Recordings with their state, and meetings that have none yet."""
    user = actor()
    require(find.manages_any(user), Forbidden)
    return render_template(
        "archive/manage.html",
        listing=find.managed_recordings(user, page_number()),
        awaiting=find.meetings_awaiting(user),
        unfinished=[(upload, _percent(upload)) for upload in sending.unfinished(user)],  # type: ignore[arg-type]
        sentences=verdicts.sentences,
        operates=is_staff(user),
    )


@pages.route("/manage/new", methods=["GET", "POST"])
@signed_in
@writes
def new() -> Any:
    """Describe a recording; its file is asked for on the next page."""
    user = actor()
    require(find.manages_any(user), Forbidden)
    form, meetings = NewForm(), find.meetings_to_record(user)
    form.meeting.choices = [SelectChoice(str(m.pid), _meeting_words(m)) for m in meetings]
    if form.validate_on_submit():
        meeting = find.meeting_or_404(as_uuid(form.meeting.data), user)  # type: ignore[arg-type] # checked by the form
        made = act.describe(
            user,  # type: ignore[arg-type] # signed_in
            meeting,
            title_el=form.title_el.data or "",
            title_en=form.title_en.data or "",
            language=form.language.data,
            licence=form.licence.data,
            visibility=RecordingVisibility(form.visibility.data),
        )
        return redirect(url_for("archive_manage.show", pid=made.pid), 303)
    if request.method == "GET":
        _suggest(form, meetings)
    return render_template("archive/new.html", form=form, errors_of=form), 422 if form.errors else 200


def _meeting_words(meeting: Meeting) -> str:
    return f"{local(meeting.cohort, 'title')}, {day(meeting.starts_at)}: {local(meeting.module_version, 'title')}"


def _suggest(form: NewForm, meetings: Any) -> None:
    """The meeting named in the address, and its module's title."""
    wanted = as_uuid(request.args.get("meeting"))
    chosen = next((m for m in meetings if m.pid == wanted), meetings[0] if meetings else None)
    if chosen:
        form.meeting.data = str(chosen.pid)
        form.title_el.data = chosen.module_version.title_el
        form.title_en.data = chosen.module_version.title_en
        form.language.data = chosen.cohort.language


def _percent(upload: Any) -> int:
    return int(100 * part_of(upload.id).offset / upload.length)


@pages.get("/<uuid:pid>/manage")
@signed_in
def show(pid: uuid.UUID) -> Any:
    """Everything about one recording that staff may do."""
    return show_page(find.managed_or_404(pid, actor()))


def show_page(found: Recording, *, bad: Form | None = None) -> Any:
    """The page of FOUND; BAD is the form that was refused."""
    upload = sending.open_upload(found)
    beside, jobs = record.record_beside(found), recognition.asked(found)
    forms = _forms(found, bad)
    questions = [
        SelectChoice(str(m.question.pid), f"{m.question.no}. {m.question.body[:80]}") for m in beside.moments
    ]
    forms["place"].question.choices = questions
    forms["since"].unreached.choices = [
        SelectChoice(str(q.pid), f"{q.no}. {q.body[:80]}") for q in [*beside.open, *beside.written]
    ]
    if found.state is RecordingState.PLAYABLE:
        headers.allow_styles("media-chrome")
    page = render_template(
        "archive/show.html",
        recording=found,
        upload=upload,
        percent=_percent(upload) if upload else 0,
        mine=upload is not None and upload.owner_id == actor().id,  # type: ignore[union-attr]
        record=beside,
        captions=find.captions(found),
        drafts=drafts_of(found),
        listening={language: jobs.get(language) for language in recognition.offered(found)},
        anchors=record.anchors_of(found),
        removed=edits_of(found.id),
        forms=forms,
        refusal=verdicts.sentences(found.reason) if found.reason else None,
        upload_of_original=sending.last_finalised(found),
        limit=int((allowance.largest(actor()) or 0) / 1e9) or 1,
        find=find,
    )
    return page, 422 if bad is not None else 200


def _forms(found: Recording, bad: Form | None) -> dict[str, Form]:
    """The page's forms with what is known; BAD in its place as it was sent."""
    clock = athens(found.starts_at).strftime("%H:%M:%S") if found.starts_at else ""
    forms: dict[str, Form] = {
        "facts": FactsForm(formdata=None, obj=found),
        "visibility": VisibilityForm(formdata=None, obj=found),
        "captions": CaptionsForm(formdata=None, data={"language": found.language}),
        "place": PlaceForm(formdata=None),
        "stop": StopForm(formdata=None),
        "start": StartForm(formdata=None, data={"clock": clock}),
        "remove": RemoveForm(formdata=None),
        "since": SinceForm(formdata=None),
        "withdraw": WithdrawForm(formdata=None),
        "replace": ReplaceForm(formdata=None),
    }
    return {name: bad if bad is not None and type(bad) is type(form) else form for name, form in forms.items()}


@pages.get("/<uuid:pid>/state")
@signed_in
def state(pid: uuid.UUID) -> Any:
    """For the page that waits: {"state": …}."""
    return {"state": find.managed_or_404(pid, actor()).state}


@pages.post("/<uuid:pid>/facts")
@signed_in
@writes
def facts(pid: uuid.UUID) -> Any:
    """Change what it is called."""
    found, form = find.managed_or_404(pid, actor()), FactsForm()
    if not form.validate():
        return show_page(found, bad=form)
    said = (form.title_el.data or "", form.title_en.data or "", form.language.data)
    act.revise(actor(), found, *said, licence=form.licence.data)
    flash(gettext("Saved."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/visibility")
@signed_in
@writes
def visibility(pid: uuid.UUID) -> Any:
    """Publish it, or take it back."""
    found, form = find.managed_or_404(pid, actor()), VisibilityForm()
    if not form.validate():
        return show_page(found, bad=form)
    act.show_to(actor(), found, RecordingVisibility(form.visibility.data))
    said = {
        RecordingVisibility.PUBLIC: gettext("Everybody sees it now."),
        RecordingVisibility.COHORT: gettext("The cohort sees it now."),
        RecordingVisibility.PRIVATE: gettext("Nobody else sees it now."),
    }
    flash(said[found.visibility], "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/captions")
@signed_in
@writes
def add_captions(pid: uuid.UUID) -> Any:
    """Check and keep captions in one language."""
    found, form = find.managed_or_404(pid, actor()), CaptionsForm()
    if not form.validate():
        return show_page(found, bad=form)
    try:
        made = captioning.put(actor(), found, form.language.data, form.file.data.read(), form.file.data.filename or "")
    except BadCaptions as refused:
        form.file.errors = [str(refused.message)]
        return show_page(found, bad=form)
    if made.state is CaptionState.DRAFT:
        flash(gettext("The text is there as a draft: its times are guessed. Set them right, then show it."), "ok")
        return redirect(url_for(".captions_editor", pid=pid, language=made.language, version=made.no), 303)
    flash(ngettext("%(num)d line of captions is there.", "%(num)d lines of captions are there.", made.lines), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/captions/<language>/drop")
@signed_in
@writes
def drop_captions(pid: uuid.UUID, language: str) -> Any:
    captioning.drop(actor(), find.managed_or_404(pid, actor()), language)
    flash(gettext("The captions are gone."), "ok")
    return back_to(pid)


def back_to(pid: uuid.UUID) -> Response:
    return redirect(url_for("archive_manage.show", pid=pid), 303)
