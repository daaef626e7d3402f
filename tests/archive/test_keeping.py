"""Manifests, the audit, the second copy and the rebuilding, on whole recordings that went through every step."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from archive import manifests, proofs
from archive.models import (
    Asset,
    AssetRole,
    AssetState,
    CaptionVersion,
    Chapter,
    Recording,
    RecordingAnchor,
    RecordingEdit,
    RecordingOriginal,
    RecordingQuestion,
    Upload,
    WatchPosition,
)
from archive.services import audit, garbage, manifest, mirroring, rebuild
from core.db import db, utcnow
from core.jobs import Job, add_daily
from core.search.tables import SearchDocument, SearchThing
from core.storage import storage
from tests.archive.conftest import Stage
from tests.archive.test_captions import GOOD, send
from tests.s3 import S3, s3_server  # noqa: F401 - the fixture `s3`

# What a manifest tells of, beside the recording itself
TABLES = (RecordingEdit, RecordingOriginal, RecordingQuestion, CaptionVersion, RecordingAnchor, Chapter, Asset)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, stage: Stage) -> Stage:
    """The stage, with its media in a folder and in a bucket."""
    if request.param == "bucket":
        stage.world.app.config.update(request.getfixturevalue("s3").settings)
    return stage


def whole(stage: Stage, file: Path) -> Recording:
    """A recording of FILE after all its steps, with captions and a question at its moment."""
    recording = stage.receive(file)
    stage.work()
    assert send(stage, recording, GOOD).status_code == 303
    question = stage.ask(1, 4)
    stage.world.add(
        RecordingAnchor(recording_id=recording.id, question_id=question.id, seconds=4.5, by_id=stage.staff.id)
    )
    stage.world.add(Chapter(recording_id=recording.id, seconds=2.0, title_el="Μέρος πρώτο"))
    stage.work()
    return recording


def said(stage: Stage, recording: Recording) -> dict[str, Any]:
    with stage.world.app.app_context():
        found = manifest.read(recording.pid)
    assert found is not None
    return found


def files(stage: Stage, recording: Recording) -> list[Asset]:
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording.id).order_by(Asset.id).all()
        session.expunge_all()
        return found


def flip(stage: Stage, key: str) -> None:
    """Turn one byte in the middle of the file at KEY."""
    with stage.world.app.app_context():
        data = bytearray(b"".join(storage().open(key)))
        data[len(data) // 2] ^= 1
        storage().write(key, bytes(data))


def found(stage: Stage) -> audit.Found:
    with stage.world.app.app_context():
        return audit.everything()


def test_the_manifest_says_what_the_folder_holds(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mkv"])
    told = said(stage, recording)
    original, *_rest = by_role = {one["role"]: one for one in told["files"]}.values()
    original = next(one for one in by_role if one["role"] == "original")

    assert {one["key"] for one in told["files"]} == {asset.key for asset in files(stage, recording)}
    assert {"original", "mp4", "captions", "poster"} <= {one["role"] for one in told["files"]}
    assert original["blocks"] == [hashlib.sha256(media["mkv"].read_bytes()).hexdigest()] == [original["sha256"]]
    assert {one["parent"] for one in told["files"]} == {None, original["sha256"]}
    assert told["recording"]["title_el"] == recording.title_el
    assert told["recording"]["meeting"] == str(stage.meeting.pid)
    assert told["recording"]["licence"] == recording.licence
    assert [anchor["seconds"] for anchor in told["kept"]["anchors"]] == [4.5]


def test_blocks_are_of_eight_mebibytes(tmp_path: Path) -> None:
    data = os.urandom(manifests.BLOCK) + os.urandom(1000)
    pieces = [data[i : i + 70_000] for i in range(0, len(data), 70_000)]
    parts = [data[: manifests.BLOCK], data[manifests.BLOCK :]]
    assert list(manifest.block_digests(pieces)) == [hashlib.sha256(part).hexdigest() for part in parts]
    assert list(manifest.block_digests([])) == []


def test_it_is_written_anew_when_something_changes_and_only_then(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mp4"])
    path = stage.media_dir / manifests.key_of(recording.pid)
    before = path.stat().st_mtime_ns
    with stage.world.app.app_context():
        assert manifest.write(recording.id) is False
    assert path.stat().st_mtime_ns == before
    client = stage.world.client(stage.staff)
    assert client.post(f"/recordings/{recording.pid}/facts", data={"title_el": "Άλλος", "language": "el"}).status_code
    stage.work()

    assert said(stage, recording)["recording"]["title_el"] == "Άλλος"
    assert [p.name for p in (stage.media_dir / "work").iterdir()] == []


def rows(stage: Stage) -> dict[str, list[dict[str, Any]]]:
    """What the database says of recordings, without the numbers of its rows."""
    with stage.world.session() as session:
        tables = {}
        for model in (*TABLES, Recording):
            columns = [column for column in model.__table__.columns if column.key not in {"id", "recording_id"}]
            found = [dict(row) for row in session.execute(select(*columns)).mappings()]
            tables[model.__name__] = sorted(found, key=str)
        return tables


def lose(stage: Stage) -> None:
    """Every row about recordings is gone; the files are not."""
    with stage.world.session() as session:
        for model in (Job, SearchDocument, SearchThing, WatchPosition, Upload, *TABLES, Recording):
            session.execute(delete(model))
        session.commit()


def past(stage: Stage, recording: Recording) -> None:
    """A removed part, a question asked while watching, and an original that was replaced."""
    client = stage.world.client(stage.staff)
    part = {"first": "0:01", "last": "0:02", "reason": "Ένα όνομα."}
    assert client.post(f"/recordings/{recording.pid}/removed", data=part).status_code == 303
    asked = stage.ask(7, None, body="Κι αυτό;")
    stage.world.add(RecordingQuestion(recording_id=recording.id, question_id=asked.id, seconds=5.0))
    was = {"sha256": "0" * 64, "duration": 12.0, "said": [[0, 1, "Καλησπέρα"]], "answered": [], "removed": []}
    stage.world.add(
        RecordingOriginal(recording_id=recording.id, reason="Χάλασε.", by_id=stage.staff.id, **was)
    )


def test_a_restored_part_is_told(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mp4"])
    past(stage, recording)
    stage.work()
    assert [edit["first"] for edit in said(stage, recording)["kept"]["edits"]] == [1.0]
    assert stage.world.client(stage.staff).post(f"/recordings/{recording.pid}/removed/1/restore").status_code == 303
    stage.work()
    assert said(stage, recording)["kept"]["edits"] == []


def test_a_removed_part_stays_removed_when_its_remover_is_gone(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mp4"])
    past(stage, recording)
    stage.work()
    lose(stage)
    at = stage.media_dir / manifests.key_of(recording.pid)
    told = json.loads(at.read_text())
    told["kept"]["edits"][0]["by"] = str(uuid.uuid4())
    at.write_text(json.dumps(told))
    with stage.world.app.app_context():
        assert rebuild.rebuild().made == 1
    assert [(edit["first"], edit["by_id"]) for edit in rows(stage)["RecordingEdit"]] == [(1.0, stage.staff.id)]
    lose(stage)
    told["kept"]["created_by"] = None
    at.write_text(json.dumps(told))
    with stage.world.app.app_context():
        ((_key, why),) = rebuild.rebuild().refused
    assert why == "Unusable: nobody is known to whom its edits belong"
    assert rows(stage)["Recording"] == []


def test_rows_made_from_manifests_alone_equal_those_before(place: Stage, media: dict[str, Path]) -> None:
    first, second = whole(place, media["mkv"]), place.receive(media["mp3"])
    place.work()
    past(place, first)
    why = {"reason": "Ζητήθηκε."}
    assert place.world.client(place.staff).post(f"/recordings/{second.pid}/withdraw", data=why).status_code == 303
    place.work()
    before = rows(place)
    assert all(before.values())
    lose(place)
    with place.world.app.app_context():
        done = rebuild.rebuild()
        again = rebuild.rebuild()

    assert (done.made, done.there, done.refused) == (2, 0, [])
    assert (again.made, again.there, again.refused) == (0, 2, [])
    assert rows(place) == before
    place.work()
    assert {one.pid for one in (first, second)} == {row["pid"] for row in rows(place)["Recording"]}
    assert place.world.client(place.learner).head(f"/recordings/{first.pid}/media/play").status_code == 200


@pytest.mark.parametrize("broken", ["no JSON", "[]", '{"format": 2}', "elsewhere", "no meeting", "another's file"])
def test_a_manifest_that_cannot_be_believed_is_named(stage: Stage, media: dict[str, Path], broken: str) -> None:
    recording = whole(stage, media["mp3"])
    told = said(stage, recording)
    changed = {
        "elsewhere": {"recording": told["recording"] | {"pid": "3f0e8d1c-0000-4000-8000-000000000000"}},
        "no meeting": {"recording": told["recording"] | {"meeting": "3f0e8d1c-0000-4000-8000-000000000000"}},
        "another's file": {"files": [told["files"][0] | {"key": "other/original/a.mp4"}]},
    }
    data = json.dumps(told | changed[broken]) if broken in changed else broken
    lose(stage)
    with stage.world.app.app_context():
        storage().write(manifests.key_of(recording.pid), data.encode())
        done = rebuild.rebuild()

    assert (done.made, [key for key, _why in done.refused]) == (0, [manifests.key_of(recording.pid)])
    assert rows(stage)["Recording"] == rows(stage)["Asset"] == []


def test_a_flipped_byte_in_anything_is_found_and_made_again(place: Stage, media: dict[str, Path]) -> None:
    recording = whole(place, media["mkv"])
    made = [asset for asset in files(place, recording) if asset.role not in manifests.SOURCES]
    assert {AssetRole.MP4, AssetRole.POSTER, AssetRole.STREAM, AssetRole.PLAYLIST} <= {asset.role for asset in made}
    for asset in made:
        flip(place, asset.key)
        saw = found(place)
        assert (asset.role, saw.remade, saw.lost) == (asset.role, [asset.key], [])
        assert place.now(recording).state == "playable"
        place.work()
        saw = found(place)
        assert (asset.role, saw.remade) == (asset.role, [])
    assert {asset.state for asset in files(place, recording)} == {AssetState.READY}


def test_a_damaged_original_is_said_aloud(stage: Stage, media: dict[str, Path], capsys: Any) -> None:
    recording = whole(stage, media["mp4"])
    original = next(asset for asset in files(stage, recording) if asset.role is AssetRole.ORIGINAL)
    flip(stage, original.key)
    saw = found(stage)
    stage.work()

    assert (saw.lost, saw.mended) == ([original.key], [])
    assert stage.world.get(Asset, original.id).state is AssetState.CORRUPT
    letter = capsys.readouterr().out
    assert f"e-mail to {stage.staff.email}" in letter
    assert original.key in letter
    assert stage.now(recording).state == "playable"


@pytest.mark.parametrize("harm", ["a flipped byte", "gone"])
def test_an_original_comes_back_from_the_second_copy(
    stage: Stage, media: dict[str, Path], tmp_path: Path, harm: str
) -> None:
    stage.world.app.config["MIRROR_DIR"] = str(tmp_path / "mirror")
    recording = whole(stage, media["mp4"])
    sources = [asset for asset in files(stage, recording) if asset.role in manifests.SOURCES]
    copies = {path.relative_to(tmp_path / "mirror").as_posix() for path in (tmp_path / "mirror").rglob("*.*")}
    assert copies == {*(asset.key for asset in sources), manifests.key_of(recording.pid)}
    for asset in sources:
        if harm == "gone":
            (stage.media_dir / asset.key).unlink()
        else:
            flip(stage, asset.key)
    saw = found(stage)

    assert (sorted(saw.mended), saw.lost) == (sorted(asset.key for asset in sources), [])
    assert found(stage).mended == []
    with stage.world.app.app_context():
        assert {mirroring.digest(storage().open(asset.key)) for asset in sources} == {a.sha256 for a in sources}


def test_a_copy_that_is_damaged_itself_mends_nothing(stage: Stage, media: dict[str, Path], tmp_path: Path) -> None:
    stage.world.app.config["MIRROR_DIR"] = str(tmp_path / "mirror")
    recording = whole(stage, media["mp4"])
    original = next(asset for asset in files(stage, recording) if asset.role is AssetRole.ORIGINAL)
    copy = tmp_path / "mirror" / original.key
    copy.chmod(0o644)
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    flip(stage, original.key)
    assert found(stage).lost == [original.key]


def test_the_rota_comes_round_in_time(stage: Stage, media: dict[str, Path]) -> None:
    """Forty gigabytes as the rows say: a share each day, nothing twice in a round, all of it within thirty days."""
    recording = stage.playable(media["mp4"])
    for number in range(40):
        stage.derived(recording, AssetRole.STORYBOARD, b"%d" % number, part=f"{number:03}")
    with stage.world.session() as session:
        for asset in session.query(Asset):
            asset.bytes = 1 << 30
        session.commit()
    with stage.world.app.app_context():
        shares = [audit.daily().compared for _day in range(6)]

    assert shares == [8, 8, 8, 8, 8, 1]
    with stage.world.session() as session:
        assert session.query(Asset).filter(Asset.checked_at.is_(None)).count() == 0
        for asset in session.query(Asset).limit(3):
            asset.checked_at = utcnow() - audit.ROUND - dt.timedelta(hours=1)
        session.commit()
    with stage.world.app.app_context():
        assert (audit.daily().compared, audit.daily().compared) == (3, 0)


def test_the_worker_adds_it_once_a_day(stage: Stage) -> None:
    with stage.world.app.app_context():
        add_daily()
        add_daily()
        kinds = sorted(db.session.scalars(select(Job.kind).where(Job.key == utcnow().date().isoformat())))
    assert kinds == ["archive.audit", "archive.sweep"]


def test_only_what_nobody_speaks_of_and_is_old_goes(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mp4"])
    with stage.world.app.app_context():
        before = {file.key for file in storage().files()}
        for key in ("r/1/old.mp4", "r/1/new.mp4", "original/old.mp4", "text/el-old.vtt"):
            storage().write(f"{recording.pid}/{key}", b"x")
        for path in stage.media_dir.rglob("*"):
            if path.is_file() and path.name != "new.mp4":
                os.utime(path, (0, 0))
        for name, age in (("killed", 0), ("running", utcnow().timestamp())):
            folder = storage().scratch() / name
            folder.mkdir()
            (folder / "a.mp4").write_bytes(b"x")
            os.utime(folder / "a.mp4", (age, age))
            os.utime(folder, (0, 0))
        gone = garbage.sweep()
        after = {file.key for file in storage().files()}

    pid = recording.pid
    assert sorted(gone) == sorted([f"{pid}/r/1/old.mp4", f"{pid}/text/el-old.vtt", "work/killed"])
    assert after == before | {f"{pid}/r/1/new.mp4", f"{pid}/original/old.mp4"}
    assert [path.name for path in (stage.media_dir / "work").iterdir()] == ["running"]


def test_readers_see_what_proves_it_and_no_more(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mp4"])
    sha256 = hashlib.sha256(media["mp4"].read_bytes()).hexdigest()
    client, address = stage.world.client(stage.learner), f"/recordings/{recording.pid}"
    page = client.get(address).text
    assert "compared yet" in page, page[page.index("files") :]
    found(stage)
    stage.work()

    page, told = client.get(address).text, client.get(f"{address}/manifest.json").json
    assert sha256 in page
    assert set(told) == {"format", "recording", "files"}
    assert set(manifests.RECORDING) - set(told["recording"]) == set(proofs.PRIVATE)
    assert next(f for f in told["files"] if f["role"] == "original")["blocks"] == [sha256]
    assert stage.world.client(stage.stranger).get(f"{address}/manifest.json").status_code == 404


def test_the_commands_say_what_they_did(stage: Stage, media: dict[str, Path]) -> None:
    recording = whole(stage, media["mp3"])
    run = stage.world.app.test_cli_runner().invoke
    count = len(files(stage, recording))
    original = next(asset for asset in files(stage, recording) if asset.role is AssetRole.ORIGINAL)

    assert run(args=["recordings", "audit"]).output == f"{count} compared, all whole\n"
    flip(stage, original.key)
    done = run(args=["recordings", "audit"])
    assert (done.exit_code, f"lost: {original.key}\n" in done.output) == (1, True)
    lose(stage)
    assert run(args=["recordings", "rebuild"]).output == "1 made, 0 there already\n"
    assert run(args=["recordings", "sweep"]).output == ""
    with stage.world.app.app_context():
        assert db.session.query(Recording).count() == 1
