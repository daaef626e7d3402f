"""The main path in a real browser: a tab closed in the middle of an upload, then play, jump, resume."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording, RecordingState, WatchPosition
from tests.archive.conftest import Stage
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
EMPTY = 40 << 20  # bytes
SLOW = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 4_000_000}


def tab_of(
    chromium: Any, server: Server, user: Any, troubles: list[str], language: str = "en", **options: Any  # noqa: F811
) -> Any:
    """A signed-in tab; what the page complains of lands in TROUBLES."""
    cookie = server.stage.world.client(user, language).get_cookie("session")
    context = chromium.new_context(base_url=f"http://127.0.0.1:{server.port}", **options)
    assert cookie is not None
    context.add_cookies([{"name": "session", "value": cookie.value, "url": f"http://127.0.0.1:{server.port}"}])
    context.on("console", lambda line: troubles.append(line.text) if line.type in {"error", "warning"} else None)
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    return context.new_page()


def until(tab: Any, condition: str) -> None:
    """Wait for CONDITION; the page's content policy forbids the library's own way."""
    for _ in range(400):
        if tab.evaluate(condition):
            return
        tab.wait_for_timeout(50)
    pytest.fail(f"never true: {condition}")


def test_a_closed_tab_goes_on_where_it_stopped(
    chromium: Any, server: Server, stage: Stage, media: dict[str, Path], tmp_path: Path  # noqa: F811
) -> None:
    file, troubles = tmp_path / "call.mp4", list[str]()
    # An empty box makes it larger than the buffers between browser and server could hold.
    file.write_bytes(media["mp4"].read_bytes() + EMPTY.to_bytes(4, "big") + b"free" + bytes(EMPTY - 8))
    recording = stage.recording()
    tab = tab_of(chromium, server, stage.staff, troubles)
    line = tab.context.new_cdp_session(tab)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    tab.goto(f"/recordings/{recording.pid}/manage")
    tab.set_input_files("#file", file)
    until(tab, "document.querySelector('[data-bar]').value > 10")
    context = tab.context
    tab.close(run_before_unload=False)

    tab, offsets = context.new_page(), list[int]()
    tab.on("request", lambda r: offsets.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None)
    tab.goto(f"/recordings/{recording.pid}/manage")
    assert tab.locator("[data-half]").is_visible()
    tab.set_input_files("#file", file)
    tab.wait_for_selector("[data-waiting], [data-on=sent]:visible")
    assert offsets[0] > 0
    stage.work()
    tab.wait_for_selector("#moments")
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert troubles == []


def test_refusals_are_said_and_the_next_file_is_taken(
    chromium: Any, server: Server, stage: Stage, media: dict[str, Path], tmp_path: Path  # noqa: F811
) -> None:
    text, troubles = tmp_path / "minutes.mp4", list[str]()
    text.write_text("Πρακτικά", encoding="utf-8")
    recording = stage.recording()
    tab = tab_of(chromium, server, stage.staff, troubles)
    tab.goto(f"/recordings/{recording.pid}/manage")
    for file, sign in ((text, "[role=alert].alert--bad:visible"), (media["mp4"], "#moments")):
        tab.set_input_files("#file", file)
        tab.wait_for_selector("[data-waiting], [data-on=sent]:visible")
        stage.work()
        tab.wait_for_selector(sign)
    assert troubles == []


def test_a_file_chosen_before_the_script_is_here_is_sent(
    chromium: Any, server: Server, stage: Stage, media: dict[str, Path]  # noqa: F811
) -> None:
    troubles, held = list[str](), list[Any]()
    recording = stage.recording()
    tab = tab_of(chromium, server, stage.staff, troubles)
    tab.route("**/upload.js*", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    tab.goto(f"/recordings/{recording.pid}/manage", wait_until="commit")
    tab.set_input_files("#file", media["mp4"])
    while not held:
        tab.wait_for_timeout(20)
    held[0].continue_()
    tab.wait_for_selector("[data-waiting], [data-on=sent]:visible")
    assert troubles == []


def seconds(tab: Any) -> float:
    return float(tab.evaluate("document.querySelector('video').currentTime"))


def test_play_jump_and_resume(chromium: Any, server: Server, stage: Stage, media: dict[str, Path]) -> None:  # noqa: F811
    for number, second in ((1, 2), (2, 5), (3, 9)):
        stage.ask(number, second)
    recording = stage.playable(media["mp4"])
    with stage.world.session() as session:
        session.merge(stage.now(recording)).starts_at = stage.meeting.starts_at
    troubles: list[str] = []
    tab = tab_of(chromium, server, stage.learner, troubles)
    tab.goto(f"/recordings/{recording.pid}")
    until(tab, "document.querySelector('video').readyState > 1")
    tab.click("#q2 a")
    tab.wait_for_selector("#q2.is-here")
    tab.keyboard.press("k")
    assert 5 <= seconds(tab) < 9
    tab.keyboard.press("n")
    tab.wait_for_selector("#q3.is-here")
    assert seconds(tab) == pytest.approx(9, abs=0.1)
    tab.keyboard.press("j")
    assert seconds(tab) == pytest.approx(0, abs=0.1)
    tab.goto(f"/recordings/{recording.pid}?t=7")
    until(tab, "document.querySelector('video').currentTime >= 7")
    with tab.expect_response("**/position"):
        tab.keyboard.press("k")
        until(tab, "document.querySelector('video').currentTime > 7.5")
        tab.keyboard.press("k")
    kept = stage.world.get(WatchPosition, (recording.id, stage.learner.id)).seconds
    assert kept > 7.4
    tab.goto(f"/recordings/{recording.pid}")
    until(tab, f"Math.abs(document.querySelector('video').currentTime - {kept}) < 0.3")
    assert tab.locator("[data-resumed]").is_visible()
    assert stage.world.get(Recording, recording.id).starts_at is not None
    assert troubles == []
