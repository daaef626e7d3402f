"""E-mails to people who hold a seat, in the language of each, in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.models import User
from core.i18n import local
from core.mail import send
from learning.queries import seated_people
from mentors.models import Cohort, Meeting


def _subject(sentence: str, cohort: Cohort) -> str:
    return f"{sentence}: {local(cohort, 'title')}"


def moved(cohort: Cohort, meetings: Iterable[Meeting]) -> None:
    """Dates changed: the new ones of the moved MEETINGS (with their modules loaded)."""
    dates = sorted(meetings, key=lambda meeting: meeting.starts_at)
    for person in seated_people(cohort.id):
        with force_locale(person.locale):
            subject = _subject(_("New dates"), cohort)
        send(person.email, person.locale, subject, "learning/emails/moved", cohort=cohort, meetings=dates)


def cancelled(cohort: Cohort, people: Iterable[User], reason: str) -> None:
    for person in people:
        with force_locale(person.locale):
            subject = _subject(_("Cancelled"), cohort)
        send(person.email, person.locale, subject, "learning/emails/cancelled", cohort=cohort, reason=reason)


def seated_by(cohort: Cohort, person: User) -> None:
    with force_locale(person.locale):
        subject = _subject(_("You have a seat"), cohort)
    send(person.email, person.locale, subject, "learning/emails/seated", cohort=cohort)


def removed(cohort: Cohort, person: User, reason: str) -> None:
    with force_locale(person.locale):
        subject = _subject(_("Your seat was taken back"), cohort)
    send(person.email, person.locale, subject, "learning/emails/removed", cohort=cohort, reason=reason)
