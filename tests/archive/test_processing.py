"""Every file that arrives ends as one that plays or as a refusal with its reason."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from archive import containers, sandbox, verdicts
from archive.models import Asset, RecordingState, Upload, UploadState
from archive.services import processing
from core.jobs import Job
from tests.archive.conftest import SECONDS, Stage, make

PLAYLIST = "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n"


def assets(stage: Stage, recording_id: int) -> dict[str, Asset]:
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording_id).all()
        session.expunge_all()
        return {asset.role.value: asset for asset in found}


@pytest.mark.parametrize(
    ("name", "roles", "mimetype"),
    [
        ("mp4", {"original", "poster"}, "video/mp4"),
        ("late", {"original", "poster"}, "video/mp4"),
        ("webm", {"original", "poster"}, "video/webm"),
        ("mp3", {"original"}, "audio/mpeg"),
        ("mkv", {"original", "mp4", "poster"}, "video/mp4"),  # rewrapped
        ("old", {"original", "mp4", "poster"}, "video/mp4"),  # encoded
        ("wav", {"original", "mp4"}, "video/mp4"),  # encoded, sound only
    ],
)
def test_whole_files_play(stage: Stage, media: dict[str, Path], name: str, roles: set[str], mimetype: str) -> None:
    recording = stage.receive(media[name])
    stage.work()
    now, files = stage.now(recording), assets(stage, recording.id)
    assert now.state is RecordingState.PLAYABLE
    assert now.duration == pytest.approx(SECONDS, abs=0.2)
    assert now.published_at is not None
    assert set(files) == roles
    assert files["original"].sha256 == hashlib.sha256(media[name].read_bytes()).hexdigest()
    played = files.get("mp4") or files["original"]
    assert played.mimetype == mimetype
    path = stage.media_dir / played.key
    assert path.stat().st_mode & 0o777 == 0o444
    if "mp4" in files:
        answer = processing.examine(path)["facts"]
        assert answer["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert list((stage.media_dir / "uploads").iterdir()) == []


def hostile(folder: Path, media: dict[str, Path]) -> dict[str, tuple[Path, str]]:
    """{what it is: (file, the beginning of the stored reason)}."""
    random.seed(4)
    whole, late = media["mp4"].read_bytes(), media["late"].read_bytes()
    mkv, webm, wav, mp3 = (media[name].read_bytes() for name in ("mkv", "webm", "wav", "mp3"))
    bytes_of = {
        "a renamed text": ("Πρακτικά της συνάντησης\n" * 50, "not_media"),
        "random bytes": (random.randbytes(100_000), "not_media"),
        "an HLS playlist": (PLAYLIST, "not_media"),
        "a concat script": ("ffconcat version 1.0\nfile front.mp4\n", "not_media"),
        "a page": ("<!doctype html><script>alert(1)</script>", "not_media"),
        "a drawing": ('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not_media"),
        "an mp4 cut in the middle": (whole[: len(whole) * 6 // 10], "cut 7 12"),
        "an mp4 without its last bytes": (whole[: len(whole) * 99 // 100], "tail"),
        "an mp4 cut before its index": (late[: len(late) * 6 // 10], "incomplete"),
        "an mkv cut in the middle": (mkv[: len(mkv) * 6 // 10], "cut"),
        "a webm cut in the middle": (webm[: len(webm) * 6 // 10], "cut"),
        "a wav cut in the middle": (wav[: len(wav) * 6 // 10], "tail"),
        "an mp3 cut in the middle": (mp3[: len(mp3) * 6 // 10], "cut"),
    }
    files = {}
    for i, (what, (data, reason)) in enumerate(bytes_of.items()):
        path = folder / f"{i}.mp4"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        files[what] = (path, reason)
    huge = make(folder / "huge.mp4", "-f", "lavfi", "-i", "color=s=8192x8192:r=1:d=2", "-c:v", "libx264")
    return files | {"too short": (media["short"], "short"), "too large a picture": (huge, "pixels 8192 8192")}


def test_bad_files_are_refused_with_their_reason(stage: Stage, media: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    for what, (path, reason) in hostile(folder, media).items():
        recording = stage.receive(path)
        stage.work()
        now = stage.now(recording)
        assert (what, now.state) == (what, RecordingState.REJECTED)
        assert now.reason.startswith(reason), (what, now.reason)
        with stage.world.app.test_request_context():
            said, then = verdicts.sentences(now.reason)
        assert said
        assert then
        assert "%(" not in said


def test_an_empty_file_is_called_empty(stage: Stage, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert processing.examine(empty) == {"verdict": "empty", "numbers": []}


def test_every_cut_of_an_mp4_is_noticed(media: dict[str, Path], tmp_path: Path) -> None:
    data = media["mp4"].read_bytes()
    for percent in range(1, 100, 2):
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(data[: len(data) * percent // 100])
        assert containers.is_cut(cut), percent
    for name in ("mp4", "late", "mkv", "webm", "wav", "mp3", "old"):
        assert not containers.is_cut(media[name]), name


def test_a_second_run_changes_nothing(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.receive(media["mp4"])
    stage.work()
    before = assets(stage, recording.id)
    upload = stage.world.get(Upload, _upload_of(stage, recording.id))
    with stage.world.app.app_context():
        processing.finalise(upload.id)
        processing.verify(recording.id, upload.id)
    assert {role: a.id for role, a in assets(stage, recording.id).items()} == {r: a.id for r, a in before.items()}


def _upload_of(stage: Stage, recording_id: int) -> str:
    with stage.world.session() as session:
        return str(session.query(Upload.id).filter_by(recording_id=recording_id).scalar())


@pytest.mark.parametrize("killed_after", ["the row", "the move"])
def test_a_kill_while_finalising_loses_nothing(stage: Stage, media: dict[str, Path], killed_after: str) -> None:
    """The two moments between disk and database at which a worker may die."""
    recording = stage.receive(media["mp4"])
    upload_id = _upload_of(stage, recording.id)
    part = stage.media_dir / "uploads" / f"{upload_id}.part"
    with stage.world.app.app_context():
        original = processing._register_original(processing.recording_with_files(recording.id), part)
        if killed_after == "the move":
            processing.storage().adopt(part, original.key)
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert stage.world.get(Upload, upload_id).state is UploadState.FINALISED


def test_a_part_that_the_disk_lost_is_asked_for_again(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.receive(media["mp4"])
    upload_id = _upload_of(stage, recording.id)
    part = stage.media_dir / "uploads" / f"{upload_id}.part"
    part.write_bytes(part.read_bytes()[:-1000])
    stage.work()
    assert stage.now(recording).state is RecordingState.DRAFT
    assert stage.world.get(Upload, upload_id).state is UploadState.OPEN
    assert part.exists()


def test_another_file_may_follow_a_refusal(stage: Stage, media: dict[str, Path], tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("Πρακτικά")
    recording = stage.receive(text)
    stage.work()
    assert stage.now(recording).state is RecordingState.REJECTED
    old = stage.media_dir / assets(stage, recording.id)["original"].key
    assert old.exists()
    upload = stage.world.add(_again(stage, recording.id, media["mp4"]))
    (stage.media_dir / "uploads" / f"{upload.id}.part").write_bytes(media["mp4"].read_bytes())
    with stage.world.session() as session:
        session.merge(stage.now(recording)).state = RecordingState.VERIFYING
    stage.world.add(Job(kind="archive.finalise", key=upload.id, payload={"upload_id": upload.id}))
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert stage.now(recording).reason == ""
    assert not old.exists()


def _again(stage: Stage, recording_id: int, file: Path) -> Upload:
    first = stage.world.get(Upload, _upload_of(stage, recording_id))
    return Upload(
        recording_id=recording_id,
        owner_id=stage.staff.id,
        length=file.stat().st_size,
        filename="b.mp4",
        state=UploadState.RECEIVED,
        expires_at=first.expires_at,
    )


def test_the_sandbox_ends_what_takes_too_long_or_too_much(tmp_path: Path) -> None:
    with pytest.raises(sandbox.TimedOut):
        sandbox.run(["/bin/sleep", "30"], sandbox.Limits(seconds=1))
    target = tmp_path / "greedy"
    greedy = ["/bin/sh", "-c", f"head -c 2000000 /dev/zero > {target}; echo $?"]
    assert sandbox.run(greedy, sandbox.Limits(written=1000)).stdout.strip() != b"0"
    assert target.stat().st_size == 1000
    assert sandbox.run(["/usr/bin/env"], sandbox.Limits()).stdout.count(b"=") <= 5
