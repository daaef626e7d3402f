"""Who acts for which organisation."""

from __future__ import annotations

from sqlalchemy import Select, exists, select

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db
from network.models import Membership, MembershipPart


def coordinated(user: User) -> Select[int]:
    """The ids of the organisations that USER coordinates, as a subquery for lists."""
    return select(Membership.organisation_id).where(
        Membership.user_id == user.id, Membership.part == MembershipPart.COORDINATOR
    )


def is_coordinator(user: User | None, organisation_id: int) -> bool:
    """Does USER act for this organisation?"""
    if user is None or not user.active:
        return False
    mine = coordinated(user).where(Membership.organisation_id == organisation_id)
    return bool(db.session.scalar(select(exists(mine))))


def coordinates_any(user: User | None) -> bool:
    """Does USER act for some organisation?"""
    if user is None or not user.active:
        return False
    return bool(db.session.scalar(select(exists(coordinated(user)))))


def can_manage_organisations(user: User | None) -> bool:
    """Staff open organisations and name their members."""
    return is_staff(user)
