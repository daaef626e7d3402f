"""The Range header as a table, then over the wire."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive import addresses
from archive.models import Asset, AssetRole, AssetState, RecordingVisibility
from archive.ranges import PIECE, Span, Unsatisfiable, parse
from tests.archive.conftest import Stage

SIZE = 5_000_000


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-99", Span(0, 99)),
        ("bytes=100-100", Span(100, 100)),
        ("bytes=0-", Span(0, SIZE - 1)),
        (f"bytes={SIZE - 10}-", Span(SIZE - 10, SIZE - 1)),
        (f"bytes=0-{SIZE * 2}", Span(0, SIZE - 1)),
        ("bytes=-500", Span(SIZE - 500, SIZE - 1)),
        (f"bytes=-{SIZE * 2}", Span(0, SIZE - 1)),
        ("bytes = 5 - 9", Span(5, 9)),
        ("", None),
        ("bytes=0-99,200-299", None),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=0-" + "9" * 5000, None),
        ("bytes=٠-٩", None),
        ("items=0-5", None),
        ("bytes=0-5-9", None),
    ],
)
def test_table(header: str, span: Span | None) -> None:
    assert parse(header, SIZE) == span


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_outside(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse(header, SIZE)


def test_over_the_wire(stage: Stage, media: dict[str, Path]) -> None:
    data = media["mp4"].read_bytes()
    recording = stage.playable(media["mp4"])
    client, size = stage.world.client(stage.learner), len(data)
    address = f"/recordings/{recording.pid}/media/play"
    etag = f'"{hashlib.sha256(data).hexdigest()}"'

    whole = client.get(address)
    assert (whole.status_code, whole.data == data, whole.headers["ETag"]) == (200, True, etag)
    assert whole.headers["Content-Type"] == "video/mp4"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["Content-Security-Policy"].startswith("sandbox")
    assert whole.headers["Cache-Control"] == "private, no-cache"
    assert "Content-Disposition" not in whole.headers

    part = client.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{size}"
    assert client.get(address, headers={"Range": "bytes=-7"}).data == data[-7:]
    assert client.get(address, headers={"Range": "bytes=0-1,5-6"}).status_code == 200
    beyond = client.get(address, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")

    head = client.head(address)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(size))
    half = client.head(address, headers={"Range": "bytes=0-9"})
    assert (half.status_code, half.headers["Content-Length"]) == (200, str(size))  # ranges are for GET

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == 206
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"old"'}).status_code == 200


def test_an_open_range_is_answered_in_pieces_that_make_the_file(stage: Stage, tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000  # 2.56 MB
    file = tmp_path / "large"
    file.write_bytes(data)
    recording = stage.playable(file)
    client, found = stage.world.client(stage.learner), b""
    while len(found) < len(data):
        answer = client.get(f"/recordings/{recording.pid}/media/play", headers={"Range": f"bytes={len(found)}-"})
        assert answer.status_code == 206
        assert len(answer.data) <= PIECE
        found += answer.data
    assert found == data


def test_what_a_long_range_gets(stage: Stage, tmp_path: Path) -> None:
    """A piece for who plays; all of it for a download that goes on, and for a segment of a stream."""
    file = tmp_path / "large"
    file.write_bytes(bytes(range(256)) * 10_000)
    recording = stage.playable(file)
    stage.derived(recording, AssetRole.STREAM, file.read_bytes(), part="src")
    client, long = stage.world.client(stage.learner), {"Range": "bytes=100-2000000"}
    address = f"/recordings/{recording.pid}"

    for path, length in (("media/play", PIECE), ("media/play?download=1", 1_999_901), ("hls/src.m4s", 1_999_901)):
        answer = client.get(f"{address}/{path}", headers=long)
        assert (answer.status_code, len(answer.data)) == (206, length)
        assert answer.headers["Content-Range"] == f"bytes 100-{99 + length}/2560000"


def test_an_address_with_the_hash_is_kept_for_good(stage: Stage, media: dict[str, Path]) -> None:
    recording, public = stage.playable(media["mp4"]), RecordingVisibility.PUBLIC
    mark = hashlib.sha256(media["mp4"].read_bytes()).hexdigest()[:16]
    client = stage.world.client(stage.learner)
    address = f"/recordings/{recording.pid}/media/play?v="
    other = stage.playable(media["mp4"], visibility=public)
    open_to_all = stage.world.client().get(f"/recordings/{other.pid}/media/play?v={mark}")

    assert client.get(address + mark).headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert client.get(address + mark[:-1]).headers["Cache-Control"] == "private, no-cache"
    assert open_to_all.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_lost_file_is_said_to_be_absent_and_a_damaged_one_not_kept(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    client, address = stage.world.client(stage.learner), f"/recordings/{recording.pid}/media/play"
    with stage.world.session() as session:
        asset = session.query(Asset).one()
        asset.state = AssetState.CORRUPT
        session.commit()
        key, etag = asset.key, f'"{asset.sha256}"'
    damaged = client.get(address, headers={"If-None-Match": etag})
    assert (damaged.status_code, damaged.headers["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in damaged.headers
    (stage.media_dir / key).unlink()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("role", "part", "path"),
    [
        (AssetRole.PLAYLIST, "", "hls/master.m3u8"),
        (AssetRole.PLAYLIST, "480", "hls/480.m3u8"),
        (AssetRole.STREAM, "480", "hls/480.m4s"),
        (AssetRole.STORYBOARD, "000", "storyboard/000.webp"),
        (AssetRole.STORYBOARD_TRACK, "", "storyboard/track.vtt"),
        (AssetRole.AUDIO, "", "media/audio"),
        (AssetRole.LOW, "", "media/low"),
        (AssetRole.POSTER, "", "media/poster"),
        (AssetRole.MP4, "", "media/play"),
    ],
)
def test_every_file_asks_who_reads_it(
    stage: Stage, media: dict[str, Path], role: AssetRole, part: str, path: str
) -> None:
    recording = stage.playable(media["mp4"])
    before = stage.world.client(stage.learner).get(f"/recordings/{recording.pid}/{path}").status_code
    asset = stage.derived(recording, role, b"made of it", part=part)
    address = f"/recordings/{recording.pid}/{path}"

    assert before == (200 if role is AssetRole.MP4 else 404)
    assert stage.world.client(stage.learner).get(address).data == b"made of it"
    assert stage.world.client(stage.stranger).get(address).status_code == 404
    assert stage.world.client().get(address).status_code == 404
    with stage.world.app.test_request_context():
        assert addresses.of(recording, asset) == f"{address}?v={asset.sha256[:16]}"


def test_downloads_have_a_name_of_ours(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], title_en='From "field"; filename=evil.exe')
    answer = stage.world.client(stage.learner).get(f"/recordings/{recording.pid}/media/play?download=1")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''from-field-filename-evil-exe.mp4"


def test_nginx_sends_it_when_told_to(stage: Stage, media: dict[str, Path]) -> None:
    stage.world.app.config["ACCEL_PREFIX"] = "/protected"
    recording = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    answer = stage.world.client().get(f"/recordings/{recording.pid}/media/play")
    assert answer.data == b""
    assert answer.headers["X-Accel-Redirect"].startswith(f"/protected/{recording.pid}/original/")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    private = stage.playable(media["mp4"])
    assert "X-Accel-Redirect" not in stage.world.client().get(f"/recordings/{private.pid}/media/play").headers
