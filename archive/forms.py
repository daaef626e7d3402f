"""What people may send about a recording."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    FloatField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from archive import timecodes
from archive.licences import DEFAULT, LICENCES
from archive.models import RecordingVisibility
from archive.text.editing import Row
from core.forms import AtMost, Form, InvalidInput, Required, options
from core.text import clean

MOST_ROWS = 1000  # lines on one page of the captions' editor

NAMES = {"el": _l("Greek"), "en": _l("English")}
LANGUAGES = [SelectChoice(code, name) for code, name in NAMES.items()]
AUDIENCES = [
    SelectChoice(RecordingVisibility.COHORT, _l("Those of the cohort")),
    SelectChoice(RecordingVisibility.PUBLIC, _l("Everybody")),
    SelectChoice(RecordingVisibility.PRIVATE, _l("Only us, for now")),
]


def _bare(value: Any) -> Any:
    """Without what nobody sees, but with the blanks around it: «, » is a thing to look for."""
    return re.sub(r"[\x00-\x1f\x7f]", "", value) if isinstance(value, str) else value


class FactsForm(Form):
    """What a recording is called, and what others may do with it."""

    title_el = StringField(_l("Title in Greek"), [Required(), AtMost(200)])
    title_en = StringField(_l("Title in English"), [AtMost(200)])
    language = SelectField(_l("Language of the talk"), choices=LANGUAGES, default="el")
    licence = SelectField(_l("Licence"), choices=options({one.code: one.name for one in LICENCES.values()}),
                          default=DEFAULT)


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
    """A file with what was said: WebVTT, SubRip or plain text."""

    file = FileField(_l("Captions or text"), [FileRequired(_l("Choose a file that ends in .vtt, .srt or .txt"))])
    language = SelectField(_l("Language"), choices=LANGUAGES, default="el")


class EditorForm(Form):
    """A page of the captions' editor: the lines FIRST to FIRST + COUNT of version BASE, and what to do with them."""

    base = IntegerField(widget=HiddenInput(), validators=[NumberRange(0, 1_000_000)])
    first = IntegerField(widget=HiddenInput(), validators=[NumberRange(0, 1_000_000)])
    count = IntegerField(widget=HiddenInput(), validators=[NumberRange(0, 1000)])
    by = StringField(_l("Seconds later"), [AtMost(20)])
    wanted = StringField(_l("Find"), [AtMost(200)], filters=[_bare])
    instead = StringField(_l("Write instead"), [AtMost(200)], filters=[_bare])

    def rows(self) -> list[Row]:
        """The lines as they were sent. Raises InvalidInput."""
        columns = [request.form.getlist(name) for name in ("start", "end", "text")]
        if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_ROWS:
            raise InvalidInput(gettext("This wasn't understood."))
        return [Row(start[:20], end[:20], clean(text)) for start, end, text in zip(*columns, strict=True)]

    def validate_by(self, field: Any) -> None:
        if field.data and self.seconds() is None:
            raise ValidationError(gettext("Write seconds: 1.5, or -1.5 for earlier."))

    def seconds(self) -> float | None:
        """How much later all lines are wanted."""
        written = (self.by.data or "").replace(",", ".").replace("−", "-")
        return float(written) if re.fullmatch(r"[-+]?\d{1,5}(\.\d{1,3})?", written) else None


class PlaceForm(Form):
    """A question, and the moment of the recording at which its answer begins."""

    question = SelectField(_l("Which question?"), [Required()], validate_choice=False)
    at = StringField(_l("Its answer begins at"), [Required(), AtMost(20)])

    def validate_at(self, field: Any) -> None:
        if timecodes.parse(field.data) is None:
            raise ValidationError(gettext("Write it as minutes and seconds: 12:30."))


class ChapterForm(Form):
    """Where a part of the recording begins, and what it is called."""

    at = StringField(_l("It begins at"), [Required(), AtMost(20)])
    title_el = StringField(_l("Title in Greek"), [Required(), AtMost(200)])
    title_en = StringField(_l("Title in English"), [AtMost(200)])

    def validate_at(self, field: Any) -> None:
        if timecodes.parse(field.data) is None:
            raise ValidationError(gettext("Write it as minutes and seconds: 12:30."))


class StopForm(Form):
    """The moment at which the recording was paused or cut."""

    stopped = StringField(_l("It was stopped at"), [Required(), AtMost(20)])

    def validate_stopped(self, field: Any) -> None:
        if timecodes.parse(field.data) is None:
            raise ValidationError(gettext("Write it as minutes and seconds: 12:30."))


class RemoveForm(Form):
    """A part that isn't shown any more, and why."""

    first = StringField(_l("From"), [Required(), AtMost(20)])
    last = StringField(_l("To"), [Required(), AtMost(20)])
    reason = StringField(_l("Why?"), [Required(), AtMost(300)])

    def validate_first(self, field: Any) -> None:
        if timecodes.parse(field.data) is None:
            raise ValidationError(gettext("Write it as minutes and seconds: 12:30."))

    validate_last = validate_first


class WithdrawForm(Form):
    """Why the whole recording is taken back."""

    reason = StringField(_l("Why?"), [Required(), AtMost(300)])


class ReplaceForm(WithdrawForm):
    """Why another file takes its place."""


class SinceForm(Form):
    """A question that wasn't reached, and where it has been answered."""

    unreached = SelectField(_l("Which question?"), [Required()], validate_choice=False)
    link = StringField(_l("Link to the answered question"), [Required(), AtMost(300)])


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
