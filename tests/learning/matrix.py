"""Who gets what on seats, calendars, teleconferences and lists of names."""

from __future__ import annotations

from tests.matrix import AUTH, FOUND, HIDDEN, MOVED, NO, OK, Row, everyone

INSIDE = ("learner", "mentor", "coordinator", "staff", "admin")
RUNNING_IT = ("mentor", "coordinator", "staff", "admin")
STAFF = ("staff", "admin")
COHORT = {"slug": "cohort.slug"}
SEAT = {"slug": "running_cohort.slug", "pid": "enrolment.pid"}


def only(roles: tuple[str, ...], status: int, nobody: int) -> dict[str, int]:
    """ROLES get STATUS, who isn't signed in NOBODY; the others what the row leaves them."""
    return {"nobody": nobody, **dict.fromkeys(roles, status)}


MATRIX = [
    Row("learning.enrol", "POST", {"nobody": AUTH}, MOVED, COHORT),
    Row(
        "learning.enrol",
        "POST",
        {"nobody": AUTH, **dict.fromkeys(RUNNING_IT, 409)},
        args={"slug": "draft_cohort.slug"},
        note="a draft takes nobody",
    ),
    Row("learning.place", "POST", {"nobody": AUTH, "learner": MOVED}, HIDDEN, COHORT, {"place": ""},
        note="one's own seat only"),
    Row("learning.leaving", "GET", {"nobody": FOUND, "learner": OK}, MOVED, COHORT, note="back, without a seat"),
    Row("learning.withdraw", "POST", {"nobody": AUTH}, MOVED, COHORT, note="nothing happens without a seat"),
    Row("learning.calendar", "GET", everyone(), args={"pid": "meeting.pid"}, note="without the link for outsiders"),
    Row(
        "learning.calendar",
        "GET",
        dict.fromkeys(RUNNING_IT, OK),
        args={"pid": "draft_meeting.pid"},
        note="of a draft",
    ),
    Row("learning.cohort_calendar", "GET", everyone(), args=COHORT, note="without the links for outsiders"),
    Row(
        "learning.cohort_calendar",
        "GET",
        dict.fromkeys(RUNNING_IT, OK),
        args={"slug": "draft_cohort.slug"},
        note="of a draft",
    ),
    Row(
        "learning.conference",
        "GET",
        only(INSIDE, FOUND, FOUND),
        args={"pid": "meeting.pid"},
        note="participants: on to the teleconference",
    ),
    Row("learning.mine", "GET", {"nobody": FOUND}, OK),
    Row("learning.roster", "GET", only(RUNNING_IT, OK, FOUND), NO, COHORT),
    Row("learning.invite", "POST", {"nobody": AUTH}, NO, COHORT, {"email": "person.email"}, note="not by invitation"),
    Row("learning.remove", "GET", only(STAFF, OK, FOUND), NO, SEAT),
    Row("learning.remove", "POST", only(STAFF, MOVED, AUTH), NO, SEAT, {"reason": "Διπλός λογαριασμός."}),
]
