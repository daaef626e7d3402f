"""Nobody plays a file that is hostile or broken, and none of them reaches anything else."""

from __future__ import annotations

import random
from pathlib import Path
from socket import socket

import pytest

from archive import probe, verdicts
from archive.models import Asset, AssetRole, RecordingState
from tests.archive import hostile
from tests.archive.conftest import SOUND, Stage, make
from tests.archive.test_sandbox import listening


@pytest.fixture
def line() -> socket:
    with listening() as found:
        yield found


def nobody_came(line: socket) -> None:
    with pytest.raises(BlockingIOError):
        line.accept()


def test_forty_hostile_and_broken_files(stage: Stage, media: dict[str, Path], tmp_path: Path, line: socket) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    sent = [
        (what, stage.receive(path), reasons)
        for what, path, reasons in hostile.corpus(folder, media, line.getsockname()[1])
    ]
    assert len(sent) >= 40
    stage.work()
    for what, recording, reasons in sent:
        now = stage.now(recording)
        assert (what, now.state) == (what, RecordingState.REJECTED)
        assert now.reason.split()[0] in reasons, (what, now.reason)
        with stage.world.app.test_request_context():
            said, then = verdicts.sentences(now.reason)
        assert all((said, then)), what
        assert "%(" not in said
    nobody_came(line)
    assert made(stage) == {AssetRole.ORIGINAL}
    assert list((stage.media_dir / "work").glob("*")) == []


def made(stage: Stage) -> set[AssetRole]:
    with stage.world.session() as session:
        return set(session.scalars(session.query(Asset.role).statement))


def test_the_parser_itself_reaches_nobody(tmp_path: Path, line: socket) -> None:
    """The second wall: without the sandbox, what it may open and how."""
    for what, (text, _) in hostile.texts(line.getsockname()[1]).items():
        path = tmp_path / "a.mp4"
        path.write_text(text)
        with pytest.raises(probe.Refused) as refused:
            probe.examine(path)
        assert (what, refused.value.reason) == (what, "not_media")
    nobody_came(line)


def test_what_is_strange_and_whole_plays_without_what_doesnt_belong(
    stage: Stage, media: dict[str, Path], tmp_path: Path
) -> None:
    sent = {what: stage.receive(path) for what, path in hostile.odd(tmp_path, media).items()}
    stage.work()
    for what, recording in sent.items():
        assert (what, stage.now(recording).state) == (what, RecordingState.PLAYABLE)
    with stage.world.session() as session:
        played = session.query(Asset).filter_by(role=AssetRole.MP4).all()
    assert len(played) == 3
    for asset in played:
        data = (stage.media_dir / asset.key).read_bytes()
        assert b"alert(1)" not in data
        assert b"+38.9" not in data


WHOLE = ("mp4", "late", "mkv", "webm", "wav", "mp3", "old")


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sounds")
    return {ending: make(folder / f"a.{ending}", *SOUND) for ending in ("ogg", "opus", "flac", "m4a", "mov")}


def test_a_hundredth_less_is_refused_wherever_it_ends(
    media: dict[str, Path], sounds: dict[str, Path], tmp_path: Path
) -> None:
    """Every hundredth, and random places between: 100 % of the cuts, in twelve kinds of file."""
    random.seed(100)
    for name, path in [*((name, media[name]) for name in WHOLE), *sounds.items()]:
        data = path.read_bytes()
        assert probe.examine(path)["duration"] > 10, name
        places = [len(data) * percent // 100 for percent in range(1, 100, 3)]
        places += [len(data) * 99 // 100, *(random.randrange(1, len(data) * 99 // 100) for _ in range(20))]
        for place in places:
            cut = tmp_path / "cut"
            cut.write_bytes(data[:place])
            with pytest.raises(probe.Refused):
                raise AssertionError((name, place, probe.examine(cut)))
