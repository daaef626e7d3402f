"""The host's console."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.db import db
from core.errors import require
from forum import queries, services
from forum.forms.memory import SOURCES
from forum.forms.readers import QID, one_of
from forum.models import Room, Stream
from forum.permissions import may_run
from forum.protocol import UNANSWERED, in_order, moderators_promise, moderators_question, settings_payload
from forum.queries import Seat
from forum.queries.closing import promises_in, team_of
from forum.services import memory
from forum.views import around
from forum.views.base import Answer, address, counted, now_in, pages, shared
from forum.views.cards import polls_on
from forum.views.history import act_words, undoable
from learning.queries import places_of


@pages.get("/rooms/<code>/host")
@signed_in
def console(code: str) -> Answer:
    """The host's console."""
    found, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    return console_page(found, seat)


def console_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    questions, order = _shown(room), request.args.get("order") or room.ordering.value
    waiting = [q for q in questions if q["state"] == "pending" or (q["state"] == "open" and q["watch"] == "post")]
    # Turns are counted over all questions, those already heard too: first the order, then the choice.
    queue = [q for q in in_order(questions, order) if q["state"] in {"open", "later"}]
    page = render_template(
        "forum/console.html",
        **shared(room, seat),
        waiting=waiting,
        twins=memory.twins_in(room.id, [q["id"] for q in waiting]) if waiting else {},
        known=_known(seat, waiting),
        queue=queue,
        done=[q for q in questions if q["state"] == "answered"],
        order=order,
        merged=[q for q in questions if q["state"] == "merged"],
        about=next((q for q in questions if q["id"] == request.args.get("about")), None),
        now_set=settings_payload(room, Stream.MOD),
        last_act=undoable(room, seat),
        act_words=act_words(),
        refused=[q for q in questions if q["state"] == "dismissed"],
        now_q=now_in(room, questions),
        life=around.on_console(room, seat),
        groups=around.groups_in(room, seat),
        polls=polls_on(room, Stream.MOD),
        write=_write(questions, typed),
        typed=typed or {"body": reused(seat)},
        screen=url_for(".projector", code=room.code, key=services.projector_key(room)),
        address=address(room),
        reasons=reasons(),
        promises=[moderators_promise(promise) for promise in promises_in(db.session(), room.id)],
        team=team_of(db.session(), room, actor()),
        places=places_of(room.meeting.cohort_id),
    )
    return page, status


def _known(seat: Seat, waiting: list[dict[str, Any]]) -> dict[str, Any]:
    """{the slip that was asked about: the answer there is}, for ?known=."""
    wanted = request.args.get("known")
    if not any(q["id"] == wanted for q in waiting):
        return {}
    found = memory.look(seat, actor(), qid=wanted)["known"]
    return {str(wanted): found[0]} if found else {}


def reused(seat: Seat) -> str:
    """The text of an answer that is sent again, for ?from=source:id; empty without one."""
    source, _, number = request.args.get("from", "").partition(":")
    return memory.written_at(seat, one_of(*SOURCES)(source), QID(number)) if number else ""


def _shown(room: Room) -> list[dict[str, Any]]:
    """The questions as moderators see them, with their voices, how many say "not for now", how many were joined with
    each, and whether its asker only reads."""
    questions, bans = queries.questions_in(room.id, Stream.MOD), set(queries.bans_on(db.session(), room.id))
    joined = Counter(q.merged_into_id for q in questions if q.merged_into_id)
    return [
        counted(q, moderators_question(q)) | {"downs": q.downs, "joined": joined[q.id], "banned": str(q.pid) in bans}
        for q in questions
    ]


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
