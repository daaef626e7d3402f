"""What a page becomes while it is used: dialogs, tabs, scenes, a lost line, an empty room, a closed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Person, people, serving
from tests.journeys.shots import RUNNING, VASILIS
from tests.journeys.test_axe import GRAVE, RUN_AXE
from tests.journeys.test_meeting import ELENI, MICHALIS, Three, connected
from tests.journeys.test_tour import room_of

pytestmark = pytest.mark.browser


def grave(page: Page) -> list[str]:
    """What axe finds grave on the page as it stands now."""
    page.evaluate(AXE_SCRIPT)
    return [f"{rule} at {places}" for impact, rule, places in page.evaluate(RUN_AXE) if impact in GRAVE]


@pytest.fixture(scope="module")
def meeting(chromium: Browser, demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Three]:
    folder = copytree(demonstration, tmp_path_factory.mktemp("states") / "site")
    with serving(folder) as site, people(chromium, site) as person:
        host, learner = person(VASILIS, locale="el-GR"), person(MICHALIS, width=360, locale="el-GR")
        room = room_of(learner)
        console, wall = connected(host, room)
        phone = learner.go(room)
        phone.locator("[data-on-line]").wait_for()
        yield Three(room, site, console, phone, wall, person)


@pytest.mark.parametrize("tab", ["questions", "now", "mine"])
def test_the_tabs_of_the_phone(meeting: Three, tab: str):
    meeting.tab(tab)
    assert grave(meeting.phone) == []


def test_the_sheet_with_a_picture(meeting: Three):
    meeting.phone.locator("[data-open-compose]").click()
    meeting.phone.locator("[data-picture-part] summary").click()
    assert grave(meeting.phone) == []
    meeting.phone.locator("[data-shut]").click()


def test_without_a_line(meeting: Three):
    meeting.phone.context.set_offline(True)
    meeting.ask("Θα φτάσει αυτό;")
    expect(meeting.phone.locator("[data-net-says=off]")).to_be_visible()
    assert grave(meeting.phone) == []
    meeting.phone.context.set_offline(False)
    expect(meeting.phone.locator("[data-net]")).to_be_hidden(timeout=30_000)
    expect(meeting.slip("Θα φτάσει αυτό;")).to_be_visible()
    meeting.take_back("Θα φτάσει αυτό;")


@pytest.mark.parametrize(
    ("opens", "dialog"),
    [
        ("[data-rows=queue] [data-merge]", "[data-merge-picker]"),
        ("[data-settings-link]", "[data-settings-dialog]"),
        ("[data-rows=queue] [data-about-link]", "[data-about]"),
    ],
)
def test_the_dialogs_of_the_console(meeting: Three, opens: str, dialog: str):
    meeting.console.locator(opens).first.click()
    expect(meeting.console.locator(dialog)).to_be_visible()
    assert grave(meeting.console) == []
    meeting.console.keyboard.press("Escape")
    expect(meeting.console.locator(dialog)).to_be_hidden()


@pytest.mark.parametrize(("key", "scene"), [("1", "join"), ("3", "top")])
def test_the_scenes_of_the_projector(meeting: Three, key: str, scene: str):
    meeting.wall.keyboard.press(key)
    expect(meeting.wall.locator(f"#{scene}.is-on")).to_be_visible()
    assert grave(meeting.wall) == []


def test_a_question_on_the_projector_and_work_in_groups(meeting: Three):
    meeting.console.locator("[data-rows=queue] button[value=spotlight]").first.click()
    expect(meeting.wall.locator("#spotlight.is-on")).to_be_visible()
    groups = meeting.console.locator("[data-console-groups]")
    groups.locator("summary").click()
    groups.locator("[data-groups-form] button[type=submit]").click()
    meeting.tab("now")
    expect(meeting.phone.locator("[data-groups-no]")).not_to_be_empty()
    assert [grave(page) for page in (meeting.wall, meeting.phone, meeting.console)] == [[], [], []]
    groups.locator("form[data-command='breakout:close'] button").click()
    expect(meeting.phone.locator("[data-groups-closed]")).to_be_visible()
    meeting.console.locator("form[data-command='screen:clear'] button").click()


def test_an_empty_room_from_its_opening_to_its_end(person: Callable[..., Person]):
    host, learner = person(VASILIS, locale="el-GR"), person(ELENI, width=360, locale="el-GR")
    link = host.go(RUNNING).locator("a[href^='/rooms/'][href$='/host']").nth(2)
    room = str(link.get_attribute("href")).removesuffix("/host")
    console, wall = connected(host, room)
    console.locator("[data-command='room:open']").click()
    console.locator("[data-when=open]").wait_for()
    phone = learner.go(room)
    phone.locator("[data-on-line]").wait_for()
    assert [grave(page) for page in (console, phone, wall)] == [[], [], []]
    console.goto(f"{host.site}{room}/close")
    console.locator("button[name=rest]").click()
    expect(phone.locator("[data-room-closed]")).to_be_visible()
    expect(wall.locator("#closed.is-on")).to_be_visible()
    assert [grave(page) for page in (console, phone, wall)] == [[], [], []]
