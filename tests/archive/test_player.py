"""The player: media-chrome under the strict content policy, in both languages, by mouse, by keys and without script."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording, RecordingVisibility
from core.headers import CONTENT_SECURITY_POLICY
from tests.archive.conftest import Stage
from tests.archive.test_browser import tab_of, until
from tests.archive.test_captions import GOOD, send
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parents[2]
HEAVIEST = 200_000  # bytes of script, compressed
Tabs = Callable[..., Any]

# Every <style> within every element's shadow, and whether the browser took it.
STYLES = """[...document.querySelectorAll("[data-player] *")].flatMap(function inside(element) {
  const root = element.shadowRoot;
  if (!root) return [];
  return [...root.querySelectorAll("style")].map(style => style.sheet !== null)
    .concat([...root.querySelectorAll("*")].flatMap(inside));
})"""
LABELS = """Object.fromEntries([...document.querySelectorAll("[data-player] [aria-label]")]
  .filter(element => element.localName.startsWith("media-"))
  .map(element => [element.localName, element.getAttribute("aria-label")]))"""
GREEK = {
    "media-controller": "Από το χωράφι στο πιάτο",
    "media-control-bar": "Χειρισμός",
    "media-play-button": "Παίξτε",
    "media-seek-backward-button": "10 δευτερόλεπτα πίσω",
    "media-time-display": "Χρόνος, ως εδώ και συνολικός",
    "media-captions-button": "Υπότιτλοι",
    "media-mute-button": "Χωρίς ήχο",
    "media-fullscreen-button": "Πλήρης οθόνη",
}
ENGLISH = {
    "media-controller": "Από το χωράφι στο πιάτο",
    "media-control-bar": "Controls",
    "media-play-button": "Play",
    "media-seek-backward-button": "10 seconds back",
    "media-time-display": "Time, played and whole",
    "media-captions-button": "Captions",
    "media-mute-button": "Mute",
    "media-fullscreen-button": "Full screen",
}


def test_only_a_page_with_the_player_allows_its_styles(stage: Stage, media: dict[str, Path]) -> None:
    recording, waiting = stage.playable(media["mp4"]), stage.recording()
    hashes = json.loads((ROOT / "static/vendor/styles.json").read_text(encoding="utf-8"))["media-chrome"]
    wider = CONTENT_SECURITY_POLICY.replace("style-src 'self'", " ".join(["style-src 'self'", *hashes]))

    def policy(user: Any, path: str) -> str:
        return str(stage.world.client(user).get(path).headers["Content-Security-Policy"])

    assert all(source.startswith("'sha256-") for source in hashes)
    assert policy(stage.learner, f"/recordings/{recording.pid}") == wider
    assert policy(stage.staff, f"/recordings/{recording.pid}/manage") == wider
    assert policy(stage.staff, f"/recordings/{waiting.pid}/manage") == CONTENT_SECURITY_POLICY
    assert policy(stage.learner, "/recordings") == CONTENT_SECURITY_POLICY
    assert policy(stage.stranger, f"/recordings/{recording.pid}") == CONTENT_SECURITY_POLICY


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    found = stage.playable(media["mp4"])
    assert send(stage, found, GOOD).status_code == 303
    return found


@pytest.fixture
def watch(chromium: Any, server: Server, recording: Recording) -> Iterator[Tabs]:  # noqa: F811 - the fixture's value
    """`watch("en", color_scheme="dark")`: the page in a learner's tab; it may complain of nothing."""
    troubles: list[str] = []

    def open_tab(locale: str = "el", **options: Any) -> Any:
        tab = tab_of(chromium, server, server.stage.learner, troubles, locale, **options)
        tab.goto(f"/recordings/{recording.pid}")
        return tab

    yield open_tab
    assert troubles == []


@pytest.mark.browser
@pytest.mark.parametrize(("locale", "words"), [("el", GREEK), ("en", ENGLISH)])
@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_style_is_taken_and_every_word_is_the_readers(
    watch: Tabs, locale: str, words: dict[str, str], ground: str
) -> None:
    tab = watch(locale, color_scheme=ground)
    until(tab, "document.querySelector('video').readyState > 0")
    assert tab.evaluate(LABELS) == words
    taken = tab.evaluate(STYLES)
    assert len(taken) > len(words)
    assert all(taken)


@pytest.mark.browser
def test_other_inline_styles_stay_refused(chromium: Any, server: Server, recording: Recording) -> None:  # noqa: F811
    troubles: list[str] = []
    tab = tab_of(chromium, server, server.stage.learner, troubles)
    tab.goto(f"/recordings/{recording.pid}")
    tab.evaluate("document.body.append(Object.assign(document.createElement('style'), {textContent: 'h1 {}'}))")
    assert tab.evaluate("document.body.querySelector('style').sheet") is None
    assert len(troubles) == 1
    assert "style-src" in troubles[0]


@pytest.mark.browser
def test_controls_by_mouse(watch: Tabs) -> None:
    tab = watch()
    until(tab, "document.querySelector('video').readyState > 1")
    assert tab.evaluate("document.querySelector('video').controls") is False
    tab.click("media-play-button")
    until(tab, "!document.querySelector('video').paused")
    assert tab.get_attribute("media-play-button", "aria-label") == "Παύση"
    tab.click("video")
    until(tab, "document.querySelector('video').paused")
    for mode in ("disabled", "showing"):
        tab.click("media-captions-button")
        until(tab, f"document.querySelector('video').textTracks[0].mode === '{mode}'")
    tab.select_option("[data-rate]", "1.5")
    assert tab.evaluate("document.querySelector('video').playbackRate") == 1.5
    tab.reload()
    until(tab, "document.querySelector('video').playbackRate === 1.5")
    tab.click("media-fullscreen-button")
    until(tab, "document.fullscreenElement?.matches('[data-player]')")
    assert tab.locator("media-time-range").is_visible()


@pytest.mark.browser
def test_keys_work_on_any_keyboard(watch: Tabs) -> None:
    tab = watch()
    until(tab, "document.querySelector('video').readyState > 1")
    # A Greek keyboard: the same key, another letter.
    tab.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyK', key: 'κ', bubbles: true}))")
    until(tab, "!document.querySelector('video').paused")
    tab.focus("media-play-button")
    tab.keyboard.press("Space")
    until(tab, "document.querySelector('video').paused")
    tab.keyboard.press("m")
    until(tab, "document.querySelector('video').muted")
    tab.keyboard.press(".")
    assert tab.evaluate("document.querySelector('video').playbackRate") == 1.25
    tab.keyboard.press("c")
    until(tab, "document.querySelector('video').textTracks[0].mode === 'disabled'")
    tab.keyboard.press("f")
    until(tab, "document.fullscreenElement !== null")
    tab.keyboard.press("f")
    until(tab, "document.fullscreenElement === null")


@pytest.mark.browser
def test_what_was_said_is_found_and_leads_to_its_moment(watch: Tabs) -> None:
    tab = watch()
    until(tab, "document.querySelector('video').readyState > 1")
    tab.keyboard.press("/")
    tab.keyboard.type("γραμμησ")
    assert tab.text_content("[data-count]") == "0"
    tab.keyboard.press("Backspace")
    assert tab.text_content("[data-count]") == "1"
    assert tab.locator("mark").all_text_contents() == ["γραμμή"]
    assert tab.evaluate("document.querySelector('video').paused")  # letters typed here are no keys of the player
    tab.click("[data-script] a:visible")
    until(tab, "document.querySelector('video').currentTime >= 5.25")
    tab.keyboard.press("Shift+?")
    assert tab.locator("[data-keys] dl").is_visible()


@pytest.mark.browser
def test_without_script_the_browsers_own_controls_show(watch: Tabs) -> None:
    tab = watch(java_script_enabled=False)
    assert tab.get_attribute("video", "controls") == ""
    assert tab.locator("video").is_visible()
    assert not tab.locator("[data-bar]").is_visible()
    tab.goto(f"{tab.url}?t=7")
    until(tab, "document.querySelector('video').currentTime === 7")


@pytest.mark.browser
def test_the_page_is_light(chromium: Any, server: Server, recording: Recording) -> None:  # noqa: F811
    scripts: list[Any] = []
    tab = tab_of(chromium, server, server.stage.learner, [])
    tab.on("response", lambda answer: scripts.append(answer) if answer.request.resource_type == "script" else None)
    tab.goto(f"/recordings/{recording.pid}")
    until(tab, "document.querySelector('[data-bar]').matches('.is-ready')")
    bodies = [answer.body() for answer in scripts]
    bodies.append((ROOT / "static/vendor/hls.js").read_bytes())  # comes along where the line is poor
    weight = sum(len(gzip.compress(body)) for body in bodies)
    assert weight < HEAVIEST
    scripts.clear()
    tab.goto("/recordings")
    assert not [answer.url for answer in scripts if "media-chrome" in answer.url]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(280, 160), (640, 360), (640, 460)])
def test_a_frame_shows_picture_controls_and_name(
    chromium: Any, server: Server, stage: Stage, media: dict[str, Path], width: int, height: int  # noqa: F811
) -> None:
    public = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    tab = tab_of(chromium, server, stage.learner, [], viewport={"width": width, "height": height})
    tab.goto(f"/recordings/{public.pid}/embed")
    until(tab, "document.querySelector('[data-bar]').matches('.is-ready')")
    for part in ("video", "media-play-button", "media-time-range", "h1 a"):
        box = tab.locator(part).bounding_box()
        assert box["y"] >= 0
        assert box["height"] >= 18
        assert box["y"] + box["height"] <= height
