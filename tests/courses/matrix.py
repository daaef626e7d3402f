"""Who gets what on the pages of the curriculum.

Objects: `theme`; `module`, `course` published, without a draft; `draft_module`, `draft_course` never published.
An argument "=1" is the value itself. The rows stand in an order that leaves the objects as they were.
"""

from __future__ import annotations

from tests.matrix import AUTH, FOUND, INVALID, MOVED, NO, OK, Row, everyone

WRITERS = ("author", "staff", "admin")


def writers(status: int, nobody: int) -> dict[str, int]:
    """Authors, staff and administrators get STATUS, nobody NOBODY, all others 403."""
    return {"nobody": nobody, **dict.fromkeys(WRITERS, status)}


def staff(status: int) -> dict[str, int]:
    return {"nobody": AUTH, "staff": status, "admin": status}


def _both(endpoint: str, method: str, expect: dict[str, int], note: str = "") -> list[Row]:
    return [
        Row(f"courses_manage.{endpoint}{kind}", method, expect, NO, {"slug": f"{kind}.slug"}, note=note)
        for kind in ("module", "course")
    ]


MATRIX = [
    Row("courses.themes", "GET", everyone()),
    Row("courses.theme", "GET", everyone(), args={"slug": "theme.slug"}),
    Row("courses.modules", "GET", everyone()),
    Row("courses.module", "GET", everyone(), args={"slug": "module.slug"}),
    Row("courses.module", "GET", dict.fromkeys(WRITERS, OK), args={"slug": "draft_module.slug"}, note="a draft"),
    Row("courses.module_version", "GET", everyone(), args={"slug": "module.slug", "number": "=1"}),
    Row(
        "courses.module_version",
        "GET",
        dict.fromkeys(WRITERS, OK),
        args={"slug": "draft_module.slug", "number": "=1"},
        note="a draft",
    ),
    Row("courses.self_check", "POST", everyone(), args={"slug": "module.slug"}, note="nothing is stored"),
    Row(
        "courses.self_check", "POST", dict.fromkeys(WRITERS, OK), args={"slug": "draft_module.slug"}, note="of a draft"
    ),
    Row("courses.courses", "GET", everyone()),
    Row("courses.course", "GET", everyone(), args={"slug": "course.slug"}),
    Row("courses.course", "GET", dict.fromkeys(WRITERS, OK), args={"slug": "draft_course.slug"}, note="a draft"),
    Row("courses.course_version", "GET", everyone(), args={"slug": "course.slug", "number": "=1"}),
    Row(
        "courses.course_version",
        "GET",
        dict.fromkeys(WRITERS, OK),
        args={"slug": "draft_course.slug", "number": "=1"},
        note="a draft",
    ),
    Row("courses_manage.index", "GET", writers(OK, FOUND), NO),
    Row("courses_manage.new_module", "GET", writers(OK, FOUND), NO),
    Row("courses_manage.create_module", "POST", writers(INVALID, AUTH), NO, note="an empty form"),
    Row("courses_manage.new_course", "GET", writers(OK, FOUND), NO),
    Row("courses_manage.create_course", "POST", writers(INVALID, AUTH), NO, note="an empty form"),
    Row("courses_manage.preview", "POST", writers(OK, AUTH), NO, data={"text": "**α**"}),
    *_both("", "GET", writers(OK, FOUND)),
    Row("courses_manage.edit_module", "GET", writers(OK, FOUND), NO, {"slug": "draft_module.slug"}),
    Row("courses_manage.edit_course", "GET", writers(OK, FOUND), NO, {"slug": "draft_course.slug"}),
    *_both("save_", "POST", writers(INVALID, AUTH), "an empty form"),
    Row(
        "courses_manage.publish_module",
        "POST",
        writers(MOVED, AUTH),
        NO,
        {"slug": "module.slug"},
        note="no draft: nothing to do; an author never publishes their own draft",
    ),
    Row("courses_manage.publish_course", "POST", writers(MOVED, AUTH), NO, {"slug": "course.slug"}, note="as above"),
    *_both("draft_", "POST", writers(MOVED, AUTH)),
    *_both("discard_", "POST", writers(MOVED, AUTH)),
    *_both("retire_", "POST", staff(MOVED)),
    *_both("restore_", "POST", staff(MOVED)),
    Row(
        "courses_manage.changes_module",
        "GET",
        {"nobody": FOUND, **dict.fromkeys(WRITERS, 404)},
        NO,
        {"slug": "module.slug", "number": "=1"},
        note="the first version changed nothing",
    ),
    Row(
        "courses_manage.changes_course",
        "GET",
        {"nobody": FOUND, **dict.fromkeys(WRITERS, 404)},
        NO,
        {"slug": "course.slug", "number": "=1"},
        note="the first version changed nothing",
    ),
]
