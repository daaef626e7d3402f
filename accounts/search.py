"""What the index knows of people: staff find everything."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from accounts.permissions import is_staff
from core import search


@search.circles
def staff(user: User) -> Iterable[str]:
    return [search.EVERYTHING] if is_staff(user) else []
