"""Who gets what on the pages that belong to everybody."""

from __future__ import annotations

from tests.matrix import FOUND, MOVED, OK, ROLES, Row, everyone

MATRIX = [
    Row("home.index", "GET", everyone()),
    Row("home.dashboard", "GET", {**dict.fromkeys(ROLES, OK), "nobody": FOUND}),
    Row("home.think_tank", "GET", everyone()),
    Row("home.market", "GET", everyone()),
    Row("home.search", "GET", everyone(), note="what each may see"),
    Row("home.about", "GET", everyone()),
    Row("home.privacy", "GET", everyone()),
    Row("home.accessibility", "GET", everyone()),
    Row("home.language", "POST", everyone(MOVED), data={"locale": "en", "next": "/about"}),
    Row("home.healthz", "GET", everyone()),
]
