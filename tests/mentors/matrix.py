"""Who gets what on cohorts, mentors and the desk of those who run them.

`cohort` is published and led by the coordinator's organisation, the mentor hosts it, the learner holds a
seat; `draft_cohort` is the same before it is shown.
"""

from __future__ import annotations

from tests.matrix import AUTH, FOUND, INVALID, MOVED, NO, OK, Row, everyone

RUNNING_IT = ("mentor", "coordinator", "staff", "admin")
DECIDING = ("coordinator", "staff", "admin")
STAFF = ("staff", "admin")
WRITING = ("mentor", *STAFF)  # their own page, and staff
COHORT = {"slug": "cohort.slug"}
DRAFT = {"slug": "draft_cohort.slug"}


def only(roles: tuple[str, ...], status: int, nobody: int) -> dict[str, int]:
    """ROLES get STATUS, who isn't signed in NOBODY; the others what the row leaves them."""
    return {"nobody": nobody, **dict.fromkeys(roles, status)}


def change(endpoint: str, status: int, data: dict[str, str] | None = None, note: str = "") -> Row:
    return Row(f"mentors_manage.{endpoint}", "POST", only(DECIDING, status, AUTH), NO, COHORT, data or {}, note)


MATRIX = [
    Row("mentors.cohorts", "GET", everyone()),
    Row("mentors.cohort", "GET", everyone(), args=COHORT),
    Row("mentors.cohort", "GET", dict.fromkeys(RUNNING_IT, OK), args=DRAFT, note="a draft"),
    Row("mentors.cohort", "GET", everyone(), args={"slug": "cancelled_cohort.slug"}, note="a cancelled one"),
    Row("mentors.mentors", "GET", everyone()),
    Row("mentors.mentor", "GET", everyone(), args={"slug": "mentor.slug"}),
    Row("mentors.new", "GET", only(STAFF, OK, FOUND), NO),
    Row("mentors.new", "POST", only(STAFF, INVALID, AUTH), NO, note="an empty form"),
    Row("mentors.edit", "GET", only(WRITING, OK, FOUND), NO, {"slug": "mentor.slug"}),
    Row("mentors.edit", "POST", only(WRITING, INVALID, AUTH), NO, {"slug": "mentor.slug"}, note="an empty form"),
    Row("mentors_manage.index", "GET", only(RUNNING_IT, OK, FOUND), NO),
    Row("mentors_manage.new", "GET", only(DECIDING, OK, FOUND), NO),
    Row("mentors_manage.new", "POST", only(DECIDING, INVALID, AUTH), NO, note="an empty form"),
    Row("mentors_manage.cohort", "GET", only(RUNNING_IT, OK, FOUND), NO, COHORT),
    Row("mentors_manage.cohort", "GET", only(RUNNING_IT, OK, FOUND), args=DRAFT, note="a draft"),
    Row("mentors_manage.edit", "GET", only(DECIDING, OK, FOUND), NO, COHORT),
    change("edit", INVALID, note="an empty form"),
    Row("mentors_manage.meetings", "GET", only(DECIDING, OK, FOUND), NO, COHORT),
    change("meetings", INVALID, note="an empty form"),
    change("add_partner", INVALID, note="an empty form"),
    change("remove_partner", MOVED, {"id": "other_organisation.id"}),
    change("add_team", INVALID, note="an empty form"),
    change("remove_team", MOVED, {"id": "person.id"}),
    Row("mentors_manage.cancel", "GET", only(DECIDING, OK, FOUND), NO, COHORT),
    Row(
        "mentors_manage.step",
        "POST",
        only(RUNNING_IT, MOVED, AUTH),
        NO,
        COHORT,
        {"to": "running"},
        note="begin it; too early, so it is only said",
    ),
    Row(
        "mentors_manage.step",
        "POST",
        only(DECIDING, INVALID, AUTH),
        NO,
        COHORT,
        {"to": "cancelled"},
        note="cancel it; without a reason",
    ),
    Row(
        "mentors_manage.step",
        "POST",
        only(DECIDING, MOVED, AUTH) | {"mentor": NO},
        args=DRAFT,
        data={"to": "published"},
        note="publish a draft",
    ),
]
