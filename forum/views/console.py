"""The host's console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
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
from forum.protocol import UNANSWERED, in_order, moderators_promise, settings_payload
from forum.queries import Seat
from forum.queries.closing import promises_in, team_of
from forum.services import memory
from forum.views import around
from forum.views.base import STEP, Answer, address, most, now_in, pages, shared, shown
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


LANES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "waiting": lambda q: q["state"] == "pending" or (q["state"] == "open" and q["watch"] == "post"),
    "queue": lambda q: q["state"] in {"open", "later"},
    "done": lambda q: q["state"] == "answered",
    "merged": lambda q: q["state"] == "merged",
    "refused": lambda q: q["state"] == "dismissed",
}


def console_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    outline, order = queries.outline_in(room.id, Stream.MOD), request.args.get("order") or room.ordering.value
    # Turns are counted over all questions, those already heard too: first the order, then the choice.
    lists = {"queue": in_order(outline, order)}
    lanes = {name: [q for q in lists.get(name, outline) if fits(q)] for name, fits in LANES.items()}
    now_q, about, write = now_in(room, outline), _named(outline, request.args.get("about")), _write(outline, typed)
    listed = [q for lane in lanes.values() for q in lane[: most()]]
    questions = _shown(room, outline, [*listed, now_q, about, write])
    rows = {name: [questions[q["id"]] for q in lane[: most()]] for name, lane in lanes.items()}
    waiting = rows["waiting"]
    page = render_template(
        "forum/console.html",
        **shared(room, seat),
        **rows,
        totals={name: len(lane) for name, lane in lanes.items()},
        most=most(),
        step=STEP,
        twins=memory.twins_in(room.id, [q["id"] for q in waiting]) if waiting else {},
        known=_known(seat, waiting),
        order=order,
        about=about and questions[about["id"]],
        now_set=settings_payload(room, Stream.MOD),
        last_act=undoable(room, seat),
        act_words=act_words(),
        now_q=now_q and questions[now_q["id"]],
        life=around.on_console(room, seat),
        groups=around.groups_in(room, seat),
        polls=polls_on(room, Stream.MOD),
        write=write and questions[write["id"]],
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


Outline = dict[str, Any]


def _shown(room: Room, outline: list[Outline], wanted: Sequence[Outline | None]) -> dict[str, dict[str, Any]]:
    """Those WANTED as moderators see them, with their voices, how many say "not for now", how many were joined with
    each, and whether its asker only reads."""
    bans, joined = set(queries.bans_on(db.session(), room.id)), Counter(q["joins"] for q in outline if q["joins"])
    facts = {q["id"]: {"downs": q["downs"], "joined": joined[q["key"]], "banned": q["id"] in bans} for q in wanted if q}
    return {qid: question | facts[qid] for qid, question in shown(Stream.MOD, wanted).items()}


def _named(outline: list[Outline], qid: str | None) -> Outline | None:
    return next((q for q in outline if q["id"] == qid), None)


def _write(outline: list[Outline], typed: dict[str, Any]) -> Outline | None:
    """The question that is being answered in writing, when one was chosen."""
    chosen = _named(outline, typed.get("qid") or request.args.get("write"))
    return chosen if chosen and chosen["state"] in UNANSWERED | {"answered"} else None


def reasons() -> list[str]:
    """Why a question may not pass, as its asker reads it."""
    return [
        gettext("It is outside this module's subject."),
        gettext("It concerns a particular person."),
        gettext("It was answered already."),
        gettext("Please say more clearly what you ask."),
    ]
