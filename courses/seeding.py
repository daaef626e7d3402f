"""Loads the agenda, the modules and the courses from seeds/ into the database, as often as one likes.

What is there already and says the same is left alone; what says something else becomes a new version.
A file that is not as it should be stops the load with its name and what is wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from core.db import db
from core.text import clean
from courses import queries
from courses.content import CourseText, ModuleText, checksum, course_text
from courses.models import Course, CourseFormat, Module, SegmentKind, Theme, Topic
from courses.services import Incomplete, create_course, create_module, save_course, save_module
from courses.services.versions import freeze

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


class BadSeed(ValueError):
    """A seed file that can't be loaded."""

    def __init__(self, path: Path, wrong: str) -> None:
        super().__init__(f"{path.name}: {wrong}")


def load_agenda(path: Path = SEEDS / "agenda.yaml") -> int:
    """Bring themes and topics up to the file; the number of themes."""
    themes = _yaml(path, path.read_text("utf-8")).get("themes")
    if not themes:
        raise BadSeed(path, "no themes")
    try:
        for entry in themes:
            _load_theme(entry)
    except KeyError as missing:
        raise BadSeed(path, f"{entry.get('id', 'a theme')} has no {missing}") from None
    db.session.commit()
    return len(themes)


def _load_theme(entry: dict[str, Any]) -> None:
    theme = db.session.scalar(select(Theme).where(Theme.slug == entry["id"])) or Theme(slug=entry["id"])
    theme.number = entry["number"]
    for name in ("title_el", "title_en", "about_el", "about_en"):
        setattr(theme, name, clean(entry[name]))
    db.session.add(theme)
    db.session.flush()
    for position, line in enumerate(entry["topics"], 1):
        topic = db.session.scalar(select(Topic).where(Topic.code == line["id"])) or Topic(code=line["id"])
        topic.theme_id, topic.position = theme.id, position
        topic.title_el, topic.title_en = clean(line["title_el"]), clean(line["title_en"])
        db.session.add(topic)
    db.session.flush()


def load_modules(author: User, folder: Path = SEEDS / "modules") -> int:
    """Publish every module of FOLDER (*.md) in AUTHOR's name; the number of files."""
    paths = sorted(folder.glob("*.md"))
    for path in paths:
        _load_module(path, author)
    return len(paths)


def _load_module(path: Path, author: User) -> None:
    facts, text = read_module(path)
    theme = db.session.scalar(select(Theme).where(Theme.slug == facts["theme"]))
    if theme is None:
        raise BadSeed(path, f"no theme {facts['theme']!r} in the agenda")
    topics = list(db.session.scalars(select(Topic.id).where(Topic.code.in_(facts["topics"]))))
    if len(topics) != len(facts["topics"]):
        raise BadSeed(path, f"a topic of {facts['topics']} is not in the agenda")
    module = _module(facts["slug"])
    if module is not None and module.current is not None and module.current.checksum == checksum(text):
        return
    if module is None:
        create_module(theme.id, ModuleText(text.title_el), author, slug=facts["slug"])
        module = _module(facts["slug"])
    assert module is not None  # noqa: S101 - made just now
    draft = queries.draft_of(module)
    draft = save_module(
        module, text, theme_id=theme.id, topics=topics, revision=draft.revision if draft else 0, user=author
    )
    try:
        freeze(module, draft)
    except Incomplete as incomplete:
        raise BadSeed(path, "; ".join(str(problem.sentence) for problem in incomplete.problems)) from None


def _module(slug: str) -> Module | None:
    return db.session.scalar(
        select(Module).where(Module.slug == slug).options(joinedload(Module.current), selectinload(Module.topics))
    )


def read_module(path: Path) -> tuple[dict[str, Any], ModuleText]:
    """The front matter and the text of a module's file. Raises BadSeed."""
    head, separator, reading = path.read_text("utf-8").removeprefix("---\n").partition("\n---\n")
    if not separator:
        raise BadSeed(path, "no front matter between two lines of ---")
    facts = _yaml(path, head)
    try:
        text = ModuleText(
            **_languages(facts, "title"),
            **_languages(facts, "summary"),
            **_languages(facts, "outcomes"),
            **_languages(facts, "opening_questions"),
            plan=[_segment(part) for part in facts["plan"]],
            self_check=[_question(row) for row in facts["self_check"]],
            reading_el=clean(reading),
            reading_en=clean(str(facts.get("reading_en") or "")),
        )
        _ = facts["slug"], facts["theme"], facts["topics"]
    except (KeyError, TypeError, ValueError) as wrong:
        raise BadSeed(path, f"missing or wrong: {wrong}") from None
    return facts, text


def _languages(facts: dict[str, Any], name: str) -> dict[str, Any]:
    pair = facts[name]
    return {f"{name}_{code}": _words(pair[code]) for code in ("el", "en")}


def _words(value: Any) -> Any:
    return [clean(line) for line in value] if isinstance(value, list) else clean(value)


def _pair(words: dict[str, str]) -> dict[str, str]:
    return {"el": clean(words["el"]), "en": clean(words.get("en", ""))}


def _segment(part: dict[str, Any]) -> dict[str, Any]:
    return {"kind": str(SegmentKind(part["kind"])), "minutes": int(part["minutes"]), "title": _pair(part["title"])}


def _question(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "question": _pair(row["question"]),
        "choices": [_pair(choice) for choice in row["choices"]],
        "answer": int(row["answer"]),
        "why": _pair(row["why"]),
    }


def load_courses(author: User, path: Path = SEEDS / "courses.yaml") -> int:
    """Publish every course of the file in AUTHOR's name; the number of courses."""
    entries = _yaml(path, path.read_text("utf-8")).get("courses") or []
    for entry in entries:
        _load_course(path, entry, author)
    return len(entries)


def _load_course(path: Path, entry: dict[str, Any], author: User) -> None:
    try:
        text = CourseText(
            **_languages(entry, "title"),
            **_languages(entry, "summary"),
            **_languages(entry, "for_whom"),
            description_el=clean(entry["description_el"]),
            description_en=clean(entry.get("description_en", "")),
            parts=[_current_of(path, slug) for slug in entry["modules"]],
        )
        slug, form = entry["slug"], CourseFormat(entry["format"])
    except (KeyError, TypeError, ValueError) as wrong:
        if isinstance(wrong, BadSeed):
            raise
        raise BadSeed(path, f"{entry.get('slug', 'a course')}: missing or wrong: {wrong}") from None
    course = _course(slug)
    if course is not None and course.current_id is not None:
        newest = queries.versions(course)[0]
        if course_text(newest) == text and newest.id == course.current_id:
            return
    if course is None:
        create_course(form, CourseText(text.title_el), author, slug=slug)
        course = _course(slug)
    assert course is not None  # noqa: S101 - made just now
    draft = queries.draft_of(course)
    save_course(course, text, form, draft.revision if draft else 0, author)
    try:
        freeze(course, queries.draft_of(course))
    except Incomplete as incomplete:
        raise BadSeed(path, f"{slug}: " + "; ".join(p.sentence for p in incomplete.problems)) from None


def _course(slug: str) -> Course | None:
    return db.session.scalar(select(Course).where(Course.slug == slug).options(joinedload(Course.current)))


def _current_of(path: Path, slug: str) -> int:
    version = db.session.scalar(select(Module.current_id).where(Module.slug == slug))
    if version is None:
        raise BadSeed(path, f"no published module {slug!r}")
    return version


def _yaml(path: Path, text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        raise BadSeed(path, str(wrong)) from None
    if not isinstance(found, dict):
        raise BadSeed(path, "not a mapping")
    return found
