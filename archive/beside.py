"""What stands beside a recording: its room's questions as tracks for players, and asking while watching."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, flash, jsonify, redirect, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from archive import questions, timecodes
from archive.models import Recording
from archive.queries import record
from archive.queries import recordings as find
from archive.services import asking
from archive.services.moments import NoSuchMoment
from archive.views import pages, watch_page
from core.errors import DomainError, require
from core.limits import limiter, writes


@pages.get("/recordings/<uuid:pid>/questions.vtt")
@limiter.exempt
def question_track(pid: uuid.UUID) -> Response:
    """The questions answered in it as a metadata track."""
    found = find.recording_or_404(pid, actor())
    told = questions.track(record.record_beside(found).placed, found.duration or 0.0)
    return _private(Response(told, content_type="text/vtt; charset=utf-8"))


@pages.get("/recordings/<uuid:pid>/questions.json")
@limiter.exempt
def question_chapters(pid: uuid.UUID) -> Response:
    """The same as chapters in JSON."""
    answer = jsonify(asked_in(find.recording_or_404(pid, actor())))
    answer.headers["Content-Type"] = questions.CHAPTERS
    return _private(answer)


def asked_in(recording: Recording) -> dict[str, Any]:
    """The questions answered in RECORDING as chapters, each with its address."""

    def address(second: int) -> str:
        return url_for("archive.recording", pid=recording.pid, t=second, _external=True)

    return questions.chapters(record.record_beside(recording).placed, recording.duration or 0.0, address)


@pages.post("/recordings/<uuid:pid>/ask")
@signed_in
@writes
def ask(pid: uuid.UUID) -> Any:
    """A question at a second of the recording, into the room of its meeting."""
    found, form = find.recording_or_404(pid, actor()), request.form
    typed = {name: form.get(name, "") for name in ("body", "vis", "at", "cid")}
    seconds = timecodes.parse(typed["at"])
    try:
        require(seconds is not None, NoSuchMoment)
        words = {"body": typed["body"], "vis": typed["vis"] or "name", "cid": typed["cid"] or uuid.uuid4().hex}
        public = asking.ask(actor(), found, seconds, words)  # type: ignore[arg-type] # signed_in; required
    except DomainError as error:
        if _wants_json() or error.status not in {409, 422}:
            raise
        return watch_page(found, error.status, error=str(error.message), **typed)
    said = _said(public)
    if _wants_json():
        return {"said": said, "cid": uuid.uuid4().hex}
    flash(said, "ok")
    return redirect(url_for(".recording", pid=pid, t=int(seconds or 0)), 303)


def _said(public: bool) -> str:
    if public:
        return gettext("Sent. It stands at its moment, and a mentor has it.")
    return gettext("Sent. A mentor reads it first, and answers it in writing.")


@pages.post("/recordings/<uuid:pid>/questions/<uuid:qid>/also")
@signed_in
@writes
def also(pid: uuid.UUID, qid: uuid.UUID) -> Any:
    """"I ask this too", or not after all."""
    found, on = find.recording_or_404(pid, actor()), bool(request.form.get("on"))
    asking.also(actor(), found, qid, on=on)  # type: ignore[arg-type] # signed_in
    if _wants_json():
        asked = next((m.question for m in record.record_beside(found).beside if m.question.pid == qid), None)
        return {"on": on, "n": asked.score if asked else int(on)}
    return redirect(url_for(".recording", pid=pid, t=request.form.get("t")), 303)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _private(answer: Response) -> Response:
    """Who may read it is asked each time."""
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
