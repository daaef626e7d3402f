"""Sending a media file: ranges, validators and headers that leave a browser nothing to guess."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, current_app, request

from archive.models import Asset
from archive.ranges import Span, Unsatisfiable, parse
from core.storage import storage


def send(asset: Asset, public: bool, download: str = "") -> Response:
    """The file of ASSET, or the part asked for; with DOWNLOAD as a file of that name."""
    etag = f'"{asset.sha256}"'
    headers = _headers(asset, etag, public, download)
    if prefix := current_app.config["ACCEL_PREFIX"]:
        headers["X-Accel-Redirect"] = f"{prefix.rstrip('/')}/{quote(asset.key)}"
        return Response(status=200, headers=headers)
    if request.if_none_match and request.if_none_match.contains(asset.sha256):
        return Response(status=304, headers=headers)
    size = asset.bytes
    try:
        span = parse(request.headers.get("Range", ""), size) if _range_counts(etag) else None
    except Unsatisfiable:
        return Response(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    whole = span or Span(0, size - 1)
    headers["Content-Length"] = str(whole.length)
    if span:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    body = [] if request.method == "HEAD" else storage().open(asset.key, whole.first, whole.length)
    return Response(body, status=206 if span else 200, headers=headers)


def _headers(asset: Asset, etag: str, public: bool, download: str) -> dict[str, str]:
    headers = {
        "Content-Type": asset.mimetype + ("; charset=utf-8" if asset.mimetype == "text/vtt" else ""),
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Cache-Control": "public, max-age=3600" if public else "private, no-cache",
        # Even if a browser were made to show the file as a page, nothing in it may act.
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    if download:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download, safe='')}"
    return headers


def _range_counts(etag: str) -> bool:
    """A range of another version than the one at hand means nothing."""
    return request.headers.get("If-Range", etag) == etag
