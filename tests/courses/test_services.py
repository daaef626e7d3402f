"""Writing: drafts, publishing, four eyes, what never changes."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from core.db import db, utcnow
from core.errors import Conflict, Forbidden, NotFound
from courses import queries, services
from courses.content import CourseText, ModuleText, checksum, module_text
from courses.models import (
    Course,
    CourseFormat,
    CoursePart,
    CourseVersion,
    Frozen,
    Module,
    ModuleVersion,
    VersionState,
)
from tests.courses.conftest import course_text
from tests.courses.conftest import text as complete
from tests.programme import meanwhile
from tests.world import World

pytestmark = pytest.mark.usefixtures("inside")


def fresh(module: Module) -> Any:
    return queries.work_or_404("module", module.slug)


def written(world: World, agenda: Any, user: Any, **facts: Any) -> Any:
    """A module by USER whose draft lacks nothing (revision 2)."""
    theme, topic = agenda
    module = services.create_module(theme.id, ModuleText("Η αγορά"), user)
    services.save_module(fresh(module), complete(**facts), theme_id=theme.id, topics=[topic.id], revision=1, user=user)
    return fresh(module)


def test_create_makes_an_address_of_the_title(world: World, agenda: Any) -> None:
    author = world.author()
    first = services.create_module(agenda[0].id, ModuleText("Κοινό ρεύμα"), author)
    second = services.create_module(agenda[0].id, ModuleText("Κοινό ρεύμα"), world.stelios())
    assert (first.slug, second.slug) == ("koino-revma", "koino-revma-2")
    draft = queries.draft_of(first)
    assert (draft.number, draft.state, draft.author_id, draft.revision) == (1, "draft", author.id, 1)


def test_a_double_click_begins_one(world: World, agenda: Any) -> None:
    author = world.author()
    begin = {
        "module": lambda: services.create_module(agenda[0].id, ModuleText("Κοινό ρεύμα"), author),
        "course": lambda: services.create_course(CourseFormat.EVENING, CourseText("Έξι βραδιές"), author),
    }
    for act in begin.values():
        first = act()
        assert act().id == first.id
        first.created_at = utcnow() - queries.MOMENT
        db.session.commit()
        assert act().id != first.id


def test_two_halves_at_the_same_moment_begin_one(app: Flask, world: World, agenda: Any) -> None:
    author, other, theme = world.author(), world.stelios(), agenda[0].id
    with meanwhile(app, lambda: services.create_module(theme, ModuleText("Κοινό ρεύμα"), author)):
        assert services.create_module(theme, ModuleText("Κοινό ρεύμα"), author).slug == "koino-revma"
    with meanwhile(app, lambda: services.create_module(theme, ModuleText("Η αγορά"), other)), pytest.raises(Conflict):
        services.create_module(theme, ModuleText("Η αγορά"), author)  # somebody else took the address
    assert queries.desk_modules().total == 2


def test_create_needs_a_theme(world: World) -> None:
    with pytest.raises(NotFound):
        services.create_module(999, ModuleText("Τίτλος"), world.author())


def test_stranger_writes_nothing(world: World, agenda: Any) -> None:
    stranger, module = world.stranger(), world.module(published=False)
    work = fresh(module)
    for act in (
        lambda: services.create_module(agenda[0].id, ModuleText("Τίτλος"), stranger),
        lambda: services.create_course(CourseFormat.STAFF, course_text([]), stranger),
        lambda: services.save_module(work, complete(), theme_id=1, topics=[], revision=1, user=stranger),
        lambda: services.open_draft(work, stranger),
        lambda: services.publish(work, 1, stranger),
        lambda: services.discard(work, stranger),
        lambda: services.retire(work, stranger),
        lambda: services.restore(work, stranger),
    ):
        with pytest.raises(Forbidden):
            act()
    assert db.session.scalar(select(ModuleVersion.title_el)) == module_text(queries.draft_of(work)).title_el


def test_save_keeps_everything_and_counts_revisions(world: World, agenda: Any) -> None:
    author = world.author()
    module = written(world, agenda, author)
    draft = queries.draft_of(module)
    assert module_text(draft) == complete()
    assert (draft.revision, draft.editor_id) == (2, author.id)
    assert [topic.id for topic in module.topics] == [agenda[1].id]
    assert draft.sort_el == "η αγορα τησ πλατειασ"


def test_two_people_never_overwrite_unseen(world: World, agenda: Any) -> None:
    author, other = world.author(), world.stelios()
    module = written(world, agenda, author)
    facts = {"theme_id": agenda[0].id, "topics": [agenda[1].id], "revision": 2}
    services.save_module(module, complete(summary_el="Του άλλου."), user=other, **facts)
    with pytest.raises(services.EditedMeanwhile) as refusal:
        services.save_module(module, complete(summary_el="Του πρώτου."), user=author, **facts)
    assert refusal.value.draft.summary_el == "Του άλλου."
    assert other.name in str(refusal.value.message)
    db.session.expire_all()
    assert queries.draft_of(fresh(module)).summary_el == "Του άλλου."


def test_the_database_too_refuses_a_stale_save(world: World, agenda: Any) -> None:
    """Between reading and writing somebody else commits: the revision stands in the UPDATE's own condition."""
    author = world.author()
    module = written(world, agenda, author)
    draft = queries.draft_of(module)
    with db.engine.begin() as other:
        other.execute(text("UPDATE module_versions SET revision = 9 WHERE id = :id"), {"id": draft.id})
    draft.summary_el = "Παλιό."
    from sqlalchemy.orm.exc import StaleDataError

    with pytest.raises(StaleDataError):
        db.session.commit()


def test_publish_freezes_and_shows(world: World, agenda: Any) -> None:
    staff = world.stelios()
    module = written(world, agenda, world.author())
    version = services.publish(module, 2, staff)
    assert (version.state, version.number, version.checksum) == ("published", 1, checksum(complete()))
    assert version.published_at is not None
    assert fresh(module).current_id == version.id
    assert queries.draft_of(module) is None


def test_publish_twice_is_as_good_as_once(world: World, agenda: Any) -> None:
    staff = world.stelios()
    module = written(world, agenda, world.author())
    first = services.publish(module, 2, staff)
    assert services.publish(fresh(module), 2, staff) is first


def test_publish_only_what_was_seen(world: World, agenda: Any) -> None:
    module = written(world, agenda, world.author())
    with pytest.raises(services.EditedMeanwhile):
        services.publish(module, 1, world.stelios())
    assert queries.draft_of(module) is not None


def test_an_author_never_publishes_their_own_words(world: World, agenda: Any) -> None:
    author, other = world.author(), world.author()
    module = written(world, agenda, author)
    with pytest.raises(Forbidden):
        services.publish(module, 2, author)
    facts = {"theme_id": agenda[0].id, "topics": [agenda[1].id]}
    services.save_module(module, complete(summary_el="Αλλιώς."), revision=2, user=other, **facts)
    with pytest.raises(Forbidden):  # the other author saved last: their words too
        services.publish(module, 3, other)
    assert services.publish(module, 3, world.author()).state == "published"


def test_incomplete_drafts_say_everything_that_is_missing(world: World, agenda: Any) -> None:
    module = services.create_module(agenda[0].id, ModuleText("Τίτλος"), world.author())
    with pytest.raises(services.Incomplete) as refusal:
        services.publish(fresh(module), 1, world.stelios())
    fields = [problem.field for problem in refusal.value.problems]
    assert fields == [
        "summary_el", "outcomes_el", "reading_el", "plan", "plan", "opening_questions_el", "self_check", "topics",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"plan": [{"kind": "questions", "minutes": 119, "title": {"el": "Α", "en": ""}}]}, "plan"),
        ({"plan": [{"kind": "talk", "minutes": 120, "title": {"el": "Α", "en": ""}}]}, "plan"),
        ({"plan": [{"kind": "questions", "minutes": 120, "title": {"el": "", "en": "A"}}]}, "plan"),
        ({"outcomes_el": ["Ένα.", "Δύο."]}, "outcomes_el"),
        ({"outcomes_en": ["One."]}, "outcomes_en"),
        ({"opening_questions_en": ["A", "B"]}, "opening_questions_en"),
        ({"reading_el": ""}, "reading_el"),
        ({"self_check": []}, "self_check"),
    ],
)
def test_each_rule_stands_alone(world: World, agenda: Any, facts: dict[str, Any], field: str) -> None:
    module = written(world, agenda, world.author(), **facts)
    with pytest.raises(services.Incomplete) as refusal:
        services.publish(module, 2, world.stelios())
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_a_new_draft_begins_with_the_newest_words(world: World, agenda: Any) -> None:
    author = world.author()
    module = written(world, agenda, author)
    published = services.publish(module, 2, world.stelios())
    draft = services.open_draft(fresh(module), author)
    assert (draft.number, draft.state, module_text(draft)) == (2, "draft", module_text(published))
    assert services.open_draft(fresh(module), world.stelios()).id == draft.id
    assert fresh(module).current_id == published.id


def test_saving_after_publication_opens_a_new_draft_only_when_meant(world: World, agenda: Any) -> None:
    author = world.author()
    module = written(world, agenda, author)
    services.publish(module, 2, world.stelios())
    facts = {"theme_id": agenda[0].id, "topics": [agenda[1].id], "user": author}
    with pytest.raises(services.DraftGone):
        services.save_module(fresh(module), complete(summary_el="Αργά."), revision=2, **facts)
    assert queries.draft_of(module) is None
    draft = services.save_module(fresh(module), complete(summary_el="Αργά."), revision=0, **facts)
    assert (draft.number, draft.summary_el) == (2, "Αργά.")


def test_discarding_the_only_draft_takes_the_module_with_it(world: World, agenda: Any) -> None:
    module = written(world, agenda, world.author())
    assert services.discard(module, world.author()) is True
    with pytest.raises(NotFound):
        fresh(module)


def test_discarding_a_later_draft_leaves_what_is_published(world: World, agenda: Any) -> None:
    author = world.author()
    module = written(world, agenda, author)
    services.publish(module, 2, world.stelios())
    services.open_draft(fresh(module), author)
    assert services.discard(fresh(module), author) is False
    assert services.discard(fresh(module), author) is False
    assert fresh(module).current.state == "published"


def test_retire_and_restore_are_for_staff(world: World) -> None:
    module, staff, author = world.module(), world.stelios(), world.author()
    with pytest.raises(Forbidden):
        services.retire(fresh(module), author)
    services.retire(fresh(module), staff)
    services.retire(fresh(module), staff)
    assert fresh(module).current.state == "retired"
    assert queries.catalogue(queries.Filters(), "el", 1).total == 0
    services.restore(fresh(module), staff)
    assert queries.catalogue(queries.Filters(), "el", 1).total == 1


# The last guard: below every service


@pytest.mark.parametrize(
    ("column", "value"), [("title_el", "Άλλο"), ("plan", []), ("reading_el", ""), ("number", 7), ("self_check", [])]
)
def test_a_published_version_never_changes(world: World, column: str, value: Any) -> None:
    module = world.module()
    version = db.session.get_one(ModuleVersion, module.current_id)
    before = getattr(version, column)
    setattr(version, column, value)
    with pytest.raises(Frozen):
        db.session.commit()
    db.session.rollback()
    db.session.expire_all()
    assert getattr(db.session.get_one(ModuleVersion, module.current_id), column) == before


def test_a_published_version_never_goes_back_or_away(world: World) -> None:
    module = world.module()
    version = db.session.get_one(ModuleVersion, module.current_id)
    db.session.delete(version)
    with pytest.raises(Frozen):
        db.session.flush()
    db.session.rollback()
    version = db.session.get_one(ModuleVersion, module.current_id)
    version.state, version.title_el = VersionState.DRAFT, "Άλλο"
    with pytest.raises(Frozen):
        db.session.flush()


def test_the_parts_of_a_published_course_never_change(world: World) -> None:
    course, other = world.course(), world.module()
    version = db.session.get_one(CourseVersion, course.current_id)
    db.session.add(CoursePart(course_version_id=version.id, module_version_id=other.current_id, position=2))
    with pytest.raises(Frozen):
        db.session.flush()
    db.session.rollback()
    part = db.session.scalars(select(CoursePart).where(CoursePart.course_version_id == version.id)).one()
    db.session.delete(part)
    with pytest.raises(Frozen):
        db.session.flush()


def test_a_person_who_is_forgotten_leaves_the_text(world: World, agenda: Any) -> None:
    module = written(world, agenda, world.author())
    version = services.publish(module, 2, world.stelios())
    version.author_id = None
    db.session.commit()
    assert db.session.get_one(ModuleVersion, version.id).author_id is None


# Courses


def test_a_course_keeps_the_order_and_the_versions_it_was_given(world: World) -> None:
    author = world.author()
    one, two, three = (world.module() for _ in range(3))
    course = services.create_course(CourseFormat.WEEKEND, course_text([]), author)
    work = queries.work_or_404("course", course.slug)
    parts = [two.current_id, one.current_id]
    services.save_course(work, course_text(parts), CourseFormat.EVENING, 1, author)
    parts = [one.current_id, three.current_id, two.current_id]
    services.save_course(work, course_text(parts), CourseFormat.EVENING, 2, author)
    version = services.publish(work, 3, world.stelios())
    assert [(part.position, part.module_version_id) for part in version.parts] == list(enumerate(parts, 1))
    assert db.session.get_one(Course, course.id).format == "evening"


def test_a_course_with_a_retired_module_waits(world: World) -> None:
    author, staff, module = world.author(), world.stelios(), world.module()
    course = services.create_course(CourseFormat.STAFF, course_text([module.current_id]), author)
    services.retire(fresh(module), staff)
    work = queries.work_or_404("course", course.slug)
    with pytest.raises(services.Incomplete) as refusal:
        services.publish(work, 1, staff)
    assert [problem.field for problem in refusal.value.problems] == ["parts"]
    services.restore(fresh(module), staff)
    assert services.publish(work, 1, staff).state == "published"


def test_an_empty_course_says_what_it_lacks(world: World) -> None:
    course = services.create_course(
        CourseFormat.STAFF, course_text([], summary_el="", description_el="", for_whom_el=""), world.author()
    )
    with pytest.raises(services.Incomplete) as refusal:
        services.publish(queries.work_or_404("course", course.slug), 1, world.stelios())
    fields = [problem.field for problem in refusal.value.problems]
    assert fields == ["summary_el", "for_whom_el", "description_el", "parts"]


def test_a_new_draft_of_a_course_copies_its_parts(world: World) -> None:
    module = world.module()
    course = world.course([module])
    draft = services.open_draft(queries.work_or_404("course", course.slug), world.author())
    assert [part.module_version_id for part in queries.draft_of(course).parts] == [module.current_id]
    assert draft.number == 2


def test_a_save_at_the_same_moment_loses_to_the_first(app: Flask, world: World, agenda: Any) -> None:
    author, other = world.author(), world.stelios()
    module = written(world, agenda, author)
    facts: dict[str, Any] = {"theme_id": agenda[0].id, "topics": [agenda[1].id], "revision": 2}

    def first() -> None:
        services.save_module(fresh(module), complete(title_el="Πρώτος"), user=other, **facts)

    with meanwhile(app, first), pytest.raises(services.EditedMeanwhile) as refusal:
        services.save_module(module, complete(title_el="Δεύτερος"), user=author, **facts)
    assert refusal.value.draft.editor_id == other.id
    assert queries.draft_of(module).title_el == "Πρώτος"
    facts["revision"] = 3
    with meanwhile(app, lambda: services.discard(fresh(module), other)), pytest.raises(NotFound):
        services.save_module(fresh(module), complete(title_el="Τρίτος"), user=author, **facts)


def test_a_draft_that_went_while_it_was_saved(app: Flask, world: World, agenda: Any) -> None:
    author, other, module = world.author(), world.stelios(), world.module()
    services.open_draft(fresh(module), author)
    facts: dict[str, Any] = {"theme_id": agenda[0].id, "topics": [], "revision": 1, "user": author}
    with meanwhile(app, lambda: services.discard(fresh(module), other)), pytest.raises(services.DraftGone):
        services.save_module(fresh(module), complete(title_el="Αργά"), **facts)


def test_two_open_the_draft_at_the_same_moment_and_get_one(app: Flask, world: World) -> None:
    author, other, module = world.author(), world.stelios(), world.module()
    with meanwhile(app, lambda: services.open_draft(fresh(module), other)):
        draft = services.open_draft(fresh(module), author)
    assert (draft.number, draft.author_id) == (2, other.id)
    assert [version.number for version in queries.versions(fresh(module))] == [2, 1]


def test_what_is_saved_while_somebody_publishes_is_not_published_unseen(
    app: Flask, world: World, agenda: Any
) -> None:
    author, staff = world.author(), world.stelios()
    module = written(world, agenda, author)

    def save() -> None:
        facts: dict[str, Any] = {"theme_id": agenda[0].id, "topics": [agenda[1].id], "revision": 2}
        services.save_module(fresh(module), complete(title_el="Νεότερος"), user=author, **facts)

    with meanwhile(app, save), pytest.raises(services.EditedMeanwhile):
        services.publish(module, 2, staff)
    assert (queries.draft_of(module).title_el, fresh(module).current_id) == ("Νεότερος", None)
