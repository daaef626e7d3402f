"""What people may send about a recording."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import FloatField, HiddenField, RadioField, SelectChoice, SelectField, StringField, ValidationError

from archive import timecodes
from archive.models import RecordingVisibility
from core.forms import AtMost, Form, Required

NAMES = {"el": _l("Greek"), "en": _l("English")}
LANGUAGES = [SelectChoice(code, name) for code, name in NAMES.items()]
AUDIENCES = [
    SelectChoice(RecordingVisibility.COHORT, _l("Those of the cohort")),
    SelectChoice(RecordingVisibility.PUBLIC, _l("Everybody")),
    SelectChoice(RecordingVisibility.PRIVATE, _l("Only us, for now")),
]


class FactsForm(Form):
    """What a recording is called."""

    title_el = StringField(_l("Title in Greek"), [Required(), AtMost(200)])
    title_en = StringField(_l("Title in English"), [AtMost(200)])
    language = SelectField(_l("Language of the talk"), choices=LANGUAGES, default="el")


class NewForm(FactsForm):
    """A recording before its first byte. The choices of `meeting` are set by the page."""

    meeting = SelectField(_l("Which meeting?"), [Required()], validate_choice=False)
    visibility = RadioField(_l("Who will see it?"), choices=AUDIENCES, default=RecordingVisibility.COHORT)

    def validate_meeting(self, field: Any) -> None:
        if as_uuid(field.data) is None:
            raise ValidationError(gettext("Choose a meeting from the list."))


class VisibilityForm(Form):
    visibility = RadioField(_l("Who sees it?"), choices=AUDIENCES)


class CaptionsForm(Form):
    file = FileField(_l("Captions (WebVTT)"), [FileRequired(_l("Choose a file that ends in .vtt"))])
    language = SelectField(_l("Language"), choices=LANGUAGES, default="el")


class PlaceForm(Form):
    """A question, and the moment of the recording at which its answer begins."""

    question = SelectField(_l("Which question?"), [Required()], validate_choice=False)
    at = StringField(_l("Its answer begins at"), [Required(), AtMost(20)])

    def validate_at(self, field: Any) -> None:
        if timecodes.parse(field.data) is None:
            raise ValidationError(gettext("Write it as minutes and seconds: 12:30."))


class StopForm(Form):
    """The moment at which the recording was paused or cut."""

    stopped = StringField(_l("It was stopped at"), [Required(), AtMost(20)])

    def validate_stopped(self, field: Any) -> None:
        if timecodes.parse(field.data) is None:
            raise ValidationError(gettext("Write it as minutes and seconds: 12:30."))


class StartForm(Form):
    """The clock on the wall when the recording began."""

    clock = StringField(_l("The recording began at"), [Required(), AtMost(8)])

    def validate_clock(self, field: Any) -> None:
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?", field.data):
            raise ValidationError(gettext("Write the time of day: 18:02:30."))


class PositionForm(Form):
    """Where a player is, and the ten-second pieces it played since the last time."""

    seconds = FloatField(_l("Seconds"), [Required()])
    seen = HiddenField()

    def validate_seconds(self, field: Any) -> None:
        if field.data is None or not 0 <= field.data <= 1e6:
            raise ValidationError(gettext("This wasn't understood."))

    def pieces(self) -> list[int]:
        """The numbers in `seen`, nonsense left out."""
        return [int(word) for word in (self.seen.data or "").split(",")[:3000] if re.fullmatch(r"\d{1,5}", word)]


def as_uuid(text: str | None) -> uuid.UUID | None:
    """The id TEXT names, None when it names none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
