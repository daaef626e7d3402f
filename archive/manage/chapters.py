"""Staff name the parts of a recording."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from accounts.guards import signed_in
from accounts.permissions import actor
from archive import timecodes
from archive.captions import exact
from archive.forms import ChapterForm
from archive.manage.recordings import pages
from archive.models import Recording, RecordingState
from archive.queries import record, recordings
from archive.queries.chapters import chapter_or_404, chapters_of
from archive.services import chapters as act
from archive.text.chapters import suggested
from core import headers
from core.errors import DomainError, NotFound
from core.limits import writes


def _played_or_404(pid: uuid.UUID) -> Recording:
    found = recordings.managed_or_404(pid, actor())
    if found.state is not RecordingState.PLAYABLE:
        raise NotFound
    return found


@pages.get("/<uuid:pid>/chapters")
@signed_in
def chapters(pid: uuid.UUID) -> Any:
    """The chapters, a form for each, one for a new one, and what could be one."""
    return _page(_played_or_404(pid))


def _page(found: Recording, bad: ChapterForm | None = None, of: int | None = None) -> Any:
    """The page of FOUND; BAD is the form that was refused, OF the chapter it belongs to (None: a new one)."""
    headers.allow_styles("media-chrome")
    known = chapters_of(found)
    forms = [(chapter, bad if bad and chapter.id == of else _form(chapter)) for chapter in known]
    page = render_template(
        "archive/chapters.html",
        recording=found,
        forms=forms,
        new=bad if bad and of is None else ChapterForm(formdata=None, prefix="new-"),
        suggestions=suggested(found, record.record_beside(found), known),
        find=recordings,
    )
    return page, 422 if bad else 200


def _form(chapter: Any) -> ChapterForm:
    facts = {"at": timecodes.write(chapter.seconds), "title_el": chapter.title_el, "title_en": chapter.title_en}
    return ChapterForm(formdata=None, data=facts, prefix=f"c{chapter.id}-")


def _sent(form: ChapterForm) -> dict[str, Any]:
    second = exact(timecodes.parse(form.at.data or "") or 0)
    return {"seconds": second, "title_el": form.title_el.data or "", "title_en": form.title_en.data or ""}


def _back(pid: uuid.UUID) -> Response:
    return redirect(url_for(".chapters", pid=pid), 303)


@pages.post("/<uuid:pid>/chapters")
@signed_in
@writes
def add_chapter(pid: uuid.UUID) -> Any:
    """A new one."""
    found, form = _played_or_404(pid), ChapterForm(prefix="new-")
    if not form.validate():
        return _page(found, form)
    try:
        act.add(actor(), found, **_sent(form))
    except act.NotInRecording as refused:
        form.at.errors = [str(refused.message)]
        return _page(found, form)
    flash(gettext("The chapter is there."), "ok")
    return _back(pid)


@pages.post("/<uuid:pid>/chapters/<int:chapter>")
@signed_in
@writes
def revise_chapter(pid: uuid.UUID, chapter: int) -> Any:
    """Another second, or another title."""
    found = _played_or_404(pid)
    known, form = chapter_or_404(found, chapter), ChapterForm(prefix=f"c{chapter}-")
    if not form.validate():
        return _page(found, form, known.id)
    try:
        act.revise(actor(), found, known.id, **_sent(form))
    except DomainError as refused:
        form.at.errors = [str(refused.message)]
        return _page(found, form, known.id)
    flash(gettext("Saved."), "ok")
    return _back(pid)


@pages.post("/<uuid:pid>/chapters/<int:chapter>/drop")
@signed_in
@writes
def drop_chapter(pid: uuid.UUID, chapter: int) -> Any:
    act.drop(actor(), _played_or_404(pid), chapter)
    flash(gettext("The chapter is gone."), "ok")
    return _back(pid)


@pages.post("/<uuid:pid>/chapters/take")
@signed_in
@writes
def take_chapters(pid: uuid.UUID) -> Any:
    """Make chapters of the suggestions that were chosen."""
    found, chosen = _played_or_404(pid), set(request.form.getlist("take"))
    offered = suggested(found, record.record_beside(found), chapters_of(found))
    made = act.take(actor(), found, [one for one in offered if one.key in chosen])
    flash(ngettext("%(num)d chapter was added.", "%(num)d chapters were added.", made), "ok" if made else "info")
    return _back(pid)
