"""Courses: a new one, and what its draft says."""

from __future__ import annotations

from accounts.models import User
from core.db import db
from core.errors import require
from courses.content import CourseText
from courses.models import Course, CourseFormat, CourseVersion
from courses.permissions import can_write
from courses.services import versions


def create_course(form: CourseFormat, text: CourseText, user: User, slug: str = "") -> Course:
    """A course of the format FORM with its first draft."""
    require(can_write(user))
    course: Course = versions.begin(Course, text, user, slug, format=form)
    return course


def save_course(course: Course, text: CourseText, form: CourseFormat, revision: int, user: User) -> CourseVersion:
    """Save TEXT into the draft; the format belongs to the course and holds at once.

    Raises EditedMeanwhile, DraftGone.
    """
    require(can_write(user))
    draft: CourseVersion = versions.save(course, text, revision, user)
    if course.format is not form:
        course.format = form
        db.session.commit()
    return draft
