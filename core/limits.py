"""Limits on sign-in and on writes, counted for each person, else for each address."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user


def _who() -> str:
    if current_user and current_user.is_authenticated:
        return f"u{current_user.get_id()}"
    return str(get_remote_address())


limiter = Limiter(_who, strategy="moving-window", headers_enabled=True)

# Any write by one person; the room counts its own acts (forum), uploads their own blocks.
writes = limiter.shared_limit("60 per minute; 600 per hour", scope="writes")


def init_app(app: Flask) -> None:
    app.config.setdefault("RATELIMIT_STORAGE_URI", app.config["REDIS_URL"] or "memory://")
    limiter.init_app(app)
