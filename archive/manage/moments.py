"""Staff place the room's questions on the recording."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import flash, request
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from archive import timecodes
from archive.forms import PlaceForm, SinceForm, StartForm, StopForm, as_uuid
from archive.manage.recordings import back_to, pages, show_page
from archive.queries import recordings as find
from archive.services import moments as act
from archive.services.since import NoAnswerThere, Reached, answered_there
from core.forms import InvalidInput
from core.i18n import timecode
from core.limits import writes


@pages.post("/<uuid:pid>/place")
@signed_in
@writes
def place(pid: uuid.UUID) -> Any:
    """"This question begins here": the others near it move by the difference of the clocks."""
    found, form = find.managed_or_404(pid, actor()), PlaceForm()
    if not form.validate():
        return show_page(found, bad=form)
    seconds = timecodes.parse(form.at.data or "")
    question = as_uuid(form.question.data)
    if seconds is None or question is None:
        raise InvalidInput(gettext("This wasn't understood."))
    try:
        asked = act.tie(actor(), found, question, seconds)
    except act.NoSuchMoment as refused:
        form.at.errors = [str(refused.message)]
        return show_page(found, bad=form)
    flash(gettext("Question %(no)d begins at %(at)s; the others follow.", no=asked.no, at=timecode(seconds)), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/stop")
@signed_in
@writes
def stop(pid: uuid.UUID) -> Any:
    """"Here it was paused or cut": what stands between two pieces is known then."""
    found, form = find.managed_or_404(pid, actor()), StopForm()
    if not form.validate():
        return show_page(found, bad=form)
    try:
        act.stop_at(actor(), found, timecodes.parse(form.stopped.data or "") or 0)
    except act.NoSuchMoment as refused:
        form.stopped.errors = [str(refused.message)]
        return show_page(found, bad=form)
    flash(gettext("Noted. The questions around it are placed anew."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/anchors/<int:anchor>/drop")
@signed_in
@writes
def untie(pid: uuid.UUID, anchor: int) -> Any:
    """Take back what was tied by hand."""
    act.untie(actor(), find.managed_or_404(pid, actor()), anchor)
    flash(gettext("Taken back. The questions are placed by the rest."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/since")
@signed_in
@writes
def since(pid: uuid.UUID) -> Any:
    """Where a question that wasn't reached has been answered since."""
    found, form = find.managed_or_404(pid, actor()), SinceForm()
    if not form.validate():
        return show_page(found, bad=form)
    try:
        asked = as_uuid(form.unreached.data) or uuid.UUID(int=0)
        answered_there(actor(), found, asked, form.link.data or "")
    except (NoAnswerThere, Reached) as refused:
        form.link.errors = [str(refused.message)]
        return show_page(found, bad=form)
    flash(gettext("Noted. Whoever may hear the answer gets there from here."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/start")
@signed_in
@writes
def start(pid: uuid.UUID) -> Any:
    """The clock on the wall at the first second; empty takes the questions off the line."""
    found, form = find.managed_or_404(pid, actor()), StartForm()
    if "forget" in request.form:
        act.forget(actor(), found)
        flash(gettext("The questions have no moments now."), "ok")
        return back_to(pid)
    if not form.validate():
        return show_page(found, bad=form)
    hours, minutes, *seconds = (int(part) for part in (form.clock.data or "").split(":"))
    act.set_start(actor(), found, dt.time(hours, minutes, seconds[0] if seconds else 0))
    flash(gettext("The recording began at %(clock)s.", clock=form.clock.data), "ok")
    return back_to(pid)
