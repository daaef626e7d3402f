"""A real phone in a full room: it fetches the whole at once, and finds everything again after the server was killed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bench.hall import Hall
from bench.product import Product, product
from bench.restart import ask

PEOPLE = 30  # enough questions that the snapshot isn't small


@pytest.fixture
def full() -> Iterator[tuple[Product, Hall]]:
    with product(PEOPLE + 1) as ours:
        hall = Hall(ours, ours.facts["voters"][1:], comes_back=True)
        hall.fill()
        for phone in hall.phones[1:]:
            ask(hall, phone)
        yield ours, hall
        hall.close()


def test_a_phone_finds_everything_again(full: tuple[Product, Hall], chromium: Browser) -> None:
    ours, hall = full
    name, _, value = ours.facts["voters"][0].partition("=")
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": name, "value": value, "url": ours.url}])
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page = context.new_page()
    fetched: list[int] = []
    page.on("response", lambda answer: fetched.append(answer.status) if answer.url.endswith("/snapshot") else None)
    page.goto(f"{ours.url}/rooms/{hall.code}")
    expect(page.locator("[data-on-line]")).to_be_visible()
    expect(page.locator("[data-list] > li")).to_have_count(int(page.locator("[data-count]").inner_text()))
    assert fetched == [200]
    before = int(page.locator("[data-count]").inner_text())
    ours.kill()
    hall.until(lambda: not any(phone.inside for phone in hall.phones))
    expect(page.locator("[data-net]")).to_be_visible()
    ours.answers()
    hall.until(lambda: all(phone.inside for phone in hall.phones))
    ask(hall, hall.phones[0])
    expect(page.locator("[data-net]")).to_be_hidden()
    expect(page.locator("[data-count]")).to_have_text(str(before + 1))
    assert fetched == [200]  # it resumed
    context.close()
