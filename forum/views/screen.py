"""The projector: what everybody may see, and nothing else."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask_babel import force_locale

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import require
from forum import queries, services
from forum.models import Room, Stream
from forum.permissions import may_run
from forum.protocol import UNANSWERED, in_order
from forum.qr import qr_path
from forum.services import screens
from forum.views import around
from forum.views.base import Answer, address, pages, shown
from forum.views.cards import polls_on


@pages.get("/rooms/<code>/screen")
def projector(code: str) -> Answer:
    """The projector: for the host, and for whoever holds the signed link of the console."""
    key = request.args.get("key")
    room = queries.room_on_screen(code) if key else None
    if room is not None and services.projector_seat(room, key) is not None:
        return _screen_page(room, key)
    return _hosts_screen(code)


@signed_in
def _hosts_screen(code: str) -> Answer:
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return _screen_page(room, services.projector_key(room))


def _screen_page(room: Room, key: str | None) -> Answer:
    # The public stream's questions and nothing else: what isn't let through can't come here.
    outline = queries.outline_in(room.id, Stream.PUB)
    # Whoever stands before it reads the cohort's language, not that of the computer behind it.
    with force_locale(room.meeting.cohort.language):
        page = make_response(_render_screen(room, key, outline))
    page.headers["Content-Language"] = room.meeting.cohort.language
    return page


def _render_screen(room: Room, key: str | None, outline: list[dict[str, Any]]) -> str:
    due = screens.due(room)
    spot = next((q for q in outline if q["id"] == due["spot"]), None)
    top = [q for q in in_order(outline, room.ordering.value) if q["state"] in UNANSWERED][:5]
    questions = shown(Stream.PUB, [spot, *top])
    return render_template(
        "forum/screen.html",
        room=room,
        meeting=room.meeting,
        key=key,
        qr=qr_path(address(room)),
        now_q=spot and questions[spot["id"]],
        note=around.note_on(room, due["note"]),
        blank=around.is_blank(room),
        poll=next((poll for poll in polls_on(room, Stream.PUB) if poll["id"] == due["poll"]), None),
        top=[questions[q["id"]] for q in top],
    )
