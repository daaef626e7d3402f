"""People, found."""

from __future__ import annotations

from sqlalchemy import select

from accounts.models import Role, User, role_grants
from core.db import db
from core.pages import Page, paginate


def user_by_email(email: str) -> User | None:
    """The person with this address, however they capitalise it."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def user_by_pid(pid: object) -> User | None:
    return db.session.scalar(select(User).where(User.pid == pid))


def role_named(name: str) -> Role | None:
    return db.session.scalar(select(Role).where(Role.name == name))


def people_with_roles(number: int) -> Page:
    """Everybody who holds a platform role, by family name."""
    holders = select(role_grants.c.user_id)
    return paginate(select(User).where(User.id.in_(holders)).order_by(User.family_name, User.id), number)
