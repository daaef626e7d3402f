"""The blueprint of the room's pages, and what every page of a room shows.

Each act of a room is a plain form too; `static/js/live.js` sends the same commands by socket.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from forum import queries
from forum.models import Question, Room, Stream
from forum.protocol import moderators_question, public_question
from forum.qr import qr_path
from forum.queries import Seat

pages = Blueprint("forum", __name__)

STEP, LONGEST = 100, 5000  # questions of a list: at once, at most

Answer = str | Response | tuple[str, int]


def address(room: Room) -> str:
    return url_for("forum.join", code=room.code, _external=True)


def shared(room: Room, seat: Seat) -> dict[str, Any]:
    """What every page of a room shows."""
    return {"room": room, "meeting": room.meeting, "seat": seat, "qr": qr_path(address(room)), "cid": uuid.uuid4().hex}


def most() -> int:
    """How many questions a list shows at once; the link under it asks for STEP more."""
    wanted = request.args.get("most", "")
    return min(int(wanted), LONGEST) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else STEP


def counted(question: Question, payload: dict[str, Any]) -> dict[str, Any]:
    return payload | {"n": question.score}


def shown(stream: Stream, outlines: Iterable[dict[str, Any] | None]) -> dict[str, dict[str, Any]]:
    """{id: its payload with its voices} of the questions that a page shows of an outline; None is passed over."""
    show = public_question if stream is Stream.PUB else moderators_question
    keys = [outline["key"] for outline in outlines if outline is not None]
    found = queries.whole_of(stream, keys).values() if keys else ()
    return {str(question.pid): counted(question, show(question)) for question in found}


def now_in(room: Room, questions: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What stands in the middle of the table: the question being answered, else the one on the screen."""
    spot = next((q for q in questions if q["state"] == "answering"), None)
    if spot is None and room.spotlight_id is not None:
        pid = queries.pid_of(room.spotlight_id)
        spot = next((q for q in questions if q["id"] == pid), None)
    return spot
