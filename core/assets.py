"""Addresses of static files that change with their content: /static/css/base.css?v=3f9a…"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for


@lru_cache(maxsize=512)
def _fingerprint(path: str, _modified: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=512)
def _cached_address(filename: str) -> str:
    return _address(filename)


def _address(filename: str) -> str:
    path = Path(str(current_app.static_folder), filename)
    version = _fingerprint(str(path), path.stat().st_mtime_ns) if path.is_file() else "0"
    return url_for("static", filename=filename, v=version)


def static_url(filename: str) -> str:
    """The address of the static file FILENAME with its content's hash."""
    return _address(filename) if current_app.debug else _cached_address(filename)


def init_app(app: Flask) -> None:
    app.add_template_global(static_url)
