"""The captions' editor with JavaScript: film, keyboard, checks as one types, and nothing that is typed gets lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording
from tests.archive.conftest import Stage
from tests.archive.test_browser import seconds, tab_of, until
from tests.archive.test_captions import send
from tests.archive.test_editor import THREE, edit, rows, shown
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
Tabs = Callable[..., Any]


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    found = stage.playable(media["mp4"])
    assert send(stage, found, THREE).status_code == 303
    return found


@pytest.fixture
def editor(chromium: Any, server: Server, recording: Recording) -> Iterator[Tabs]:  # noqa: F811 - the fixture's value
    """`editor("en", viewport=…)`: the editor in a tab of staff; it may complain of nothing."""
    troubles: list[str] = []

    def open_tab(locale: str = "en", **options: Any) -> Any:
        tab = tab_of(chromium, server, server.stage.staff, troubles, locale, **options)
        tab.goto(f"/recordings/{recording.pid}/captions/el/edit")
        until(tab, "document.querySelector('video').readyState > 0")
        return tab

    yield open_tab
    assert [line for line in troubles if "409" not in line] == []


def words(tab: Any) -> list[str]:
    return [box.input_value() for box in tab.locator("[data-cues] textarea").all()]


def test_a_line_is_timed_from_the_film_and_saved_by_keys(editor: Tabs, stage: Stage, recording: Recording) -> None:
    tab = editor()
    tab.evaluate("document.querySelector('video').currentTime = 5.25")
    until(tab, "!document.querySelector('video').seeking")
    tab.focus("[data-cue]:nth-child(3) textarea")
    tab.keyboard.press("Alt+Comma")
    tab.evaluate("document.querySelector('video').currentTime = 6.5")
    until(tab, "!document.querySelector('video').seeking")
    tab.keyboard.press("Alt+Period")
    line = tab.locator("[data-cue]:nth-child(3)")
    assert [line.locator(f"[name={name}]").input_value() for name in ("start", "end")] == ["0:05.25", "0:06.5"]
    tab.keyboard.press("Alt+ArrowUp")
    tab.keyboard.press("End")
    tab.keyboard.type("!")
    with tab.expect_navigation():
        tab.keyboard.press("Control+s")
    assert shown(stage, recording) == "ένα δύο!\n\nτρία"
    tab.focus("[data-cue]:nth-child(3) textarea")
    tab.keyboard.press("Control+Enter")
    until(tab, "document.querySelector('video').currentTime > 6.4 && document.querySelector('video').paused")
    assert seconds(tab) < 7.5  # it ends with its line
    tab.keyboard.press("Escape")
    until(tab, "!document.querySelector('video').paused")
    tab.keyboard.press("Escape")
    until(tab, "document.querySelector('video').paused")


def test_lines_are_parted_joined_added_and_taken_out(editor: Tabs, stage: Stage, recording: Recording) -> None:
    tab = editor()
    tab.fill("[data-cue]:nth-child(2) textarea", "δύο λέξεις")
    tab.focus("[data-cue]:nth-child(2) textarea")
    tab.keyboard.press("Alt+Enter")
    assert words(tab) == ["ένα", "δύο", "λέξεις", "τρία"]
    tab.locator("[data-cue]:nth-child(1) button[value^=join]").click()
    assert words(tab) == ["ένα\nδύο", "λέξεις", "τρία"]
    tab.locator("[data-cue]:nth-child(3) button[value^=drop]").click()
    tab.locator("[data-cue]:nth-child(2) button[value^=add]").click()
    tab.keyboard.type("νέα")
    assert words(tab) == ["ένα\nδύο", "λέξεις", "νέα"]
    assert [no.inner_text() for no in tab.locator("[data-cues] a [data-no]").all()] == ["1", "2", "3"]
    with tab.expect_navigation():
        tab.locator(".editing__save button[value=save]").click()
    assert shown(stage, recording) == "ένα δύο λέξεις νέα"


def test_wrong_times_are_told_while_one_types(editor: Tabs) -> None:
    tab = editor()
    tab.fill("[data-cue]:nth-child(2) [name=end]", "0:00.5")
    fault = tab.locator("[data-cue]:nth-child(2) [data-fault]")
    assert fault.inner_text().strip() == "It ends before it begins."
    for typed, told in (("abc", "Write its times"), ("0:59", "after the end"), ("0:01.5", "")):
        tab.fill("[data-cue]:nth-child(2) [name=end]", typed)
        assert told in (fault.inner_text() if fault.is_visible() else "")
    tab.fill("[data-cue]:nth-child(3) [name=start]", "0:00.2")
    tab.locator(".editing__save button[value=save]").click()  # goes nowhere: its first wrong time has the focus
    assert tab.evaluate("document.activeElement.name") == "start"


def test_what_was_typed_outlives_a_closed_tab(editor: Tabs, stage: Stage, recording: Recording) -> None:
    tab = editor()
    tab.fill("[data-cue]:nth-child(1) textarea", "μόλις γραμμένο")
    until(tab, "Object.keys(localStorage).some(name => name.startsWith('captions:'))")
    context = tab.context
    tab.close(run_before_unload=False)
    tab = context.new_page()
    tab.goto(f"/recordings/{recording.pid}/captions/el/edit")
    assert words(tab)[0] == "ένα"
    tab.click("[data-take]")
    assert words(tab)[0] == "μόλις γραμμένο"
    with tab.expect_navigation():
        tab.locator(".editing__save button[value=save]").click()
    assert shown(stage, recording).startswith("μόλις γραμμένο")
    assert tab.evaluate("Object.keys(localStorage).filter(name => name.startsWith('captions:')).length") == 0
    assert not tab.locator("[data-kept]").is_visible()


def test_it_warns_of_others_and_keeps_both(editor: Tabs, stage: Stage, recording: Recording) -> None:
    tab = editor()
    tab.fill("[data-cue]:nth-child(2) textarea", "δικό μου")
    edit(stage, recording, rows("ένα", "δικό τους", "τρία"), stage.host)
    tab.evaluate("dispatchEvent(new Event('focus'))")
    tab.wait_for_selector("[data-meanwhile]:visible")
    assert stage.host.name in tab.inner_text("[data-meanwhile]")
    with tab.expect_navigation():
        tab.locator(".editing__save button[value=save]").click()
    assert "kept as version 3, theirs is version 2" in tab.inner_text("main")
    assert shown(stage, recording) == "ένα δικό τους τρία"
    tab.get_by_role("button", name="Show this version to people").click()
    tab.wait_for_url("**/manage")
    assert shown(stage, recording) == "ένα δικό μου τρία"


def test_it_looks_right(editor: Tabs, tmp_path: Path) -> None:
    for width, locale, scheme in ((1440, "el", "light"), (360, "el", "dark"), (320, "en", "light")):
        tab = editor(locale, viewport={"width": width, "height": 900}, color_scheme=scheme)
        over = tab.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0
        if folder := os.environ.get("SHOTS"):
            tab.screenshot(path=f"{folder}/editor-{width}.png", full_page=True)
