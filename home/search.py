"""The page of the site's search: what is asked, how each kind is called, what one may narrow it to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from accounts.models import User
from core import search
from core.db import db, utcnow
from core.i18n import local
from core.search import Asked, Found
from courses.models import Theme
from mentors.models import Cohort
from mentors.permissions import visible_cohorts

LONGEST = 200  # characters of what is typed
# In the order of the page: what one reads, what was asked, what one watches, who and where.
KINDS = {
    "module": _l("Modules"),
    "faq": _l("Frequent questions"),
    "question": _l("Questions of the rooms"),
    "cue": _l("Said in recordings"),
    "recording": _l("Recordings"),
    "course": _l("Courses"),
    "cohort": _l("Cohorts"),
    "mentor": _l("Mentors"),
    "organisation": _l("Organisations"),
}
DAYS = {"month": 31, "half": 183, "year": 366}


@dataclass(frozen=True)
class Wanted:
    """What the address says: words, and what to narrow them to. Nonsense is no narrowing."""

    q: str = ""
    kind: str = ""
    theme: str = ""
    cohort: str = ""
    language: str = ""
    since: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Wanted:
        given = {name: " ".join(args.get(name, "").split())[:LONGEST] for name in cls.__dataclass_fields__}
        known = {"kind": KINDS, "language": ("el", "en"), "since": DAYS}
        return cls(**{name: value if value in known.get(name, (value,)) else "" for name, value in given.items()})

    @property
    def given(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}

    def without(self, *names: str) -> dict[str, str]:
        """The rest of it, for addresses."""
        return {name: value for name, value in self.given.items() if name not in names}

    @property
    def narrowed(self) -> bool:
        return bool(self.without("q"))


def found(wanted: Wanted, themes: list[Theme], cohorts: list[Cohort], user: User | None, page: int) -> Found:
    """What USER may see of it. A theme or cohort that isn't offered to them finds nothing."""
    theme = next((one.id for one in themes if one.slug == wanted.theme), 0)
    cohort = next((one.id for one in cohorts if one.slug == wanted.cohort), 0)
    if not wanted.q or (wanted.theme and not theme) or (wanted.cohort and not cohort):
        return Found([], "nothing")
    since = utcnow() - dt.timedelta(days=DAYS[wanted.since]) if wanted.since else None
    asked = Asked(wanted.q, wanted.kind, theme or None, cohort or None, wanted.language, since, page)
    result = search.find(asked, search.reader(user))
    order = list(KINDS)
    return Found(sorted((g for g in result.groups if g.kind in KINDS), key=lambda g: order.index(g.kind)), result.how)


def cohorts(user: User | None, limit: int = 60) -> list[Cohort]:
    """The cohorts that one may narrow to: the latest that USER may see."""
    latest = select(Cohort).where(visible_cohorts(user)).order_by(Cohort.starts_at.desc(), Cohort.id).limit(limit)
    return list(db.session.scalars(latest))


def filters(wanted: Wanted, themes: list[Theme], among: list[Cohort]) -> list[dict[str, Any]]:
    """The fields of the form, for components/filters.html."""
    everything = ("", _("All"))
    spans = [("month", _("Last month")), ("half", _("Last half year")), ("year", _("Last year"))]
    return [
        {"name": "kind", "label": _("What"), "options": [everything, *KINDS.items()], "value": wanted.kind},
        {
            "name": "theme",
            "label": _("Theme"),
            "options": [everything, *((one.slug, local(one, "title")) for one in themes)],
            "value": wanted.theme,
        },
        {
            "name": "cohort",
            "label": _("Cohort"),
            "options": [everything, *((one.slug, local(one, "title")) for one in among)],
            "value": wanted.cohort,
        },
        {
            "name": "language",
            "label": _("Language"),
            "options": [("", _("Any language")), ("el", _("In Greek")), ("en", _("In English"))],
            "value": wanted.language,
        },
        {"name": "since", "label": _("When"), "options": [("", _("Any time")), *spans], "value": wanted.since},
    ]
