"""Language and time as people read them: Greek first, English complete, Europe/Athens."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, format_date, format_datetime, get_locale
from flask_login import current_user

LOCALES = ("el", "en")
ATHENS = ZoneInfo("Europe/Athens")

babel = Babel()


def choose_locale() -> str:
    """The reader's language: what they chose, else their account's, else their browser's, else Greek."""
    if not has_request_context():  # a job, a command
        return "el"
    if chosen := session.get("locale"):
        return str(chosen)
    if current_user and current_user.is_authenticated:
        return str(current_user.locale)
    return request.accept_languages.best_match(LOCALES, default="el")


def locale_code() -> str:
    """"el" or "en", for templates and queries."""
    locale = get_locale()
    return locale.language if locale else "el"


def local(thing: Any, field: str) -> str:
    """The FIELD of THING in the reader's language, else in Greek: local(theme, "title").

    THING is an object with `title_el`/`title_en`, or a mapping {"el": …, "en": …} when FIELD is "".
    """
    code = locale_code()
    if isinstance(thing, dict):
        pair = thing.get(field, {}) if field else thing
        return pair.get(code) or pair.get("el", "")
    return getattr(thing, f"{field}_{code}", None) or getattr(thing, f"{field}_el")


def athens(moment: dt.datetime) -> dt.datetime:
    """MOMENT on the clock of Athens."""
    return moment.astimezone(ATHENS)


def from_athens(day: dt.date, clock: dt.time) -> dt.datetime:
    """The UTC moment of CLOCK on DAY in Athens (a clock time that falls in the DST gap moves on)."""
    return dt.datetime.combine(day, clock, ATHENS).astimezone(dt.UTC)


def day(moment: dt.datetime | dt.date) -> str:
    """«21 Ιανουαρίου»."""
    return str(format_date(moment, "d MMMM"))


def date_long(moment: dt.datetime | dt.date) -> str:
    """«Τετάρτη 21 Ιανουαρίου 2026»."""
    return str(format_date(moment, "EEEE d MMMM y"))


def clock(moment: dt.datetime) -> str:
    """«18:00»."""
    return str(format_datetime(moment, "HH:mm"))


def moment(value: dt.datetime) -> str:
    """«Τετάρτη 21 Ιανουαρίου, 18:00»."""
    return str(format_datetime(value, "EEEE d MMMM, HH:mm"))


def timecode(seconds: float) -> str:
    """Seconds as a player shows them: «1:12:30», «4:05»."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=choose_locale)
    for function in (day, date_long, clock, moment, timecode):
        app.add_template_filter(function)
    app.add_template_global(local)
    app.add_template_global(locale_code)

    @app.after_request
    def _name_language(response: Any) -> Any:
        if response.mimetype == "text/html" and "Content-Language" not in response.headers:
            response.headers["Content-Language"] = locale_code()
            response.vary.update(("Accept-Language", "Cookie"))
        return response

    @app.context_processor
    def _now() -> dict[str, Any]:
        from core.db import utcnow

        return {"now": g.setdefault("now", utcnow())}
