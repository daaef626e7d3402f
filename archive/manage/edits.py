"""Removing parts of a recording, taking it back whole, putting another file in its place."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from archive import timecodes
from archive.forms import RemoveForm, ReplaceForm, WithdrawForm
from archive.manage.recordings import back_to, pages, show_page
from archive.queries import recordings as find
from archive.services import edits as act
from core.limits import writes


@pages.post("/<uuid:pid>/removed")
@signed_in
@writes
def remove(pid: uuid.UUID) -> Any:
    """Nothing between two seconds is shown any more."""
    found, form = find.managed_or_404(pid, actor()), RemoveForm()
    if not form.validate():
        return show_page(found, bad=form)
    first, last = (timecodes.parse(field.data or "") or 0.0 for field in (form.first, form.last))
    try:
        act.remove(actor(), found, first, last, form.reason.data or "")
    except (act.NotInIt, act.NothingLeft) as refused:
        form.last.errors = [str(refused.message)]
        return show_page(found, bad=form)
    flash(gettext("It isn't shown any more. The film without it is being made."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/removed/<int:edit>/restore")
@signed_in
@writes
def restore(pid: uuid.UUID, edit: int) -> Any:
    """Show a removed part again."""
    act.restore(actor(), find.managed_or_404(pid, actor()), edit)
    flash(gettext("It is shown again."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/withdraw")
@signed_in
@writes
def withdraw(pid: uuid.UUID) -> Any:
    """Take the whole recording back and say why."""
    found, form = find.managed_or_404(pid, actor()), WithdrawForm()
    if not form.validate():
        return show_page(found, bad=form)
    act.withdraw(actor(), found, form.reason.data or "")
    flash(gettext("Withdrawn. Whoever comes for it reads why."), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/replace")
@signed_in
@writes
def replace(pid: uuid.UUID) -> Any:
    """Ask for another file."""
    found, form = find.managed_or_404(pid, actor()), ReplaceForm()
    if not form.validate():
        return show_page(found, bad=form)
    act.replace(actor(), found, form.reason.data or "")
    flash(gettext("Send the new file. Until it has been checked, nothing plays."), "ok")
    return back_to(pid)
