"""To take along and to check: a room's questions as files, the log that proves them, and how to recompute it."""

from __future__ import annotations

import json
from typing import Any

from flask import render_template, request

from accounts.guards import signed_in
from accounts.permissions import actor
from core.db import db
from core.errors import NotFound, require
from core.pagecache import kept
from core.slots import slot
from forum import queries
from forum.models import Room, Stream
from forum.permissions import may_read_record, may_run
from forum.protocol import public_promise
from forum.queries import chain as chains
from forum.queries import export as exports
from forum.queries.closing import promises_in
from forum.queries.receipt import receipt
from forum.views.base import Answer, pages
from forum.views.mine import as_csv, download, downloads, fate_words


@pages.get("/rooms/<code>/export.<any(csv, json, md):kind>")
@signed_in
@downloads
def export(code: str, kind: str) -> Answer:
    """Every question of the room, for those who run it."""
    room, rows = _to_take(code)
    name = f"{room.meeting.cohort.slug}-{room.meeting.position}.{kind}"
    if kind == "json":
        return download(json.dumps(_whole(room, rows), ensure_ascii=False, indent=1), "application/json", name)
    if kind == "md":
        page = render_template("forum/export.txt", room=room, rows=rows, words=fate_words(), **_whole(room, []))
        return download(page, "text/markdown", name)
    return download(as_csv([_flat(row) for row in rows]), "text/csv", name)


@pages.get("/rooms/<code>/paper")
@signed_in
def paper(code: str) -> Answer:
    """The same on one page, to be printed or saved as a PDF by the browser."""
    room, rows = _to_take(code)
    return render_template("forum/paper.html", room=room, rows=rows, words=fate_words(), whole=_whole(room, []))


def _to_take(code: str) -> tuple[Room, list[dict[str, Any]]]:
    """The room with every question of it as a row, for those who run it."""
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role))
    questions = exports.questions_to_take(room.id)
    clips: dict[int, Any] = {}
    for found in slot("questions.clips", questions, actor()):
        clips |= found
    return room, exports.rows_of(room, questions, clips)


def _whole(room: Room, rows: list[dict[str, Any]]) -> dict[str, Any]:
    meeting = room.meeting
    return {
        "code": room.code,
        "cohort": meeting.cohort.title_el,
        "module": meeting.module_version.title_el,
        "opened_at": room.opened_at and room.opened_at.isoformat(timespec="seconds"),
        "receipt": receipt(db.session(), room.id).payload(),
        "questions": rows,
        "promises": [public_promise(promise) for promise in promises_in(db.session(), room.id)],
        "proof": {"pub": room.pub_hash, "mod": room.mod_hash},
    }


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a table: its answers in one cell, what became of it in words."""
    answers = "\n\n".join(f"{one['by']}: {one['body']}" for one in row["answers"])
    hall = "×" if row["in_the_hall"] else ""
    return row | {"fate": fate_words()[row["fate"]], "in_the_hall": hall, "answers": answers}


@pages.get("/rooms/<code>/chain.json")
@signed_in
@downloads
def chain(code: str) -> Answer:
    """The log of a finished room without names, from which anybody can recompute its proof."""
    room, seat = queries.room_or_404(code, actor())
    require(may_read_record(seat.role, room.state), NotFound)
    wanted = request.args.get("stream", Stream.PUB.value)
    require(wanted == Stream.PUB.value or (wanted == Stream.MOD.value and may_run(seat.role)), NotFound)
    stream = Stream(wanted)
    head, last = (room.pub_hash, room.pub_seq) if stream is Stream.PUB else (room.mod_hash, room.mod_seq)
    events = [
        {"seq": seq, "type": kind, "data": data, "at": at.isoformat(timespec="microseconds"), "hash": found}
        for seq, kind, data, at, found in chains.events_of(room.id, stream, last)
    ]
    told = {"room": room.code, "stream": stream.value, "head": head, "events": events}
    return download(json.dumps(told, ensure_ascii=False), "application/json", f"{room.code}-{stream.value}.json")


@pages.get("/rooms/proof")
@kept
def proof() -> Answer:
    """What the short number under a record proves, and how anybody can check it."""
    return render_template("forum/proof.html")
