"""The life of a version: draft, published, retired. The same for modules and courses."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from accounts.models import User
from core.db import db, utcnow
from core.errors import Conflict, DomainError, NotFound, require
from core.text import slugify
from courses import queries
from courses.checks import Problem, course_problems, module_problems
from courses.content import CourseText, ModuleText, checksum, course_text, module_text
from courses.models import Course, CoursePart, CourseVersion, Module, ModuleVersion, VersionState
from courses.permissions import can_publish, can_retire, can_write


class Incomplete(DomainError):
    """A draft that can't be published yet: `problems` says what is missing."""

    code = "incomplete"
    status = 422
    message = _l("Something is still missing before this can be published.")

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].sentence)
        self.problems = problems


class EditedMeanwhile(Conflict):
    """Somebody saved after the form was made: `draft` is what they saved."""

    def __init__(self, draft: Any) -> None:
        who = draft.editor.name if draft.editor else gettext("Somebody else")
        super().__init__(gettext("%(who)s saved this draft meanwhile. Nothing was overwritten.", who=who))
        self.draft = draft


class DraftGone(Conflict):
    message = _l("This draft was published or discarded meanwhile. What you typed is still here.")


def problems_of(work: Module | Course, version: Any) -> list[Problem]:
    """What keeps VERSION of WORK from being published; WORK's topics or VERSION's parts must be loaded."""
    if isinstance(work, Module):
        return module_problems(module_text(version), len(work.topics))
    retired = sum(part.module_version.state is VersionState.RETIRED for part in version.parts)
    return course_problems(course_text(version), retired)


def free_slug(model: type[Module | Course], title: str) -> str:
    """An address of TITLE that nobody has: "koino-revma", "koino-revma-2" …"""
    base = slugify(title) or ("module" if model is Module else "course")
    slug, n = base, 1
    while queries.slug_taken(model, slug):
        n += 1
        slug = f"{base}-{n}"
    return slug


def begin(
    model: type[Module | Course], text: ModuleText | CourseText, user: User, slug: str = "", **facts: Any
) -> Any:
    """A new work with FACTS and its first draft; the second half of a double click gets the first one's."""
    author, title = user.id, text.title_el
    if twin := queries.just_begun(model, author, title):
        return twin
    work = model(slug=slug or free_slug(model, title or text.title_en), **facts)
    db.session.add(work)
    try:
        write(new_version(work, user), text)
        db.session.commit()
    except IntegrityError:  # somebody took the address meanwhile: the other half, as a rule
        db.session.rollback()
        if twin := queries.just_begun(model, author, title):
            return twin
        raise Conflict from None
    return work


def write(version: ModuleVersion | CourseVersion, text: ModuleText | CourseText) -> None:
    """Put TEXT into VERSION, untouched columns untouched."""
    for field in fields(text):
        if field.name != "parts" and getattr(version, field.name) != getattr(text, field.name):
            setattr(version, field.name, getattr(text, field.name))
    if isinstance(version, CourseVersion) and isinstance(text, CourseText):
        _write_parts(version, text.parts)


def _write_parts(version: CourseVersion, parts: list[int]) -> None:
    if [part.module_version_id for part in version.parts] == parts:
        return
    version.parts.clear()
    # The old places must be free before the new rows take them.
    db.session.flush()
    version.parts.extend(CoursePart(module_version_id=id_, position=n) for n, id_ in enumerate(parts, 1))


def save(work: Module | Course, text: ModuleText | CourseText, revision: int, user: User) -> Any:
    """Put TEXT into the draft of WORK that the form knew as REVISION (0: no draft, open one).

    Raises EditedMeanwhile, DraftGone, NotFound.
    """
    draft = queries.draft_of(work)
    if draft is None:
        if revision:
            raise DraftGone
        draft = new_version(work, user)
    elif draft.revision != revision:
        raise EditedMeanwhile(draft)
    try:
        draft.editor_id, draft.updated_at = user.id, utcnow()
        write(draft, text)
        db.session.commit()
    except (StaleDataError, IntegrityError):
        db.session.rollback()
        raise _what_happened(work) from None
    return draft


def _what_happened(work: Module | Course) -> DomainError:
    key: Any = inspect(work).identity
    if db.session.get(type(work), key) is None:  # somebody threw its only draft away, and it went with it
        return NotFound()
    draft = queries.draft_of(work)
    return EditedMeanwhile(draft) if draft else DraftGone()


def new_version(work: Module | Course, user: User) -> Any:
    """The next draft of WORK, empty, not committed."""
    model: Any = ModuleVersion if isinstance(work, Module) else CourseVersion
    owner = model.module_id if model is ModuleVersion else model.course_id
    last = db.session.scalar(select(func.max(model.number)).where(owner == work.id)) or 0
    facts: dict[str, Any] = {"module": work} if model is ModuleVersion else {"course": work, "parts": []}
    version = model(number=last + 1, title_el="", author_id=user.id, editor_id=user.id, **facts)
    db.session.add(version)
    return version


def open_draft(work: Module | Course, user: User) -> Any:
    """The open draft of WORK; without one, a new one that says what the newest version says."""
    require(can_write(user))
    if draft := queries.draft_of(work):
        return draft
    newest = queries.versions(work)[0]
    text = module_text(newest) if isinstance(newest, ModuleVersion) else course_text(newest)
    draft = new_version(work, user)
    try:
        write(draft, text)
        db.session.commit()
    except IntegrityError:  # two people opened it at once: there is one draft, and both get it
        db.session.rollback()
        return queries.draft_of(work)
    return draft


def publish(work: Module | Course, revision: int, user: User) -> Any:
    """Freeze the draft of WORK that USER saw as REVISION and show it. Twice is as good as once.

    Raises Incomplete, EditedMeanwhile.
    """
    draft = queries.draft_of(work)
    if draft is None:
        require(can_write(user))
        return work.current
    require(can_publish(user, draft))
    if draft.revision != revision:
        raise EditedMeanwhile(draft)
    return freeze(work, draft)


def freeze(work: Module | Course, draft: Any) -> Any:
    """Publish DRAFT if nothing is missing, whoever asks (seeding; people go through `publish`)."""
    if problems := problems_of(work, draft):
        raise Incomplete(problems)
    draft.state, draft.published_at = VersionState.PUBLISHED, utcnow()
    if isinstance(draft, ModuleVersion):
        draft.checksum = checksum(module_text(draft))
    work.current = draft
    try:
        db.session.commit()
    except StaleDataError:
        db.session.rollback()
        raise _what_happened(work) from None
    return draft


def discard(work: Module | Course, user: User) -> bool:
    """Throw the draft of WORK away; True when WORK was nothing but this draft and went with it."""
    require(can_write(user))
    draft = queries.draft_of(work)
    if draft is None:
        return False
    db.session.delete(draft)
    alone = work.current_id is None and draft.number == 1
    db.session.flush()
    if alone:
        db.session.delete(work)
    db.session.commit()
    return alone


def retire(work: Module | Course, user: User) -> None:
    """Take WORK out of the catalogue; cohorts that pin one of its versions keep it."""
    require(can_retire(user))
    if work.current is not None and work.current.state is VersionState.PUBLISHED:
        work.current.state = VersionState.RETIRED
        db.session.commit()


def restore(work: Module | Course, user: User) -> None:
    """Offer WORK again."""
    require(can_retire(user))
    if work.current is not None and work.current.state is VersionState.RETIRED:
        work.current.state = VersionState.PUBLISHED
        db.session.commit()
