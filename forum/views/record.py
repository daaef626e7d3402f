"""The finished room, readable by everybody who had a part in it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from accounts.guards import signed_in
from accounts.permissions import actor
from core.pagecache import kept, never_keep
from forum import queries
from forum.models import QuestionState, Room, Stream
from forum.permissions import may_read_record, may_run
from forum.queries import Seat
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


def record_page(room: Room, seat: Seat, status: int = 200, **typed: Any) -> Answer:
    if may_run(seat.role):  # their forms carry numbers that each do one thing once
        never_keep()
    lines = queries.record_of(room.meeting_id)
    wanted = typed.get("qid") or request.args.get("write")
    writing = next((q for q in lines if str(q.pid) == wanted), None) if may_run(seat.role) else None
    page = render_template(
        "forum/record.html",
        **shared(room, seat),
        lines=lines,
        polls=polls_on(room, Stream.PUB),
        answered=sum(line.state is QuestionState.ANSWERED for line in lines),
        runs=may_run(seat.role),
        own={q.pid for q in queries.own_questions(room, seat.person)} if seat.person else set(),
        writing=writing,
        entries=queries.entries_of_room(room.id),
        captioned=queries.was_captioned(room.id),
        thanks=queries.endorsed_in(room.id) if may_run(seat.role) else {},
        typed=typed,
    )
    return page, status
