"""The real agenda, modules and courses load, once, and bad files are told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.db import db
from courses import queries, seeding
from courses.models import CourseVersion, Module, ModuleVersion, Theme, Topic
from courses.seeding import BadSeed
from tests.world import World

pytestmark = pytest.mark.usefixtures("inside")


def amounts() -> list[int]:
    return [db.session.query(table).count() for table in (Theme, Topic, Module, ModuleVersion, CourseVersion)]


def test_the_real_files_load_and_load_again(world: World) -> None:
    author = world.author()
    for _ in range(2):
        assert seeding.load_agenda() == 9
        assert seeding.load_modules(author) == 12
        assert seeding.load_courses(author) == 3
        db.session.expire_all()
        assert amounts() == [9, 50, 12, 12, 3]
    assert all(theme_modules for _, theme_modules in queries.agenda())
    assert all(len(course.current.parts) >= 5 for course in queries.courses("el"))


def test_every_module_teaches_something_long_enough(world: World) -> None:
    for path in sorted((seeding.SEEDS / "modules").glob("*.md")):
        _, text = seeding.read_module(path)
        assert text.minutes == 120, path.name
        assert 500 <= len(text.reading_el.split()) <= 950, path.name
        assert all((text.title_en, text.summary_en)), path.name
        assert len(text.outcomes_en) == len(text.outcomes_el), path.name


def test_a_module_that_changed_becomes_a_new_version(world: World, tmp_path: Path) -> None:
    author = world.author()
    seeding.load_agenda()
    source = (seeding.SEEDS / "modules" / "koino-reyma.md").read_text("utf-8")
    path = tmp_path / "koino-reyma.md"
    path.write_text(source, "utf-8")
    seeding.load_modules(author, tmp_path)
    path.write_text(source + "\nΜια γραμμή ακόμη.\n", "utf-8")
    seeding.load_modules(author, tmp_path)
    db.session.expire_all()
    version = queries.module_or_404("koino-reyma", None)
    assert version.number == 2
    assert version.reading_el.endswith("Μια γραμμή ακόμη.")


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("theme: green-economy", "theme: nowhere", "no theme 'nowhere'"),
        ("topics: [t0504, t0501]", "topics: [t9999]", "is not in the agenda"),
        ("minutes: 35", "minutes: 30", "115 "),
        ("kind: break", "kind: dance", "missing or wrong: 'dance'"),
        ("slug: koino-reyma\n", "", "missing or wrong: 'slug'"),
        ("self_check:", "self_tjek:", "missing or wrong: 'self_check'"),
        ("---\n## ", "## ", "front matter"),
        ("slug: koino-reyma", "slug: [", "koino-reyma.md"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(world: World, tmp_path: Path, old: str, new: str, wrong: str) -> None:
    seeding.load_agenda()
    source = (seeding.SEEDS / "modules" / "koino-reyma.md").read_text("utf-8")
    assert old in source
    (tmp_path / "koino-reyma.md").write_text(source.replace(old, new), "utf-8")
    with pytest.raises(BadSeed, match=r"^koino-reyma\.md: ") as refusal:
        seeding.load_modules(world.author(), tmp_path)
    assert wrong in str(refusal.value)


def test_a_course_with_an_unknown_module_is_refused(world: World, tmp_path: Path) -> None:
    seeding.load_agenda()
    with pytest.raises(BadSeed, match="no published module"):
        seeding.load_courses(world.author())


@pytest.mark.parametrize("text", ["", "- a", "themes: []", "themes: [{id: x}]", "a: ["])
def test_a_bad_agenda_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "agenda.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadSeed):
        seeding.load_agenda(path)
