"""Meetings as calendar files (RFC 5545): an update stream with a stable UID and a rising SEQUENCE."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from icalendar import Calendar, Event
from werkzeug.urls import iri_to_uri

from core.db import utcnow
from core.i18n import local
from mentors.models import CohortState, Meeting, MeetingState

PRODUCER = "-//mentores//calendar//EL"


def calendar(meetings: Iterable[Meeting], name: str, links: bool) -> bytes:
    """A calendar of MEETINGS (cohort, module and mentor loaded); with LINKS for its participants."""
    file = Calendar()
    file.add("prodid", PRODUCER)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", name)
    now = utcnow().replace(microsecond=0)
    for meeting in meetings:
        file.add_component(_event(meeting, now, links))
    return bytes(file.to_ical())


def is_cancelled(meeting: Meeting) -> bool:
    return meeting.state is MeetingState.CANCELLED or meeting.cohort.state is CohortState.CANCELLED


def _event(meeting: Meeting, now: dt.datetime, links: bool) -> Event:
    cohort = meeting.cohort
    page = url_for("mentors.cohort", slug=cohort.slug, _external=True)
    lines = [local(cohort, "title")]
    if meeting.mentor is not None:
        lines.append(_("With %(name)s", name=meeting.mentor.name))
    event = Event()
    event.add("uid", meeting.ics_uid)
    event.add("sequence", meeting.ics_sequence)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtend", meeting.ends_at.astimezone(dt.UTC).replace(microsecond=0))
    event.add("summary", local(meeting.module_version, "title"))
    event.add("status", "CANCELLED" if is_cancelled(meeting) else "CONFIRMED")
    if place := local(cohort, "place"):
        event.add("location", place)
    if links and meeting.conference_url:
        link = iri_to_uri(meeting.conference_url)
        event.add("conference", link, {"VALUE": "URI", "FEATURE": "VIDEO"})
        lines.append(_("Teleconference: %(link)s", link=link))
    event.add("url", page)
    event.add("description", "\n".join([*lines, page]))
    return event
