"""Sending in a real browser: two windows, what is typed meanwhile, a browser that can't hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording, RecordingState, Upload
from tests.archive.conftest import Stage
from tests.archive.test_browser import EMPTY, SLOW, tab_of, until
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
SENT = "document.querySelector('[data-bar]').value > 5"


@pytest.fixture
def film(media: dict[str, Path], tmp_path: Path) -> Path:
    """Larger than the buffers between browser and server could hold."""
    file = tmp_path / "call.mp4"
    file.write_bytes(media["mp4"].read_bytes() + EMPTY.to_bytes(4, "big") + b"free" + bytes(EMPTY - 8))
    return file


def sending(tab: Any, recording: Recording, file: Path) -> None:
    """Over a slow line, until some of it has left."""
    line = tab.context.new_cdp_session(tab)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    tab.goto(f"/recordings/{recording.pid}/manage")
    tab.set_input_files("#file", file)
    until(tab, SENT)


def test_the_other_window_takes_over(
    chromium: Any, server: Server, stage: Stage, film: Path  # noqa: F811
) -> None:
    recording, troubles = stage.recording(), list[str]()
    first = tab_of(chromium, server, stage.staff, troubles)
    sending(first, recording, film)
    second = tab_of(chromium, server, stage.staff, troubles)
    sending(second, recording, film)
    first.wait_for_selector("p[data-on=taken]:visible")
    second.wait_for_selector("[data-on=sent]:visible", timeout=90_000)
    assert all("409" in line for line in troubles)
    with stage.world.session() as session:
        (upload,) = session.query(Upload).all()
        assert upload.sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE


def test_what_is_typed_meanwhile_is_kept(
    chromium: Any, server: Server, stage: Stage, film: Path  # noqa: F811
) -> None:
    recording, troubles = stage.recording(), list[str]()
    tab = tab_of(chromium, server, stage.staff, troubles)
    sending(tab, recording, film)
    tab.click("details:has(#title_el) summary")
    tab.fill("#title_el", "Ο τίτλος που γράφτηκε")
    tab.click("form:has(#title_el) button[type=submit]")
    tab.wait_for_selector("[data-said]")
    assert stage.now(recording).title_el == "Ο τίτλος που γράφτηκε"
    tab.fill("#title_el", "Ο τίτλος που γράφεται ακόμη")
    tab.wait_for_selector("[data-on=sent]:visible")
    assert tab.text_content("[data-sha256]") == hashlib.sha256(film.read_bytes()).hexdigest()
    stage.work()
    tab.wait_for_selector("[data-checked]:visible")
    assert tab.input_value("#title_el") == "Ο τίτλος που γράφεται ακόμη"
    tab.click("[data-checked] a")
    tab.wait_for_selector("#moments")
    assert "found the same before it was sent" in tab.content()
    assert troubles == []


def test_a_browser_that_cannot_hash_sends_all_the_same(
    chromium: Any, server: Server, stage: Stage, media: dict[str, Path]  # noqa: F811
) -> None:
    recording, troubles = stage.recording(), list[str]()
    tab = tab_of(chromium, server, stage.staff, troubles)
    tab.route("**/vendor/hash-wasm.js*", lambda route: route.fulfill(status=404))
    tab.goto(f"/recordings/{recording.pid}/manage")
    tab.set_input_files("#file", media["mp4"])
    tab.wait_for_selector("[data-on=sent]:visible")
    assert tab.locator("[data-hash]").is_hidden()
    stage.work()
    tab.wait_for_selector("#moments")
    with stage.world.session() as session:
        assert [upload.sha256 for upload in session.query(Upload)] == [""]
