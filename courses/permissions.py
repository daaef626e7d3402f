"""Who may write, publish and read the curriculum."""

from __future__ import annotations

from accounts.models import User
from accounts.permissions import is_author, is_staff
from courses.models import CourseVersion, ModuleVersion, VersionState


def can_write(user: User | None) -> bool:
    """Authors and staff write drafts."""
    return is_author(user)


def can_publish(user: User | None, version: ModuleVersion | CourseVersion) -> bool:
    """Staff, or an author who neither opened the draft nor saved it last: four eyes see it first."""
    if user is None or is_staff(user):
        return is_staff(user)
    return is_author(user) and user.id not in {version.author_id, version.editor_id}


def can_retire(user: User | None) -> bool:
    """Staff take a module or a course out of the catalogue and bring it back."""
    return is_staff(user)


def can_read(user: User | None, version: ModuleVersion | CourseVersion) -> bool:
    """What was published is everybody's; a draft is for those who write."""
    return version.state is not VersionState.DRAFT or can_write(user)
