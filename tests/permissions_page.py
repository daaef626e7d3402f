"""`python -m tests.permissions_page` writes docs/permissions.md from the matrices that the tests walk through."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.matrix import ROLES, Row

AREAS = ("core", "home", "accounts", "network", "courses", "mentors", "learning", "forum", "archive")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
WORDS = {
    **dict.fromkeys((200, 201, 204, 206, 303), "yes"),
    **dict.fromkeys((400, 409, 412), "refused"),
    **dict.fromkeys((403, 405), "no"),
    302: "to sign-in",
    401: "sign in first",
    404: "hidden",
    422: "asks again",
}
HEAD = """# Who may do what

Written by `python -m tests.permissions_page` from the same tables that `tests/test_permission_matrix.py` walks
through, role by role, over every route and every socket command. What isn't in a table fails the build.

Roles: **nobody** isn't signed in; the **stranger** is signed in and has no part in the thing; the **learner** has a
seat in its cohort; the **mentor** is on its team and hosts; the **coordinator** acts for its lead organisation;
**author**, **staff** and **admin** hold a role for the whole platform.

Words: **yes**; **hidden** answers as if it weren't there (404); **no** says that it isn't open (403); **to sign-in**
and **sign in first** ask who it is; **asks again**: allowed, but the empty form of the test comes back with its
reasons; **refused**: allowed, but not in this state.
"""


def _cell(row: Row, role: str) -> str:
    status = row.status(role)
    if status == 302 and role != "nobody":
        return "yes"
    return WORDS.get(status, str(status))


def _table(rows: list[Row]) -> list[str]:
    lines = [f"| act | {' | '.join(ROLES)} |", "|---|" + "---|" * len(ROLES)]
    for row in rows:
        act = f"{row.method} `{row.endpoint}`" + (f" ({row.note})" if row.note else "")
        lines.append(f"| {act} | {' | '.join(_cell(row, role) for role in ROLES)} |")
    return lines


def _commands() -> list[str]:
    matrix = importlib.import_module("tests.forum.matrix")
    roles = matrix.ROOM_ROLES
    lines = ["## Socket commands of the room", "", f"| command | {' | '.join(roles)} |", "|---|" + "---|" * len(roles)]
    rows = matrix.SOCKET_MATRIX.items()
    return lines + [f"| `{command}` | {' | '.join(answers[role] for role in roles)} |" for command, answers in rows]


def page() -> str:
    """The whole page, as Markdown."""
    parts = [HEAD]
    for area in AREAS:
        rows = importlib.import_module(f"tests.{area}.matrix").MATRIX
        parts += [f"## {area}", "", *_table(rows), ""]
    parts += _commands()
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
