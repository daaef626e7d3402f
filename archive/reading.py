"""What was said, as files to read and keep: of today, or of any version that readers may have."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from urllib.parse import quote

from flask import Response, request

from accounts.permissions import actor
from archive.captions import Cue, read, serialise
from archive.models import AssetRole, Chapter, Recording
from archive.queries import captions as find
from archive.queries import recordings
from archive.queries.chapters import chapters_of
from archive.services import edits
from archive.text import chapters, plain, subrip
from archive.views import pages
from core.errors import NotFound
from core.i18n import local
from core.text import slugify

# How a kind is written, and what it is served as; a browser shows none of them as a page.
KINDS: dict[str, tuple[Callable[[Sequence[Cue]], bytes], str]] = {
    "vtt": (serialise, "text/vtt; charset=utf-8"),
    "srt": (subrip.write, "application/x-subrip; charset=utf-8"),
    "txt": (lambda cues: plain.write(cues, times=True), "text/plain; charset=utf-8"),
    "words": (lambda cues: plain.write(cues, times=False), "text/plain; charset=utf-8"),
}


@pages.get("/recordings/<uuid:pid>/transcript/<language>.<any(vtt, srt, txt):kind>")
def transcript(pid: uuid.UUID, language: str, kind: str) -> Response:
    """The captions in LANGUAGE as KIND; `times=0` leaves the times out of a text, `version` names an older one."""
    user = actor()
    found = recordings.recording_or_404(pid, user)
    if no := request.args.get("version", type=int):
        manages = recordings.manages_recording(user, found)
        cues = read(find.version_or_404(found, language, no, manages=manages).text.encode())
    elif asset := recordings.asset(found, AssetRole.CAPTIONS, language):
        cues = edits.shown(asset)
    else:
        raise NotFound
    bare = kind == "txt" and request.args.get("times") == "0"
    write, mimetype = KINDS["words" if bare else kind]
    answer = Response(write(cues), content_type=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(_name(found, language, kind))}"
    answer.headers["Cache-Control"] = "public, no-cache" if recordings.is_public(found) else "private, no-cache"
    return answer


def _name(found: Recording, language: str, kind: str) -> str:
    return f"{slugify(local(found, 'title')) or 'recording'}-{language}.{kind}"


@pages.get("/recordings/<uuid:pid>/chapters/<any(el, en):language>.vtt")
def chapters_track(pid: uuid.UUID, language: str) -> Response:
    """The chapters for players."""
    found = recordings.recording_or_404(pid, actor())
    return _chapters(found, chapters.track(_known(found), found.duration or 0, language), "text/vtt; charset=utf-8")


@pages.get("/recordings/<uuid:pid>/chapters.json")
def chapters_json(pid: uuid.UUID) -> Response:
    """The chapters for podcast programs, in the language of the talk."""
    found = recordings.recording_or_404(pid, actor())
    body = chapters.podcast(_known(found), found.duration or 0, found.language)
    return _chapters(found, body, "application/json+chapters")


def _known(found: Recording) -> Sequence[Chapter]:
    """Its chapters; without any there is no such file."""
    known = chapters_of(found)
    if not known:
        raise NotFound
    return known


def _chapters(found: Recording, body: bytes, mimetype: str) -> Response:
    answer = Response(body, content_type=mimetype)
    answer.headers["Cache-Control"] = "public, no-cache" if recordings.is_public(found) else "private, no-cache"
    return answer
