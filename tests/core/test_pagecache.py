"""A kept page is never older than what it shows, and never another person's."""

from __future__ import annotations

import re

from accounts.models import User
from core import revisions
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
