"""Organisations and their members. The directory is public: every organisation is visible to everybody."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db, utcnow
from core.errors import NotFound
from core.pages import Page, paginate
from core.text import fold
from network.models import Membership, Organisation, OrganisationKind
from network.permissions import coordinated

MOMENT = dt.timedelta(seconds=30)  # between the two halves of a double click, on a slow line


def organisations(kind: str = "", words: str = "", number: int = 1) -> Page:
    """The directory, by name: of one KIND, with WORDS in the name or the region."""
    found = select(Organisation).order_by(Organisation.name_el, Organisation.id)
    if kind in set(OrganisationKind):
        found = found.where(Organisation.kind == OrganisationKind(kind))
    if words:
        found = found.where(Organisation.id.in_(_named(words)))
    return paginate(found, number)


def _named(words: str) -> list[int]:
    """The ids of those with WORDS in their name or area, whatever the accents and the letter case.

    Folded here: no two databases fold Greek alike, and a directory has hundreds of rows, not thousands.
    """
    wanted = fold(words)
    names = select(
        Organisation.id,
        Organisation.name_el,
        Organisation.name_en,
        Organisation.region_el,
        Organisation.region_en,
    )
    return [row.id for row in db.session.execute(names) if wanted in fold(" ".join(row[1:]))]


def organisation_or_404(slug: str) -> Organisation:
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound
    return organisation


def organisations_of(user: User | None) -> list[Organisation]:
    """The organisations that USER may act for, by name: their own, all of them for staff."""
    if user is None:
        return []
    found = select(Organisation).order_by(Organisation.name_el)
    if not is_staff(user):
        found = found.where(Organisation.id.in_(coordinated(user)))
    return list(db.session.scalars(found))


def all_organisations() -> list[Organisation]:
    """Every organisation by name, for a choice."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name_el)))


def members_of(organisation: Organisation) -> list[Membership]:
    """Its members with their people, by name."""
    return list(
        db.session.scalars(
            select(Membership)
            .join(User, User.id == Membership.user_id)
            .where(Membership.organisation_id == organisation.id)
            .options(joinedload(Membership.user).lazyload(User.roles))
            .order_by(User.family_name, User.given_name, Membership.id)
        )
    )


def person_by_email(email: str) -> User | None:
    """The active account of EMAIL, in any letter case."""
    return db.session.scalar(
        select(User).where(func.lower(User.email) == email.strip().lower(), User.active.is_(True))
    )


def free_slug(wanted: str) -> str:
    """WANTED, or WANTED with a number when another organisation has it."""
    base = wanted or "foreas"
    like_it = select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))
    taken = {"new", *db.session.scalars(like_it)}  # "new" is an address of the staff's pages
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def just_opened(name: str, kind: OrganisationKind) -> Organisation | None:
    """The organisation that the same form opened a moment ago."""
    return db.session.scalar(
        select(Organisation)
        .where(
            Organisation.name_el == name, Organisation.kind == kind, Organisation.created_at > utcnow() - MOMENT
        )
        .order_by(Organisation.id)
        .limit(1)
    )
