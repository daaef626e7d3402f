"""The permission matrix as data: each area's rows, and who the roles are.

A row names one route and what each role gets. Roles:
nobody (not signed in), stranger (signed in, no part in it), learner (enrolled in the cohort),
mentor (on its team, hosts), coordinator (of its lead organisation), author, staff, admin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROLES = ("nobody", "stranger", "learner", "mentor", "coordinator", "author", "staff", "admin")

OK, MOVED, FOUND, BAD, AUTH, NO, HIDDEN, CONFLICT, INVALID = 200, 303, 302, 400, 401, 403, 404, 409, 422


@dataclass(frozen=True)
class Row:
    """ENDPOINT with METHOD answers `expect[role]`; a role left out gets `rest`.

    `args` name the objects of the matrix world that fill the address ("cohort.slug"), `data` is the
    posted form. `note` goes to docs/permissions.md.
    """

    endpoint: str
    method: str
    expect: Mapping[str, int]
    rest: int = HIDDEN
    args: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def status(self, role: str) -> int:
        return self.expect.get(role, self.rest)


def everyone(status: int = OK) -> dict[str, int]:
    """All roles get STATUS."""
    return dict.fromkeys(ROLES, status)
