"""What pages read: every SELECT of the curriculum, with all that the page shows already loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import (
    InstrumentedAttribute,
    contains_eager,
    defer,
    joinedload,
    load_only,
    raiseload,
    selectinload,
)
from sqlalchemy.orm.interfaces import ORMOption

from accounts.models import User
from core.db import db, utcnow
from core.errors import NotFound
from core.pages import Page, paginate
from core.text import fold
from courses.models import (
    Course,
    CoursePart,
    CourseVersion,
    Module,
    ModuleVersion,
    Theme,
    VersionState,
)
from courses.permissions import can_read, can_write

PAGE = 24
DESK = 25  # works on a page of the desk
MOMENT = dt.timedelta(seconds=30)  # between the two halves of a double click, on a slow line

# A list shows the cover, never the text.
_COVER = tuple(
    defer(column, raiseload=True)
    for column in (ModuleVersion.reading_el, ModuleVersion.reading_en, ModuleVersion.self_check)
)


@dataclass(frozen=True)
class Filters:
    """What the catalogue was asked for; empty means everything."""

    theme: str = ""
    language: str = ""
    q: str = ""

    @property
    def given(self) -> dict[str, str]:
        return {key: value for key, value in vars(self).items() if value}


def _offered() -> Select[Module]:
    """Modules of the catalogue with theme and cover, by theme."""
    return (
        select(Module)
        .join(Module.theme)
        .join(Module.current)
        .options(contains_eager(Module.theme), contains_eager(Module.current).options(*_COVER))
        .where(ModuleVersion.state == VersionState.PUBLISHED)
    )


def _sort(version: Any, locale: str) -> Any:
    return version.sort_en if locale == "en" else version.sort_el


def catalogue(filters: Filters, locale: str, page: int) -> Page:
    """A page of the modules on offer that FILTERS let through, by theme and then by title as LOCALE sorts."""
    statement = _offered()
    if filters.theme:
        statement = statement.where(Theme.slug == filters.theme)
    if filters.language == "en":
        statement = statement.where(ModuleVersion.reading_en != "")
    elif filters.language == "el":
        statement = statement.where(ModuleVersion.reading_el != "")
    for word in fold(filters.q).split():
        statement = statement.where(ModuleVersion.words.contains(word, autoescape=True))
    return paginate(statement.order_by(Theme.number, _sort(ModuleVersion, locale), Module.id), page, PAGE)


def themes() -> list[Theme]:
    """The themes in the agenda's order, with nothing else loaded."""
    return list(db.session.scalars(select(Theme).order_by(Theme.number)))


def agenda() -> list[tuple[Theme, int]]:
    """The themes with their topics, each with the number of its modules on offer."""
    counts = dict(
        db.session.execute(
            select(Module.theme_id, func.count())
            .join(Module.current)
            .where(ModuleVersion.state == VersionState.PUBLISHED)
            .group_by(Module.theme_id)
        ).all()
    )
    found = db.session.scalars(select(Theme).options(selectinload(Theme.topics)).order_by(Theme.number))
    return [(theme, counts.get(theme.id, 0)) for theme in found]


def theme_or_404(slug: str) -> Theme:
    """The theme with its topics."""
    theme = db.session.scalar(select(Theme).where(Theme.slug == slug).options(selectinload(Theme.topics)))
    if theme is None:
        raise NotFound
    return theme


def modules_of(theme: Theme, locale: str) -> list[Module]:
    """The modules of THEME on offer, with their topics."""
    statement = _offered().where(Module.theme_id == theme.id).options(selectinload(Module.topics))
    return list(db.session.scalars(statement.order_by(_sort(ModuleVersion, locale))).unique())


# One version of a module


def _module_page() -> Select[ModuleVersion]:
    whole = joinedload(ModuleVersion.module)
    return (
        select(ModuleVersion)
        .join(Module, ModuleVersion.module_id == Module.id)
        .options(
            whole.joinedload(Module.theme),
            whole.selectinload(Module.topics),
            whole.joinedload(Module.current).options(*_COVER),
            joinedload(ModuleVersion.author),
        )
    )


def module_or_404(slug: str, user: User | None) -> ModuleVersion:
    """What the address of a module shows: its current version; the draft of a new one to those who write."""
    shown = _module_page().where(Module.slug == slug)
    version = db.session.scalar(shown.where(ModuleVersion.id == Module.current_id))
    if version is None and can_write(user):
        version = db.session.scalar(shown.where(ModuleVersion.state == VersionState.DRAFT))
    if version is None:
        raise NotFound
    return version


def module_version_or_404(slug: str, number: int, user: User | None) -> ModuleVersion:
    """The version NUMBER of a module, if USER may read it."""
    version = db.session.scalar(_module_page().where(Module.slug == slug, ModuleVersion.number == number))
    if version is None or not can_read(user, version):
        raise NotFound
    return version


def same_theme(module: Module, locale: str, limit: int = 3) -> list[Module]:
    """Other modules of MODULE's theme on offer."""
    statement = _offered().where(Module.theme_id == module.theme_id, Module.id != module.id)
    return list(db.session.scalars(statement.order_by(_sort(ModuleVersion, locale)).limit(limit)).unique())


def courses_with(module: Module) -> list[Course]:
    """The courses on offer that have MODULE among theirs, in any of its versions."""
    inside = (
        select(CoursePart.course_version_id)
        .join(ModuleVersion, CoursePart.module_version_id == ModuleVersion.id)
        .where(ModuleVersion.module_id == module.id)
    )
    statement = (
        select(Course)
        .join(Course.current)
        .options(contains_eager(Course.current))
        .where(CourseVersion.state == VersionState.PUBLISHED, CourseVersion.id.in_(inside))
        .order_by(CourseVersion.sort_el)
    )
    return list(db.session.scalars(statement).unique())


# Courses


def _parts() -> Any:
    """The parts of a course version down to each module's theme, without its text."""
    covers = selectinload(CourseVersion.parts).joinedload(CoursePart.module_version)
    return covers.options(*_COVER, joinedload(ModuleVersion.module).joinedload(Module.theme))


def courses(locale: str) -> list[Course]:
    """The courses on offer with the covers of their modules."""
    statement = (
        select(Course)
        .join(Course.current)
        .options(contains_eager(Course.current).options(_parts()))
        .where(CourseVersion.state == VersionState.PUBLISHED)
        .order_by(_sort(CourseVersion, locale))
    )
    return list(db.session.scalars(statement).unique())


def _course_page() -> Select[CourseVersion]:
    return (
        select(CourseVersion)
        .join(Course, CourseVersion.course_id == Course.id)
        .options(
            joinedload(CourseVersion.course).joinedload(Course.current),
            joinedload(CourseVersion.author),
            _parts(),
        )
    )


def course_or_404(slug: str, user: User | None) -> CourseVersion:
    """What the address of a course shows: its current version; the draft of a new one to those who write."""
    shown = _course_page().where(Course.slug == slug)
    version = db.session.scalar(shown.where(CourseVersion.id == Course.current_id))
    if version is None and can_write(user):
        version = db.session.scalar(shown.where(CourseVersion.state == VersionState.DRAFT))
    if version is None:
        raise NotFound
    return version


def course_version_or_404(slug: str, number: int, user: User | None) -> CourseVersion:
    """The version NUMBER of a course, if USER may read it."""
    version = db.session.scalar(_course_page().where(Course.slug == slug, CourseVersion.number == number))
    if version is None or not can_read(user, version):
        raise NotFound
    return version


# The authors' desk


@dataclass(frozen=True)
class Entry:
    """A module or course on the desk: `shown` is its published version, `draft` the open one; either may be None."""

    work: Module | Course
    shown: ModuleVersion | CourseVersion | None
    draft: ModuleVersion | CourseVersion | None

    @property
    def version(self) -> ModuleVersion | CourseVersion | None:
        """The one that names it."""
        return self.shown or self.draft


def desk_modules(number: int = 1) -> Page:
    """Every module by theme, as `Entry`: with its published version and its draft."""
    light = load_only(
        ModuleVersion.title_el,
        ModuleVersion.title_en,
        ModuleVersion.sort_el,
        ModuleVersion.number,
        ModuleVersion.state,
        ModuleVersion.updated_at,
        ModuleVersion.module_id,
        ModuleVersion.editor_id,
    )
    found = paginate(
        select(Module)
        .join(Module.theme)
        .options(contains_eager(Module.theme), joinedload(Module.current).options(light, raiseload("*")))
        .order_by(Theme.number, Module.id),
        number,
        DESK,
    )
    return _with_drafts(found, ModuleVersion.module_id, light, joinedload(ModuleVersion.editor))


def desk_courses(number: int = 1) -> Page:
    """Every course, as `Entry`: with its published version and its draft."""
    found = paginate(select(Course).options(joinedload(Course.current)).order_by(Course.id), number, DESK)
    return _with_drafts(found, CourseVersion.course_id, joinedload(CourseVersion.editor))


def _with_drafts(found: Page, owner: InstrumentedAttribute[int], *loading: ORMOption) -> Page:
    """FOUND with an `Entry` for each of its works; OWNER is the column of the versions that names the work."""
    model: Any = owner.class_
    drafts = db.session.scalars(
        select(model)
        .where(owner.in_([work.id for work in found.items]), model.state == VersionState.DRAFT)
        .options(*loading)
    )
    by_work = {getattr(draft, owner.key): draft for draft in drafts}
    return replace(found, items=[Entry(work, work.current, by_work.get(work.id)) for work in found.items])


def work_or_404(kind: str, slug: str) -> Module | Course:
    """The module or course (KIND "module" or "course") at SLUG, for those who write."""
    work: Module | Course | None
    if kind == "module":
        work = db.session.scalar(
            select(Module)
            .where(Module.slug == slug)
            .options(joinedload(Module.theme), selectinload(Module.topics), joinedload(Module.current))
        )
    else:
        work = db.session.scalar(select(Course).where(Course.slug == slug).options(joinedload(Course.current)))
    if work is None:
        raise NotFound
    return work


def versions(work: Module | Course) -> list[Any]:
    """Every version of WORK with its people (and a course's parts), the newest first."""
    if isinstance(work, Module):
        people = (joinedload(ModuleVersion.author), joinedload(ModuleVersion.editor))
        statement: Select[Any] = select(ModuleVersion).where(ModuleVersion.module_id == work.id).options(*people)
        return list(db.session.scalars(statement.order_by(ModuleVersion.number.desc())))
    statement = (
        select(CourseVersion)
        .where(CourseVersion.course_id == work.id)
        .options(joinedload(CourseVersion.author), joinedload(CourseVersion.editor), _parts())
    )
    return list(db.session.scalars(statement.order_by(CourseVersion.number.desc())))


def draft_of(work: Module | Course) -> Any:
    """The open draft of WORK as the database has it now, with its people (and a course's parts); None without one."""
    model: Any = ModuleVersion if isinstance(work, Module) else CourseVersion
    owner = ModuleVersion.module_id if isinstance(work, Module) else CourseVersion.course_id
    options: list[Any] = [joinedload(model.author), joinedload(model.editor)]
    if model is CourseVersion:
        options.append(_parts())
    statement = select(model).where(owner == work.id, model.state == VersionState.DRAFT).options(*options)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def pickable(also: list[int]) -> list[ModuleVersion]:
    """Module versions that a course can take: those on offer, and the ones in ALSO that it has already."""
    on_offer = select(Module.current_id).where(Module.current_id.is_not(None))
    statement = (
        select(ModuleVersion)
        .join(Module, ModuleVersion.module_id == Module.id)
        .join(Theme, Module.theme_id == Theme.id)
        .where(
            (ModuleVersion.id.in_(on_offer) & (ModuleVersion.state == VersionState.PUBLISHED))
            | ModuleVersion.id.in_(also)
        )
        .options(*_COVER, joinedload(ModuleVersion.module).joinedload(Module.theme))
        .order_by(Theme.number, ModuleVersion.sort_el, ModuleVersion.number.desc())
    )
    return list(db.session.scalars(statement))


def version_titles(ids: set[int]) -> dict[int, str]:
    """Titles of module versions, with their number, by id."""
    rows = db.session.execute(
        select(ModuleVersion.id, ModuleVersion.title_el, ModuleVersion.number).where(ModuleVersion.id.in_(ids))
    )
    return {key: f"{title} (v{number})" for key, title, number in rows}


def slug_taken(model: type[Module | Course], slug: str) -> bool:
    return db.session.scalar(select(model.id).where(model.slug == slug)) is not None


def just_begun(model: type[Module | Course], user_id: int, title: str) -> Module | Course | None:
    """The work that the same form of USER_ID began a moment ago: a double click begins one."""
    version: Any = ModuleVersion if model is Module else CourseVersion
    owner = ModuleVersion.module_id if model is Module else CourseVersion.course_id
    begun = select(owner).where(
        version.author_id == user_id,
        version.number == 1,
        version.state == VersionState.DRAFT,
        version.title_el == title,
    )
    twins: Select[Any] = select(model).where(model.id.in_(begun), model.created_at > utcnow() - MOMENT)
    twin: Module | Course | None = db.session.scalar(twins.order_by(model.id).limit(1))
    return twin
