"""Backstage notes: moderators to each other and to the speaker, with who has read them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from core.errors import NotFound
from forum.models import Note, NoteRead, Stream
from forum.protocol import Type, note_payload
from forum.queries import WHOLE_NOTE
from forum.services.desk import Desk


def send(desk: Desk, body: str) -> dict[str, Any]:
    note = Note(pid=uuid.uuid4(), room_id=desk.room.id, author_id=desk.person.id, body=body)
    desk.session.add(note)
    desk.session.flush()
    return _tell(desk, note.pid)


def read(desk: Desk, nid: str) -> dict[str, Any]:
    """The sender has read it: once, and never for their own note."""
    note = _note(desk, uuid.UUID(nid))
    if note.author_id == desk.person.id or any(seen.user_id == desk.person.id for seen in note.reads):
        return {"note": note_payload(note)}
    desk.session.add(NoteRead(note_id=note.id, user_id=desk.person.id))
    desk.session.flush()
    return _tell(desk, note.pid)


def _note(desk: Desk, pid: uuid.UUID) -> Note:
    query = select(Note).where(Note.pid == pid, Note.room_id == desk.room.id).options(*WHOLE_NOTE)
    note = desk.session.scalar(query.execution_options(populate_existing=True))
    if note is None:
        raise NotFound
    return note


def _tell(desk: Desk, pid: uuid.UUID) -> dict[str, Any]:
    payload = note_payload(_note(desk, pid))
    desk.log(Stream.MOD, Type.NOTE, payload)
    return {"note": payload}
