"""Routes that belong to no area: static files and the counters."""

from __future__ import annotations

from tests.matrix import Row, everyone

MATRIX = [
    Row("static", "GET", everyone(), args={"filename": "=css/tokens.css"}),
    Row("metrics", "GET", everyone(), note="from this machine, or with the token; hidden from elsewhere"),
]
