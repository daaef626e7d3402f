"""What lists show, in which order, and how often they ask the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.db import db
from core.errors import NotFound
from courses import queries
from courses.models import Module, ModuleVersion
from courses.queries import Filters
from tests.courses.conftest import counted
from tests.world import World

pytestmark = pytest.mark.usefixtures("inside")


def titles(filters: Filters | None = None, locale: str = "el") -> list[str]:
    page = queries.catalogue(filters or Filters(), locale, 1)
    return [getattr(module.current, f"title_{locale}") for module in page.items]


def test_modules_stand_by_theme_and_then_as_greek_sorts(world: World) -> None:
    first, second = world.theme(), world.theme()
    for title in ("Ωφέλεια", "έδαφος", "Άλλο", "Εδώ", "ψωμί"):
        world.module(second, title_el=title)
    world.module(first, title_el="Ώρα")
    assert titles() == ["Ώρα", "Άλλο", "έδαφος", "Εδώ", "ψωμί", "Ωφέλεια"]


def test_english_readers_get_english_order(world: World) -> None:
    theme = world.theme()
    world.module(theme, title_el="Άλφα", title_en="Zeta")
    world.module(theme, title_el="Ωμέγα", title_en="Beta")
    assert titles(locale="en") == ["Beta", "Zeta"]


def test_filters_narrow_together(world: World) -> None:
    agri, health = world.theme(slug="agri-food"), world.theme(slug="health")
    world.module(agri, title_el="Χωράφι")
    world.module(agri, title_el="Αγορά", reading_en="Text.")
    world.module(health, title_el="Αγορά υγείας", reading_en="Text.")
    assert titles(Filters(theme="agri-food")) == ["Αγορά", "Χωράφι"]
    assert titles(Filters(language="en")) == ["Αγορά", "Αγορά υγείας"]
    assert titles(Filters(theme="health", language="en", q="ΑΓΟΡΑΣ")) == []
    assert titles(Filters(theme="health", language="en", q="ΑΓΟΡΑ")) == ["Αγορά υγείας"]
    assert titles(Filters(theme="nowhere")) == []


@pytest.mark.parametrize("q", ["χωραφι", "ΧΩΡΆΦΙ", "χωρά", "περίληψη χωράφι", "  "])
def test_a_word_is_found_without_its_accents(world: World, q: str) -> None:
    world.module(title_el="Από το χωράφι")
    assert titles(Filters(q=q)) == ["Από το χωράφι"]


@pytest.mark.parametrize("q", ["%", "_", "χωραφι%", "' OR 1=1 --", "\\"])
def test_signs_of_the_database_are_only_signs(world: World, q: str) -> None:
    world.module(title_el="Από το χωράφι")
    assert titles(Filters(q=q)) == []


def test_drafts_are_not_on_offer(world: World) -> None:
    theme = world.theme()
    world.module(theme, published=False)
    assert titles() == []
    assert queries.agenda() == [(db.session.get_one(type(theme), theme.id), 0)]
    assert queries.modules_of(theme, "el") == []


def test_pages_end(world: World) -> None:
    theme = world.theme()
    for _ in range(queries.PAGE + 1):
        world.module(theme)
    page = queries.catalogue(Filters(), "el", 99)
    assert (page.number, page.pages, page.total, len(page.items)) == (2, 2, queries.PAGE + 1, 1)


def test_the_desk_comes_in_pages(world: World) -> None:
    theme = world.theme()
    modules = [world.module(theme, published=n % 2 == 0) for n in range(queries.DESK + 1)]
    for _ in range(queries.DESK + 2):
        world.course(modules[:1])
    client = world.client(world.author())
    first, last = client.get("/author").text, client.get("/author?page=2&courses=2").text
    assert (first.count('href="/author/modules/enot'), last.count('href="/author/modules/enot')) == (37, 2)
    assert (first.count('href="/author/courses/k'), last.count('href="/author/courses/k')) == (queries.DESK, 2)
    assert 'href="/author?page=2"' in first
    assert 'href="/author?courses=2#courses"' in first
    assert 'href="/author?courses=2&amp;page=1"' in last


@pytest.mark.parametrize("amount", [1, 3])
@pytest.mark.parametrize(
    ("ask", "statements"),
    [
        (lambda _theme, _module: queries.catalogue(Filters(), "el", 1), 2),
        (lambda _theme, _module: queries.agenda(), 3),
        (lambda theme, _module: queries.modules_of(theme, "el"), 2),
        (lambda _theme, _module: queries.courses("el"), 2),
        (lambda _theme, _module: queries.desk_modules(), 3),
        (lambda _theme, _module: queries.desk_courses(), 3),
        (lambda _theme, module: queries.module_or_404(module.slug, None), 2),
        (lambda _theme, module: queries.courses_with(module), 1),
        (lambda _theme, module: queries.same_theme(module, "el"), 1),
        (lambda _theme, _module: queries.course_or_404("kyklos", None), 2),
        (lambda _theme, _module: queries.pickable([]), 1),
    ],
    ids=lambda value: value if isinstance(value, int) else "",
)
def test_three_cost_no_more_than_one(
    world: World, ask: Callable[[Any, Any], Any], statements: int, amount: int
) -> None:
    theme = world.theme()
    modules = [world.module(theme) for _ in range(amount)]
    for _ in range(amount):
        course = world.course(modules)
    with world.session() as session:
        session.get_one(type(course), course.id).slug = "kyklos"
    with counted() as seen:
        ask(theme, modules[0])
    assert len(seen) == statements, "\n".join(seen)


def test_lists_never_carry_the_text(world: World) -> None:
    world.module()
    with counted() as seen:
        module = queries.catalogue(Filters(), "el", 1).items[0]
    assert "reading_el" not in seen[-1].partition("FROM")[0]
    assert module.current.title_el


def test_a_module_shows_its_newest_published_version(world: World) -> None:
    module = world.module()
    with world.session() as session:
        session.add(ModuleVersion(module_id=module.id, number=2, title_el="Σχέδιο"))
    for user in (None, world.stranger(), world.author()):
        assert queries.module_or_404(module.slug, user).number == 1


def test_a_draft_is_for_those_who_write(world: World) -> None:
    module = world.module(published=False)
    for user in (None, world.stranger(), world.vasilis()):
        with pytest.raises(NotFound):
            queries.module_or_404(module.slug, user)
        with pytest.raises(NotFound):
            queries.module_version_or_404(module.slug, 1, user)
    for user in (world.author(), world.stelios()):
        assert queries.module_or_404(module.slug, user).state == "draft"
        assert queries.module_version_or_404(module.slug, 1, user).state == "draft"


def test_an_older_version_stays_readable(world: World) -> None:
    module = world.module(title_el="Παλιά")
    with world.session() as session:
        from core.db import utcnow

        newer = ModuleVersion(module_id=module.id, number=2, title_el="Νέα", state="published", published_at=utcnow())
        session.add(newer)
        session.flush()
        session.get_one(Module, module.id).current_id = newer.id
    assert queries.module_or_404(module.slug, None).title_el == "Νέα"
    assert queries.module_version_or_404(module.slug, 1, None).title_el == "Παλιά"
