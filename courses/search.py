"""What can be found of the curriculum: modules and courses on offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core import search
from core.db import db
from core.markdown import plain
from core.search import Document, Link
from courses.models import Course, CourseVersion, Module, ModuleVersion, Theme, VersionState


def _modules() -> Iterable[int]:
    return db.session.scalars(select(Module.id).where(Module.current_id.is_not(None)))


def _module(key: int) -> Iterator[Document]:
    """The published version, in both its languages."""
    module = db.session.scalar(
        select(Module)
        .join(Module.current)
        .join(Module.theme)
        .where(Module.id == key, ModuleVersion.state == VersionState.PUBLISHED)
        .options(contains_eager(Module.current), contains_eager(Module.theme))
    )
    if module is None or module.current is None:
        return
    said = module.current
    yield Document(
        part=0,
        title_el=said.title_el,
        title_en=said.title_en,
        place_el=module.theme.title_el,
        place_en=module.theme.title_en,
        text="\n".join([*_said(said, "el"), *_said(said, "en")]),
        links=(Link("courses.module", {"slug": module.slug}),),
        languages=frozenset({"el", "en"} if said.reading_en else {"el"}),
        theme=module.theme_id,
        moment=said.published_at or said.updated_at,
    )


def _said(version: ModuleVersion, code: str) -> list[str]:
    """What a version says in a language; not its self-check, whose answers one should find by reading."""
    own: Any = lambda name: getattr(version, f"{name}_{code}")
    titles = [part["title"].get(code, "") for part in version.plan]
    lines = [own("summary"), *own("outcomes"), *titles, *own("opening_questions"), plain(own("reading"))]
    return [line for line in lines if line]


def _courses() -> Iterable[int]:
    return db.session.scalars(select(Course.id).where(Course.current_id.is_not(None)))


def _course(key: int) -> Iterator[Document]:
    course = db.session.scalar(
        select(Course)
        .join(Course.current)
        .where(Course.id == key, CourseVersion.state == VersionState.PUBLISHED)
        .options(contains_eager(Course.current))
    )
    if course is None or course.current is None:
        return
    said = course.current
    lines = [said.summary_el, said.for_whom_el, plain(said.description_el)]
    lines += [said.summary_en, said.for_whom_en, plain(said.description_en)]
    yield Document(
        part=0,
        title_el=said.title_el,
        title_en=said.title_en,
        text="\n".join(line for line in lines if line),
        links=(Link("courses.course", {"slug": course.slug}),),
        languages=frozenset({"el", "en"} if said.description_en else {"el"}),
        moment=said.published_at or said.updated_at,
    )


def _themes_modules(session: Session, theme: Theme) -> Iterable[int]:
    return session.scalars(select(Module.id).where(Module.theme_id == theme.id, Module.current_id.is_not(None))).all()


def _published(version: ModuleVersion) -> bool:
    """A draft is saved often and found never."""
    return version.state is not VersionState.DRAFT


search.register("module", _modules, _module)
search.register("course", _courses, _course)
search.watch("module", Module, lambda _s, module: [module.id])
search.watch("module", ModuleVersion, lambda _s, version: [version.module_id] if _published(version) else [])
search.watch("module", Theme, _themes_modules)
search.watch("course", Course, lambda _s, course: [course.id])
search.watch("course", CourseVersion, lambda _s, v: [v.course_id] if v.state is not VersionState.DRAFT else [])
