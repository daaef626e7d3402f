"""Resumable uploads: tus 1.0.0 with creation, expiration, checksum and termination, and a plain file form.

In place of a CSRF token: the session, an Origin that is ours, and for tus its own header, which
no form of another site can send. Bytes go to disk in small blocks and are never looked at here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import ClientDisconnected
from werkzeug.formparser import FormDataParser

from accounts.guards import signed_in
from accounts.models import User
from accounts.permissions import actor
from archive.forms import as_uuid
from archive.models import Recording, Upload, UploadState
from archive.parts import FULL, DiskFull, Part, part_of
from archive.queries.recordings import managed_or_404
from archive.queries.uploads import upload_or_404
from archive.services import allowance, fixity, uploads
from core.db import db
from core.errors import DomainError, NotFound

pages = Blueprint("archive_uploads", __name__)

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
FORM = 1 << 20  # bytes a form may add around its file
CHECKSUMS = {"sha1", "sha256"}


class Unsent(DomainError):
    code = "unsent"
    status = 400
    message = _l("The connection broke before the file was whole. Send it again.")


@pages.before_request
def _only_from_here() -> Response | None:
    """Refuse what another site's page sends, and clients of another protocol."""
    # Each route counts its own bytes (None would mean the limit of forms again).
    request.max_content_length = current_app.config["UPLOAD_MAX_BYTES"] + FORM
    if request.method == "OPTIONS":
        return None
    if request.method not in {"GET", "HEAD"} or "Origin" in request.headers:
        ours = {request.host_url.rstrip("/"), current_app.config["BASE_URL"].rstrip("/")}
        if request.headers.get("Origin") not in ours:
            abort(403)
    if request.endpoint != "archive_uploads.plain" and request.headers.get("Tus-Resumable") != VERSION:
        return Response(status=412, headers={"Tus-Version": VERSION})
    return None


@pages.after_request
def _say_version(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.errorhandler(DomainError)
def _refused(error: DomainError) -> Any:
    """A sentence the page shows as it is; the plain form shows it after going back."""
    if request.endpoint == "archive_uploads.plain":
        flash(str(error.message), "bad")
        return redirect(url_for("archive_manage.show", pid=request.view_args["pid"]), 303)  # type: ignore[index]
    return {"err": error.code, "message": str(error.message)}, error.status


@pages.route("/uploads", methods=["OPTIONS"], provide_automatic_options=False)
def options() -> Response:
    """What this server can do, and how large a file the caller may send. No header opens it to other origins."""
    answer = Response(status=204, headers={"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS})
    answer.headers["Tus-Checksum-Algorithm"] = ",".join(sorted(CHECKSUMS))
    if (limit := allowance.largest(actor())) is not None:
        answer.headers["Tus-Max-Size"] = str(limit)
    return answer


@pages.post("/uploads")
@signed_in
def create() -> Response:
    """Make room for a file of a recording that was described before."""
    facts = _metadata(request.headers.get("Upload-Metadata", ""))
    length = _whole_number("Upload-Length")
    recording = _recording(as_uuid(facts.get("recording")))
    upload = uploads.begin(_me(), recording, length, facts.get("filename", ""), facts.get("fingerprint", ""))
    place = url_for("archive_uploads.offset", upload_id=upload.id)
    return Response(status=201, headers={"Location": place, "Upload-Expires": _expiry(upload)})


@pages.route("/uploads/<upload_id>", methods=["HEAD"])
@signed_in
def offset(upload_id: str) -> Response:
    """How much is there. A file that is whole is noted, should the last answer have been lost."""
    upload = upload_or_404(upload_id, actor())
    uploads.received(upload)
    return Response(
        status=200,
        headers={
            "Upload-Offset": str(_offset(upload)),
            "Upload-Length": str(upload.length),
            "Upload-Expires": _expiry(upload),
        },
    )


@pages.patch("/uploads/<upload_id>")
@signed_in
def patch(upload_id: str) -> Response:
    """Append bytes at the offset; the last one only has the file noted as received."""
    upload = upload_or_404(upload_id, actor())
    if request.mimetype != "application/offset+octet-stream":
        abort(415)
    at, checksum = _whole_number("Upload-Offset"), _checksum("Upload-Checksum")
    if upload.state != UploadState.OPEN:
        raise NotFound
    most = upload.length - at
    if (request.content_length or 0) > most:
        abort(413)
    uploads.touch(upload)
    db.session.close()  # no connection is held while bytes trickle in
    end = part_of(upload.id).append(request.stream.read, at, most, checksum)
    uploads.received(upload)
    return Response(status=204, headers={"Upload-Offset": str(end), "Upload-Expires": _expiry(upload)})


@pages.post("/uploads/<upload_id>/digest")
@signed_in
def digest(upload_id: str) -> Response:
    """What the browser found as the SHA-256 of its file: "Upload-Digest: sha256 <base64>"."""
    upload = upload_or_404(upload_id, actor())
    name, found = _checksum("Upload-Digest") or ("", b"")
    if name != "sha256" or len(found) != hashlib.sha256().digest_size:
        abort(400)
    fixity.declare(upload, found.hex())
    return Response(status=204)


@pages.delete("/uploads/<upload_id>")
@signed_in
def terminate(upload_id: str) -> Response:
    """Drop what arrived."""
    uploads.abort(upload_or_404(upload_id, actor()))
    return Response(status=204)


@pages.post("/recordings/<uuid:pid>/file")
@signed_in
def plain(pid: uuid.UUID) -> Any:
    """The same without script: one form, one file, streamed to the same place, not resumable."""
    recording = managed_or_404(pid, actor())
    length = request.content_length or 0
    upload = uploads.begin(_me(), recording, length, "video", "")
    db.session.close()
    part = part_of(upload.id)
    try:
        _stream_form(part, length)
    except (OSError, ClientDisconnected) as error:  # half a form can't be gone on with
        uploads.abort(upload)
        raise (DiskFull if getattr(error, "errno", None) in FULL else Unsent) from error
    uploads.settle(upload, part.offset)
    flash(gettext("It arrived. It is being checked now."), "ok")
    return redirect(url_for("archive_manage.show", pid=pid), 303)


def _stream_form(part: Part, length: int) -> None:
    """Write the form's file to PART as it comes, without a copy in memory."""
    with part.path.open("w+b") as target:
        parser = FormDataParser(
            stream_factory=lambda *_args, **_kwargs: target,
            max_form_memory_size=FORM,
            max_content_length=length,
            max_form_parts=4,
        )
        parser.parse(request.stream, request.mimetype, length, dict(request.mimetype_params))


def _me() -> User:
    """Who is signed in; `signed_in` stands before."""
    user = actor()
    assert user is not None  # noqa: S101 - for the type checker
    return user


def _recording(pid: uuid.UUID | None) -> Recording:
    if pid is None:
        raise NotFound
    return managed_or_404(pid, actor())


def _offset(upload: Upload) -> int:
    done = upload.state in {UploadState.RECEIVED, UploadState.FINALISED}
    return upload.length if done else part_of(upload.id).offset


def _expiry(upload: Upload) -> str:
    return format_datetime(upload.expires_at, usegmt=True)


def _whole_number(header: str) -> int:
    value = request.headers.get(header, "")
    if not value.isascii() or not value.isdigit() or len(value) > len(str(1 << 62)):
        abort(400)
    return int(value)


def _metadata(header: str) -> dict[str, str]:
    """The pairs of Upload-Metadata: "filename ZsOx…,recording …", values in base64."""
    facts: dict[str, str] = {}
    for pair in header[:4096].split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            facts[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            abort(400)
    return facts


def _checksum(which: str) -> tuple[str, bytes] | None:
    """(algorithm, digest) of the header WHICH, None without one."""
    header = request.headers.get(which)
    if not header:
        return None
    name, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        abort(400)
    if name not in CHECKSUMS:
        abort(400)
    return name, digest

