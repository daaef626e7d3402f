"""The benchmarks measure what they say: every page answers, is kept, and every vote is counted. No figure is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bench import crowd, pages, voters
from bench.product import Product, product
from bench.world import QUESTIONS

VOTERS = 5


@pytest.fixture(scope="module")
def ours() -> Iterator[Product]:
    with product(VOTERS) as running:
        yield running


def kept(ours: Product) -> int:
    found = re.search(r'mentors_kept_pages_total\{how="kept"\} (\d+)', ours.get("/metrics").decode())
    return int(found[1]) if found else 0


def test_each_page_is_served_as_kept_to_its_reader(ours: Product):
    asked = [
        ("/modules", ours.facts["anonymous"]),
        (ours.facts["module"], ours.facts["anonymous"]),
        (ours.facts["record"], ours.facts["learner"]),
        ("/me", ours.facts["learner"]),
    ]
    for path, cookie in asked:
        ours.get(path, cookie)
    before = kept(ours)

    bodies = [ours.get(path, cookie).decode() for path, cookie in asked]

    assert kept(ours) == before + len(asked)
    assert all(body.rstrip().endswith("</html>") for body in bodies)
    assert bodies[2].count('id="q-') == QUESTIONS


def test_our_own_load_generator_counts_whole_answers(ours: Product):
    assert crowd.requests_per_second(ours.url + "/modules", ours.facts["anonymous"], 2, 0.5) > 0
    with pytest.raises(RuntimeError, match="404"):
        crowd.requests_per_second(ours.url + "/nowhere", "", 1, 0.5)


def test_the_bare_page_has_its_fifty_rows():
    import urllib.request

    with pages.bare() as (address, _pid), urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
        assert answer.read().decode().count("<li ") == 50


def test_every_vote_is_acknowledged_and_on_every_screen(ours: Product, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(voters, "SETTLE", 0.5)
    monkeypatch.setattr(voters, "WITHIN", 0.2)
    with voters.room(ours) as room:
        found = voters.storm(ours, room.poll, room.of)

    assert len(found.acks) == VOTERS
    assert f"{VOTERS} voters" in voters.table(found)
