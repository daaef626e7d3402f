"""The finished room, readable by everybody who had a part in it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from accounts.guards import signed_in
from accounts.permissions import actor
from core.db import db
from core.pagecache import kept, never_keep
from core.pages import page_number
from core.slots import slot
from forum import queries
from forum.models import Room, Stream
from forum.permissions import may_read_record, may_run
from forum.queries import Seat, own
from forum.queries import record as records
from forum.queries.closing import promises_in, team_of
from forum.queries.receipt import receipt
from forum.views.base import Answer, pages, shared
from forum.views.cards import polls_on


@pages.get("/rooms/<code>/record")
@kept
@signed_in
def record(code: str) -> Answer:
    """The finished room, readable by everybody who had a part in it."""
    found, seat = queries.room_or_404(code, actor())
    if not may_read_record(seat.role, found.state):
        return redirect(url_for(".room", code=found.code))
    return record_page(found, seat)


def clips_of(questions: list[Any]) -> dict[int, Any]:
    """{question.id: where its answer is heard}, on recordings that the reader may watch."""
    return {key: clip for found in slot("questions.clips", questions, actor()) for key, clip in found.items()}


def record_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    runs = may_run(seat.role)
    if runs:  # their forms carry numbers that each do one thing once
        never_keep()
    choice = request.args.get("fate", "all")
    choice = choice if choice in records.CHOICES else "all"
    writing = str(typed.get("qid") or request.args.get("write") or "") if runs else ""
    wanted = writing or request.args.get("q", "")
    number = records.page_with(room.id, choice, wanted) if wanted else page_number()
    mine = list(queries.own_questions(room, seat.person)) if seat.person else []
    listing = records.record_page(room.id, choice, number)
    page = render_template(
        "forum/record.html",
        **shared(room, seat),
        listing=listing,
        clips=clips_of(listing.items),
        choice=choice,
        receipt=receipt(db.session(), room.id),
        promises=promises_in(db.session(), room.id),
        team=team_of(db.session(), room) if runs else [],
        polls=polls_on(room, Stream.PUB),
        runs=runs,
        mine=mine,
        fates=own.fates_of(mine),
        own={question.pid for question in mine},
        writing=writing,
        entries=queries.entries_of_room(room.id),
        captioned=queries.was_captioned(room.id),
        thanks=queries.endorsed_in(room.id) if runs else {},
        typed=typed,
    )
    return page, status
