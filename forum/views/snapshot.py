"""A whole stream for whoever needs it: the same compressed bytes for everybody of its audience."""

from __future__ import annotations

from flask import Response, request

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import NotFound
from forum import services
from forum.queries import Seat
from forum.services import catchup, presence
from forum.services.reading import readings
from forum.views.base import Answer, pages


@pages.get("/rooms/<code>/snapshot")
def snapshot(code: str) -> Answer:
    """What `room:hello` names as `snapshot_url`: for whoever has a seat, or the projector's key."""
    key = request.args.get("key")
    if key is None:
        return _of_a_person(code)
    number = readings().number(code)
    seat = services.projector_seat(readings().now(number).room, key) if number else None
    if seat is None:
        raise NotFound
    return _sent(seat)


@signed_in
def _of_a_person(code: str) -> Answer:
    user, number = actor(), readings().number(code)
    if user is None or number is None:
        raise NotFound
    return _sent(presence.seat_of(number, int(user.id), user.fs_uniquifier))


def _sent(seat: Seat) -> Answer:
    stream = services.stream_of(seat)
    rendered = catchup.whole(readings().now(seat.room_id).room, stream)
    encoding = next((name for name in ("br", "gzip") if request.accept_encodings[name]), "identity")
    answer = Response(rendered.as_sent(encoding), mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.update(("Accept-Encoding", "Cookie"))
    answer.set_etag(f"{stream.value}-{rendered.etag}", weak=True)
    if encoding != "identity":
        answer.content_encoding = encoding
    return answer.make_conditional(request)
