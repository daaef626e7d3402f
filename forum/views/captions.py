"""Captions: where they are typed, where a program sends them, and the transcript that stays."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import DomainError, NotFound, require
from forum import forms, queries, services
from forum.models import Room
from forum.permissions import may_run
from forum.queries import Seat
from forum.services import captions as writing
from forum.views.acts import act
from forum.views.base import Answer, pages, shared

LONGEST = dt.timedelta(seconds=6)  # a caption stays on the film until the next one, at most so long
LARGEST = 8192  # bytes of one caption with its form
_SEQUENCE = re.compile(r"[0-9]{1,12}")


@pages.get("/rooms/<code>/captions")
@signed_in
def captioner(code: str) -> Answer:
    """Where a moderator types what is said, and makes keys for programs that do."""
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return _captioner(room, seat)


def _captioner(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    keys = [(key, writing.secret(key)) for key in queries.caption_keys(room.id)]
    page = render_template(
        "forum/captioner.html",
        **shared(room, seat),
        lines=queries.captions_in(room.id),
        keys=keys,
        address=url_for(".feed_captions", code=room.code, _external=True),
        typed=typed,
    )
    return page, status


@pages.post("/rooms/<code>/captions")
@signed_in
def caption(code: str) -> Answer:
    body = request.form.get("body", "")
    try:
        room, _seat, _ack = act(code, "room:caption", body=body)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        require(may_run(seat.role))
        return _captioner(room, seat, error.status, error=str(error.message), body=body)
    return redirect(url_for(".captioner", code=room.code, _anchor="body"), 303)


@pages.post("/rooms/<code>/captions/feed")
def feed_captions(code: str) -> Answer:
    """One caption from a program: its text as `body` or as the whole request, with the key.

    The key is `Authorization: Bearer …`, or `key` in form or address. `seq` (digits) makes sending it twice harmless.
    A wrong, expired or revoked key answers 404, as does a room that isn't there.
    """
    request.max_content_length = LARGEST
    room = queries.room_on_screen(code)
    told = request.authorization
    key = told.token if told is not None and told.type == "bearer" else request.values.get("key")
    seat = writing.seat_of_key(room, key) if room is not None else None
    require(room is not None and seat is not None, NotFound)
    assert seat is not None  # noqa: S101 - said to the type checker
    ack = services.act(seat, "room:caption", forms.check("room:caption", _sent(key or "")))
    return make_response(ack.ack or {}, 201)


def _sent(key: str) -> dict[str, Any]:
    body = request.form.get("body")
    if body is None:
        body = request.get_data(cache=True).decode("utf-8", "replace")
    told = request.values.get("seq", "")
    number = uuid.uuid5(uuid.NAMESPACE_OID, f"{key}:{told}") if _SEQUENCE.fullmatch(told) else uuid.uuid4()
    return {"body": body, "cid": number.hex}


@pages.post("/rooms/<code>/captions/keys")
@signed_in
def make_caption_key(code: str) -> Answer:
    room, _seat, _ack = act(code, "caption:key")
    return redirect(url_for(".captioner", code=room.code, _anchor="keys"), 303)


@pages.post("/rooms/<code>/captions/keys/<kid>/revoke")
@signed_in
def revoke_caption_key(code: str, kid: str) -> Answer:
    room, _seat, _ack = act(code, "caption:revoke", kid=kid)
    return redirect(url_for(".captioner", code=room.code, _anchor="keys"), 303)


@pages.get("/rooms/<code>/transcript")
@signed_in
def transcript(code: str) -> Answer:
    """What was said, for everybody with a part in the room; `as=txt` or `as=vtt` to take it along."""
    room, seat = queries.room_or_404(code, actor())
    lines = queries.transcript_of(room.id)
    began = room.opened_at or (lines[0][2] if lines else None)
    wanted = request.args.get("as")
    if wanted in {"txt", "vtt"} and began is not None:
        make = as_text if wanted == "txt" else as_vtt
        return _file(room, make(lines, began), wanted)
    timed = [(no, body, at - began) for no, body, at in lines] if began is not None else []
    return render_template("forum/transcript.html", **shared(room, seat), lines=timed)


def _file(room: Room, text: str, ending: str) -> Response:
    kind = "text/vtt" if ending == "vtt" else "text/plain"
    name = gettext("transcript")
    answer = Response(text, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-{room.code}.{ending}")
    return answer


Lines = list[tuple[int, str, dt.datetime]]


def _clock(since: dt.timedelta) -> str:
    """«1:02:03.004» as WebVTT writes it, never before the beginning."""
    whole = max(0, round(since.total_seconds() * 1000))
    return f"{whole // 3600000:02}:{whole // 60000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def as_text(lines: Lines, began: dt.datetime) -> str:
    """Each caption with the time since the room opened."""
    return "".join(f"[{_clock(at - began)[:8]}] {' '.join(body.split())}\n" for _no, body, at in lines)


def as_vtt(lines: Lines, began: dt.datetime) -> str:
    """The captions as a WebVTT file whose zero is the moment the room opened."""
    cues = ["WEBVTT\n"]
    for i, (no, body, at) in enumerate(lines):
        follows = lines[i + 1][2] if i + 1 < len(lines) else at + LONGEST
        end = max(at + dt.timedelta(milliseconds=500), min(follows, at + LONGEST))
        text = "\n".join(filter(None, map(str.strip, body.split("\n"))))
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        cues.append(f"{no}\n{_clock(at - began)} --> {_clock(end - began)}\n{escaped}\n")
    return "\n".join(cues)
