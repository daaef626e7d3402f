"""A kept page is never older than what it shows, and never another person's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import render_template_string
from sqlalchemy import select

from accounts.models import User
from core import pagecache, revisions
from core.db import db
from courses.models import Theme
from tests.world import World


def counters(world: World) -> dict[str, int]:
    with world.app.app_context():
        return revisions.current()


def test_a_change_raises_its_own_area_only(world: World):
    before = counters(world)

    world.theme()

    after = counters(world)
    assert after["courses"] == before.get("courses", 0) + 1
    assert after.get("mentors", 0) == before.get("mentors", 0)


def test_a_bulk_statement_is_seen(world: World):
    theme = world.theme()
    before = counters(world)["courses"]

    with world.session() as session:
        session.query(Theme).filter_by(id=theme.id).update({"title_el": "Άλλος"})

    assert counters(world)["courses"] == before + 1


def test_what_is_rolled_back_raises_nothing(world: World):
    theme = world.theme()
    before = counters(world)["courses"]

    with world.session() as session:
        session.get_one(Theme, theme.id).title_el = "Ποτέ"
        session.flush()
        session.rollback()

    assert counters(world)["courses"] == before


def test_a_kept_page_shows_a_change_at_once(world: World):
    module = world.module(title_en="Before")
    client = world.client()
    assert "Before" in client.get(f"/modules/{module.slug}").text
    assert "Before" in client.get(f"/modules/{module.slug}").text

    world.module(title_en="Another one")

    assert "Another one" in client.get("/modules").text


def test_each_reader_gets_their_own_token_and_name(world: World):
    world.app.config["WTF_CSRF_ENABLED"] = True
    alice, stranger = world.alice(), world.stranger()
    pages = [world.client(user).get("/modules").text for user in (alice, stranger, alice)]

    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', page) for page in pages]

    assert all(tokens)
    assert tokens[0][0] != tokens[1][0]
    assert "Δημήτρης" not in pages[0]
    assert "Αλίκη" not in pages[1]


def test_a_session_that_was_ended_gets_no_kept_page(world: World):
    alice = world.alice()
    client = world.client(alice)
    assert "Αλίκη" in client.get("/modules").text

    with world.session() as session:
        session.get_one(User, alice.id).fs_uniquifier = "another"

    assert "Αλίκη" not in client.get("/modules").text


TOKENS = re.compile(r'(name="csrf_token" value=")[^"]+')


def told(answer: Any) -> tuple[int, list[tuple[str, str]], str]:
    """An answer without what is new each time: the token against forged requests."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name != "Content-Length")
    return answer.status_code, headers, TOKENS.sub(r"\1", answer.text)


@pytest.mark.parametrize("locale", ["el", "en"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_kept_page_says_what_a_fresh_one_says(world: World, locale: str, signed_in: bool):
    world.app.config["WTF_CSRF_ENABLED"] = True
    module = world.module()
    client = world.client(world.alice() if signed_in else None, locale)
    client.get("/modules")  # the session has its token from here on
    for path in ("/modules", "/modules?theme=agri-food", f"/modules/{module.slug}"):
        world.app.extensions.pop("kept-pages", None)

        fresh, again = client.get(path), client.get(path)

        assert told(again) == told(fresh)
        assert again.headers["Vary"] == "Accept-Language, Cookie, Accept-Encoding"
        assert again.headers["Content-Language"] == locale
        assert "form-action 'self'" in again.headers["Content-Security-Policy"]


def test_the_token_of_a_kept_page_opens_a_form(world: World):
    world.app.config["WTF_CSRF_ENABLED"] = True
    client = world.client(locale="el")
    client.get("/modules")
    page = client.get("/modules").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token

    answer = client.post("/language", data={"csrf_token": token[1], "locale": "en", "next": "/modules"})

    assert answer.status_code == 303
    assert client.post("/language", data={"csrf_token": "another", "locale": "el"}).status_code == 400


def test_another_host_gets_a_page_of_its_own(world: World):
    module = world.module()
    address = f"/modules/{module.slug}"
    world.client().get(address, base_url="http://elsewhere.example")

    assert "elsewhere.example" not in world.client().get(address).text


def test_languages_and_grounds_are_kept_apart(world: World):
    greek, english = world.client(locale="el"), world.client(locale="en")
    assert '<html lang="el"' in greek.get("/modules").text
    assert '<html lang="en"' in english.get("/modules").text
    english.set_cookie("ground", "dark")
    assert 'data-theme="dark"' in english.get("/modules").text
    assert 'data-theme="dark"' not in world.client().get("/modules").text


def test_whoever_chose_to_stay_signed_in_is_never_taken_for_nobody(world: World):
    world.client().get("/modules")
    client = world.client()
    client.set_cookie("remember_token", "whatever")

    pages = len(world.app.extensions["kept-pages"]._pages)
    client.get("/modules?q=λάδι")

    assert len(world.app.extensions["kept-pages"]._pages) == pages


def test_what_a_page_was_read_from_is_noted(world: World):
    calls = []

    @pagecache.kept
    def view() -> str:
        calls.append(1)
        return render_template_string("{{ n }}", n=len(db.session.scalars(select(Theme)).all()))

    world.app.add_url_rule("/count", view_func=view)
    client = world.client()
    world.theme()
    assert [client.get("/count").text for _ in range(3)] == ["1"] * 3
    assert len(calls) == 1

    world.organisation()
    assert client.get("/count").text == "1"
    assert len(calls) == 1

    world.theme()
    assert client.get("/count").text == "2"


def test_a_page_with_something_new_each_time_is_not_kept(world: World):
    calls = []

    @pagecache.kept
    def view() -> str:
        pagecache.never_keep()
        calls.append(1)
        return str(len(calls))

    world.app.add_url_rule("/once", view_func=view)
    client = world.client()

    assert [client.get("/once").text for _ in range(2)] == ["1", "2"]


def test_the_shelf_has_an_end():
    shelf = pagecache.Shelf(room=10_000)
    page = pagecache.Page((), pagecache.time.monotonic() + 60, (b"x" * 3_000,))
    for n in range(5):
        shelf.keep((n,), page)

    assert [n for n in range(5) if shelf.find((n,), {})] == [3, 4]
