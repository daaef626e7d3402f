"""Looking for what was asked before, without script, and saying that an old answer is enough."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import require
from forum import forms, queries
from forum.forms.memory import SOURCES
from forum.forms.readers import QID, one_of
from forum.permissions import may_run
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


@pages.post("/rooms/<code>/questions/<qid>/known")
@signed_in
def send_known(code: str, qid: str) -> Answer:
    """A moderator answers a slip with an answer there is: it passes, and the answer waits in the form to be sent."""
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    source, _, number = request.form.get("source", "").partition(":")
    memory.written_at(seat, one_of(*SOURCES)(source), QID(number))
    act(code, "question:moderate", "rev", qid=qid, op="approve")
    query = {"write": qid, "from": f"{source}:{number}"}
    return redirect(f"{url_for('.console', code=room.code)}?{urlencode(query)}#write", 303)


@pages.post("/rooms/<code>/covered")
@signed_in
def covered(code: str) -> Answer:
    """`source` is the kind of the answer and its id: «earlier:…»."""
    source, _, number = request.form.get("source", "").partition(":")
    room, _seat, _ack = act(code, "question:covered", source=source, id=number)
    flash(gettext("Good. It counts as a thank-you for that answer."), "ok")
    return redirect(url_for(".room", code=room.code), 303)
