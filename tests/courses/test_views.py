"""The public pages: what is on them, and what is not."""

from __future__ import annotations

import json
import re

import pytest

from tests.courses.conftest import counted
from tests.world import World


def test_the_catalogue_shows_what_is_published_and_nothing_else(world: World) -> None:
    world.module(title_en="Open to all")
    world.module(published=False, title_en="A secret draft")
    for user in (None, world.stranger(), world.author()):
        page = world.client(user).get("/modules").text
        assert "Open to all" in page
        assert "A secret draft" not in page
        assert "1 module" in page


def test_filters_stay_in_the_form_and_in_the_pages(world: World) -> None:
    theme = world.theme(slug="health")
    for _ in range(25):
        world.module(theme, title_el="Αγορά")
    page = world.client().get("/modules?theme=health&q=ΑΓΟΡΑ&language=el").text
    assert 'value="ΑΓΟΡΑ"' in page
    assert '<option value="health" selected>' in page
    assert re.search(r'href="/modules\?theme=health&amp;language=el&amp;q=[^"]+&(amp;)?page=2"', page)


@pytest.mark.parametrize("query", ["page=x", "page=-4", "page=999", "q=" + "α" * 5000, "language=xx"])
def test_nonsense_in_the_address_is_no_error(world: World, query: str) -> None:
    world.module()
    assert world.client().get(f"/modules?{query}").status_code == 200


def test_nothing_found_says_so_and_leads_on(world: World) -> None:
    world.module()
    page = world.client().get("/modules?q=τίποτα").text
    assert "No module fits all that you asked for" in page
    assert 'href="/modules"' in page


def test_what_is_typed_comes_back_as_text(world: World) -> None:
    page = world.client().get("/modules?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in page


@pytest.mark.parametrize("address", ["/modules", "/themes", "/courses"])
def test_three_cost_no_more_than_one(world: World, address: str) -> None:
    theme, amounts = world.theme(), []
    for number in (1, 3):
        for _ in range(number):
            world.course([world.module(theme)])
        client = world.client()
        client.get(address)
        with counted() as seen:
            assert client.get(address).status_code == 200
        amounts.append(len(seen))
    assert amounts[0] == amounts[1]


def test_a_module_in_both_languages(world: World) -> None:
    module = world.module(title_el="Η αγορά", title_en="The market", reading_el="## Μέρος\n\nΚείμενο.")
    english = world.client(locale="en").get(f"/modules/{module.slug}").text
    assert "<h1>The market</h1>" in english
    assert "This text is in Greek" in english
    assert re.search(r'<div class="prose push" lang="el"><h3>Μέρος</h3>', english)
    greek = world.client(locale="el").get(f"/modules/{module.slug}").text
    assert "<h1>Η αγορά</h1>" in greek
    assert "Θα μπορείτε να μετράτε." in greek


@pytest.mark.parametrize(
    ("markdown", "refused"),
    [
        ("<script>alert(1)</script>", "<script>alert"),
        ("[α](javascript:alert(1))", 'href="javascript'),
        ("[α](JaVaScRiPt:alert(1))", 'href="JaVa'),
        ("[α](data:text/html,x)", 'href="data:'),
        ("![α](x onerror=alert(1))", "<img src=x"),
        ("<img src=x onerror=alert(1)>", "<img src=x"),
        ("<style>*{display:none}</style>", "<style>*"),
        ('[α](/x "><b>")', '"><b>'),
    ],
)
def test_markdown_is_never_markup_of_its_own(world: World, markdown: str, refused: str) -> None:
    module = world.module(reading_el=markdown)
    assert refused not in world.client().get(f"/modules/{module.slug}").text
    preview = world.client(world.author()).post("/author/preview", data={"text": markdown})
    assert refused not in preview.text


def test_data_for_search_engines_can_not_leave_its_element(world: World) -> None:
    module = world.module(title_en="</script><script>alert(1)</script>")
    page = world.client().get(f"/modules/{module.slug}").text
    assert "<script>alert" not in page
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["name"] == "</script><script>alert(1)</script>"
    assert data["timeRequired"] == "PT120M"


def test_a_draft_is_hidden_from_the_stranger_and_marked_for_the_author(world: World) -> None:
    module = world.module(published=False, title_en="A secret draft")
    for user in (None, world.stranger()):
        for address in (f"/modules/{module.slug}", f"/modules/{module.slug}/v1"):
            answer = world.client(user).get(address)
            assert answer.status_code == 404
            assert "A secret draft" not in answer.text
    page = world.client(world.author()).get(f"/modules/{module.slug}").text
    assert "This is a draft" in page
    assert "ld+json" not in page


def test_nothing_of_the_draft_shows_beside_what_is_published(world: World) -> None:
    module, author = world.module(title_en="As it was"), world.author()
    client = world.client(author)
    client.post(f"/author/modules/{module.slug}/draft")
    client.post(f"/author/modules/{module.slug}/edit", data={"title_el": "Μυστικό", "revision": "1", "theme": "1"})
    for address in ("/modules", f"/modules/{module.slug}"):
        assert "Μυστικό" not in world.client(world.stranger(), locale="el").get(address).text


def test_a_retired_module_leaves_the_catalogue_and_stays_to_read(world: World) -> None:
    module = world.module(title_en="Once upon a time")
    world.client(world.stelios()).post(f"/author/modules/{module.slug}/retire")
    client = world.client(world.stranger())
    assert "Once upon a time" not in client.get("/modules").text
    assert "No longer offered" in client.get(f"/modules/{module.slug}").text
    assert client.get(f"/modules/{module.slug}/v1").status_code == 200


def test_a_theme_shows_its_topics_and_who_speaks_about_them(world: World) -> None:
    theme = world.theme(title_el="Υγεία")
    topic = world.topic(theme)
    page = world.client().get(f"/themes/{theme.slug}").text
    assert topic.title_en in page
    assert "No module yet" in page
    world.module(theme, title_en="Care at home")
    assert "Care at home" in world.client().get(f"/themes/{theme.slug}").text


def test_a_course_shows_its_modules_in_order(world: World) -> None:
    modules = [world.module(title_en=name) for name in ("Third", "First", "Second")]
    course = world.course([modules[1], modules[2], modules[0]])
    page = world.client().get(f"/courses/{course.slug}").text
    assert page.index(">First<") < page.index(">Second<") < page.index(">Third<")
    assert f'href="/modules/{modules[1].slug}/v1"' in page
    assert "6 hours in all" in page


@pytest.mark.parametrize("address", ["/themes/x", "/modules/x", "/modules/x/v1", "/courses/x", "/courses/x/v1"])
def test_what_is_not_there_is_not_found(world: World, address: str) -> None:
    for user in (None, world.author()):
        assert world.client(user).get(address).status_code == 404


# Self-check


def answers_of(page: str) -> int:
    return page.count("is-right")


def test_the_answers_are_not_in_the_page_before_one_answers(world: World) -> None:
    module = world.module()
    page = world.client().get(f"/modules/{module.slug}").text
    assert "How many members?" in page
    assert "The law says so." not in page
    assert answers_of(page) == 0


def test_a_wrong_answer_is_told_with_its_why(world: World) -> None:
    module = world.module()
    page = world.client().post(f"/modules/{module.slug}/self-check", data={"q0": "1"}).text
    assert "0 of 1 right." in page
    assert "The law says so." in page
    assert answers_of(page) == 1
    assert page.count("is-wrong") == 1


def test_a_right_answer_is_told(world: World) -> None:
    module = world.module()
    page = world.client().post(f"/modules/{module.slug}/self-check", data={"q0": "0", "version": "1"}).text
    assert "1 of 1 right." in page
    assert "is-wrong" not in page


@pytest.mark.parametrize("data", [{}, {"q0": ""}, {"q0": "7"}, {"q0": "-1"}, {"q0": "x"}, {"q0": "²"}, {"q9": "0"}])
def test_no_answer_tells_nothing(world: World, data: dict[str, str]) -> None:
    module = world.module()
    answer = world.client().post(f"/modules/{module.slug}/self-check", data=data)
    assert answer.status_code == 200
    assert "1 has no answer yet." in answer.text
    assert "The law says so." not in answer.text
    assert answers_of(answer.text) == 0


@pytest.mark.parametrize("version", ["9", "x", "-1", "99999999999999999999"])
def test_another_version_of_the_check_is_not_invented(world: World, version: str) -> None:
    module = world.module()
    answer = world.client().post(f"/modules/{module.slug}/self-check", data={"version": version, "q0": "0"})
    assert answer.status_code in {200, 404}
