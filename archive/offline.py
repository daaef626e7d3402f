"""The offline edition: asking for it, waiting, taking it away."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, redirect, render_template, url_for

from accounts.permissions import actor
from archive import delivery, downloads, edition
from archive.formats import size_words
from archive.models import Recording
from archive.queries import recordings as find
from archive.services import offline as act
from archive.views import pages
from core.errors import NotFound, require
from core.i18n import local, locale_code
from core.limits import limiter, writes
from core.text import slugify


def _taken_by_reader(pid: uuid.UUID) -> Recording:
    """The recording PID, if the reader may take it away."""
    user = actor()
    found = find.recording_or_404(pid, user)
    manages = find.manages_recording(user, found)
    require(find.played(found) is not None and downloads.may_take(found, manages=manages), NotFound)
    return found


@pages.get("/recordings/<uuid:pid>/offline")
def offline(pid: uuid.UUID) -> str:
    """What the offline edition holds, how large it is, and how far it is."""
    found = _taken_by_reader(pid)
    language = locale_code()
    parts, kept = edition.parts_of(found, language), act.ready(found, language)
    size = kept.bytes if kept else edition.weight(parts) if parts else 0
    return render_template(
        "archive/offline.html",
        recording=found,
        parts=parts,
        state=act.state(found, language),
        size=size_words(size),
        language=language,
    )


@pages.post("/recordings/<uuid:pid>/offline")
@writes
def ask_for_offline(pid: uuid.UUID) -> Any:
    """Have it made."""
    act.ask_for(_taken_by_reader(pid), locale_code())
    return redirect(url_for("archive.offline", pid=pid), 303)


@pages.get("/recordings/<uuid:pid>/offline.<any(el, en):language>.zip")
@limiter.exempt
def offline_file(pid: uuid.UUID, language: str) -> Response:
    """The edition, once it is made."""
    found = _taken_by_reader(pid)
    kept = act.ready(found, language)
    if kept is None:
        raise NotFound
    return delivery.send(kept, find.is_public(found), f"{slugify(local(found, 'title')) or 'recording'}-{language}.zip")
