"""A whole meeting in three browsers at once: the host's console, a learner's phone, the projector.

How a poll runs on all three is in test_polls.py; the veto and the line of hands are in test_life.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import Person, people, serving
from tests.journeys.shots import RUNNING, VASILIS
from tests.journeys.test_polls import prepare
from tests.journeys.test_tour import room_of

pytestmark = pytest.mark.browser

MICHALIS, ELENI, STRANGER = "michalis@example.org", "eleni@example.org", "dimitris@example.org"
NAMED = "Ποιος κρατά τα κλειδιά του σημείου επισκευής;"
UNNAMED = "Τι κάνω αν ο εργοδότης μου δεν θέλει να έρθω;"
TWIN = "Και τα κλειδιά του σημείου επισκευής, σε ποιον μένουν;"
KEPT = "Δέχεστε και παλιά ποδήλατα;"


@dataclass
class Three:
    """The screens of one meeting, all of them connected."""

    room: str
    site: str
    console: Page
    phone: Page
    wall: Page
    person: Callable[..., Person]

    def slip(self, words: str) -> Locator:
        return self.console.locator("article.slip", has_text=words)

    def rank(self, words: str) -> Locator:
        return self.console.locator('[data-rows="queue"] li.rank', has_text=words)

    def row(self, words: str) -> Locator:
        return self.phone.locator("[data-panel=questions] [data-q]", has_text=words)

    def own(self, words: str) -> Locator:
        return self.phone.locator("[data-panel=mine] [data-q]", has_text=words)

    def tab(self, name: str) -> None:
        self.phone.locator(f"[data-tab={name}]").click()

    def ask(self, words: str, vis: str = "name") -> None:
        self.phone.locator("[data-open-compose]").click()
        self.phone.fill("#body", words)
        self.phone.select_option("#vis", vis)
        self.phone.locator("[data-compose] .pair button[type=submit]").click()
        expect(self.own(words).first).to_be_visible()

    def take_back(self, words: str) -> None:
        """Each may have three open in a room, and other tests ask in it too."""
        self.tab("mine")
        self.own(words).locator("summary").click()
        self.own(words).locator("[data-withdraw] button").click()
        expect(self.own(words).locator("[data-withdraw]")).to_be_hidden()


def connected(host: Person, room: str) -> tuple[Page, Page]:
    """The console of ROOM and the projector that it leads to, both listening."""
    console = host.go(f"{room}/host")
    console.locator("[data-line]").wait_for()
    wall = host.context.new_page()
    wall.set_viewport_size({"width": 1920, "height": 1080})
    wall.goto(host.site + str(console.get_attribute("a[href*='/screen']", "href")))
    return console, wall


@pytest.fixture(scope="module")
def three(chromium: Browser, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    folder = copytree(demonstration, tmp_path_factory.mktemp("meeting") / "site")
    with serving(folder) as site, people(chromium, site) as person:
        host, learner = person(VASILIS, locale="el-GR"), person(MICHALIS, width=360, locale="el-GR")
        learner.page.set_viewport_size({"width": 360, "height": 760})
        room = room_of(learner)
        console, wall = connected(host, room)
        phone = learner.go(room)
        phone.locator("[data-on-line]").wait_for()
        yield Three(room, site, console, phone, wall, person)


def test_from_the_phone_to_the_wall(three: Three):
    three.ask(NAMED)
    three.ask(UNNAMED, "none")
    three.ask(TWIN)
    expect(three.own(NAMED).locator("[data-chip]")).to_contain_text("περιμένει έγκριση")
    expect(three.slip(NAMED)).to_contain_text("Μιχάλης")
    expect(three.slip(UNNAMED)).to_contain_text("χωρίς όνομα")
    expect(three.slip(TWIN)).to_be_visible()  # what comes while the pointer is on the slips waits for it to leave
    assert not any(words in three.wall.content() for words in (NAMED, UNNAMED, TWIN))

    for words in (NAMED, UNNAMED, TWIN):
        three.slip(words).locator("[data-act=a]").click()
        expect(three.rank(words)).to_be_visible()
    three.tab("questions")
    expect(three.row(UNNAMED)).to_contain_text("δική σας")
    join(three)
    answer(three)


def join(three: Three) -> None:
    three.rank(TWIN).locator("[data-merge]").click()
    picker = three.console.locator("[data-merge-picker]")
    picker.locator("[data-merge-find]").fill("ποιος κρατα κλειδια")
    picker.locator("button[value=merge]").click()
    expect(three.rank(TWIN)).to_have_count(0)
    expect(three.row(TWIN).locator("[data-into]")).to_be_visible()

    other = three.person(ELENI, width=360, locale="el-GR").go(three.room)
    expect(other.locator("[data-panel=questions] [data-q]", has_text=UNNAMED)).to_contain_text("χωρίς όνομα")
    other.locator("[data-panel=questions] [data-q]", has_text=NAMED).locator("button.metoo").first.click()
    for place in (three.rank(NAMED), three.row(NAMED)):
        expect(place.locator("[data-n]").first).to_have_text("1")
    assert three.person(STRANGER).page.goto(three.site + three.room).status == 404


def answer(three: Three) -> None:
    three.rank(NAMED).locator("button[value=answering]").click()

    expect(three.wall.locator("#spotlight.is-on [data-spot-text]")).to_have_text(NAMED)
    expect(three.wall.locator("[data-answering]")).to_be_visible()
    expect(three.phone.locator("[data-panel=questions] [data-spot-text]")).to_have_text(NAMED)
    three.console.locator("[data-stage] button[value=answered]").click()
    three.tab("mine")
    expect(three.own(NAMED).locator(".chip--ok")).to_be_visible()
    expect(three.phone.locator("[data-panel=questions] [data-spot]")).to_be_hidden()
    expect(three.wall.locator("#spotlight")).to_be_hidden()


def test_said_promised_and_a_hand_that_speaks(three: Three):
    said, promised = "Το διάλειμμα γίνεται στις οκτώ.", "Σας στέλνω το υπόδειγμα ως την Παρασκευή."
    three.tab("now")
    three.phone.get_by_role("button", name="Σηκώνω χέρι").click()
    hand = three.console.locator("[data-hand]", has_text="Μιχάλης")
    hand.locator("[data-hand-call]").click()
    expect(three.phone.locator("[data-called]")).to_contain_text("Σας δίνουν τον λόγο")
    expect(hand.locator("[data-hand-called]")).to_be_visible()

    for command, words in (("room:announce", said), ("promise:make", promised)):
        fold = three.console.locator("details", has=three.console.locator(f"form[data-command='{command}']"))
        fold.locator("summary").click()
        form = fold.locator(f"form[data-command='{command}']")
        form.locator("[name=body]").fill(words)
        if command == "room:announce":
            form.locator("[name=screen]").check()
        form.locator("button[type=submit]").click()

    expect(three.wall.locator("[data-band-said-text]")).to_have_text(said)
    expect(three.phone.locator("[data-said-list]")).to_contain_text(said)
    expect(three.phone.locator("[data-promises]")).to_contain_text(promised)
    expect(three.console.locator("[data-promises]")).to_contain_text(promised)
    three.phone.get_by_role("button", name="Μίλησα").click()
    expect(hand).to_have_count(0)


def test_a_question_outlives_twenty_seconds_without_a_network(three: Three):
    three.phone.context.set_offline(True)
    three.ask(KEPT)
    expect(three.phone.locator("[data-net-says=off]")).to_be_visible()
    expect(three.own(KEPT)).to_contain_text("θα σταλεί μόλις έχετε σύνδεση")
    three.console.wait_for_timeout(20_000)
    assert three.slip(KEPT).count() == 0

    three.phone.context.set_offline(False)

    expect(three.slip(KEPT)).to_have_count(1, timeout=30_000)
    expect(three.own(KEPT)).to_have_count(1)
    expect(three.own(KEPT).locator("[data-chip]")).to_contain_text("περιμένει έγκριση")
    expect(three.phone.locator("[data-net]")).to_be_hidden()
    three.take_back(KEPT)
    expect(three.slip(KEPT)).to_have_count(0)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Tab until what SELECTOR means has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way by Tab to {selector}")


@pytest.fixture
def next_room(person: Callable[..., Person]) -> Three:
    """The room of the next meeting, as nobody opened it yet: it has one poll and is closed in the end."""
    host, learner = person(VASILIS, locale="el-GR"), person(ELENI, width=360, locale="el-GR")
    link = host.go(RUNNING).locator("a[href^='/rooms/'][href$='/host']").nth(1)
    room = str(link.get_attribute("href")).removesuffix("/host")
    prepare(host, room, "Πόσες ψήφους έχει ένα μέλος;")
    console, wall = connected(host, room)
    tab_to(console, "[data-command='room:open']")
    press(console, "Enter")
    console.locator("[data-when=open]").wait_for()
    phone = learner.go(room)
    phone.locator("[data-on-line]").wait_for()
    return Three(room, host.site, console, phone, wall, person)


def test_a_meeting_by_the_keyboard_alone(next_room: Three):
    room, console = next_room, next_room.console
    for words in (NAMED, KEPT, TWIN):
        room.ask(words)
    expect(room.slip(TWIN)).to_be_visible()
    press(console, "a")
    expect(room.rank(NAMED)).to_be_visible()
    act = console.locator("[data-undo] [name=act]")
    expect(act).not_to_have_value("")
    approved = act.input_value()
    press(console, "d", "2")
    expect(room.own(KEPT)).to_contain_text("Αφορά")
    expect(act).not_to_have_value(approved)
    press(console, "z")
    expect(room.slip(KEPT)).to_be_visible()
    press(console, "m")  # the next one has the focus
    console.locator("[data-merge-picker] .choice").first.wait_for()
    console.keyboard.type("ποιος κρατα")
    press(console, "Enter")
    expect(room.slip(TWIN)).to_have_count(0)
    press(console, "a")
    expect(room.rank(KEPT)).to_be_visible()

    press(console, "n")
    expect(room.wall.locator("#spotlight.is-on")).to_be_visible()
    press(console, "Space")
    expect(console.locator("[data-done-count]")).to_have_text("1")
    room.tab("now")
    room.phone.get_by_role("button", name="Σηκώνω χέρι").click()
    expect(console.locator("[data-hand]")).to_have_count(1)
    press(console, "h")
    expect(room.phone.locator("[data-called]")).to_be_visible()
    poll_blank_and_close(room)


def poll_blank_and_close(room: Three) -> None:
    console = room.console
    for key, state in (("o", "open"), ("k", "closed"), ("r", "revealed")):
        press(console, key)
        expect(console.locator(f"[data-poll] [data-poll-when={state}]")).to_be_visible()
    expect(room.wall.locator("#poll.is-on")).to_be_visible()
    press(console, "b")
    expect(room.wall.locator("body")).to_have_class("projector is-blank")
    expect(console.locator("[data-lies=blank]")).to_have_attribute("aria-pressed", "true")
    press(console, "b")
    expect(room.wall.locator("body")).to_have_class("projector")
    press(console, "c")
    console.wait_for_url("**/close")
    tab_to(console, "button[name=rest]")
    press(console, "Enter")
    console.wait_for_url("**/record")
    expect(console.locator("#receipt + dl .is-zero dd")).to_have_text("0")
    expect(room.wall.locator("#closed.is-on")).to_be_visible()
    expect(room.phone.locator("[data-room-closed]")).to_be_visible()
