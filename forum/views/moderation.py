"""What moderators set, join, read and undo, as plain pages and forms; and a learner's report."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import DomainError, NotFound, require
from core.i18n import clock
from forum import queries
from forum.models import Room, Stream
from forum.permissions import may_run
from forum.protocol import act_payload, moderators_question, settings_payload
from forum.queries import Seat
from forum.views.acts import act
from forum.views.base import Answer, counted, pages, shared
from forum.views.history import said

SWITCHES = ("anonymous", "delay", "reactions", "blocklist")


@pages.post("/rooms/<code>/questions/<qid>/report")
@signed_in
def report(code: str, qid: str) -> Answer:
    """A learner says that a question shouldn't stand."""
    reason = request.form.get("reason") or request.form.get("other") or ""
    room, _seat, _ack = act(code, "question:report", qid=qid, reason=reason)
    flash(gettext("Thank you. The moderators have it; nobody else sees that you reported."), "ok")
    return redirect(url_for(".room", code=room.code, _anchor=f"q-{qid}"), 303)


@pages.post("/rooms/<code>/bulk")
@signed_in
def bulk(code: str) -> Answer:
    """One act on the questions that were chosen: `qs` (id:rev), `op`, and what it needs."""
    _moderated(code)  # who may comes before what was chosen
    form = request.form
    told: dict[str, Any] = {"qs": form.getlist("qs"), "op": form.get("op", "")}
    told |= {"tags": tags} if (tags := [tag for tag in form.getlist("tags") if tag]) else {}
    room, _seat, _ack = act(code, "question:bulk", "reason", "into", **told)
    return redirect(url_for(".console", code=room.code), 303)


@pages.post("/rooms/<code>/undo")
@signed_in
def undo(code: str) -> Answer:
    """Take back one's own last act."""
    room, _seat, _ack = act(code, "room:undo", "act")
    flash(gettext("It is as it was before."), "ok")
    return redirect(url_for(".console", code=room.code), 303)


@pages.get("/rooms/<code>/questions/<qid>/merge")
@signed_in
def merge(code: str, qid: str) -> Answer:
    """Where a question may go, with the voices both would have together: as a page, or as data for the picker."""
    room, seat = _moderated(code)
    shown = queries.questions_in(room.id, Stream.MOD)
    question = next((one for one in shown if str(one.pid) == qid), None)
    if question is None:
        raise NotFound
    choices = [
        {"id": str(one.question.pid), "no": one.question.no, "body": one.question.body, "n": one.question.score}
        | {"joined": one.joined}
        for one in queries.merge_choices(room, question)
    ]
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"n": question.score, "choices": choices})
    q = counted(question, moderators_question(question))
    return render_template("forum/merge.html", **shared(room, seat), q=q, choices=choices)


@pages.get("/rooms/<code>/history")
@signed_in
def history(code: str) -> Answer:
    """What moderators did in this room, the latest first: as a page, or as data for the console's fold."""
    room, seat = _moderated(code)
    acts = [act_payload(one, said(one)) | {"time": clock(one.at)} for one in queries.acts_in(room.id)]
    if request.accept_mimetypes.best == "application/json":
        return jsonify({"acts": acts})
    return render_template("forum/history.html", **shared(room, seat), acts=acts)


@pages.get("/rooms/<code>/settings")
@signed_in
def settings(code: str) -> Answer:
    room, seat = _moderated(code)
    return settings_page(room, seat)


@pages.post("/rooms/<code>/settings")
@signed_in
def change_settings(code: str) -> Answer:
    form = request.form
    names = ("moderation", "cap", "order", "places", *SWITCHES)
    lists = {name: form[name] for name in ("blocked", "allowed", "tags") if name in form}
    try:
        room, _seat, _ack = act(code, "room:settings", *names, **lists)
    except DomainError as error:
        room, seat = _moderated(code)
        return settings_page(room, seat, error.status, error=str(error.message), typed=form)
    flash(gettext("The room's settings are saved."), "ok")
    return redirect(url_for(".console", code=room.code), 303)


def settings_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    now = settings_payload(room, Stream.MOD) | dict(typed.pop("typed", {}))
    return render_template("forum/settings.html", **shared(room, seat), now_set=now, **typed), status


def _moderated(code: str) -> tuple[Room, Seat]:
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return room, seat
