"""What stands beside a recording: its room's questions as tracks for players."""

from __future__ import annotations

import uuid

from flask import Response, jsonify, url_for

from accounts.permissions import actor
from archive import questions
from archive.queries import record
from archive.queries import recordings as find
from archive.views import pages
from core.limits import limiter


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
    found = find.recording_or_404(pid, actor())

    def address(second: int) -> str:
        return url_for(".recording", pid=pid, t=second, _external=True)

    answer = jsonify(questions.chapters(record.record_beside(found).placed, found.duration or 0.0, address))
    answer.headers["Content-Type"] = questions.CHAPTERS
    return _private(answer)


def _private(answer: Response) -> Response:
    """Who may read it is asked each time."""
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
