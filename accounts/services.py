"""Acts on accounts."""

from __future__ import annotations

import uuid

from flask_babel import gettext
from sqlalchemy import func, select

from accounts.models import PlatformRole, Role, User, role_grants
from accounts.permissions import is_admin
from accounts.queries import role_named, user_by_email
from core.db import db, utcnow
from core.errors import DomainError, NotFound, require
from core.live import end_sockets


class LastAdministrator(DomainError):
    code = "last_admin"


def update_profile(user: User, given_name: str, family_name: str, latin_name: str, locale: str) -> None:
    """Change what the person says of themselves."""
    user.given_name, user.family_name = given_name, family_name
    user.latin_name, user.locale = latin_name or None, locale
    db.session.commit()


def sign_out_everywhere(user: User) -> None:
    """End every session and socket of USER, this one too."""
    user.fs_uniquifier = uuid.uuid4().hex
    db.session.commit()
    end_sockets(user.id)


def grant(actor: User | None, email: str, role: PlatformRole) -> User:
    """Give the person with EMAIL a platform role; holding it already is fine."""
    require(is_admin(actor))
    user = user_by_email(email)
    if user is None:
        raise NotFound(gettext("Nobody has an account with this address."))
    _grant(user, role)
    db.session.commit()
    return user


def _grant(user: User, role: PlatformRole) -> None:
    row = role_named(role)
    if row is None:
        row = Role(name=role)
        db.session.add(row)
    if row not in user.roles:
        user.roles.append(row)


def revoke(actor: User | None, user: User, role: PlatformRole) -> None:
    """Take a platform role away; the last administrator keeps theirs."""
    require(is_admin(actor))
    if role is PlatformRole.ADMIN and _administrators() <= 1:
        raise LastAdministrator(gettext("Somebody must stay administrator. Name another one first."))
    user.roles = [row for row in user.roles if row.name != role]
    db.session.commit()
    end_sockets(user.id)


def _administrators() -> int:
    of_admins = select(Role.id).where(Role.name == PlatformRole.ADMIN).scalar_subquery()
    held = select(func.count()).select_from(role_grants).where(role_grants.c.role_id == of_admins)
    return db.session.scalar(held) or 0


def create_person(
    email: str, password_hash: str, given_name: str, family_name: str, *roles: PlatformRole, latin_name: str = ""
) -> User:
    """A confirmed account made by hand (the command line and the demo), in the open transaction."""
    user = User(
        email=email.strip().lower(),
        password=password_hash,
        given_name=given_name,
        family_name=family_name,
        latin_name=latin_name or None,
        confirmed_at=utcnow(),
        roles=[],
    )
    db.session.add(user)
    for role in roles:
        _grant(user, role)
    return user
