"""What people fill in about themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_security import RegisterFormV2
from wtforms import SelectField, StringField
from wtforms.validators import Email

from core.forms import AtMost, Form, Required, cleaned


class SignUpForm(RegisterFormV2):
    """A new account: name, address, password."""

    given_name = StringField(_l("First name"), [Required(), AtMost(100)], filters=[cleaned])
    family_name = StringField(_l("Last name"), [Required(), AtMost(100)], filters=[cleaned])


class ProfileForm(Form):
    given_name = StringField(_l("First name"), [Required(), AtMost(100)])
    family_name = StringField(_l("Last name"), [Required(), AtMost(100)])
    latin_name = StringField(_l("Name in Latin letters"), [AtMost(200)])
    locale = SelectField(_l("Language"), choices=[("el", "Ελληνικά"), ("en", "English")])


class RoleForm(Form):
    """A platform role for the person with this address."""

    email = StringField(_l("E-mail"), [Required(), AtMost(254), Email(_l("Write an e-mail address, like name@example.org."))])
    role = SelectField(_l("Role"), choices=[("author", _l("Author")), ("staff", _l("Programme staff")), ("admin", _l("Administrator"))])
