"""Staff correct the captions in the browser: a page of lines at a time, every save a version."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from accounts.guards import signed_in
from accounts.permissions import actor
from archive.captions import BadCaptions, Cue, faults, read
from archive.forms import NAMES, EditorForm
from archive.manage.recordings import back_to, pages
from archive.models import AssetRole, CaptionSource, CaptionState, CaptionVersion, Recording, RecordingState
from archive.queries import captions as find
from archive.queries import recordings
from archive.services import captions as act
from archive.services import recognition
from archive.text import editing
from archive.text.editing import ROWS, Row
from core import headers
from core.errors import NotFound
from core.forms import InvalidInput
from core.limits import writes

CHANGES = {"split": editing.split, "join": editing.join, "drop": editing.drop, "add": editing.add}


@dataclass(frozen=True)
class Sheet:
    """What the editor's page shows: the lines FIRST to FIRST + COUNT of TOTAL of version BASE, as rows."""

    recording: Recording
    language: str
    base: int
    first: int
    count: int
    total: int
    rows: list[Row]
    wrong: dict[int, str] = field(default_factory=dict)  # {index of a row: what is wrong with it}
    unsaved: bool = False

    @property
    def page(self) -> int:
        return self.first // ROWS + 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS))


@pages.get("/<uuid:pid>/captions/<language>/edit")
@signed_in
def captions_editor(pid: uuid.UUID, language: str) -> Any:
    """The lines of one page, of what people read now or of the version named."""
    found = _captioned_or_404(pid, language)
    base, cues = _base(found, language, request.args.get("version", type=int))
    page = min(max(1, request.args.get("page", 1, type=int)), max(1, -(-len(cues) // ROWS)))
    first = (page - 1) * ROWS
    rows = [editing.row(cue) for cue in cues[first : first + ROWS]]
    return _editor(EditorForm(formdata=None), Sheet(found, language, base, first, len(rows), len(cues), rows))


@pages.post("/<uuid:pid>/captions/<language>/edit")
@signed_in
@writes
def edit_captions(pid: uuid.UUID, language: str) -> Any:
    """Change the rows of a page (nothing is stored then), or save them, with all lines shifted or words replaced."""
    found, form = _captioned_or_404(pid, language), EditorForm()
    if not form.validate() and not form.errors.keys() <= {"by", "wanted", "instead"}:
        raise InvalidInput(gettext("This wasn't understood."))
    base, cues = _base(found, language, form.base.data)
    first, count = form.first.data or 0, form.count.data or 0
    if first + count > len(cues):
        raise InvalidInput(gettext("This wasn't understood."))
    rows, (wish, _colon, place) = form.rows(), request.form.get("act", "save").partition(":")
    sheet = Sheet(found, language, base, first, count, len(cues), rows, unsaved=True)
    if wish in CHANGES:
        index = int(place) if place.removeprefix("-").isdecimal() else 0
        rows = CHANGES[wish](rows, max(-1, min(index, len(rows) - 1))) if rows or wish == "add" else rows
        return _editor(form, replace(sheet, rows=rows))
    written = [editing.cue(row) for row in rows]
    wrong = _wrong(sheet, written, cues)
    if wrong or form.errors:
        return _editor(form, replace(sheet, wrong=wrong)), 422
    mine = [*cues[:first], *(cue for cue in written if cue), *cues[first + count :]]
    return _save(form, sheet, mine, wish)


def _save(form: EditorForm, sheet: Sheet, mine: list[Cue], wish: str) -> Any:
    """Store MINE as a version; what can't be stored comes back as it was written."""
    found, language, said = sheet.recording, sheet.language, gettext("Saved.")
    if wish == "shift":
        mine = editing.shift(mine, form.seconds() or 0)
    elif wish == "replace" and form.wanted.data:
        mine, count = editing.swap(mine, form.wanted.data, form.instead.data or "")
        said = ngettext("Replaced in %(num)d place.", "Replaced in %(num)d places.", count)
    try:
        made = act.save(actor(), found, language, sheet.base, mine)
        if wish == "show":
            made = act.show(actor(), found, language, made.no)
            said = gettext("Saved. People read it now.")
    except BadCaptions as refused:
        form.base.errors = [str(refused.message)]
        return _editor(form, sheet), 422
    except act.SavedMeanwhile as refused:
        return _conflict(found, language, refused.facts["mine"], refused.facts["theirs"])
    if sheet.base and made.follows not in {None, sheet.base} and wish != "show" and made.no > sheet.base:
        said = gettext("Saved, with what somebody else changed meanwhile.")
    flash(said, "ok")
    draft = made.no if made.state is CaptionState.DRAFT else None
    address = url_for(".captions_editor", pid=found.pid, language=language, version=draft, page=sheet.page)
    return redirect(address, 303)


def _wrong(sheet: Sheet, written: Sequence[Cue | None], cues: Sequence[Cue]) -> dict[int, str]:
    """{index of a row: what is wrong with its times}, among its neighbours on the pages before and after."""
    told = gettext("Write its times as minutes and seconds: 12:30.5")
    wrong = {index: told for index, cue in enumerate(written) if cue is None}
    kept = [(index, cue) for index, cue in enumerate(written) if cue is not None and cue.text]
    after = cues[sheet.first - 1].start if sheet.first else 0.0
    end = sheet.first + sheet.count
    before = cues[end].start if end < len(cues) else float("inf")
    bad = faults([cue for _index, cue in kept], sheet.recording.duration or 0, after, before)
    return wrong | {kept[at][0]: sentence for at, sentence in bad.items()}


def _conflict(found: Recording, language: str, mine: int, theirs: int) -> Any:
    """Both versions side by side, and the way to each."""
    ours, other = (find.version_or_404(found, language, no) for no in (mine, theirs))
    return _compare(found, language, ours, other, meanwhile=True), 409


def _captioned_or_404(pid: uuid.UUID, language: str) -> Recording:
    found = recordings.managed_or_404(pid, actor())
    if language not in NAMES or found.state is not RecordingState.PLAYABLE:
        raise NotFound
    return found


def _base(found: Recording, language: str, no: int | None) -> tuple[int, list[Cue]]:
    """The number and the lines of version NO; without one of what people read, else of the newest draft, else none."""
    asset = recordings.asset(found, AssetRole.CAPTIONS, language)
    if no is None:
        drafts = [draft.no for draft in find.drafts_of(found) if draft.language == language]
        no = find.shown_no(asset) if asset else next(iter(drafts), 0)
    if no:
        return no, read(find.version_or_404(found, language, no).text.encode())
    # A file from before there were versions is what stands before the first.
    return 0, act.lines(asset) if asset and not find.shown_no(asset) else []


def _editor(form: EditorForm, sheet: Sheet) -> str:
    found, language = sheet.recording, sheet.language
    headers.allow_styles("media-chrome")
    base = find.version(found, language, sheet.base) if sheet.base else None
    return render_template(
        "archive/captions.html",
        recording=found,
        language=language,
        name=NAMES[language],
        form=form,
        sheet=sheet,
        version=base,
        waits=base is not None and base.state in act.WAITING,
        machine=base is not None and base.source is CaptionSource.MACHINE,
        find=recordings,
    )


@pages.get("/<uuid:pid>/captions/<language>/last")
@signed_in
def captions_last(pid: uuid.UUID, language: str) -> Any:
    """For the editor that is open: {"last": the number of the version after `version`, or that itself, "by": name}."""
    found = _captioned_or_404(pid, language)
    no = request.args.get("version", 0, type=int)
    last = act.last(found, language, no)
    return {"last": last.no if last else 0, "by": last.by.name if last and last.by else ""}


@pages.get("/<uuid:pid>/captions/<language>/versions")
@signed_in
def captions_versions(pid: uuid.UUID, language: str) -> str:
    """Who saved what and when."""
    found = _captioned_or_404(pid, language)
    return render_template(
        "archive/versions.html",
        recording=found,
        language=language,
        name=NAMES[language],
        versions=find.versions_of(found, language),
        shown=find.shown_no(recordings.asset(found, AssetRole.CAPTIONS, language)),
    )


@pages.get("/<uuid:pid>/captions/<language>/versions/<int:no>")
@signed_in
def captions_version(pid: uuid.UUID, language: str, no: int) -> str:
    """What version NO says, and what it changed of the one it was written on."""
    found = _captioned_or_404(pid, language)
    version = find.version_or_404(found, language, no)
    against = request.args.get("against", version.follows or 0, type=int)
    return _compare(found, language, version, find.version(found, language, against) if against else None)


def _compare(
    found: Recording, language: str, version: CaptionVersion, other: CaptionVersion | None, meanwhile: bool = False
) -> str:
    cues = read(version.text.encode())
    return render_template(
        "archive/version.html",
        recording=found,
        language=language,
        name=NAMES[language],
        version=version,
        other=other,
        meanwhile=meanwhile,
        cues=cues,
        changes=editing.compared(read(other.text.encode()), cues) if other else [],
        shown=find.shown_no(find.asset_now(found, language)),
    )


@pages.post("/<uuid:pid>/captions/<language>/versions/<int:no>/show")
@signed_in
@writes
def show_captions(pid: uuid.UUID, language: str, no: int) -> Any:
    """Bring an older version back, or show a draft."""
    made = act.show(actor(), _captioned_or_404(pid, language), language, no)
    flash(gettext("People read it now, as version %(no)d.", no=made.no), "ok")
    return back_to(pid)


@pages.post("/<uuid:pid>/captions/<language>/versions/<int:no>/hide")
@signed_in
@writes
def hide_captions(pid: uuid.UUID, language: str, no: int) -> Any:
    """Readers don't get this version any more."""
    found = _captioned_or_404(pid, language)
    act.hide(actor(), found, language, no)
    flash(gettext("Version %(no)d is seen by staff only, now.", no=no), "ok")
    return redirect(url_for(".captions_versions", pid=pid, language=language), 303)


@pages.post("/<uuid:pid>/captions/<language>/recognise")
@signed_in
@writes
def recognise(pid: uuid.UUID, language: str) -> Any:
    """Have a program write a first draft."""
    found = _captioned_or_404(pid, language)
    recognition.ask(actor(), found, language)
    flash(gettext("A program is listening. It may take as long as the recording; the draft appears here."), "ok")
    return back_to(pid)
