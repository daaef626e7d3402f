"""Every file that arrives ends as one that plays or as a refusal with its reason."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive.models import Asset, RecordingState, Upload, UploadState
from archive.pipeline import finalise, verify
from core.jobs import Job
from tests.archive.conftest import SECONDS, Stage

PICTURES = {"poster", "storyboard", "storyboard_track"}
STREAMS = {"stream", "playlist"}
SOUNDS = {"audio", "low"}


def assets(stage: Stage, recording_id: int) -> dict[str, Asset]:
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording_id).all()
        session.expunge_all()
        return {asset.role.value: asset for asset in found}


@pytest.mark.parametrize(
    ("name", "roles", "mimetype"),
    [
        ("mp4", PICTURES | STREAMS | SOUNDS, "video/mp4"),
        ("late", PICTURES | STREAMS | SOUNDS, "video/mp4"),
        ("webm", PICTURES | SOUNDS, "video/webm"),
        ("mp3", {"low"}, "audio/mpeg"),
        ("mkv", PICTURES | STREAMS | SOUNDS | {"mp4"}, "video/mp4"),  # rewrapped
        ("old", PICTURES | STREAMS | SOUNDS | {"mp4"}, "video/mp4"),  # encoded
        ("wav", SOUNDS | {"mp4"}, "video/mp4"),  # encoded, sound only
    ],
)
def test_whole_files_play(stage: Stage, media: dict[str, Path], name: str, roles: set[str], mimetype: str) -> None:
    recording = stage.receive(media[name])
    stage.work()
    now, files = stage.now(recording), assets(stage, recording.id)
    assert now.state is RecordingState.PLAYABLE
    assert now.duration == pytest.approx(SECONDS, abs=0.2)
    assert now.published_at is not None
    assert set(files) == roles | {"original"}
    assert {asset.state.value for asset in files.values()} == {"ready"}
    assert files["original"].sha256 == hashlib.sha256(media[name].read_bytes()).hexdigest()
    played = files.get("mp4") or files["original"]
    assert played.mimetype == mimetype
    path = stage.media_dir / played.key
    assert path.stat().st_mode & 0o777 == 0o444
    if "mp4" in files:
        answer = verify.examine(path)["facts"]
        assert answer["duration"] == pytest.approx(SECONDS, abs=0.2)
    assert list((stage.media_dir / "uploads").iterdir()) == []


def test_an_empty_file_is_called_empty(stage: Stage, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    assert verify.examine(empty) == {"verdict": "empty", "numbers": []}


def test_a_second_run_changes_nothing(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.receive(media["mp4"])
    stage.work()
    before = assets(stage, recording.id)
    upload = stage.world.get(Upload, _upload_of(stage, recording.id))
    with stage.world.app.app_context():
        finalise.finalise(upload.id)
        verify.verify(recording.id, upload.id)
    assert {role: a.id for role, a in assets(stage, recording.id).items()} == {r: a.id for r, a in before.items()}


def _upload_of(stage: Stage, recording_id: int) -> str:
    with stage.world.session() as session:
        return str(session.query(Upload.id).filter_by(recording_id=recording_id).scalar())


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
