"""A film whose bytes come from the bucket, in a real browser: on the page, as a stream, and to whom it isn't shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.models import Recording
from tests.archive.conftest import Stage
from tests.archive.test_browser import tab_of, until
from tests.archive.test_playing import CANT
from tests.archive.test_s3 import film  # noqa: F401 - a fixture
from tests.archive.test_server import Server
from tests.s3 import S3, s3_server  # noqa: F401 - the fixture `s3`

pytestmark = pytest.mark.browser


@pytest.fixture
def server(stage: Stage, s3: S3, tmp_path: Path, database_url: str) -> Iterator[Server]:
    """The real server before a bucket that knows whose pages read from it."""
    found = Server(stage, tmp_path, database_url)
    stage.world.app.config.update(s3.settings | {"BASE_URL": f"http://127.0.0.1:{found.port}"})
    found.environment |= {name: str(stage.world.app.config[name]) for name in s3.settings}
    assert stage.world.app.test_cli_runner().invoke(args=["recordings", "bucket"]).exit_code == 0
    found.start()
    yield found
    found.kill()


@pytest.fixture
def recording(stage: Stage, server: Server, film: Path) -> Recording:  # noqa: F811
    found = stage.receive(film)
    stage.work()
    return stage.now(found)


def watched(chromium: Any, server: Server, recording: Recording, s3: S3, troubles: list[str], *, whole: bool) -> str:
    """Play from 0:04 on, the file or (not WHOLE) its stream by hls.js; the ending of what came from the bucket."""
    asked: list[str] = []
    tab = tab_of(chromium, server, server.stage.learner, troubles)
    tab.on("request", lambda request: asked.append(request.url))
    if not whole:
        tab.add_init_script(CANT)
        tab.route("**/media/play", lambda route: route.abort())
    tab.goto(f"/recordings/{recording.pid}?t=4")
    if whole:
        until(tab, "document.querySelector('video').readyState > 1")
    until(tab, "document.querySelector('[data-bar]').matches('.is-ready')")
    tab.click("media-play-button")
    until(tab, "document.querySelector('video').currentTime > 4.5")

    assert all(url.startswith((s3.endpoint, f"http://127.0.0.1:{server.port}", "blob:")) for url in asked)
    (ending,) = {key.rpartition(".")[2] for key in s3.read() if str(recording.pid) in key}
    return ending


def test_the_file_plays_from_the_bucket(chromium: Any, server: Server, recording: Recording, s3: S3) -> None:
    troubles: list[str] = []
    assert watched(chromium, server, recording, s3, troubles, whole=True) == "mp4"
    assert troubles == []


def test_the_stream_plays_from_the_bucket(chromium: Any, server: Server, recording: Recording, s3: S3) -> None:
    troubles: list[str] = []
    assert watched(chromium, server, recording, s3, troubles, whole=False) == "m4s"
    assert [line for line in troubles if "ERR_FAILED" not in line] == []  # the file, which was kept from it
