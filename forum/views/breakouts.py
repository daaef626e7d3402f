"""Work in groups as plain forms; those that only carry their fields are in life.py."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from forum.views.acts import act
from forum.views.base import Answer, pages
from forum.views.life import phone


@pages.post("/rooms/<code>/groups")
@signed_in
def open_groups(code: str) -> Answer:
    """Open `groups` groups for `minutes`; `links` has one on each line."""
    room, _seat, _ack = act(code, "breakout:open", "groups", "minutes", "deal", "task", "called", "links")
    flash(gettext("The groups are open. Whoever is in the room has a seat in one."), "ok")
    return redirect(url_for(".console", code=room.code, _anchor="groups"), 303)


@pages.post("/rooms/<code>/groups/question")
@signed_in
def bring(code: str) -> Answer:
    """What the group brings back."""
    room, _seat, _ack = act(code, "breakout:bring", body=request.form.get("body", ""))
    flash(gettext("Sent in the name of your group. It goes the way of every question."), "ok")
    return phone(room)
