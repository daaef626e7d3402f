"""Work in groups as plain forms."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from accounts.guards import signed_in
from forum.models import Room
from forum.views.acts import act
from forum.views.base import Answer, pages


def _phone(room: Room) -> Response:
    return redirect(url_for(".room", code=room.code, _anchor="now"), 303)


def _console(room: Room) -> Response:
    return redirect(url_for(".console", code=room.code, _anchor="groups"), 303)


@pages.post("/rooms/<code>/groups")
@signed_in
def open_groups(code: str) -> Answer:
    """Open `groups` groups for `minutes`; `links` has one on each line."""
    room, _seat, _ack = act(code, "breakout:open", "groups", "minutes", "deal", "task", "called", "links")
    flash(gettext("The groups are open. Whoever is in the room has a seat in one."), "ok")
    return _console(room)


@pages.post("/rooms/<code>/groups/extend")
@signed_in
def extend_groups(code: str) -> Answer:
    room, _seat, _ack = act(code, "breakout:extend", "minutes")
    return _console(room)


@pages.post("/rooms/<code>/groups/close")
@signed_in
def close_groups(code: str) -> Answer:
    room, _seat, _ack = act(code, "breakout:close")
    return _console(room)


@pages.post("/rooms/<code>/groups/seat")
@signed_in
def sit(code: str) -> Answer:
    """A seat in a group; `no` when one chooses oneself."""
    room, _seat, _ack = act(code, "breakout:sit", "no")
    return _phone(room)


@pages.post("/rooms/<code>/groups/question")
@signed_in
def bring(code: str) -> Answer:
    """What the group brings back."""
    room, _seat, _ack = act(code, "breakout:bring", body=request.form.get("body", ""))
    flash(gettext("Sent in the name of your group. It goes the way of every question."), "ok")
    return _phone(room)
