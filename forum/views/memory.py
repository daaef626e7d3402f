"""Looking for what was asked before, without script, and saying that an old answer is enough."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from forum import forms, queries
from forum.services import limits, memory
from forum.views.acts import act
from forum.views.base import Answer, pages
from forum.views.room import room_page


@pages.post("/rooms/<code>/similar")
@signed_in
def similar(code: str) -> Answer:
    """The page of the room with what was asked before beside the text; nothing is sent yet."""
    room, seat = queries.room_or_404(code, actor())
    limits.take(seat.person and seat.person.id, "question:similar")
    body = request.form.get("body", "")
    found = memory.look(seat, actor(), **forms.check("question:similar", {"body": body}))["similar"]
    return room_page(room, seat, matches=found, looked=True, body=body, vis=request.form.get("vis", ""))


@pages.post("/rooms/<code>/covered")
@signed_in
def covered(code: str) -> Answer:
    """`source` is the kind of the answer and its id: «earlier:…»."""
    source, _, number = request.form.get("source", "").partition(":")
    room, _seat, _ack = act(code, "question:covered", source=source, id=number)
    flash(gettext("Good. It counts as a thank-you for that answer."), "ok")
    return redirect(url_for(".room", code=room.code), 303)
