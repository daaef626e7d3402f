"""Sending a media file: ranges, validators and headers that leave a browser nothing to guess."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, current_app, redirect, request

from archive import addresses
from archive.models import Asset, AssetRole, AssetState
from archive.ranges import PIECE, Span, Unsatisfiable, parse
from core.errors import NotFound
from core.storage import storage

LINK = 6 * 3600  # seconds that a presigned address works


def send(asset: Asset, public: bool, download: str = "") -> Response:
    """The file of ASSET, or the part asked for; with DOWNLOAD as a file of that name. Raises NotFound."""
    headers = _headers(asset, public, download)
    if _unchanged(asset):
        return Response(status=304, headers=headers)
    if address := _elsewhere(asset, download):
        answer = redirect(address, 302)
        answer.headers["Cache-Control"] = "no-store"
        return answer  # type: ignore[return-value] # Flask's, at run time
    if prefix := current_app.config["ACCEL_PREFIX"]:
        headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{quote(asset.key)}"
        return Response(status=200, headers=headers)
    if storage().size(asset.key) != asset.bytes:
        raise NotFound
    return _directly(asset, headers, whole=bool(download))


def _directly(asset: Asset, headers: dict[str, str], *, whole: bool) -> Response:
    """The bytes by this process; WHOLE ranges for who goes on with a download, pieces for players."""
    try:
        span = _span(asset)
    except Unsatisfiable:
        return Response(status=416, headers=headers | {"Content-Range": f"bytes */{asset.bytes}"})
    # A player of segments takes a shorter answer for a whole segment; others ask for the rest.
    if span and not whole and asset.role is not AssetRole.STREAM:
        span = span.at_most(PIECE)
    sent = span or Span(0, asset.bytes - 1)
    headers["Content-Length"] = str(sent.length)
    if span:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{asset.bytes}"
    body = [] if request.method == "HEAD" else storage().open(asset.key, sent.first, sent.length)
    return Response(body, status=206 if span else 200, headers=headers)


def _span(asset: Asset) -> Span | None:
    """What is asked for. Ranges are for GET, and of another version than the one at hand they mean nothing."""
    etag = _etag(asset)
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    return parse(request.headers.get("Range", ""), asset.bytes)


def _elsewhere(asset: Asset, download: str) -> str | None:
    """A presigned address for what is large. Little files and texts come from here: a page reads those with script."""
    if request.method != "GET" or asset.bytes <= PIECE or asset.mimetype.startswith("text/"):
        return None
    if asset.role is AssetRole.PLAYLIST:  # what it names is relative to the address it came from
        return None
    return storage().link(asset.key, LINK, mimetype=_content_type(asset), download=download)


def _etag(asset: Asset) -> str:
    return f'"{asset.sha256}"'


def _unchanged(asset: Asset) -> bool:
    known = request.if_none_match
    return bool(known) and known.contains_weak(asset.sha256) and asset.state is not AssetState.CORRUPT


def _content_type(asset: Asset) -> str:
    return asset.mimetype + ("; charset=utf-8" if asset.mimetype == "text/vtt" else "")


def _headers(asset: Asset, public: bool, download: str) -> dict[str, str]:
    headers = {
        "Content-Type": _content_type(asset),
        "Accept-Ranges": "bytes",
        # Even if a browser were made to show the file as a page, nothing in it may act.
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    if asset.state is AssetState.CORRUPT:  # not the bytes that the hash speaks of: nobody keeps them
        headers["Cache-Control"] = "no-store"
    else:
        headers["ETag"], headers["Cache-Control"] = _etag(asset), _age(asset, public)
    if download:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download, safe='')}"
    return headers


def _age(asset: Asset, public: bool) -> str:
    """How long a copy may be kept: for good when the address names this very content."""
    whose = "public" if public else "private"
    if request.args.get("v") == addresses.mark(asset):
        return f"{whose}, max-age=31536000, immutable"
    return "public, max-age=3600" if public else "private, no-cache"
