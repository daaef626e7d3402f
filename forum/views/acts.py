"""The acts of a room as plain forms."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import DomainError, require
from forum import forms, queries, services
from forum.models import QuestionState, Room, RoomState
from forum.permissions import may_run
from forum.queries import Seat
from forum.views.base import Answer, pages
from forum.views.console import console_page
from forum.views.pictures import take_picture
from forum.views.record import record_page
from forum.views.room import room_page


def act(code: str, command: str, *names: str, **values: Any) -> tuple[Room, Seat, dict[str, Any] | None]:
    """Do COMMAND with the form's fields NAMES and VALUES."""
    room, seat = queries.room_or_404(code, actor())
    fields = {name: request.form[name] for name in names if request.form.get(name)} | values
    if "cid" in forms.COMMANDS[command][0]:
        fields.setdefault("cid", request.form.get("cid") or uuid.uuid4().hex)
    ticket = services.act(seat, command, forms.check(command, fields))
    return room, seat, ticket.ack


@pages.post("/rooms/<code>/questions")
@signed_in
def ask(code: str) -> Answer:
    typed = {name: request.form.get(name, "") for name in ("body", "vis", "alt")}
    hall = request.form.get("hall") == "1"
    said: dict[str, Any] = {"body": typed["body"], "vis": typed["vis"] or "name"}
    said["cid"] = request.form.get("cid") or uuid.uuid4().hex
    try:
        if take_picture(*queries.room_or_404(code, actor()), said["cid"]):
            said["picture"] = 1
        room, _seat, ack = act(code, "question:ask", "hall", "behalf", "place", **said)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        if hall and may_run(seat.role):
            return console_page(room, seat, error.status, hall_error=str(error.message), hall_body=typed["body"])
        return room_page(room, seat, error.status, error=str(error.message), **typed)
    if hall:
        flash(gettext("Sent. It stands in the queue as a question from the hall."), "ok")
        return redirect(url_for(".console", code=room.code), 303)
    waits = ack is not None and ack["q"]["state"] == QuestionState.PENDING
    flash(gettext("Sent. A moderator reads it first.") if waits else gettext("Sent. Everybody sees it now."), "ok")
    return redirect(url_for(".room", code=room.code, _anchor="mine"), 303)


@pages.post("/rooms/<code>/questions/<qid>/voice")
@signed_in
def vote(code: str, qid: str) -> Answer:
    down, on = request.form.get("down"), request.form.get("on")
    room, _seat, _ack = act(code, "question:vote", qid=qid, val=-1 if down else 1 if on else 0)
    return redirect(url_for(".room", code=room.code, order=request.args.get("order"), _anchor=f"q-{qid}"), 303)


@pages.post("/rooms/<code>/questions/<qid>/edit")
@signed_in
def edit(code: str, qid: str) -> Answer:
    body = request.form.get("body", "")
    try:
        room, _seat, _ack = act(code, "question:edit", "rev", qid=qid, body=body)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        return room_page(room, seat, error.status, error=str(error.message), body=body, editing=qid)
    return redirect(url_for(".room", code=room.code, _anchor="mine"), 303)


@pages.post("/rooms/<code>/questions/<qid>/withdraw")
@signed_in
def withdraw(code: str, qid: str) -> Answer:
    room, _seat, _ack = act(code, "question:withdraw", qid=qid)
    return redirect(url_for(".room", code=room.code, _anchor="mine"), 303)


@pages.post("/rooms/<code>/questions/<qid>/moderate")
@signed_in
def moderate(code: str, qid: str) -> Answer:
    """One act of a moderator: `op`, and what it needs: `reason` (or `other`, in own words), `body`, `into`, `tags`."""
    form, op = request.form, request.values.get("op", "")
    told: dict[str, Any] = {"qid": qid, "op": op, "reason": form.get("reason") or form.get("other") or ""}
    if op == "tag":
        told["tags"] = form.getlist("tags")
    room, _seat, _ack = act(code, "question:moderate", "rev", "body", "into", **told)
    return redirect(url_for(".console", code=room.code), 303)


@pages.post("/rooms/<code>/questions/<qid>/answer")
@signed_in
def answer(code: str, qid: str) -> Answer:
    """A written answer, from the console or, afterwards, from the record."""
    body = request.form.get("body", "")
    try:
        room, _seat, _ack = act(code, "question:answer", "sources", "unsure", qid=qid, body=body)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        require(may_run(seat.role))
        page = record_page if room.state is RoomState.CLOSED else console_page
        rests_on = {name: request.form.get(name, "") for name in ("sources", "unsure")}
        return page(room, seat, error.status, error=str(error.message), body=body, qid=qid, **rests_on)
    flash(gettext("The answer stands under the question."), "ok")
    to = ".record" if room.state is RoomState.CLOSED else ".console"
    return redirect(url_for(to, code=room.code, _anchor=f"q-{qid}"), 303)


@pages.post("/rooms/<code>/questions/<qid>/accept")
@signed_in
def accept(code: str, qid: str) -> Answer:
    """The asker, or a moderator, says that an answer answers the question."""
    room, seat, _ack = act(code, "answer:accept", "answer", "on", qid=qid)
    if room.state is RoomState.CLOSED:
        return redirect(url_for(".record", code=room.code, _anchor=f"q-{qid}"), 303)
    page = ".console" if may_run(seat.role) else ".room"
    return redirect(url_for(page, code=room.code, _anchor=None if may_run(seat.role) else "mine"), 303)
