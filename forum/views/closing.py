"""The list that a host goes through before the room closes, and what opens it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.db import db
from core.errors import DomainError, require
from core.i18n import athens
from forum import queries
from forum.models import PollState, Room, RoomState, Stream
from forum.permissions import may_run
from forum.queries import Seat
from forum.queries.closing import ownerless, team_of, unsettled
from forum.services import closing
from forum.services.inbox import due_at
from forum.views.acts import act
from forum.views.base import Answer, pages, shared

SHOWN = 200  # questions with a choice of their own; what is beyond follows the last button


@pages.get("/rooms/<code>/close")
@signed_in
def close(code: str) -> Answer:
    """What has no fate yet, with a choice for each."""
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    if room.state is not RoomState.OPEN:
        return redirect(url_for(".record" if room.state is RoomState.CLOSED else ".console", code=room.code))
    return closing_page(room, seat)


def closing_page(room: Room, seat: Seat, status: int = 200, error: str = "") -> Answer:
    session = db.session()
    waiting = unsettled(session, room.id)
    page = render_template(
        "forum/closing.html",
        **shared(room, seat),
        team=team_of(session, room, actor()),
        unread=[question for question in waiting if question.state == "pending"][:SHOWN],
        unanswered=[question for question in waiting if question.state != "pending"][:SHOWN],
        more=max(0, len(waiting) - SHOWN),
        promises=ownerless(session, room.id),
        polls=[poll for poll in queries.polls_in(room.id, Stream.PUB) if poll.state is not PollState.REVEALED],
        due=athens(due_at()).date().isoformat(),
        error=error,
        typed=request.form,
    )
    return page, status


@pages.post("/rooms/<code>/close")
@signed_in
def close_room(code: str) -> Answer:
    """Close it with the choices of the list, or with everything left for one mentor."""
    choices = {"fates": _fates(request.form), "owners": _owners(request.form)}
    try:
        room, _seat, _ack = act(code, "room:close", "rest", "due", **choices)
    except closing.Unsettled as error:
        room, seat = queries.room_or_404(code, actor())
        return closing_page(room, seat, error.status, str(error.message))
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        if not may_run(seat.role) or room.state is not RoomState.OPEN or error.status >= 500:
            raise
        return closing_page(room, seat, error.status, str(error.message))
    flash(gettext("The room is closed. Everything said in it stays here."), "ok")
    return redirect(url_for(".record", code=room.code), 303)


def _fates(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The choice for each question: its fields end with the question's id."""
    found: list[dict[str, Any]] = []
    for name, to in form.items():
        if not name.startswith("to-"):
            continue
        qid = name.removeprefix("to-")
        what = form.get(f"what-{qid}")
        if what == "dismiss":
            found.append({"qid": qid, "reason": form.get(f"why-{qid}", "")})
        elif to:
            due: dict[str, Any] = {"due": form[f"due-{qid}"]} if form.get(f"due-{qid}") else {}
            found.append({"qid": qid, "to": to, "through": int(what == "through"), **due})
    return found


def _owners(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who keeps each promise, and until when."""
    found: list[dict[str, Any]] = []
    for name, to in form.items():
        if name.startswith("owner-") and to:
            pid = name.removeprefix("owner-")
            due = {"due": form[f"until-{pid}"]} if form.get(f"until-{pid}") else {}
            found.append({"id": pid, "to": to, **due})
    return found


@pages.post("/rooms/<code>/open")
@signed_in
def open_room(code: str) -> Answer:
    room, _seat, _ack = act(code, "room:open")
    return redirect(url_for(".console", code=room.code), 303)
