"""Opening organisations and naming who acts for them. Staff only."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db
from core.errors import Conflict, DomainError, require
from core.text import slugify
from network.models import Membership, MembershipPart, Organisation
from network.permissions import can_manage_organisations
from network.queries import free_slug, just_opened, person_by_email

FIELDS = ("kind", "name_el", "name_en", "region_el", "region_en", "about_el", "about_en")


class UnknownPerson(DomainError):
    code = "unknown_person"
    status = 422
    message = _l("Nobody has an account with this e-mail yet. Ask them to sign up first.")


def _write(organisation: Organisation, facts: dict[str, Any]) -> None:
    for name in FIELDS:
        setattr(organisation, name, facts[name] or "")  # a field left out is an empty one


def open_organisation(actor: User | None, facts: dict[str, Any]) -> Organisation:
    """A new organisation with FACTS (see FIELDS); its address comes from its Greek name.

    The second half of a double click gets the first one's.
    """
    require(can_manage_organisations(actor))
    if twin := just_opened(facts["name_el"], facts["kind"]):
        return twin
    organisation = Organisation(slug=free_slug(slugify(facts["name_el"])))
    _write(organisation, facts)
    db.session.add(organisation)
    try:
        db.session.commit()
    except IntegrityError:  # somebody took the address meanwhile: the other half of a double click, as a rule
        db.session.rollback()
        if twin := just_opened(facts["name_el"], facts["kind"]):
            return twin
        raise Conflict from None
    return organisation


def edit_organisation(actor: User | None, organisation: Organisation, facts: dict[str, Any]) -> None:
    """Its address stays as it is: links to it live on."""
    require(can_manage_organisations(actor))
    _write(organisation, facts)
    db.session.commit()


def add_member(actor: User | None, organisation: Organisation, email: str, part: MembershipPart) -> Membership:
    """The person of EMAIL stands in ORGANISATION with PART; who is in it already gets the new part.

    Raises UnknownPerson when nobody has this e-mail.
    """
    require(can_manage_organisations(actor))
    person = person_by_email(email)
    if person is None:
        raise UnknownPerson
    mine = select(Membership).where(
        Membership.organisation_id == organisation.id, Membership.user_id == person.id
    )
    membership = db.session.scalar(mine)
    if membership is None:
        membership = Membership(organisation_id=organisation.id, user_id=person.id, part=part)
        db.session.add(membership)
    membership.part = part
    try:
        db.session.commit()
    except IntegrityError:  # added at the same moment from elsewhere
        db.session.rollback()
        membership = db.session.scalars(mine).one()
    return membership


def remove_member(actor: User | None, organisation: Organisation, person: User) -> None:
    """Nothing happens when they are not in it."""
    require(can_manage_organisations(actor))
    db.session.execute(
        delete(Membership).where(Membership.organisation_id == organisation.id, Membership.user_id == person.id)
    )
    db.session.commit()
