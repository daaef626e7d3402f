"""What every place for files must do, the same for each backend."""

from __future__ import annotations

import datetime as dt
import tracemalloc
import urllib.request
from pathlib import Path

import pytest

from core.db import utcnow
from core.storage import BLOCK, Folder, Storage
from core.storage.s3 import Bucket, Service
from tests.deploy.conftest import free_port
from tests.s3 import S3, s3_server  # noqa: F401 - the fixture `s3`

DATA = bytes(range(256)) * 1000  # several blocks


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Folder(tmp_path / "media")
    return request.getfixturevalue("s3").bucket(tmp_path / "media")


def made(place: Storage, data: bytes = DATA) -> Path:
    """A finished file in the place's scratch folder."""
    path = place.scratch() / "made"
    path.write_bytes(data)
    return path


def test_a_finished_file_moves_in_and_is_read_from_anywhere(place: Storage) -> None:
    source = made(place)
    place.adopt(source, "a/b/film.mp4")

    assert not source.exists()
    assert place.size("a/b/film.mp4") == len(DATA)
    assert b"".join(place.open("a/b/film.mp4")) == DATA
    assert b"".join(place.open("a/b/film.mp4", 70_000, 70_000)) == DATA[70_000:140_000]
    assert b"".join(place.open("a/b/film.mp4", len(DATA) - 5)) == DATA[-5:]
    assert b"".join(place.open("a/b/film.mp4", 5, 0)) == b""
    assert max(len(block) for block in place.open("a/b/film.mp4")) <= BLOCK
    with place.local("a/b/film.mp4") as path:
        assert path.read_bytes() == DATA


def test_a_second_writing_is_seen_whole(place: Storage) -> None:
    place.write("a/text.vtt", b"one")
    place.write("a/text.vtt", b"twice")
    assert b"".join(place.open("a/text.vtt")) == b"twice"
    place.adopt(made(place, b"three"), "a/text.vtt")
    assert b"".join(place.open("a/text.vtt")) == b"three"


def test_what_is_not_there(place: Storage) -> None:
    assert place.size("a/nothing") is None
    place.delete("a/nothing")
    with pytest.raises(FileNotFoundError), place.local("a/nothing"):
        pass
    with pytest.raises(FileNotFoundError):
        list(place.open("a/nothing"))


def test_taken_away_it_is_gone(place: Storage) -> None:
    place.write("a/text.vtt", b"one")
    place.delete("a/text.vtt")
    assert place.size("a/text.vtt") is None
    assert list(place.files()) == []


def test_keys_by_their_beginning(place: Storage) -> None:
    for key in ("b/2", "b/1", "b/deep/3", "a/1", "bb/1"):
        place.write(key, b"x")
    made(place)  # is being made: no key yet

    def keys(prefix: str = "") -> list[str]:
        return [file.key for file in place.files(prefix)]

    assert keys() == ["a/1", "b/1", "b/2", "b/deep/3", "bb/1"]
    assert keys("b/") == ["b/1", "b/2", "b/deep/3"]
    assert keys("b/d") == ["b/deep/3"]
    assert keys("c/") == []
    (one,) = place.files("a/")
    assert (one.bytes, utcnow() - one.at < dt.timedelta(minutes=1)) == (1, True)


@pytest.mark.parametrize("key", ["../out", "a/../../out", "/etc/passwd"])
def test_no_key_leads_out(place: Storage, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        place.write(key, b"x")
    with pytest.raises(ValueError, match="not a key"):
        place.size(key)


def test_a_bucket_takes_large_files_in_parts_and_little_memory(s3: S3, tmp_path: Path) -> None:
    bucket, size = s3.bucket(tmp_path), 80_000_000
    large = bucket.scratch() / "large"
    with large.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    try:
        bucket.adopt(large, "a/large")
        with bucket.local("a/large") as path:
            assert path.stat().st_size == size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 40_000_000
    assert bucket.client.head_object(Bucket=bucket.name, Key="a/large")["ETag"].endswith('-5"')
    assert not large.exists()
    assert list(bucket.scratch().iterdir()) == []


def test_a_presigned_address_gives_anybody_a_part_with_our_words_for_it(s3: S3, tmp_path: Path) -> None:
    bucket = s3.bucket(tmp_path)
    bucket.write("a/film.mp4", DATA)
    address = bucket.link("a/film.mp4", 60, mimetype="video/mp4", download="Ταινία.mp4")
    assert address is not None
    asked = urllib.request.Request(address, headers={"Range": "bytes=100-199"})  # noqa: S310 - loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - loopback
        assert (answer.status, answer.read()) == (206, DATA[100:200])
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%CE%A4")
    assert address.startswith(s3.endpoint)


def test_a_bucket_that_is_away_or_shut_is_an_error_of_the_disk(s3: S3, tmp_path: Path) -> None:
    nowhere = Bucket("media", tmp_path, Service(f"http://127.0.0.1:{free_port()}", "us-east-1", "k", "s"))
    unknown = Bucket("no-such-bucket", tmp_path, s3.service)
    with pytest.raises(OSError, match="can't be reached"):
        nowhere.size("a/1")
    with pytest.raises(OSError, match="NoSuchBucket"):
        unknown.write("a/1", b"x")


def test_a_folder_keeps_files_read_only_and_has_no_addresses(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a/1", b"x")
    assert folder.path("a/1").stat().st_mode & 0o777 == 0o444
    assert folder.link("a/1", 60) is None
    assert folder.free() > 0
