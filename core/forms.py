"""The base of every form, for pages and sockets alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from flask_wtf.form import SUBMIT_METHODS, _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import DateField, Field, FileField, SelectChoice
from wtforms.validators import InputRequired, Length, StopValidation

from core.errors import DomainError
from core.text import clean

FIRST_YEAR, LAST_YEAR = 2000, 2100


WORTH_KEEPING = 20  # signs: what is shorter is typed again


def written() -> list[str]:
    """The texts of the posted form that somebody would miss: a page of refusal gives them back."""
    kept = {name: text for name, text in request.form.items() if len(text) >= WORTH_KEEPING and " " in text}
    return [text for name, text in kept.items() if "password" not in name]


def cleaned(value: Any) -> Any:
    """A filter for text fields: NFC, no invisible characters, no outer blanks."""
    return clean(value) if isinstance(value, str) else value


class Sent:
    """What a page's form sent, in shapes that its fields expect. Mixed into forms of libraries too."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is not _Auto:
                return formdata
            # JSON counts as nothing: Flask-WTF would read any shape of it and fall.
            if request.method not in SUBMIT_METHODS or not (request.form or request.files):
                return None
            # A file is for a field of files; others measure and clean text.
            named = [name for name in request.files if isinstance(form._fields.get(name), FileField)]
            files = MultiDict((name, file) for name in named for file in request.files.getlist(name))
            return CombinedMultiDict([files, request.form])


class Form(Sent, FlaskForm):
    """A form whose text is cleaned and whose messages are sentences in the reader's language."""

    class Meta(Sent.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            filters: list[Callable[[Any], Any]] = list(unbound_field.kwargs.get("filters", ()))
            if "filters" not in unbound_field.kwargs and issubclass(unbound_field.field_class, _TEXT_FIELDS):
                filters.append(cleaned)
            return unbound_field.bind(form=form, filters=filters, **options)


def _text_fields() -> tuple[type[Field], ...]:
    from wtforms import EmailField, StringField, TextAreaField

    return (StringField, TextAreaField, EmailField)


_TEXT_FIELDS = _text_fields()


def options(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """The choices of a list: {value: what the reader sees}."""
    return [SelectChoice(value, word) for value, word in words.items()]


class InvalidInput(DomainError):
    """What a form refused: `facts["fields"]` maps each field to its sentences."""

    code = "invalid"
    status = 422


def load(form_class: type[Form], payload: Mapping[str, Any]) -> dict[str, Any]:
    """The checked values of PAYLOAD, for sockets and JSON. Raises InvalidInput.

    A value that is neither text, number, truth value nor a list of those is refused before
    the form sees it: WTForms' validators crash on anything else.
    """
    flat: MultiDict[str, str] = MultiDict()
    for name, value in payload.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, bool):
                if item:
                    flat.add(name, "true")
            elif isinstance(item, str | int | float):
                flat.add(name, str(item))
            elif item is not None:
                raise InvalidInput(gettext("This wasn't understood."), fields={name: []})
    form = form_class(formdata=flat, meta={"csrf": False})
    if not form.validate():
        first = next(iter(form.errors.values()), [gettext("This wasn't understood.")])
        raise InvalidInput(str(first[0]), fields={k: [str(e) for e in v] for k, v in form.errors.items()})
    return dict(form.data)


class Day(DateField):
    """A day of these times: others can't be counted with in every zone and database."""

    def pre_validate(self, _form: Any) -> None:
        if self.data and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            told = gettext("Write a day between %(first)d and %(last)d.", first=FIRST_YEAR, last=LAST_YEAR)
            raise StopValidation(told)


class Required(InputRequired):
    """Something other than blanks must be there."""

    def __init__(self, message: Any = None) -> None:
        super().__init__(message)

    def __call__(self, _form: Any, field: Any) -> None:
        if isinstance(field.data, str) and not field.data.strip():
            field.data = ""
            raise StopValidation(str(self.message or gettext("Please fill this in.")))
        if not field.raw_data or not field.raw_data[0]:
            raise StopValidation(str(self.message or gettext("Please fill this in.")))


class AtMost(Length):
    """At most N characters."""

    flags: ClassVar[dict[str, int]]

    def __init__(self, n: int) -> None:
        super().__init__(max=n)

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data and len(field.data) > self.max:
            from wtforms.validators import ValidationError

            over = len(field.data) - self.max
            raise ValidationError(
                ngettext("This is %(num)d character too long.", "This is %(num)d characters too long.", over)
            )
