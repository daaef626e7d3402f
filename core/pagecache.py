"""Pages kept as rendered until something they show has changed.

    @pages.get("/modules")
    @kept
    def modules(): ...

Put it outside `signed_in` and the like: who stands at a kept page has passed them.

A kept page belongs to one address, one language, one ground and one person (or nobody), and
holds as long as the counters (core/revisions.py) of every area it was read from stand still, at
most a minute: pages speak of "now". Which areas those are nobody has to say: they are noted from
the statements while the page is rendered. Nothing personal can reach another person: the signed
session names the reader, and a change of accounts (sign-out everywhere, a role taken away) ends
every page of the signed in.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, NamedTuple

from flask import Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from prometheus_client import Counter
from sqlalchemy import Engine, event

from core import revisions
from core.i18n import locale_code

ROOM = 32 << 20  # bytes of pages that a process keeps
LONGEST = 60.0  # seconds
MOST_TOKENS = 10_000  # readers whose signed token is remembered
UNCOUNTED = "core"  # the area without a counter: a page read from it is not kept

PAGES = Counter("mentors_kept_pages_total", "Pages served as kept, or rendered", ["how"])
_KEPT, _RENDERED = PAGES.labels("kept"), PAGES.labels("rendered")

_read: ContextVar[set[str] | None] = ContextVar("areas_read", default=None)


@lru_cache(maxsize=2000)
def _areas_in(statement: str) -> frozenset[str]:
    """The areas of the tables whose names occur in STATEMENT; one too many does no harm."""
    areas = revisions.areas()
    return frozenset(areas[word] for word in set(re.findall(r"\w+", statement)) & areas.keys())


@event.listens_for(Engine, "before_cursor_execute")
def _note_reading(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    seen = _read.get()
    if seen is not None:
        seen |= _areas_in(statement)


class Page(NamedTuple):
    """A rendered page: its bytes between the places where the reader's own token goes."""

    state: tuple[tuple[str, int], ...]  # counters of the areas it was read from
    until: float
    parts: tuple[bytes, ...]

    def holds(self, now: dict[str, int]) -> bool:
        return self.until > time.monotonic() and all(now.get(area, 0) == n for area, n in self.state)


class Shelf:
    """The kept pages of one process, the least used thrown out first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._taken = 0
        self._pages: OrderedDict[tuple[Any, ...], Page] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: tuple[Any, ...], now: dict[str, int]) -> Page | None:
        """The page under KEY if the counters NOW are still its own and it is not too old."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or not found.holds(now):
                return None
            self._pages.move_to_end(key)
            return found

    def keep(self, key: tuple[Any, ...], page: Page) -> None:
        with self._lock:
            self._drop(self._pages.pop(key, None))
            self._pages[key] = page
            self._taken += _size(page)
            while self._taken > self._room:
                self._drop(self._pages.popitem(last=False)[1])

    def _drop(self, page: Page | None) -> None:
        self._taken -= _size(page) if page else 0


def _size(page: Page) -> int:
    return sum(map(len, page.parts)) + 1000  # and what Python puts around it


def kept(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep the view's page until an area it was read from changes. Only a plain page (text, 200) is kept."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        reader = session.get("_user_id")
        if request.method != "GET" or "_flashes" in session or (reader is None and _comes_back()):
            return view(*args, **kwargs)
        now = revisions.current()
        key = (*_address(), locale_code(), request.cookies.get("ground"), reader)
        shelf: Shelf = current_app.extensions.setdefault("kept-pages", Shelf())
        if (found := shelf.find(key, now)) is not None:
            _KEPT.inc()
            token = _token() if len(found.parts) > 1 else b""
            return Response(token.join(found.parts), mimetype="text/html")
        _RENDERED.inc()
        page, areas = _noting(view, args, kwargs)
        text = page[0] if isinstance(page, tuple) and page[1:] == (200,) else page
        if isinstance(text, str) and session.get("_user_id") == reader and UNCOUNTED not in areas:
            # Who is signed in, and what they may do, is read before the page is.
            watched = areas | {"accounts"} if reader else areas
            state = tuple((area, now.get(area, 0)) for area in sorted(watched))
            shelf.keep(key, Page(state, time.monotonic() + LONGEST, _parts(text)))
        return page

    return answer


def _comes_back() -> bool:
    """Whether the login manager will know this person by the cookie of "stay signed in"."""
    return current_app.config.get("REMEMBER_COOKIE_NAME", "remember_token") in request.cookies


def _address() -> tuple[str, str | None, str]:
    """Scheme and host too: full addresses in a page are made of what the request says."""
    return request.scheme, request.environ.get("HTTP_HOST"), request.full_path


_tokens: dict[str, bytes] = {}  # by the session's own half, of this minute
_minute = 0


def _token() -> bytes:
    """The reader's token; signing it once a minute is enough, it is good for an hour."""
    global _minute, _tokens
    if (minute := int(time.monotonic() / 60)) != _minute or len(_tokens) > MOST_TOKENS:
        _minute, _tokens = minute, {}
    half = session.get(current_app.config["WTF_CSRF_FIELD_NAME"])
    token = _tokens.get(half) if half else None
    if token is None:
        token = generate_csrf().encode()
        _tokens[session[current_app.config["WTF_CSRF_FIELD_NAME"]]] = token
    return token


def never_keep() -> None:
    """Said while a page is rendered: it holds something that must be new each time (a command's own number)."""
    areas = _read.get()
    if areas is not None:
        areas.add(UNCOUNTED)


def _noting(view: Callable[..., Any], args: Any, kwargs: Any) -> tuple[Any, set[str]]:
    """The page of VIEW, and the areas it was read from."""
    areas: set[str] = set()
    before = _read.set(areas)
    try:
        return view(*args, **kwargs), areas
    finally:
        _read.reset(before)


def _parts(page: str) -> tuple[bytes, ...]:
    token = g.get("csrf_token")
    return tuple(part.encode() for part in (page.split(token) if token else [page]))
