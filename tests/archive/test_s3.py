"""A recording whose files lie in S3: sent, checked, made playable, watched by presigned addresses."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from archive.models import RecordingState
from archive.ranges import PIECE
from core.storage import storage
from tests.archive.conftest import Stage, make
from tests.s3 import S3, s3_server  # noqa: F401 - the fixture `s3`


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Matroska file of some megabytes: it has to be rewrapped."""
    picture = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=8", "-vf", "noise=alls=60:allf=t"]
    target = tmp_path_factory.mktemp("film") / "film.mkv"
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-b:v", "3M", "-pix_fmt", "yuv420p", "-g", "10"]
    return make(target, *picture, *codec)


@pytest.fixture
def bucket(stage: Stage, s3: S3) -> Stage:
    """The stage, whose application keeps its media in a bucket."""
    stage.world.app.config.update(s3.settings)
    return stage


def kept(stage: Stage) -> dict[str, int]:
    with stage.world.app.app_context():
        return {file.key: file.bytes for file in storage().files()}


def test_from_the_upload_to_a_presigned_part(bucket: Stage, film: Path) -> None:
    recording = bucket.receive(film)
    bucket.work()
    files = kept(bucket)

    assert bucket.now(recording).state is RecordingState.PLAYABLE
    assert {key.split("/")[0] for key in files} == {str(recording.pid)}
    assert film.stat().st_size in files.values()
    assert [path for path in bucket.media_dir.rglob("*") if path.is_file()] == []  # nothing stays on our disk

    address = f"/recordings/{recording.pid}/media/play"
    answer = bucket.world.client(bucket.learner).get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    asked = urllib.request.Request(answer.headers["Location"], headers={"Range": "bytes=4-7"})  # noqa: S310
    with urllib.request.urlopen(asked) as part:  # noqa: S310 - loopback
        assert (part.status, part.read(), part.headers["Content-Type"]) == (206, b"ftyp", "video/mp4")
    assert "X-Amz-Expires=21600" in answer.headers["Location"]
    assert bucket.world.client(bucket.stranger).get(address).status_code == 404


def test_what_is_small_comes_from_us(bucket: Stage, film: Path) -> None:
    """A page reads captions and stills by script, and HEAD has no presigned address."""
    recording = bucket.receive(film)
    bucket.work()
    client, address = bucket.world.client(bucket.learner), f"/recordings/{recording.pid}/media"

    poster = client.get(f"{address}/poster")
    assert (poster.status_code, poster.data[:3]) == (200, b"\xff\xd8\xff")
    head = client.head(f"{address}/play")
    assert (head.status_code, int(head.headers["Content-Length"]) > PIECE) == (200, True)


def test_a_page_may_load_media_from_there_and_from_nowhere_else(stage: Stage, s3: S3) -> None:
    from app import create_app

    settings = {"SECRET_KEY": "tests", "TESTING": True} | s3.settings
    with create_app(settings | {"BASE_URL": "http://localhost"}).test_client() as client:
        policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert f"media-src 'self' blob: {s3.endpoint};" in policy
    assert f"connect-src 'self' {s3.endpoint};" in policy
    assert "img-src 'self' data:; font-src" in policy


def test_the_bucket_is_told_whose_pages_read_from_it(bucket: Stage) -> None:
    app = bucket.world.app
    done = app.test_cli_runner().invoke(args=["recordings", "bucket"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        place = storage()
        (rule,) = place.client.get_bucket_cors(Bucket=place.name)["CORSRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ([app.config["BASE_URL"]], ["GET"])


def test_without_a_bucket_there_is_nothing_to_tell(stage: Stage) -> None:
    done = stage.world.app.test_cli_runner().invoke(args=["recordings", "bucket"])
    assert (done.exit_code, done.output) == (1, "Error: S3_BUCKET is not set.\n")
