"""Polls as plain forms: choosing on the phone, and the host's page where they are prepared."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import DomainError, require
from forum import queries
from forum.forms.polls import KINDS, OPTIONS
from forum.models import Room, Stream
from forum.permissions import may_run
from forum.protocol import in_order
from forum.queries import Seat
from forum.views.acts import act
from forum.views.base import Answer, pages, shared, shown
from forum.views.cards import polls_on
from forum.views.room import room_page

ACTS = ("open", "close", "again", "reveal", "show", "hide", "delete", "up", "down")


@pages.post("/rooms/<code>/polls/<pid>/choice")
@signed_in
def choose(code: str, pid: str) -> Answer:
    """What somebody chose, in the order of the options where each has a value."""
    choice = request.form.getlist("choice")
    try:
        room, _seat, _ack = act(code, "poll:vote", "round", pid=pid, choice=choice)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        return room_page(room, seat, error.status, poll=pid, choice=choice, poll_error=str(error.message))
    flash(gettext("Your choice is stored. You can change it until the poll closes."), "ok")
    return redirect(url_for(".room", code=room.code, _anchor=f"p-{pid}"), 303)


@pages.get("/rooms/<code>/polls")
@signed_in
def polls(code: str) -> Answer:
    """Where a room's polls are prepared; ?edit= one of them."""
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return polls_page(room, seat)


def polls_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    prepared = polls_on(room, Stream.MOD)
    wanted = typed.get("pid") or request.args.get("edit")
    editing = next((poll for poll in prepared if poll["id"] == wanted and poll["state"] == "draft"), None)
    top = in_order(queries.outline_in(room.id, Stream.PUB), "open")[:5]
    asked = shown(Stream.PUB, top)
    page = render_template(
        "forum/polls.html",
        **shared(room, seat),
        polls=prepared,
        editing=editing,
        typed=typed or _as_typed(editing),
        kinds=KINDS,
        places=range(OPTIONS),
        checks=room.meeting.module_version.self_check,
        asked=[asked[q["id"]] for q in top],
    )
    return page, status


def _as_typed(poll: dict[str, Any] | None) -> dict[str, Any]:
    """A stored draft as the form's fields."""
    return poll | {"anonymous": poll["anon"]} if poll else {}


def _typed() -> dict[str, Any]:
    """The form's fields; choices stay at the places where they were written, so that marks stay with them."""
    form = request.form
    fields: dict[str, Any] = {
        name: form[name] for name in ("kind", "body", "why", "number", "most", "pid", "rev") if form.get(name)
    }
    fields |= {name: 1 if form.get(name) else 0 for name in ("live", "anonymous")}
    return fields | {"options": form.getlist("options"), "right": form.getlist("right")}


@pages.post("/rooms/<code>/polls")
@signed_in
def save_poll(code: str) -> Answer:
    typed = _typed()
    try:
        room, _seat, _ack = act(code, "poll:save", **{"body": "", "kind": ""} | typed)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        require(may_run(seat.role))
        return polls_page(room, seat, error.status, **typed, error=str(error.message))
    flash(gettext("The poll is prepared. You open it from here or from the console."), "ok")
    return redirect(url_for(".polls", code=room.code), 303)


@pages.post("/rooms/<code>/polls/take")
@signed_in
def take_poll(code: str) -> Answer:
    """A draft from the self-check (`check`) or from a question (`qid`)."""
    room, _seat, ack = act(code, "poll:take", "check", "qid")
    flash(gettext("A draft is ready: look at it before you open it."), "ok")
    return redirect(url_for(".polls", code=room.code, edit=ack["p"]["id"] if ack else None, _anchor="edit"), 303)


@pages.post(f"/rooms/<code>/polls/<pid>/<any({', '.join(ACTS)}):step>")
@signed_in
def run_poll(code: str, pid: str, step: str) -> Answer:
    """One step of a poll."""
    if step in {"show", "hide"}:
        room, _seat, _ack = act(code, "poll:show", pid=pid, on=int(step == "show"))
    elif step in {"up", "down"}:
        room, _seat, _ack = act(code, "poll:move", pid=pid, to=step)
    else:
        room, _seat, _ack = act(code, f"poll:{step}", "rev", pid=pid)
    back = {"polls": ".polls", "record": ".record"}.get(request.args.get("from", ""), ".console")
    return redirect(url_for(back, code=room.code, _anchor=f"p-{pid}" if step != "delete" else None), 303)


@pages.post("/rooms/<code>/polls/<pid>/hands")
@signed_in
def count_hands(code: str, pid: str) -> Answer:
    room, _seat, _ack = act(code, "poll:hands", "option", "count", pid=pid)
    return redirect(url_for(".console", code=room.code, _anchor=f"p-{pid}"), 303)


@pages.post("/rooms/<code>/polls/<pid>/pick")
@signed_in
def pick_text(code: str, pid: str) -> Answer:
    """Let a short text be shown, or not."""
    room, _seat, _ack = act(code, "poll:pick", "answer", pid=pid, on=1 if request.form.get("on") == "1" else 0)
    return redirect(url_for(".console", code=room.code, _anchor=f"p-{pid}"), 303)
