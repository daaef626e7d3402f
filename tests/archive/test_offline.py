"""The offline edition: one file for a folder, without a server and without a line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from archive.models import Asset, AssetRole, Recording, RecordingVisibility
from tests.archive.conftest import Stage, make
from tests.archive.test_browser import until
from tests.archive.test_captions import GOOD, send

KINDS = {
    AssetRole.LOW: "audio/ogg",
    AssetRole.STORYBOARD: "image/webp",
    AssetRole.STORYBOARD_TRACK: "text/vtt",
}
TRACK = """WEBVTT

00:00:00.000 --> 00:00:05.000
000.webp#xywh=0,0,160,90

00:00:05.000 --> 00:00:12.000
000.webp#xywh=160,0,160,90
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[AssetRole, Path]:
    """What the pipeline makes of a film, made by hand: its sound in Opus, a sheet of stills and their track."""
    folder = tmp_path_factory.mktemp("small")
    track = folder / "track.vtt"
    track.write_text(TRACK)
    voice = ("-c:a", "libopus", "-b:a", "24k", "-ac", "1")
    return {
        AssetRole.LOW: make(folder / "low.opus", "-f", "lavfi", "-i", "sine=d=12", *voice),
        AssetRole.STORYBOARD: make(
            folder / "000.webp", "-f", "lavfi", "-i", "testsrc=s=320x90:r=1:d=1", "-frames:v", "1"
        ),
        AssetRole.STORYBOARD_TRACK: track,
    }


def add(stage: Stage, recording: Recording, files: dict[AssetRole, Path]) -> None:
    for role, file in files.items():
        key = f"{recording.pid}/made/{file.name}"
        target = stage.media_dir / key
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
        part = "000" if role is AssetRole.STORYBOARD else ""
        stage.world.add(
            Asset(recording_id=recording.id, role=role, key=key, part=part, bytes=file.stat().st_size,
                  mimetype=KINDS[role], sha256=f"{hash(role) % 10**9:064}")
        )


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path], small: dict[AssetRole, Path]) -> Recording:
    found = stage.playable(media["mp4"], starts_at=stage.meeting.starts_at)
    assert send(stage, found, GOOD).status_code == 303
    stage.ask(1, 3)
    stage.ask(2, None, answer="Ο δήμος.", body="Ποιος πληρώνει;")
    add(stage, found, small)
    return found


@pytest.fixture
def take(stage: Stage, recording: Recording) -> Callable[..., bytes]:
    """`take("en")`: ask for the edition, let the job run, take the file."""

    def taken(locale: str = "el") -> bytes:
        client = stage.world.client(stage.learner, locale)
        assert {client.post(f"/recordings/{recording.pid}/offline").status_code for _ in range(2)} == {303}
        stage.work()
        answer = client.get(f"/recordings/{recording.pid}/offline.{locale}.zip")
        assert (answer.status_code, answer.mimetype) == (200, "application/zip")
        return bytes(answer.data)

    return taken


def test_what_is_in_it(take: Callable[..., bytes], small: dict[AssetRole, Path]) -> None:
    with zipfile.ZipFile(BytesIO(take())) as file:
        assert file.testzip() is None
        assert sorted(file.namelist()) == [
            "edition.css", "edition.js", "index.html", "pictures/000.webp", "sound.opus"
        ]
        assert file.read("sound.opus") == small[AssetRole.LOW].read_bytes()
        page = file.read("index.html").decode()
    assert '<html lang="el">' in page
    for said in ("Ερώτηση 1;", "Ποιος πληρώνει;", "Ο δήμος.", 'href="sound.opus#t=3" data-at="3.0">0:03</a>',
                 "CC BY-SA 4.0", "Κείμενο"):
        assert said in page, said


def test_in_english_too(take: Callable[..., bytes]) -> None:
    with zipfile.ZipFile(BytesIO(take("en"))) as file:
        page = file.read("index.html").decode()
    assert '<html lang="en">' in page
    assert '<h2 id="questions">Questions</h2>' in page


def test_it_is_kept_until_something_changes(
    stage: Stage, recording: Recording, take: Callable[..., bytes]
) -> None:
    client = stage.world.client(stage.learner, "el")
    first = take()
    assert take() == first
    stage.ask(3, 7, body="Άλλη ερώτηση;")
    assert client.get(f"/recordings/{recording.pid}/offline.el.zip").status_code == 404
    second = take()
    assert second != first
    assert len(list((stage.media_dir / str(recording.pid) / "offline").iterdir())) == 1


def test_the_page_says_how_far_it_is(stage: Stage, recording: Recording, media: dict[str, Path]) -> None:
    client, path = stage.world.client(stage.learner, "en"), f"/recordings/{recording.pid}/offline"
    assert "It will be about" in client.get(path).text
    client.post(path)
    assert "It is being made" in client.get(path).text
    stage.work()
    assert "Download, " in client.get(path).text
    bare = stage.playable(media["mp4"])
    assert "be made yet" in client.get(f"/recordings/{bare.pid}/offline").text
    assert client.post(f"/recordings/{bare.pid}/offline").status_code == 404


def test_strangers_and_reserved_ones(stage: Stage, recording: Recording, take: Callable[..., bytes]) -> None:
    take()
    path = f"/recordings/{recording.pid}/offline"
    for client in (stage.world.client(), stage.world.client(stage.stranger)):
        assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
        assert client.get(f"{path}.el.zip").status_code == 404
    with stage.world.session() as session:
        found = session.get_one(Recording, recording.id)
        found.licence, found.visibility = "all-rights-reserved", RecordingVisibility.PUBLIC
        session.commit()
    assert stage.world.client(stage.learner).get(path).status_code == 404
    assert stage.world.client(stage.host).get(path).status_code == 200


@pytest.mark.browser
def test_it_works_from_a_folder_without_a_line(chromium: Any, take: Callable[..., bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(take())) as file:
        file.extractall(tmp_path / "edition")
    context = chromium.new_context(offline=True, viewport={"width": 360, "height": 740})
    troubles: list[str] = []
    asked: list[str] = []
    context.on("console", lambda line: troubles.append(line.text) if line.type in {"error", "warning"} else None)
    context.on("request", lambda request: asked.append(request.url))
    tab = context.new_page()
    tab.goto((tmp_path / "edition" / "index.html").as_uri())
    until(tab, "document.querySelector('audio').readyState > 0")
    tab.click("section[aria-labelledby=questions] a")
    until(tab, "document.querySelector('audio').currentTime >= 3")
    until(tab, "document.querySelector('[aria-current]') !== null")
    assert tab.locator(".still").is_visible()
    tab.evaluate("document.querySelector('audio').currentTime = 8")
    until(tab, "document.querySelector('.still').style.backgroundPosition.startsWith('-160px')")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert troubles == []
    assert {url.split(":")[0] for url in asked} == {"file"}
    serious = [one for one in Axe().run(tab).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert serious == []
    context.close()


