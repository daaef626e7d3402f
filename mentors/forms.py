"""Cohorts as they are typed: what is asked once when one is opened, and what is changed later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    URLField,
)
from wtforms.validators import Email, NumberRange, Optional, ValidationError

from core.forms import AtMost, Day, Form, Required, options
from core.i18n import athens, from_athens, local
from courses.forms import Lines
from courses.models import Theme
from mentors.models import Cohort, CohortTeam, EnrolPolicy, Meeting, Mentor, PartnerPart, Rhythm, TeamPart
from mentors.plans import AboutMentor, Plan, Rules, Words

LANGUAGES = {"el": _l("Greek"), "en": _l("English")}
RHYTHMS = {
    Rhythm.WEEKLY: _l("Once a week, the same day"),
    Rhythm.DAILY: _l("Every day, one after the other"),
    Rhythm.WEEKEND: _l("At weekends, two a day"),
}
POLICIES = {
    EnrolPolicy.OPEN: _l("Anybody with an account takes a seat"),
    EnrolPolicy.INVITE: _l("By invitation: you add people by their e-mail"),
}
PARTNER_PARTS = {
    PartnerPart.LEAD: _l("leads"),
    PartnerPart.CO_ORGANISER: _l("co-organises"),
    PartnerPart.SUPPORTER: _l("supports"),
}
TEAM_PARTS = {
    TeamPart.HOST: _l("host"),
    TeamPart.MENTOR: _l("mentor"),
    TeamPart.MODERATOR: _l("moderator"),
}
MOST_SEATS = 500
MOST_LINKS = 5


class WordsForm(Form):
    """What a cohort says about itself."""

    title_el = StringField(_l("Title in Greek"), [Required(), AtMost(200)])
    title_en = StringField(_l("Title in English"), [AtMost(200)])
    summary_el = TextAreaField(_l("In two sentences, in Greek"), [Required(), AtMost(1000)])
    summary_en = TextAreaField(_l("In two sentences, in English"), [AtMost(1000)])
    place_el = StringField(_l("Where, in Greek"), [AtMost(200)])
    place_en = StringField(_l("Where, in English"), [AtMost(200)])
    language = SelectField(_l("Language of the meetings"), choices=options(LANGUAGES))
    seats = IntegerField(
        _l("Seats"),
        [Required(), NumberRange(1, MOST_SEATS, _l("Between 1 and %(max)d."))],
    )

    def words(self) -> Words:
        names = ("title_el", "title_en", "summary_el", "summary_en", "place_el", "place_en", "language")
        return Words(**{name: self.data[name] or "" for name in names})


class NewCohortForm(WordsForm):
    course = SelectField(_l("Course"), coerce=int)
    lead = SelectField(_l("Organisation that leads"), coerce=int)
    first = Day(_l("Day of the first meeting"), [Required()])
    clock = TimeField(_l("It begins at (time of Athens)"), [Required()])
    rhythm = RadioField(_l("The next ones follow"), choices=options(RHYTHMS), coerce=Rhythm)

    def __init__(self, courses: Iterable[Any], organisations: Iterable[Any], **given: Any) -> None:
        super().__init__(**given)
        if not self.is_submitted():
            # An evening a week for a table of twenty: what most cohorts are.
            self.seats.data, self.clock.data, self.rhythm.data = 20, dt.time(18), Rhythm.WEEKLY
        self.course.choices = options({course.id: local(course.current, "title") for course in courses})
        self.lead.choices = options({body.id: local(body, "name") for body in organisations})


class EditCohortForm(WordsForm):
    revision = HiddenField()
    closes_day = Day(_l("Enrolment closes on"), [Required()])
    closes_clock = TimeField(_l("at (time of Athens)"), [Required()])
    enrol_policy = RadioField(_l("Who enrols"), choices=options(POLICIES), coerce=EnrolPolicy)

    @classmethod
    def of(cls, cohort: Cohort) -> EditCohortForm:
        """The form of COHORT: what was posted, else what it says now."""
        closes = athens(cohort.enrol_closes_at)
        return cls(obj=cohort, closes_day=closes.date(), closes_clock=closes.time())

    def rules(self) -> Rules:
        assert self.closes_day.data  # noqa: S101 - validated
        assert self.closes_clock.data  # noqa: S101 - validated
        return Rules(
            seats=self.seats.data or 0,
            enrol_closes_at=from_athens(self.closes_day.data, self.closes_clock.data),
            enrol_policy=self.enrol_policy.data,
        )


def number(value: object) -> int:
    """The number that a hidden field carries (without the field its own default); 0 when it is none."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class RevisionForm(Form):
    """The guard of a page with several parts: its token and the revision it was made from."""

    revision = HiddenField(validators=[Required()])


def secure_link(_form: Form, field: URLField) -> None:
    """An https address with a host and nothing hidden in front of it."""
    if field.data and not _is_secure(field.data):
        raise ValidationError(_("Give the whole address of the meeting, from https:// on."))


def _is_secure(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    hidden = "@" in parts.netloc or "\\" in text or any(sign.isspace() for sign in text)
    return parts.scheme == "https" and bool(parts.hostname) and not hidden


class MeetingForm(Form):
    """One meeting of the programme; several stand on one page, each with its prefix."""

    class Meta(Form.Meta):
        csrf = False

    day = Day(_l("Day"), [Required()])
    clock = TimeField(_l("From (time of Athens)"), [Required()])
    conference_url = URLField(_l("Teleconference link"), [Optional(), AtMost(500), secure_link])
    mentor = SelectField(_l("Who teaches"), coerce=int)

    @classmethod
    def of(cls, meeting: Meeting, team: list[CohortTeam]) -> MeetingForm:
        starts = athens(meeting.starts_at)
        form = cls(
            prefix=f"m{meeting.position}-",
            day=starts.date(),
            clock=starts.time().replace(second=0, microsecond=0),
            conference_url=meeting.conference_url,
            mentor=meeting.mentor_id or 0,
        )
        people = {member.user_id: member.user.name for member in team}
        if meeting.mentor is not None:
            people.setdefault(meeting.mentor.id, meeting.mentor.name)
        form.mentor.choices = options({0: _("Not decided yet"), **people})
        return form

    def plan(self, meeting: Meeting) -> Plan:
        """What was typed. An untouched day and time keep the meeting's own seconds."""
        day, clock = self.day.data or dt.date.min, self.clock.data or dt.time.min
        stands = athens(meeting.starts_at)
        same = (day, clock) == (stands.date(), stands.time().replace(second=0, microsecond=0))
        return Plan(
            starts_at=meeting.starts_at if same else from_athens(day, clock),
            conference_url=self.conference_url.data or "",
            mentor_id=self.mentor.data or None,
        )


class PartnerForm(Form):
    organisation = SelectField(_l("Organisation"), coerce=int)
    part = SelectField(
        _l("Its part"),
        choices=options({part: word for part, word in PARTNER_PARTS.items() if part is not PartnerPart.LEAD}),
        coerce=PartnerPart,
    )


class TeamForm(Form):
    """A person by the list of mentors or by the e-mail of their account."""

    mentor = SelectField(_l("From the mentors"), coerce=int)
    email = EmailField(
        _l("or by the e-mail of an account"),
        [Optional(), AtMost(254), Email(_l("An address looks like maria@dimos.example."))],
    )
    part = SelectField(_l("Part"), choices=options(TEAM_PARTS), coerce=TeamPart)

    def validate_email(self, field: EmailField) -> None:
        if not field.data and not self.mentor.data:
            raise ValidationError(_("Choose a mentor or give an e-mail."))


class MentorForm(Form):
    """Opens the page of a mentor."""

    email = EmailField(
        _l("E-mail of the account"),
        [Required(), AtMost(254), Email(_l("An address looks like maria@dimos.example."))],
    )
    headline_el = StringField(_l("Who they are, in one line of Greek"), [Required(), AtMost(200)])


class AboutMentorForm(Form):
    """What a mentor's page says."""

    revision = HiddenField()
    headline_el = StringField(_l("Who you are, in one line of Greek"), [Required(), AtMost(200)])
    bio_el = TextAreaField(_l("More about you, in Greek"), [AtMost(4000)])
    themes = SelectMultipleField(_l("What you teach"), coerce=int)
    links = Lines(_l("Where people find you"))
    headline_en = StringField(_l("In one line of English"), [AtMost(200)])
    bio_en = TextAreaField(_l("More about you, in English"), [AtMost(4000)])

    def __init__(self, themes: Iterable[Theme], **given: Any) -> None:
        super().__init__(**given)
        self.themes.choices = options({theme.id: local(theme, "title") for theme in themes})

    @classmethod
    def of(cls, mentor: Mentor, themes: Iterable[Theme]) -> AboutMentorForm:
        """The form of MENTOR's page: what was posted, else what it says now."""
        form = cls(themes, obj=mentor)
        if not form.is_submitted():
            form.themes.data = [theme.id for theme in mentor.themes]
        return form

    def validate_links(self, field: Lines) -> None:
        links = field.data or []
        if len(links) > MOST_LINKS:
            raise ValidationError(_("At most %(max)d links.", max=MOST_LINKS))
        for link in links:
            if not _is_secure(link):
                raise ValidationError(_("This isn't a whole address from https:// on: %(link)s", link=link))

    def about(self) -> AboutMentor:
        said = {name: self.data[name] or "" for name in ("headline_el", "headline_en", "bio_el", "bio_en")}
        return AboutMentor(**said, links=self.links.data or [], themes=self.themes.data or [])
