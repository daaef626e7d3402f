"""Organisations and members as they are typed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Email

from core.forms import AtMost, Form, Required, options
from network.models import MembershipPart, OrganisationKind

KINDS = {
    OrganisationKind.MUNICIPALITY: _l("Municipality"),
    OrganisationKind.REGION: _l("Region"),
    OrganisationKind.PARTNERSHIP: _l("Partnership"),
    OrganisationKind.COOPERATIVE: _l("Co-operative"),
    OrganisationKind.PROGRAMME: _l("Programme"),
    OrganisationKind.OTHER: _l("Other body"),
}
PARTS = {
    MembershipPart.COORDINATOR: _l("Coordinator: opens and runs cohorts"),
    MembershipPart.VIEWER: _l("Viewer: sees totals"),
}


class OrganisationForm(Form):
    kind = SelectField(_l("What it is"), choices=options(KINDS), coerce=OrganisationKind)
    name_el = StringField(_l("Name in Greek"), [Required(), AtMost(200)])
    name_en = StringField(_l("Name in English"), [AtMost(200)])
    region_el = StringField(_l("Area in Greek"), [AtMost(200)])
    region_en = StringField(_l("Area in English"), [AtMost(200)])
    about_el = TextAreaField(_l("In a few words, in Greek"), [AtMost(4000)])
    about_en = TextAreaField(_l("In a few words, in English"), [AtMost(4000)])


class MemberForm(Form):
    email = EmailField(
        _l("E-mail of the account"),
        [Required(), AtMost(254), Email(_l("An address looks like maria@dimos.example."))],
    )
    part = SelectField(_l("What they may do"), choices=options(PARTS), coerce=MembershipPart)
