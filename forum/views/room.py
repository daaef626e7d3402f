"""Where a code is typed, and the learner's phone."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from accounts.guards import signed_in
from accounts.permissions import actor
from forum import queries
from forum.models import CODE_ALPHABET, QuestionState, Room, RoomState, Stream
from forum.protocol import in_order, own_question
from forum.queries import Seat
from forum.views import around
from forum.views.base import STEP, Answer, counted, most, now_in, pages, shared, shown
from forum.views.cards import polls_on, running_first

OWN_ORDERS = {"new", "open"}  # that a reader may choose instead of the room's


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


def room_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    assert seat.person is not None  # noqa: S101 - a page of people
    order = request.args.get("order")
    order = order if order in OWN_ORDERS else room.ordering.value
    tag = request.args.get("tag", "")
    tag = tag if tag in room.tags else ""
    outline = queries.outline_in(room.id, Stream.PUB)
    mine = [counted(q, own_question(q)) for q in queries.own_questions(room, seat.person)]
    if not any(q["id"] == typed.get("editing") and q["state"] == QuestionState.PENDING for q in mine):
        typed.pop("editing", None)  # it can't be changed any more: what was written waits where a new one is asked
    ordered = [q for q in in_order(outline, order) if not tag or tag in q["tags"]]
    about = next((q for q in outline if q["id"] == request.args.get("about")), None)
    now_q = now_in(room, outline)
    questions = shown(Stream.PUB, [*ordered[: most()], about, now_q])
    page = render_template(
        "forum/room.html",
        **shared(room, seat),
        order=order,
        questions=[questions[q["id"]] for q in ordered[: most()]],
        total=len(outline),
        more=len(ordered) > most(),
        most=most(),
        step=STEP,
        mine=mine[::-1],
        own={q["id"] for q in mine} | {q["into"]["id"] for q in mine if q["into"]},
        votes={qid for qid, value in queries.voiced(room.id, seat.person.id).items() if value > 0},
        tag=tag,
        about=about and questions[about["id"]],
        banned=queries.is_banned(room, seat.person),
        now_q=now_q and questions[now_q["id"]],
        life=around.on_phone(room, seat),
        groups=around.groups_in(room, seat),
        polls=running_first(polls_on(room, Stream.PUB, seat.person)),
        typed=typed,
    )
    return page, status


@pages.get("/rooms/<code>")
@signed_in
def room(code: str) -> Answer:
    """The learner's phone."""
    found, seat = queries.room_or_404(code, actor())
    if found.state is RoomState.CLOSED:
        return redirect(url_for(".record", code=found.code))
    return room_page(found, seat)
