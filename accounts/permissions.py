"""What a platform role opens. Anonymous is a person too: None."""

from __future__ import annotations

from typing import cast

from flask_login import current_user

from accounts.models import PlatformRole, User


def actor() -> User | None:
    """Who is asking: the signed-in person, None for anonymous. Views pass it to services and queries."""
    return cast("User", current_user._get_current_object()) if current_user.is_authenticated else None  # noqa: SLF001 - the proxy must not leave the request


def _has(user: User | None, *names: PlatformRole) -> bool:
    return user is not None and user.active and any(role.name in names for role in user.roles)


def is_admin(user: User | None) -> bool:
    """Administrators: accounts, roles, settings."""
    return _has(user, PlatformRole.ADMIN)


def is_staff(user: User | None) -> bool:
    """Programme staff (and administrators): every cohort, recording and organisation."""
    return _has(user, PlatformRole.STAFF, PlatformRole.ADMIN)


def is_author(user: User | None) -> bool:
    """Authors (and staff): drafts of modules and courses."""
    return _has(user, PlatformRole.AUTHOR, PlatformRole.STAFF, PlatformRole.ADMIN)
