"""Who gets what on the directory of organisations."""

from __future__ import annotations

from tests.matrix import AUTH, FOUND, INVALID, MOVED, NO, OK, Row, everyone

ORGANISATION = {"slug": "organisation.slug"}


def staff(status: int, nobody: int) -> dict[str, int]:
    return {"nobody": nobody, "staff": status, "admin": status}


MATRIX = [
    Row("network.organisations", "GET", everyone()),
    Row("network.organisation", "GET", everyone(), args=ORGANISATION),
    Row("network_manage.index", "GET", staff(OK, FOUND), NO),
    Row("network_manage.new", "GET", staff(OK, FOUND), NO),
    Row("network_manage.new", "POST", staff(INVALID, AUTH), NO, note="an empty form"),
    Row("network_manage.edit", "GET", staff(OK, FOUND), NO, ORGANISATION),
    Row("network_manage.edit", "POST", staff(INVALID, AUTH), NO, ORGANISATION, note="an empty form"),
    Row(
        "network_manage.add_member",
        "POST",
        staff(MOVED, AUTH),
        NO,
        ORGANISATION,
        {"email": "person.email", "part": "viewer"},
    ),
    Row(
        "network_manage.remove_member",
        "POST",
        staff(MOVED, AUTH),
        NO,
        {"slug": "organisation.slug", "pid": "role_coordinator.pid"},
    ),
]
