"""The room's pages: join, the learner's phone, the host's console, the projector, the record.

Each act of a room is a plain form too; `static/js/live.js` sends the same commands by socket.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import DomainError, require
from core.pagecache import kept, never_keep
from forum import forms, queries, services
from forum.models import CODE_ALPHABET, Question, QuestionState, Room, RoomState, Stream
from forum.permissions import may_read_record, may_run
from forum.protocol import moderators_question, own_question, public_question
from forum.qr import qr_path
from forum.queries import Seat

pages = Blueprint("forum", __name__)

ORDERS = ("voices", "new", "open")
UNANSWERED = {"open", "answering", "later"}

Answer = str | Response | tuple[str, int]


def code_of(text: str) -> str:
    """A room's code out of what people type: «k7m 4qx» → "K7M4QX"."""
    return "".join(c for c in text.upper() if c in CODE_ALPHABET)


@pages.get("/join")
def join() -> Answer:
    """Where a code is typed; with ?code= straight to the room when there is one for this person."""
    typed = request.args.get("code", "")
    code = code_of(typed)
    if not typed:
        return render_template("forum/join.html", typed="", wrong=False)
    user = actor()
    room_id = queries.room_id_of(code)
    # Nobody learns here which codes exist: without a seat the answer is the same as for a wrong code.
    if user is None or (room_id and queries.seat(room_id, user.id).role):
        return redirect(url_for("forum.room", code=code or "-"))
    return render_template("forum/join.html", typed=typed[:20], wrong=True), 404


def _address(room: Room) -> str:
    return url_for("forum.join", code=room.code, _external=True)


def _shared(room: Room, seat: Seat) -> dict[str, Any]:
    """What every page of a room shows."""
    return {"room": room, "meeting": room.meeting, "seat": seat, "qr": qr_path(_address(room)), "cid": uuid.uuid4().hex}


def in_order(questions: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """Questions as a list shows them: by voices, newest first, or the unanswered by voices."""
    if order == "new":
        return sorted(questions, key=lambda q: -q["no"])
    shown = [q for q in questions if q["state"] in UNANSWERED] if order == "open" else questions
    return sorted(shown, key=lambda q: (q["state"] == "answered", -q["n"], q["no"]))


def _counted(question: Question, payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {"n": question.score}


def _room_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    assert seat.person is not None  # noqa: S101 - a page of people
    order = request.args.get("order", "voices")
    order = order if order in ORDERS else "voices"
    questions = [_counted(q, public_question(q)) for q in queries.questions_in(room.id, Stream.PUB)]
    mine = [_counted(q, own_question(q)) for q in queries.own_questions(room, seat.person)]
    if not any(q["id"] == typed.get("editing") and q["state"] == QuestionState.PENDING for q in mine):
        typed.pop("editing", None)  # it can't be changed any more: what was written waits where a new one is asked
    page = render_template(
        "forum/room.html",
        **_shared(room, seat),
        order=order,
        questions=in_order(questions, order),
        total=len(questions),
        mine=mine[::-1],
        own={q["id"] for q in mine},
        votes={qid for qid, (value, _n) in queries.votes_of(room.id, seat.person.id).items() if value},
        now_q=_now(room, questions),
        typed=typed,
    )
    return page, status


def _now(room: Room, questions: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What stands in the middle of the table: the question being answered, else the one on the screen."""
    spot = next((q for q in questions if q["state"] == "answering"), None)
    if spot is None and room.spotlight_id is not None:
        pid = queries.pid_of(room.spotlight_id)
        spot = next((q for q in questions if q["id"] == pid), None)
    return spot


@pages.get("/rooms/<code>")
@signed_in
def room(code: str) -> Answer:
    """The learner's phone."""
    found, seat = queries.room_or_404(code, actor())
    if found.state is RoomState.CLOSED:
        return redirect(url_for(".record", code=found.code))
    return _room_page(found, seat)


@pages.get("/rooms/<code>/host")
@signed_in
def console(code: str) -> Answer:
    """The host's console."""
    found, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return _console_page(found, seat)


def _console_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    questions = [_counted(q, moderators_question(q)) for q in queries.questions_in(room.id, Stream.MOD)]
    waiting = [q for q in questions if q["state"] == "pending"]
    queue = in_order([q for q in questions if q["state"] in {"open", "later"}], "voices")
    page = render_template(
        "forum/console.html",
        **_shared(room, seat),
        waiting=waiting,
        queue=queue,
        done=[q for q in questions if q["state"] == "answered"],
        refused=[q for q in questions if q["state"] == "dismissed"],
        now_q=_now(room, questions),
        write=_write(questions, typed),
        typed=typed,
        screen=url_for(".projector", code=room.code, key=services.projector_key(room)),
        address=_address(room),
        reasons=reasons(),
    )
    return page, status


def _write(questions: list[dict[str, Any]], typed: dict[str, Any]) -> dict[str, Any] | None:
    """The question that is being answered in writing, when one was chosen."""
    wanted = typed.get("qid") or request.args.get("write")
    return next((q for q in questions if q["id"] == wanted and q["state"] in UNANSWERED | {"answered"}), None)


def reasons() -> list[str]:
    """Why a question may not pass, as its asker reads it."""
    return [
        gettext("It is outside this module's subject."),
        gettext("It concerns a particular person."),
        gettext("It was answered already."),
        gettext("Please say more clearly what you ask."),
    ]


@pages.get("/rooms/<code>/screen")
def projector(code: str) -> Answer:
    """The projector: for the host, and for whoever holds the signed link of the console."""
    key = request.args.get("key")
    room = queries.room_on_screen(code) if key else None
    if room is not None and services.projector_seat(room, key) is not None:
        return _screen_page(room, key)
    return _hosts_screen(code)


@signed_in
def _hosts_screen(code: str) -> Answer:
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return _screen_page(room, services.projector_key(room))


def _screen_page(room: Room, key: str | None) -> Answer:
    # The public stream's questions and nothing else: what isn't let through can't come here.
    questions = [_counted(q, public_question(q)) for q in queries.questions_in(room.id, Stream.PUB)]
    # Whoever stands before it reads the cohort's language, not that of the computer behind it.
    with force_locale(room.meeting.cohort.language):
        page = make_response(_render_screen(room, key, questions))
    page.headers["Content-Language"] = room.meeting.cohort.language
    return page


def _render_screen(room: Room, key: str | None, questions: list[dict[str, Any]]) -> str:
    return render_template(
        "forum/screen.html",
        room=room,
        meeting=room.meeting,
        key=key,
        qr=qr_path(_address(room)),
        now_q=_now(room, questions),
        top=in_order(questions, "open")[:5],
        total=len(questions),
        answered=sum(q["state"] == "answered" for q in questions),
    )


@pages.get("/rooms/<code>/record")
@kept
@signed_in
def record(code: str) -> Answer:
    """The finished room, readable by everybody who had a part in it."""
    found, seat = queries.room_or_404(code, actor())
    if not may_read_record(seat.role, found.state):
        return redirect(url_for(".room", code=found.code))
    return _record_page(found, seat)


def _record_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    if may_run(seat.role):  # their forms carry numbers that each do one thing once
        never_keep()
    lines = queries.record_of(room.meeting_id)
    wanted = typed.get("qid") or request.args.get("write")
    writing = next((q for q in lines if str(q.pid) == wanted), None) if may_run(seat.role) else None
    page = render_template(
        "forum/record.html",
        **_shared(room, seat),
        lines=lines,
        answered=sum(line.state is QuestionState.ANSWERED for line in lines),
        runs=may_run(seat.role),
        writing=writing,
        typed=typed,
    )
    return page, status


# Acts


def _act(code: str, command: str, *names: str, **values: Any) -> tuple[Room, Seat, dict[str, Any] | None]:
    """Do COMMAND with the form's fields NAMES and VALUES."""
    room, seat = queries.room_or_404(code, actor())
    fields = {name: request.form[name] for name in names if request.form.get(name)} | values
    if "cid" in forms.COMMANDS[command][0]:
        fields["cid"] = request.form.get("cid") or uuid.uuid4().hex
    ticket = services.act(seat, command, forms.check(command, fields))
    return room, seat, ticket.ack


@pages.post("/rooms/<code>/questions")
@signed_in
def ask(code: str) -> Answer:
    typed = {name: request.form.get(name, "") for name in ("body", "vis")}
    try:
        room, _seat, ack = _act(code, "question:ask", body=typed["body"], vis=typed["vis"] or "name")
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        return _room_page(room, seat, error.status, error=str(error.message), **typed)
    waits = ack is not None and ack["q"]["state"] == QuestionState.PENDING
    flash(gettext("Sent. A moderator reads it first.") if waits else gettext("Sent. Everybody sees it now."), "ok")
    return redirect(url_for(".room", code=room.code, _anchor="mine"), 303)


@pages.post("/rooms/<code>/questions/<qid>/voice")
@signed_in
def vote(code: str, qid: str) -> Answer:
    room, _seat, _ack = _act(code, "question:vote", qid=qid, val=1 if request.form.get("on") else 0)
    return redirect(url_for(".room", code=room.code, order=request.args.get("order"), _anchor=f"q-{qid}"), 303)


@pages.post("/rooms/<code>/questions/<qid>/edit")
@signed_in
def edit(code: str, qid: str) -> Answer:
    body = request.form.get("body", "")
    try:
        room, _seat, _ack = _act(code, "question:edit", "rev", qid=qid, body=body)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        return _room_page(room, seat, error.status, error=str(error.message), body=body, editing=qid)
    return redirect(url_for(".room", code=room.code, _anchor="mine"), 303)


@pages.post("/rooms/<code>/questions/<qid>/withdraw")
@signed_in
def withdraw(code: str, qid: str) -> Answer:
    room, _seat, _ack = _act(code, "question:withdraw", qid=qid)
    return redirect(url_for(".room", code=room.code, _anchor="mine"), 303)


@pages.post("/rooms/<code>/questions/<qid>/moderate")
@signed_in
def moderate(code: str, qid: str) -> Answer:
    """One act of a moderator: `op`, and `reason` (or `other`, in their own words) to refuse."""
    reason = request.form.get("reason") or request.form.get("other") or ""
    room, _seat, _ack = _act(
        code, "question:moderate", "rev", qid=qid, op=request.values.get("op", ""), reason=reason
    )
    return redirect(url_for(".console", code=room.code), 303)


@pages.post("/rooms/<code>/questions/<qid>/answer")
@signed_in
def answer(code: str, qid: str) -> Answer:
    """A written answer, from the console or, afterwards, from the record."""
    body = request.form.get("body", "")
    try:
        room, _seat, _ack = _act(code, "question:answer", qid=qid, body=body)
    except DomainError as error:
        room, seat = queries.room_or_404(code, actor())
        require(may_run(seat.role))
        page = _record_page if room.state is RoomState.CLOSED else _console_page
        return page(room, seat, error.status, error=str(error.message), body=body, qid=qid)
    flash(gettext("The answer stands under the question."), "ok")
    to = ".record" if room.state is RoomState.CLOSED else ".console"
    return redirect(url_for(to, code=room.code, _anchor=f"q-{qid}"), 303)


@pages.post("/rooms/<code>/open")
@signed_in
def open_room(code: str) -> Answer:
    room, _seat, _ack = _act(code, "room:open")
    return redirect(url_for(".console", code=room.code), 303)


@pages.post("/rooms/<code>/close")
@signed_in
def close_room(code: str) -> Answer:
    room, _seat, _ack = _act(code, "room:close")
    flash(gettext("The room is closed. Everything said in it stays here."), "ok")
    return redirect(url_for(".record", code=room.code), 303)
