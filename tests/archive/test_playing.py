"""What plays and from where: links to moments, HLS only where needed, small pictures, every control by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from archive.models import Asset, AssetRole, Recording, RecordingVisibility
from tests.archive.conftest import Stage, make
from tests.archive.test_browser import tab_of, until
from tests.archive.test_captions import GOOD, send
from tests.archive.test_offline import add, small  # noqa: F401 - a fixture
from tests.archive.test_server import Server, server  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
NEAR = 0.5  # seconds
CANT = """HTMLMediaElement.prototype.canPlayType = (kind) => (kind.includes("mpegurl") ? "" : "probably");"""
POOR = """Object.defineProperty(navigator, "connection", {value: {saveData: true, effectiveType: "4g"}});"""
Tabs = Callable[..., Any]


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path], small: dict[AssetRole, Path]) -> Recording:  # noqa: F811
    found = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC, starts_at=stage.meeting.starts_at)
    assert send(stage, found, GOOD).status_code == 303
    for number, second in ((1, 2), (2, 8)):
        stage.ask(number, second)
    add(stage, found, small)
    return found


def add_hls(stage: Stage, recording: Recording, file: Path, folder: Path, *parts: str) -> None:
    """The renditions PARTS of FILE, all the same, and the playlist that names them."""
    files = {}
    for part in parts:
        options = ("-c", "copy", "-hls_time", "2", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")
        whole = ("-hls_flags", "single_file", "-hls_segment_filename", str(folder / f"{part}.m4s"))
        files[AssetRole.PLAYLIST, part] = make(folder / f"{part}.m3u8", "-i", str(file), *options, *whole)
        files[AssetRole.STREAM, part] = folder / f"{part}.m4s"
    master = folder / "master.m3u8"
    lines = [f"#EXT-X-STREAM-INF:BANDWIDTH={10_000 * at}\n{part}.m3u8" for at, part in enumerate(parts, 1)]
    master.write_text("\n".join(["#EXTM3U", "#EXT-X-VERSION:7", *lines, ""]))
    for (role, part), path in {**files, (AssetRole.PLAYLIST, ""): master}.items():
        key = f"{recording.pid}/hls/{path.name}"
        target = stage.media_dir / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        kind = "video/mp4" if role is AssetRole.STREAM else "application/vnd.apple.mpegurl"
        stage.world.add(Asset(recording_id=recording.id, role=role, part=part, key=key, mimetype=kind,
                              bytes=path.stat().st_size, sha256=f"{len(path.name):064}"))


@pytest.fixture
def watch(chromium: Any, server: Server) -> Iterator[Tabs]:  # noqa: F811
    """`watch(path, script)`: a learner's tab that ran SCRIPT first; it complains of nothing and asks no other host."""
    troubles: list[str] = []

    def open_tab(path: str, script: str = "") -> Any:
        tab = tab_of(chromium, server, server.stage.learner, troubles, "el")
        home = f"http://127.0.0.1:{server.port}/"
        tab.asked = []
        tab.on("request", lambda one: tab.asked.append(one.url))
        ours = (home, "blob:", "data:")
        tab.on("request", lambda one: None if one.url.startswith(ours) else troubles.append(one.url))
        if script:
            tab.add_init_script(script)
        tab.goto(path)
        return tab

    yield open_tab
    assert troubles == []


@pytest.mark.parametrize("moment", ["?t=7", "?t=0m7s", "?t=0:07", "#t=7,9", "#t=7"])
def test_a_link_to_a_moment_shows_that_moment(watch: Tabs, recording: Recording, moment: str) -> None:
    tab = watch(f"/recordings/{recording.pid}{moment}")
    # A frame is there (2: the data of the current moment), and it is that moment's.
    until(tab, "(({readyState, seeking}) => readyState > 1 && !seeking)(document.querySelector('video'))")
    until(tab, f"Math.abs(document.querySelector('video').currentTime - 7) <= {NEAR}")


def test_the_file_itself_plays_where_it_can(
    watch: Tabs, stage: Stage, recording: Recording, media: dict[str, Path], tmp_path: Path
) -> None:
    add_hls(stage, recording, media["mp4"], tmp_path, "src", "480")
    tab = watch(f"/recordings/{recording.pid}")
    until(tab, "document.querySelector('[data-bar]').matches('.is-ready')")
    tab.keyboard.press("k")
    until(tab, "document.querySelector('video').currentTime > 0.5")
    assert not [url for url in tab.asked if "vendor/hls.js" in url or "/hls/" in url]


@pytest.mark.parametrize("reason", ["a poor line", "a file it can't play"])
def test_hls_where_it_is_needed(
    watch: Tabs, stage: Stage, recording: Recording, media: dict[str, Path], tmp_path: Path, reason: str
) -> None:
    add_hls(stage, recording, media["mp4"], tmp_path, "src", "480")
    if reason != "a poor line":
        with stage.world.session() as session:
            session.query(Asset).filter_by(role=AssetRole.ORIGINAL).one().mimetype = "video/x-unheard-of"
            session.commit()
    tab = watch(f"/recordings/{recording.pid}?t=5", CANT + POOR if reason == "a poor line" else CANT)
    until(tab, "document.querySelector('[data-bar]').matches('.is-ready')")
    assert not [url for url in tab.asked if "vendor/hls.js" in url]  # only once it plays
    tab.keyboard.press("k")
    until(tab, "document.querySelector('video').currentTime > 5.3")
    assert tab.evaluate("document.querySelector('video').currentSrc").startswith("blob:")
    assert [url for url in tab.asked if url.endswith(".m4s")]


def test_a_small_picture_follows_the_pointer(watch: Tabs, recording: Recording) -> None:
    tab = watch(f"/recordings/{recording.pid}")
    until(tab, "document.querySelector('track[label=thumbnails]').track.cues?.length === 2")
    line, still = tab.locator("[data-line]"), tab.locator("[data-still]")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    for part, left, at in ((0.1, 0, "0:01"), (0.75, -160, "0:09")):
        tab.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
        until(tab, f"document.querySelector('[data-still]').textContent === '{at}'")
        assert still.is_visible()
        place = tab.evaluate("document.querySelector('[data-still]').style.backgroundPosition")
        assert float(place.split()[0].removesuffix("px")) == left
    tab.mouse.move(0, 0)
    until(tab, "document.querySelector('[data-still]').hidden")


def test_every_control_by_keyboard_alone(watch: Tabs, recording: Recording) -> None:
    tab = watch(f"/recordings/{recording.pid}")
    until(tab, "document.querySelector('video').readyState > 1")
    reached: list[str] = []
    name = """(({ dataset, localName }) =>
      dataset.act ?? ["rate", "seek"].find((one) => one in dataset) ?? localName)(document.activeElement)"""
    for _ in range(80):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate(name))
        if reached[-1] == "seek":
            break
    wanted = ["media-play-button", "media-seek-backward-button", "previous", "next", "rate", "media-captions-button",
              "media-mute-button", "media-fullscreen-button", "seek"]
    assert [one for one in reached if one in wanted] == wanted
    tab.keyboard.press("ArrowRight")
    until(tab, "document.querySelector('video').currentTime >= 1")
    assert tab.locator("[data-still]").is_visible()
    tab.focus("media-mute-button")
    tab.keyboard.press("Enter")
    until(tab, "document.querySelector('video').muted")
    tab.focus("[data-act=next]")
    tab.keyboard.press("Enter")
    until(tab, "document.querySelector('video').currentTime >= 2")


def test_axe_finds_nothing_serious(watch: Tabs, recording: Recording) -> None:
    for path in (f"/recordings/{recording.pid}", f"/recordings/{recording.pid}/embed", "/recordings/feeds", "/me/feed",
                 f"/recordings/{recording.pid}/offline"):
        tab = watch(path)
        found = Axe().run(tab).response["violations"]
        assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == [], path
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
