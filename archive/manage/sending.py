"""Around the sending of a file: dropping what is half sent, and the script that hashes in the browser."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, current_app, flash, send_from_directory
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from archive.manage.recordings import back_to, pages
from archive.models import UploadState
from archive.queries import recordings as find
from archive.queries import uploads as sending
from archive.services import uploads
from core import headers
from core.errors import NotFound
from core.limits import writes


@pages.post("/<uuid:pid>/upload/drop")
@signed_in
@writes
def drop_upload(pid: uuid.UUID) -> Any:
    """Drop what has arrived of one's own file."""
    upload = sending.open_upload(find.managed_or_404(pid, actor()))
    mine = upload is not None and upload.owner_id == actor().id  # type: ignore[union-attr] # signed_in
    if upload is None or not mine or upload.state != UploadState.OPEN:
        raise NotFound
    uploads.abort(upload)
    flash(gettext("What had arrived is gone."), "ok")
    return back_to(pid)


@pages.get("/hasher.js")
def hasher() -> Response:
    """The worker that hashes files: the one script of ours that may compile WebAssembly, in a thread without a page."""
    answer = send_from_directory(str(current_app.static_folder), "js/upload-hash-worker.js", mimetype="text/javascript")
    policy = {**headers.POLICY, "script-src": "'self' 'wasm-unsafe-eval'"}
    answer.headers["Content-Security-Policy"] = headers.written(policy)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
