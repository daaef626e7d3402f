"""What goes on in a room beside its questions, as plain forms."""

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


def _console(room: Room, anchor: str = "now") -> Response:
    return redirect(url_for(".console", code=room.code, _anchor=anchor), 303)


@pages.post("/rooms/<code>/hand")
@signed_in
def hand(code: str) -> Answer:
    """Raise or lower one's own hand; `named`: the room may hear the name."""
    up = request.form.get("up") == "1"
    room, _seat, ack = act(code, "hand", up=int(up), **({"named": int("named" in request.form)} if up else {}))
    if ack and ack["no"]:
        flash(gettext("Your hand is up. You will be told when it is your turn."), "ok")
    return _phone(room)


@pages.post("/rooms/<code>/hands/call")
@signed_in
def call_hand(code: str) -> Answer:
    room, _seat, _ack = act(code, "hand:call", "no")
    return _console(room)


@pages.post("/rooms/<code>/hands/lower")
@signed_in
def lower_hand(code: str) -> Answer:
    room, _seat, _ack = act(code, "hand:lower", "no")
    return _console(room)


@pages.post("/rooms/<code>/react")
@signed_in
def react(code: str) -> Answer:
    room, _seat, _ack = act(code, "react", "k")
    return _phone(room)


@pages.post("/rooms/<code>/pulse")
@signed_in
def pulse(code: str) -> Answer:
    room, _seat, _ack = act(code, "pulse", "level")
    return _phone(room)


@pages.post("/rooms/<code>/check/ask")
@signed_in
def ask_check(code: str) -> Answer:
    room, _seat, _ack = act(code, "check:ask")
    return _console(room)


@pages.post("/rooms/<code>/check/reveal")
@signed_in
def reveal_check(code: str) -> Answer:
    room, _seat, _ack = act(code, "check:reveal")
    return _console(room)


@pages.post("/rooms/<code>/check/close")
@signed_in
def close_check(code: str) -> Answer:
    room, _seat, _ack = act(code, "check:close")
    return _console(room)


@pages.post("/rooms/<code>/announcements")
@signed_in
def announce(code: str) -> Answer:
    """Say `body` on every phone; `screen`: on the projector too."""
    room, _seat, _ack = act(
        code, "room:announce", body=request.form.get("body", ""), screen=int("screen" in request.form)
    )
    flash(gettext("Everybody in the room sees it."), "ok")
    return _console(room)


@pages.post("/rooms/<code>/announcements/<aid>/withdraw")
@signed_in
def unannounce(code: str, aid: str) -> Answer:
    room, _seat, _ack = act(code, "room:unannounce", aid=aid)
    return _console(room)


@pages.post("/rooms/<code>/notes")
@signed_in
def send_note(code: str) -> Answer:
    room, _seat, _ack = act(code, "note:send", body=request.form.get("body", ""))
    return _console(room)


@pages.post("/rooms/<code>/notes/<nid>/read")
@signed_in
def read_note(code: str, nid: str) -> Answer:
    room, _seat, _ack = act(code, "note:read", nid=nid)
    return _console(room)


@pages.post("/rooms/<code>/screen/clear")
@signed_in
def clear_screen(code: str) -> Answer:
    """Take the question off the projector; within two seconds it was never seen there."""
    room, _seat, ack = act(code, "screen:clear")
    if ack and ack["stopped"]:
        flash(gettext("Stopped in time: the screen never showed it."), "ok")
    return _console(room)


@pages.post("/rooms/<code>/screen/blank")
@signed_in
def blank_screen(code: str) -> Answer:
    room, _seat, _ack = act(code, "screen:blank", "on")
    return _console(room)


@pages.post("/rooms/<code>/screen/captions")
@signed_in
def caption_screen(code: str) -> Answer:
    room, _seat, _ack = act(code, "screen:captions", "on")
    return _console(room)
