"""Pages kept as rendered until something they show has changed.

    @pages.get("/modules")
    @kept("courses", "mentors")
    def modules(): ...

A kept page belongs to one address, one language, one ground and one person (or nobody), and
holds as long as the counters of its areas (core/revisions.py) stand still, at most a minute:
pages speak of "now". Nothing personal can reach another person: the signed session names the
reader, and a change of accounts (sign-out everywhere, a role taken away) ends every page of the
signed in.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from prometheus_client import Counter

from core import revisions
from core.i18n import locale_code

PLACES = 2000
LONGEST = 60.0  # seconds
# Stands in a kept page where each reader's own token against forged requests goes.
TOKEN = "\x02csrf\x03"  # noqa: S105

PAGES = Counter("mentors_kept_pages_total", "Pages served as kept, or rendered", ["how"])


class Shelf:
    """The kept pages of one process, the least used thrown out first."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._pages: OrderedDict[tuple[Any, ...], tuple[tuple[int, ...], float, str]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: tuple[Any, ...], state: tuple[int, ...]) -> str | None:
        """The page under KEY if it was kept in STATE and is not too old."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] != state or found[1] < time.monotonic():
                return None
            self._pages.move_to_end(key)
            return found[2]

    def keep(self, key: tuple[Any, ...], state: tuple[int, ...], page: str) -> None:
        with self._lock:
            self._pages[key] = (state, time.monotonic() + LONGEST, page)
            self._pages.move_to_end(key)
            while len(self._pages) > self._places:
                self._pages.popitem(last=False)


def kept(*areas: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Keep the decorated view's page until one of AREAS changes. Only pages of status 200 are kept."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> Any:
            if "_flashes" in session or request.method != "GET":
                return view(*args, **kwargs)
            reader = session.get("_user_id")
            watched = (*areas, "accounts") if reader else areas
            now = revisions.current()
            state = tuple(now.get(area, 0) for area in watched)
            key = (request.full_path, locale_code(), request.cookies.get("ground"), reader)
            shelf: Shelf = current_app.extensions.setdefault("kept-pages", Shelf(PLACES))
            page = shelf.find(key, state)
            if page is not None:
                PAGES.labels("kept").inc()
                return page.replace(TOKEN, generate_csrf())
            PAGES.labels("rendered").inc()
            page = view(*args, **kwargs)
            if isinstance(page, str) and (session.get("_user_id") == reader):
                token = g.get("csrf_token")
                shelf.keep(key, state, page.replace(token, TOKEN) if token else page)
            return page

        return answer

    return decorate
