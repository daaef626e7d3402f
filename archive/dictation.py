"""A question that is said in a room: its sound comes, its words go back."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import jsonify, request

from accounts.guards import signed_in
from accounts.permissions import actor
from archive.services import dictation
from archive.views import pages
from core.errors import DomainError
from core.limits import writes
from forum import queries


@pages.post("/rooms/<code>/dictation")
@signed_in
@writes
def dictate(code: str) -> Any:
    """JSON: `{"ok": true, "text"}`, or a refusal with `err`, `msg` and perhaps `retry_ms`."""
    room, seat = queries.room_or_404(code, actor())
    file, sound = request.files.get("sound"), b""
    if file is not None:
        with closing(file):
            sound = file.stream.read(dictation.LARGEST + 1)
    try:
        return jsonify(ok=True, text=dictation.written(seat, room, sound))
    except DomainError as error:
        return jsonify(ok=False, err=error.code, msg=str(error.message), **error.facts), error.status
