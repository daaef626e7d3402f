"""The mentors' inbox: questions given to them after a meeting, and the promises that are theirs."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import only, signed_in
from accounts.permissions import actor
from core.db import db, utcnow
from core.errors import DomainError, require
from core.i18n import athens
from core.pages import page_number, paginate
from forum import queries
from forum.models import Room, RoomState
from forum.permissions import may_run
from forum.queries import owed
from forum.queries.closing import team_of
from forum.services.inbox import due_at
from forum.views.acts import act
from forum.views.base import Answer, pages


@pages.get("/inbox")
@only(owed.may_owe)
def inbox() -> Answer:
    """What waits for me: by state and by cohort, the most urgent first."""
    user, now = actor(), utcnow()
    assert user is not None  # noqa: S101 - behind the guard
    state = request.args.get("state", "open")
    state = state if state in owed.STATES else "open"
    cohort = request.args.get("cohort", "")[:80]
    return render_template(
        "forum/inbox.html",
        listing=paginate(owed.inbox(user, state, cohort, now), page_number()),
        counts=owed.inbox_counts(user, now),
        cohorts=owed.inbox_cohorts(user),
        promises=owed.my_promises(user),
        state=state,
        cohort=cohort,
        cid=uuid.uuid4().hex,
    )


@pages.get("/inbox/<uuid:qid>")
@signed_in
def task(qid: uuid.UUID) -> Answer:
    """One question with everything a mentor may do with it."""
    return task_page(qid)


def task_page(qid: uuid.UUID, status: int = 200, **typed: Any) -> Answer:
    question = queries.question_or_404(qid)
    room, seat = queries.room_or_404(question.room.code, actor())
    require(may_run(seat.role))
    mine = owed.task_for(question.id)
    page = render_template(
        "forum/task.html",
        question=question,
        room=room,
        meeting=room.meeting,
        task=mine,
        team=team_of(db.session(), room, actor()),
        due=athens(mine.due_at if mine and mine.state == "open" else due_at()).date().isoformat(),
        typed=typed,
        cid=uuid.uuid4().hex,
    )
    return page, status


def _do(qid: uuid.UUID, command: str, *names: str, **said: str) -> Answer | None:
    """COMMAND on the question; the page again, with what was typed, when it is refused."""
    code = queries.question_or_404(qid).room.code
    try:
        act(code, command, *names, qid=str(qid), **said)
    except DomainError as error:
        _room, seat = queries.room_or_404(code, actor())
        if not may_run(seat.role) or error.status >= 500:
            raise
        fields = {name: request.form.get(name, "") for name in names}
        return task_page(qid, error.status, error=str(error.message), failed=command, **fields, **said)
    return None


@pages.post("/inbox/<uuid:qid>/answer")
@signed_in
def task_answer(qid: uuid.UUID) -> Answer:
    """The written answer goes into the room's record; the room stays closed."""
    if refused := _do(qid, "question:answer", "sources", "unsure", body=request.form.get("body", "")):
        return refused
    flash(gettext("The answer stands in the record. Whoever asked under a name is told."), "ok")
    return redirect(url_for(".inbox"), 303)


@pages.post("/inbox/<uuid:qid>/hand-over")
@signed_in
def hand_over(qid: uuid.UUID) -> Answer:
    """Somebody else of the team answers it."""
    if refused := _do(qid, "question:assign", "due", to=request.form.get("to", "")):
        return refused
    flash(gettext("It is in their inbox now, and they are told."), "ok")
    return redirect(url_for(".inbox"), 303)


@pages.post("/inbox/<uuid:qid>/cannot")
@signed_in
def cannot(qid: uuid.UUID) -> Answer:
    """It can't be answered, and why."""
    if refused := _do(qid, "question:cannot", reason=request.form.get("reason", "")):
        return refused
    flash(gettext("Whoever asked reads why."), "ok")
    return redirect(url_for(".inbox"), 303)


@pages.post("/rooms/<code>/promises")
@signed_in
def promise(code: str) -> Answer:
    """Something was promised: from the console, or afterwards from the record."""
    room, _seat, _ack = act(code, "promise:make", "to", "due", body=request.form.get("body", ""))
    return _to_promises(room)


def _to_promises(room: Room) -> Answer:
    page = ".record" if room.state is RoomState.CLOSED else ".console"
    return redirect(url_for(page, code=room.code, _anchor="promises"), 303)


@pages.post("/rooms/<code>/promises/<pid>/done")
@signed_in
def promise_done(code: str, pid: str) -> Answer:
    """It was kept, or not after all."""
    room, _seat, _ack = act(code, "promise:done", id=pid, on=1 if request.form.get("on") else 0)
    if request.form.get("back") == "inbox":
        return redirect(url_for(".inbox", _anchor="promises"), 303)
    return _to_promises(room)
