"""The picture of a question: sending it before the question, and handing it out to whoever sees the question."""

from __future__ import annotations

import hashlib
import uuid
from contextlib import closing
from typing import Any

from flask import Response, jsonify, request

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import DomainError, require
from core.pictures import MIMETYPE, SENT_BYTES
from core.text import clean
from forum import queries, services
from forum.forms.readers import CID
from forum.models import Room
from forum.permissions import may
from forum.queries import Seat
from forum.services import pictures
from forum.views.base import Answer, pages

FORM = 64 << 10  # bytes of what stands beside the picture in a form
ALT_LIMIT = 300


def take_picture(room: Room, seat: Seat, cid: str) -> bool:
    """Keep the picture of this request's form, if it has one, for the question that is asked under CID."""
    file = request.files.get("picture")
    if file is None or not file.filename:
        return False
    with closing(file):
        raw = file.stream.read(SENT_BYTES + 1)
    pictures.keep(seat, room, CID(cid), raw, clean(request.form.get("alt", ""))[:ALT_LIMIT])
    return True


@pages.post("/rooms/<code>/pictures")
@signed_in
def keep_picture(code: str) -> Any:
    """A page with script sends the picture first, then the question with the same `cid`."""
    room, seat = queries.room_or_404(code, actor())
    require(may(seat.role, "question:ask"))
    try:
        if not take_picture(room, seat, request.form.get("cid", "")):
            raise pictures.NoPicture
    except DomainError as error:
        return jsonify(ok=False, err=error.code, msg=str(error.message), **error.facts), error.status
    return jsonify(ok=True)


@pages.url_value_preprocessor
def _room_for_a_picture(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A question may bring a picture along; said before anybody reads the body."""
    if endpoint in {"forum.ask", "forum.keep_picture"}:
        request.max_content_length = SENT_BYTES + FORM


@pages.get("/rooms/<code>/questions/<uuid:qid>/picture")
def picture(code: str, qid: uuid.UUID) -> Answer:
    """The picture, for whoever sees it; a projector brings its key."""
    key = request.args.get("key")
    room = queries.room_on_screen(code) if key else None
    seat = services.projector_seat(room, key) if room is not None else None
    if room is None or seat is None:
        return _of_a_person(code, qid)
    return _sent(room, seat, qid)


@signed_in
def _of_a_person(code: str, qid: uuid.UUID) -> Answer:
    return _sent(*queries.room_or_404(code, actor()), qid)


def _sent(room: Room, seat: Seat, qid: uuid.UUID) -> Answer:
    found = queries.picture_or_404(room, seat, qid)
    answer = Response(found.data, mimetype=MIMETYPE)
    answer.headers["Cache-Control"] = "private, no-cache"  # asked for anew: it may have been taken away meanwhile
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.set_etag(hashlib.sha256(found.data).hexdigest())
    return answer.make_conditional(request)


