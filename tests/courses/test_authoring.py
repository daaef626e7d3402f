"""The authors' desk in the browser: from nothing to published, and nothing typed is ever lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.db import utcnow
from courses.forms import LINE, READING, TITLE
from courses.models import Course, CoursePart, CourseVersion, Module, ModuleVersion, VersionState
from tests.courses.conftest import posted
from tests.world import World


@pytest.fixture
def desk(world: World, agenda: Any) -> tuple[FlaskClient, str]:
    """An author's browser and the address of the draft they began."""
    client = world.client(world.author())
    answer = client.post("/author/modules/new", data={"theme": agenda[0].id, "title_el": "Η αγορά της πλατείας"})
    assert answer.status_code == 303
    return client, answer.location


def drafts(world: World) -> list[ModuleVersion]:
    with world.session() as session:
        found = session.query(ModuleVersion).order_by(ModuleVersion.number).all()
        session.expunge_all()
        return found


def test_from_nothing_to_published(world: World, agenda: Any, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    assert edit == "/author/modules/i-agora-tis-plateias/edit"
    work = edit.removesuffix("/edit")
    assert "What publishing still needs" in author.get(work).text
    facts = posted(theme=agenda[0].id, topics=agenda[1].id)
    assert author.post(edit, data=facts).status_code == 303
    page = author.get(work).text
    assert "Ready for other eyes" in page
    assert f'action="{work}/publish"' not in page
    staff = world.client(world.stelios())
    revision = re.search(r'name="revision" value="(\d+)"', staff.get(work).text)[1]
    assert staff.post(f"{work}/publish", data={"revision": revision}).location == work
    assert "Published as version 1" in staff.get(work).text
    page = world.client(world.stranger()).get("/modules/i-agora-tis-plateias").text
    assert "The market in the square" in page
    assert "How many members?" in page


def test_an_author_can_not_publish_their_own_draft(world: World, agenda: Any, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    author.post(edit, data=posted(theme=agenda[0].id, topics=agenda[1].id))
    assert author.post(edit.replace("/edit", "/publish"), data={"revision": "2"}).status_code == 403
    assert [version.state for version in drafts(world)] == ["draft"]


def test_a_new_module_needs_a_name_and_a_theme(world: World, agenda: Any) -> None:
    client = world.client(world.author())
    answer = client.post("/author/modules/new", data={"theme": "999", "title_el": "  ", "title_en": "Kept"})
    assert answer.status_code == 422
    assert 'value="Kept"' in answer.text
    assert drafts(world) == []


def test_rows_are_added_moved_and_taken_out_without_losing_a_word(
    world: World, agenda: Any, desk: tuple[FlaskClient, str]
) -> None:
    author, edit = desk
    facts = posted(theme=agenda[0].id, reading_el="Μισή πρόταση", topics=agenda[1].id)

    def minutes(act: str) -> list[str]:
        answer = author.post(edit, data=facts | {"act": act})
        assert answer.status_code == 200
        assert "Μισή πρόταση" in answer.text
        assert f'value="{agenda[1].id}" checked' in answer.text
        return re.findall(r'name="plan-\d+-minutes"[^>]* value="(\d*)"', answer.text)

    assert minutes("plan.add") == ["40", "10", "70", ""]
    assert minutes("plan.drop.1") == ["40", "70"]
    assert minutes("plan.up.2") == ["40", "70", "10"]
    assert minutes("plan.down.0") == ["10", "40", "70"]
    assert minutes("plan.up.0") == ["40", "10", "70"]
    assert minutes("plan.down.2") == ["40", "10", "70"]
    assert minutes("plan.drop.77") == ["40", "10", "70"]
    assert minutes("plan.drop.x") == ["40", "10", "70"]
    assert drafts(world)[0].plan == []


def test_the_sum_of_the_minutes_is_said(world: World, agenda: Any, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    page = author.post(edit, data=posted(act="preview", **{"plan-0-minutes": "15"})).text
    assert "<span data-sum-number>95</span> of 120 minutes" in page
    assert "The plan adds up to 95 of 120 minutes." in page


def test_a_preview_shows_and_saves_nothing(world: World, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    page = author.post(edit, data=posted(act="preview", reading_el="## Δοκιμή\n\n<b>α</b>")).text
    assert "<h3>Δοκιμή</h3>" in page
    assert "<b>α</b>" not in page
    assert 'data-writing="unsaved"' in page
    assert drafts(world)[0].reading_el == ""


def test_a_choice_left_empty_moves_the_answer_along(world: World, agenda: Any, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    facts = posted(theme=agenda[0].id)
    facts |= {"self_check-0-choices-0-el": "", "self_check-0-choices-0-en": "", "self_check-0-answer": "1"}
    author.post(edit, data=facts)
    [row] = drafts(world)[0].self_check
    assert (row["choices"], row["answer"]) == ([{"el": "Δύο", "en": "Two"}], 0)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title_el", "", "A draft needs at least its title in Greek."),
        ("title_el", "α" * (TITLE + 5), "This is 5 characters too long."),
        ("title_en", "a" * (TITLE + 5), "This is 5 characters too long."),
        ("reading_el", "α" * (READING + 1), "too long."),
        ("outcomes_el", "α\n" * 13, "These are more than 12 lines."),
        ("outcomes_en", "a\n" + "b" * (LINE + 2), "Line 2 is 2 characters too long."),
        ("plan-0-minutes", "πολλά", "Write a whole number here."),
        ("plan-0-minutes", "121", "Between 1 and 120 minutes."),
        ("plan-0-minutes", "-3", "Between 1 and 120 minutes."),
        ("plan-0-title_el", "α" * (TITLE + 1), "too long."),
        ("self_check-0-choices-1-en", "a" * (LINE + 1), "too long."),
        ("plan-0-kind", "dance", None),
        ("theme", "999", None),
        ("topics", "999", None),
        ("self_check-0-answer", "first", "Write a whole number here."),
    ],
)
def test_what_is_wrong_comes_back_with_all_that_was_typed(
    world: World, desk: tuple[FlaskClient, str], field: str, typed: str, sentence: str | None
) -> None:
    author, edit = desk
    facts = posted(theme=1, summary_el="Κάτι που δεν πρέπει να χαθεί.") | {field: typed}
    answer = author.post(edit, data=facts)
    assert answer.status_code == 422
    assert "Κάτι που δεν πρέπει να χαθεί." in answer.text
    assert "One thing needs correcting" in answer.text
    if sentence:
        assert sentence in answer.text
    if field in {"reading_el", "plan-0-minutes"}:
        assert typed in answer.text
    assert drafts(world)[0].summary_el == ""


def test_too_many_rows_are_refused(world: World, agenda: Any, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    rows = {f"plan-{i}-minutes": "1" for i in range(500)} | {f"plan-{i}-kind": "talk" for i in range(500)}
    answer = author.post(edit, data=posted(theme=agenda[0].id) | rows)
    assert answer.status_code == 422 or len(drafts(world)[0].plan) <= 24


def test_two_people_one_draft(world: World, agenda: Any, desk: tuple[FlaskClient, str]) -> None:
    author, edit = desk
    stelios = world.stelios()
    other = world.client(stelios)
    assert other.post(edit, data=posted(theme=agenda[0].id, summary_el="Του Στέλιου.")).status_code == 303
    answer = author.post(edit, data=posted(theme=agenda[0].id, summary_el="Της Αγγελικής."))
    assert answer.status_code == 409
    assert f"{stelios.name} saved this draft meanwhile." in answer.text
    assert "Της Αγγελικής." in answer.text
    assert drafts(world)[0].summary_el == "Του Στέλιου."
    # Having been told, saving again is meant.
    revision = re.search(r'name="revision"[^>]* value="(\d+)"', answer.text)[1]
    again = posted(theme=agenda[0].id, summary_el="Της Αγγελικής.", revision=revision)
    assert author.post(edit, data=again).status_code == 303
    assert drafts(world)[0].summary_el == "Της Αγγελικής."


@pytest.mark.parametrize("revision", ["", "x", "-1", "99", "1.5", "²"])
def test_a_revision_nobody_has_seen_overwrites_nothing(
    world: World, agenda: Any, desk: tuple[FlaskClient, str], revision: str
) -> None:
    author, edit = desk
    assert author.post(edit, data=posted(theme=agenda[0].id, revision=revision)).status_code == 409
    assert drafts(world)[0].summary_el == ""


def test_words_survive_a_draft_that_was_published_meanwhile(world: World) -> None:
    module, author = world.module(), world.client(world.author())
    with world.session() as session:
        theme = session.get_one(Module, module.id).theme_id
    edit = f"/author/modules/{module.slug}/edit"
    assert author.get(edit).status_code == 302
    answer = author.post(edit, data=posted(theme=theme, revision="4"))
    assert answer.status_code == 409
    assert "published or discarded meanwhile" in answer.text
    assert "Πώς στήνεται μια αγορά." in answer.text
    assert author.post(edit, data=posted(theme=theme, revision="0")).status_code == 303
    assert [(v.number, v.state) for v in drafts(world)] == [(1, "published"), (2, "draft")]


def test_publishing_an_unfinished_draft_is_refused_with_its_reason(world: World) -> None:
    module = world.module(published=False)
    staff = world.client(world.stelios())
    work = f"/author/modules/{module.slug}"
    assert "Say at least 3 things" in staff.get(work).text
    headers = {"Referer": f"http://localhost{work}"}
    answer = staff.post(f"{work}/publish", data={"revision": "1"}, headers=headers)
    assert answer.status_code == 303
    assert "Say at least 3 things" in staff.get(work).text
    assert [version.state for version in drafts(world)] == ["draft"]


def test_what_changed_is_shown_line_by_line_and_safely(world: World) -> None:
    module, author = world.module(reading_el="Πρώτη\nΔεύτερη\nΤρίτη"), world.client(world.author())
    work = f"/author/modules/{module.slug}"
    with world.session() as session:
        theme = session.get_one(Module, module.id).theme_id
    author.post(f"{work}/draft")
    author.post(f"{work}/edit", data=posted(theme=theme, reading_el="Πρώτη\n<script>alert(1)</script>\nΤρίτη"))
    page = author.get(f"{work}/changes/2").text
    assert re.search(r"<del>.*?</span>Δεύτερη</del>", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in page
    assert "<span>Πρώτη</span>" in page
    assert world.client(world.stranger()).get(f"{work}/changes/2").status_code == 403
    assert author.get(f"{work}/changes/1").status_code == 404
    assert author.get(f"{work}/changes/9").status_code == 404


def test_the_desk_lists_modules_and_courses_with_their_states(world: World) -> None:
    module = world.module(title_en="On show")
    world.module(published=False, title_en="Only begun")
    world.course([module])
    page = world.client(world.author()).get("/author").text
    assert re.search(r"On show</a>.*?version 1", page, re.DOTALL)
    assert re.search(r"Only begun</a>.*?not published yet.*?Go on writing", page, re.DOTALL)
    assert re.search(r"Course \d+</a>.*?version 1", page, re.DOTALL)


def test_the_desk_is_in_the_menu_of_those_who_write(world: World) -> None:
    assert 'href="/author"' in world.client(world.author()).get("/modules").text
    assert 'href="/author"' not in world.client(world.stranger()).get("/modules").text


# Courses


def course_form(ids: list[int], **facts: Any) -> dict[str, Any]:
    form = {
        "act": "save",
        "revision": "1",
        "format": "evening",
        "title_el": "Τρία βράδια",
        "summary_el": "Περίληψη.",
        "for_whom_el": "Για όλους.",
        "description_el": "Περιγραφή.",
    }
    return form | {f"parts-{i}-module": str(id_) for i, id_ in enumerate(ids)} | facts


def parts(world: World, slug: str) -> list[int]:
    with world.session() as session:
        course = session.query(Course).filter_by(slug=slug).one()
        version = session.query(CourseVersion).filter_by(course_id=course.id).order_by(CourseVersion.number.desc())
        rows = session.query(CoursePart).filter_by(course_version_id=version.first().id).order_by("position")
        return [row.module_version_id for row in rows]


def test_a_course_from_nothing_to_published(world: World) -> None:
    author, modules = world.client(world.author()), [world.module() for _ in range(3)]
    edit = author.post("/author/courses/new", data={"format": "evening", "title_el": "Τρία βράδια"}).location
    assert edit == "/author/courses/tria-vradia/edit"
    ids = [modules[2].current_id, modules[0].current_id]
    assert author.post(edit, data=course_form(ids)).status_code == 303
    assert parts(world, "tria-vradia") == ids
    ids = [modules[0].current_id, modules[1].current_id, modules[2].current_id]
    assert author.post(edit, data=course_form(ids, revision="2")).status_code == 303
    assert parts(world, "tria-vradia") == ids
    staff, work = world.client(world.stelios()), edit.removesuffix("/edit")
    assert staff.post(f"{work}/publish", data={"revision": "3"}).status_code == 303
    page = world.client(world.stranger(), locale="el").get("/courses/tria-vradia").text
    assert "Τρία βράδια" in page
    assert world.client(world.stranger()).get(work).status_code == 403


def test_rows_of_a_course_move(world: World) -> None:
    author, modules = world.client(world.author()), [world.module() for _ in range(2)]
    edit = author.post("/author/courses/new", data={"format": "staff", "title_el": "Κύκλος"}).location
    ids = [module.current_id for module in modules]
    page = author.post(edit, data=course_form(ids, act="parts.up.1")).text
    assert re.findall(r'<option selected value="(\d+)">Module', page) == [str(ids[1]), str(ids[0])]
    assert parts(world, "kyklos") == []


def test_a_course_keeps_an_older_version_and_says_so(world: World) -> None:
    author, module = world.client(world.author()), world.module()
    course = world.course([module])
    author.post(f"/author/courses/{course.slug}/draft")
    with world.session() as session:
        newer = ModuleVersion(module_id=module.id, number=2, title_el="Νέα", title_en="Newer")
        newer.state, newer.published_at = VersionState.PUBLISHED, utcnow()
        session.add(newer)
        session.flush()
        session.get_one(Module, module.id).current_id = newer.id
    page = author.get(f"/author/courses/{course.slug}/edit").text
    assert re.search(rf'<option selected value="{module.current_id}">[^<]* there is a newer one', page)
    assert "Newer (v2)" in page
    answer = author.post(f"/author/courses/{course.slug}/edit", data=course_form([module.current_id]))
    assert answer.status_code == 303
    assert parts(world, course.slug) == [module.current_id]


@pytest.mark.parametrize(("chosen", "sentence"), [([0, 0], "The same module stands here twice."), ([99], None)])
def test_a_course_refuses_what_is_not_on_offer(world: World, chosen: list[int], sentence: str | None) -> None:
    author, module = world.client(world.author()), world.module()
    edit = author.post("/author/courses/new", data={"format": "staff", "title_el": "Κύκλος"}).location
    ids = [999 if i else module.current_id for i in chosen]
    answer = author.post(edit, data=course_form(ids))
    assert answer.status_code == 422
    assert "Περιγραφή." in answer.text
    if sentence:
        assert sentence in answer.text


def test_a_draft_of_a_module_is_not_for_courses(world: World) -> None:
    author, draft = world.client(world.author()), world.module(published=False)
    edit = author.post("/author/courses/new", data={"format": "staff", "title_el": "Κύκλος"}).location
    with world.session() as session:
        id_ = session.query(ModuleVersion).filter_by(module_id=draft.id).one().id
    assert author.post(edit, data=course_form([id_])).status_code == 422


def test_discarding_in_the_browser(world: World) -> None:
    author, module = world.client(world.author()), world.module(published=False)
    assert author.post(f"/author/modules/{module.slug}/discard").location == "/author"
    assert drafts(world) == []
    assert author.post(f"/author/modules/{module.slug}/discard").status_code == 404
