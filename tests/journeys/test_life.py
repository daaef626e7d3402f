"""A hand that is called and a question that is stopped, in three real browsers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person
from tests.journeys.shots import ALICE, ROOM, RUNNING, VASILIS

# Every question that the wall ever shows from now on.
WATCH = """() => {
  window.seen = [];
  const text = document.querySelector("[data-spot-text]");
  const note = () => window.seen.push(text.textContent);
  new MutationObserver(note).observe(text, { childList: true, characterData: true, subtree: true });
}"""
STOPPED = "Σταμάτησε εγκαίρως: δεν φάνηκε ποτέ στην οθόνη."


def console_of(host: Person) -> Page:
    page = host.go(RUNNING)
    page.goto(host.site + str(page.get_attribute(ROOM, "href")))  # a moderator's link leads to the console
    page.wait_for_selector("[data-line]:visible")  # it has measured its first ack
    return page


def test_the_next_hand_is_called_by_one_key(person: Callable[..., Person]):
    alice, host = person(ALICE, width=360), console_of(person(VASILIS))
    hands = host.locator("[data-hands-list] li")
    phone = alice.go(host.url.removeprefix(alice.site).replace("/host", "#now"))
    before = hands.count()  # those of the demonstration
    phone.get_by_role("button", name="Σηκώνω χέρι").click()
    phone.get_by_text(re.compile(r"Είστε (\d)ος ή \1η στη σειρά\.")).wait_for()
    expect(hands).to_have_count(before + 1)
    raised = [hand.get_attribute("data-hand") for hand in hands.all()]

    for no in raised:
        host.keyboard.press("h")
        expect(host.locator(f"[data-hand='{no}'] [data-hand-called]")).to_be_visible()

    expect(hands).to_have_count(1)  # the others have spoken
    phone.get_by_text("Σας δίνουν τον λόγο").wait_for()
    phone.get_by_role("button", name="Μίλησα").click()
    host.get_by_text("Κανείς δεν έχει σηκώσει χέρι").wait_for()


def test_what_the_host_stops_in_time_is_never_seen(person: Callable[..., Person]):
    somebody = person(VASILIS)
    host = console_of(somebody)
    wall = somebody.context.new_page()
    wall.goto(somebody.site + str(host.get_attribute("a[href*='/screen']", "href")))
    wall.wait_for_selector("#top.is-on")
    wall.evaluate(WATCH)
    wanted = host.text_content("[data-next-text]")

    host.keyboard.press("n")
    host.get_by_text("Ανεβαίνει σε").wait_for()
    host.keyboard.press("p")
    host.locator("[data-toast-place]").get_by_text(STOPPED).wait_for()
    host.keyboard.press("Shift+N")
    wall.wait_for_selector("#spotlight.is-on")

    assert wall.text_content("[data-spot-text]") not in {"", wanted}
    assert wanted not in wall.evaluate("window.seen")
