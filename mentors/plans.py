"""What a form asks of a service: the checked values, in the shapes that services take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mentors.models import EnrolPolicy, Rhythm


@dataclass(frozen=True)
class Words:
    """What a cohort says about itself."""

    title_el: str
    title_en: str
    summary_el: str
    summary_en: str
    place_el: str
    place_en: str
    language: str


@dataclass(frozen=True)
class AboutMentor:
    """What a mentor's page says; `bio_*` is Markdown, `links` are https addresses, `themes` ids."""

    headline_el: str
    headline_en: str
    bio_el: str
    bio_en: str
    links: list[str]
    themes: list[int]


@dataclass(frozen=True)
class Rules:
    """How many, until when (UTC), and who may take a seat."""

    seats: int
    enrol_closes_at: dt.datetime
    enrol_policy: EnrolPolicy


@dataclass(frozen=True)
class Dates:
    """The first meeting, on the clock of Athens, and how the others follow."""

    first: dt.date
    clock: dt.time
    rhythm: Rhythm


@dataclass(frozen=True)
class Plan:
    """What a meeting should become; `starts_at` in UTC."""

    starts_at: dt.datetime
    conference_url: str
    mentor_id: int | None
