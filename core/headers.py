"""The headers of every answer: a strict content policy without inline code, and no guessing."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, after_this_request, current_app, request

from core.storage import origin

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}


def written(policy: dict[str, str]) -> str:
    """POLICY as its header says it."""
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


CONTENT_SECURITY_POLICY = written(POLICY)


def policy(media: str) -> dict[str, str]:
    """The policy where media come from the host MEDIA (nothing: from here)."""
    if not media:
        return POLICY
    return POLICY | {name: f"{POLICY[name]} {media}" for name in ("media-src", "connect-src")}


PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=()"
FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", PERMISSIONS),
)
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


@lru_cache
def _policy_with_styles(library: str, static_folder: str, media: str) -> str:
    known = json.loads(Path(static_folder, "vendor", "styles.json").read_text(encoding="utf-8"))
    return written({**policy(media), "style-src": " ".join([POLICY["style-src"], *known[library]])})


def allow_styles(library: str) -> None:
    """Let the page of this request hold the <style> texts that LIBRARY writes into its elements, and no others.

    Their hashes are taken when the library is installed (core/vendor.py): whatever else is inline stays refused.
    """

    @after_this_request
    def _name_them(response: Response) -> Response:
        allowed = _policy_with_styles(library, str(current_app.static_folder), origin(current_app.config))
        response.headers["Content-Security-Policy"] = allowed
        return response


def allow_frames() -> None:
    """Let pages of other sites show the page of this request in a frame. Said after `allow_styles`."""

    @after_this_request
    def _open(response: Response) -> Response:
        policy = response.headers.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
        return response


def allow_microphone() -> None:
    """Let the page of this request ask its reader for the microphone."""

    @after_this_request
    def _hear(response: Response) -> Response:
        response.headers["Permissions-Policy"] = PERMISSIONS.replace("microphone=()", "microphone=(self)")
        return response


def init_app(app: Flask) -> None:
    fixed: tuple[tuple[str, str], ...] = (("Content-Security-Policy", written(policy(origin(app.config)))), *FIXED)
    if app.config["SESSION_COOKIE_SECURE"]:
        fixed = (*fixed, HTTPS_ONLY)

    @app.after_request
    def _add_headers(response: Response) -> Response:
        headers = response.headers
        # One look at what a view has set itself: this runs on every answer.
        have = {name.lower() for name, _value in headers}
        for name, value in fixed:
            if name.lower() not in have:
                headers.add(name, value)
        if request.endpoint == "static" and response.status_code == 200:
            # Addresses carry the content's hash (core/assets.py), so a copy never grows old.
            fingerprinted = "v" in request.args
            headers["Cache-Control"] = "public, max-age=31536000, immutable" if fingerprinted else "no-cache"
        elif response.mimetype == "text/html" and "cache-control" not in have:
            headers.add("Cache-Control", "private, no-cache")
        return response
