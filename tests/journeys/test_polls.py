"""A quiz in a running room: console, phone at 360 px and projector at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.test_tour import room_of

pytestmark = pytest.mark.browser

WHY = "Ένα μέλος, μία ψήφος."


def prepare(host: Person, room: str, body: str) -> None:
    """A quiz with the second of two answers right, by the form of the prepared polls."""
    form = host.go(f"{room}/polls").locator("[data-poll-form]")
    form.locator("[name=kind]").select_option("quiz")
    form.locator("[name=body]").fill(body)
    for i, text in enumerate(("Όσες οι μερίδες", "Μία ψήφος")):
        form.locator("[name=options]").nth(i).fill(text)
    form.locator("[name=right]").nth(1).check()
    form.locator("[name=why]").fill(WHY)
    form.locator("button[type=submit]").click()
    expect(host.page.locator("ol li", has_text=body)).to_be_visible()


def test_a_quiz_with_three_screens_at_once(person: Callable[..., Person]):
    host, learner = person("vasilis@example.org"), person("alice@example.org", width=360, locale="el-GR")
    room, body = room_of(host).removesuffix("/host"), "Πόσες ψήφους έχει ένα μέλος;"
    prepare(host, room, body)
    phone = learner.go(f"{room}#now")
    console = host.go(f"{room}/host")
    link = str(console.locator("a[href*='/screen']").first.get_attribute("href"))
    screen = person().go(link[link.index("/rooms/") :])
    item, card = console.locator("[data-poll]", has_text=body), phone.locator("[data-poll]", has_text=body)
    expect(phone.locator("[data-polls]").get_by_text("Τι λείπει πρώτα")).to_be_visible()
    expect(card).to_have_count(0)

    item.locator("[data-step=open]").click()
    expect(screen.locator("#poll h1")).to_have_text(body)
    expect(phone.locator("[data-polls-due]")).to_contain_text("1")
    expect(phone.locator("[data-said]")).to_have_text(f"Νέα ψηφοφορία: {body}")
    card.get_by_text("Μία ψήφος").click()
    card.locator("button[type=submit]").click()
    expect(card.locator("[data-stored]")).to_be_visible()
    expect(phone.locator("[data-polls-due]")).to_be_hidden()
    expect(screen.locator("#poll [data-n]")).to_have_text("1")
    expect(item.locator("[data-tallies] [data-value]").nth(1)).to_have_text("1")
    assert screen.locator("#poll [data-bar]:visible").count() == 0
    item.locator("[data-hands-form] [name=count]").fill("14")
    item.locator("[data-hands-form] button").click()
    expect(item.locator("[data-hands]").first).to_contain_text("+14")
    assert WHY not in phone.content() + screen.content()

    item.locator("[data-step=close]").click()
    expect(card.locator("[data-poll-when=closed]").first).to_be_visible()
    assert card.locator("[data-bar]:visible").count() == 0
    item.locator("[data-step=reveal]").click()
    for place in (card, screen.locator("#poll")):
        expect(place.locator("li.is-right")).to_contain_text("Μία ψήφος")
        expect(place.locator("[data-hands]").first).to_contain_text("+14")
        expect(place.locator("[data-why]")).to_have_text(WHY)
    item.locator("[data-screen] button").click()
    expect(screen.locator("#poll")).to_be_hidden()
