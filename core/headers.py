"""The headers of every answer: a strict content policy without inline code, and no guessing."""

from __future__ import annotations

from flask import Flask, Response, request

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
CONTENT_SECURITY_POLICY = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())


FIXED = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def init_app(app: Flask) -> None:
    fixed = (*FIXED, HTTPS_ONLY) if app.config["SESSION_COOKIE_SECURE"] else FIXED

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
