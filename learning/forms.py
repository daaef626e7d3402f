"""What is typed about seats."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, TextAreaField
from wtforms.validators import Email

from core.forms import AtMost, Form, Required


class InviteForm(Form):
    email = EmailField(
        _l("E-mail of their account"),
        [Required(), AtMost(254), Email(_l("An address looks like maria@dimos.example."))],
    )


class RemoveForm(Form):
    reason = TextAreaField(_l("Why"), [Required(), AtMost(1000)])


class SeatForm(Form):
    """Nothing but the token that says the click was made here."""
