"""The log of a room: every event gets its number and its link in the chain, in the transaction of its cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.db import utcnow
from forum.models import Question, Room, RoomEvent, Stream
from forum.models.chain import canonical, link, split_names
from forum.protocol import Entry, Type, moderators_question, public_question
from forum.queries import MODERATORS_QUESTION

Told = tuple[Stream, Type, dict[str, Any]]


def append(session: Session, room: Room, stream: Stream, kind: Type, data: dict[str, Any]) -> Entry:
    """Write an event at the end of a STREAM of ROOM, whose row is locked."""
    return append_all(session, room, [(stream, kind, data)])[0]


def append_all(session: Session, room: Room, told: Sequence[Told]) -> list[Entry]:
    """Write events in order, each with its number and its link: one statement, however many they are."""
    rows, entries = [], []
    for stream, kind, data in told:
        bare, names = split_names(data)
        at, first = utcnow(), stream is Stream.PUB
        seq = (room.pub_seq if first else room.mod_seq) + 1
        written = canonical((room.code, stream.value, seq), kind.value, bare, at)
        found = link(room.pub_hash if first else room.mod_hash, written)
        if first:
            room.pub_seq, room.pub_hash = seq, found
        else:
            room.mod_seq, room.mod_hash = seq, found
        facts = {"room_id": room.id, "stream": stream, "seq": seq, "type": kind.value}
        rows.append(facts | {"data": bare, "names": names or None, "at": at, "hash": found})
        entries.append(Entry(stream, seq, kind.value, data))
    # Rows with and without names in one statement: else each change between them begins another.
    session.execute(insert(RoomEvent).execution_options(render_nulls=True), rows)
    return entries


def bring_in(session: Session, room: Room) -> None:
    """Begin the log of a ROOM whose questions were not asked here (the demonstration): one event for each."""
    session.flush()
    questions = session.scalars(
        select(Question)
        .where(Question.room_id == room.id)
        .options(*MODERATORS_QUESTION)
        .order_by(Question.no)
        .execution_options(populate_existing=True)
    )
    for question in questions:
        public = question.is_public
        if public:
            append(session, room, Stream.PUB, Type.PUBLISHED, public_question(question))
        append(session, room, Stream.MOD, Type.PUBLISHED if public else Type.PENDING, moderators_question(question))
    for stream in Stream:
        append(session, room, stream, Type.ROOM, {"state": room.state.value})
