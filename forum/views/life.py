"""What goes on in a room beside its questions, as plain forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from accounts.guards import signed_in
from forum.models import Room
from forum.views.acts import act
from forum.views.base import Answer, pages


def phone(room: Room) -> Response:
    return redirect(url_for(".room", code=room.code, _anchor="now"), 303)


def console(room: Room) -> Response:
    return redirect(url_for(".console", code=room.code, _anchor="now"), 303)


Back = Callable[[Room], Response]

# Forms that carry their fields to a command and lead back, nothing more: {view: (address, command, fields, back to)}.
PLAIN: dict[str, tuple[str, str, tuple[str, ...], Back]] = {
    "call_hand": ("hands/call", "hand:call", ("no",), console),
    "lower_hand": ("hands/lower", "hand:lower", ("no",), console),
    "react": ("react", "react", ("k",), phone),
    "pulse": ("pulse", "pulse", ("level",), phone),
    "ask_check": ("check/ask", "check:ask", (), console),
    "reveal_check": ("check/reveal", "check:reveal", (), console),
    "close_check": ("check/close", "check:close", (), console),
    "unannounce": ("announcements/<aid>/withdraw", "room:unannounce", (), console),
    "read_note": ("notes/<nid>/read", "note:read", (), console),
    "blank_screen": ("screen/blank", "screen:blank", ("on",), console),
    "caption_screen": ("screen/captions", "screen:captions", ("on",), console),
    "extend_groups": ("groups/extend", "breakout:extend", ("minutes",), console),
    "close_groups": ("groups/close", "breakout:close", (), console),
    "sit": ("groups/seat", "breakout:sit", ("no",), phone),
}


def _plain(command: str, fields: tuple[str, ...], back: Back) -> Callable[..., Answer]:
    @signed_in
    def view(code: str, **named: Any) -> Answer:
        room, _seat, _ack = act(code, command, *fields, **named)
        return back(room)

    return view


for _name, (_address, _command, _fields, _back) in PLAIN.items():
    pages.add_url_rule(f"/rooms/<code>/{_address}", _name, _plain(_command, _fields, _back), methods=["POST"])


@pages.post("/rooms/<code>/hand")
@signed_in
def hand(code: str) -> Answer:
    """Raise or lower one's own hand; `named`: the room may hear the name."""
    up = request.form.get("up") == "1"
    room, _seat, ack = act(code, "hand", up=int(up), **({"named": int("named" in request.form)} if up else {}))
    if ack and ack["no"]:
        flash(gettext("Your hand is up. You will be told when it is your turn."), "ok")
    return phone(room)


@pages.post("/rooms/<code>/announcements")
@signed_in
def announce(code: str) -> Answer:
    """Say `body` on every phone; `screen`: on the projector too."""
    room, _seat, _ack = act(
        code, "room:announce", body=request.form.get("body", ""), screen=int("screen" in request.form)
    )
    flash(gettext("Everybody in the room sees it."), "ok")
    return console(room)


@pages.post("/rooms/<code>/notes")
@signed_in
def send_note(code: str) -> Answer:
    room, _seat, _ack = act(code, "note:send", body=request.form.get("body", ""))
    return console(room)


@pages.post("/rooms/<code>/screen/clear")
@signed_in
def clear_screen(code: str) -> Answer:
    """Take the question off the projector; within two seconds it was never seen there."""
    room, _seat, ack = act(code, "screen:clear")
    if ack and ack["stopped"]:
        flash(gettext("Stopped in time: the screen never showed it."), "ok")
    return console(room)
