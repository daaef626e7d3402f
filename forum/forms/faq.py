"""What the keepers of a FAQ type."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from core.forms import AtMost, Day, Form, Required, options
from forum.models import FaqState

STATES = options(
    {
        FaqState.CURRENT: _l("It holds"),
        FaqState.REVIEW: _l("It is being looked at again"),
        FaqState.RETIRED: _l("It is withdrawn"),
    }
)


class FaqForm(Form):
    question = StringField(_l("The question, as anybody would ask it"), [Required(), AtMost(300)])
    answer = TextAreaField(_l("The answer"), [Required(), AtMost(8000)])
    legal_basis = StringField(_l("Legal basis"), [AtMost(200)])
    valid_as_of = Day(_l("Valid as of"), [Required()])
    review_by = Day(_l("Look at it again by"), [Optional()])

    def validate_review_by(self, field: Any) -> None:
        if field.data and self.valid_as_of.data and field.data <= self.valid_as_of.data:
            raise ValidationError(_l("This day comes after the one it is valid as of."))


class FaqEditForm(FaqForm):
    state = SelectField(_l("State"), choices=STATES)
    note = StringField(_l("What changed"), [AtMost(200)])
    rev = HiddenField()
