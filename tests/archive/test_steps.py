"""What is made of a recording that plays: planned once, made anew by a newer version, waiting when it must."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from archive.models import Asset, AssetRole, AssetState, Recording, RecordingState
from archive.pipeline import master, planning
from archive.pipeline.files import recording_with_files
from archive.pipeline.hls import HLS
from archive.pipeline.live import meeting_is_live
from archive.pipeline.steps import Step
from core.db import db, utcnow
from core.jobs import Job, JobState, Lane, run_all
from core.storage import storage
from forum.models import Room, RoomState
from tests.archive.conftest import SECONDS, Stage, make


@pytest.fixture
def playing(stage: Stage, media: dict[str, Path]) -> Recording:
    recording = stage.receive(media["mp4"])
    stage.work()
    return stage.now(recording)


def files(stage: Stage, recording: Recording) -> dict[tuple[str, str], Asset]:
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording.id).all()
        session.expunge_all()
    return {(asset.role.value, asset.part): asset for asset in found}


def text(stage: Stage, asset: Asset) -> str:
    return (stage.media_dir / asset.key).read_text()


def jobs(stage: Stage) -> dict[str, Job]:
    with stage.world.session() as session:
        found = session.query(Job).filter(Job.kind.like("archive.%")).order_by(Job.id).all()
        session.expunge_all()
    return {job.kind.removeprefix("archive."): job for job in found}


def plan(stage: Stage, recording: Recording) -> int:
    with stage.world.app.app_context():
        count = planning.plan(recording_with_files(recording.id))
        db.session.commit()
    return count


def test_pieces_cover_the_stream_and_the_recording(stage: Stage, playing: Recording) -> None:
    made = files(stage, playing)
    playlist, stream = text(stage, made["playlist", "src"]), made["stream", "src"]
    head = re.search(r'#EXT-X-MAP:URI="src.m4s",BYTERANGE="(\d+)@0"', playlist)
    pieces = [(int(a), int(b)) for a, b in re.findall(r"#EXT-X-BYTERANGE:(\d+)@(\d+)\nsrc\.m4s", playlist)]
    assert head is not None
    at = int(head[1])
    for length, start in pieces:
        assert start == at
        at += length
    assert at == stream.bytes
    assert sum(map(float, re.findall(r"#EXTINF:([\d.]+)", playlist))) == pytest.approx(SECONDS, abs=0.2)
    (bits,) = re.findall(r"BANDWIDTH=(\d+),RESOLUTION=160x90\nsrc.m3u8", text(stage, made["playlist", ""]))
    assert int(bits) >= 8 * stream.bytes / SECONDS * 0.9


def test_every_second_has_its_still(stage: Stage, playing: Recording) -> None:
    made = files(stage, playing)
    track = text(stage, made["storyboard_track", ""])
    cues = re.findall(r"(\S+) --> (\S+)\n(\d+)\.webp#xywh=(\d+),(\d+),160,90", track)
    assert [cue[:3] for cue in cues] == [
        ("00:00:00.000", "00:00:05.000", "000"),
        ("00:00:05.000", "00:00:10.000", "000"),
        ("00:00:10.000", f"00:00:{playing.duration:06.3f}", "000"),
    ]
    assert made["storyboard", "000"].bytes > 1000


def test_the_facts_say_where_one_can_seek(stage: Stage, playing: Recording) -> None:
    facts = files(stage, playing)["original", ""].facts
    assert (facts["gop"], facts["keys"], facts["chapters"]) == (1.0, 12, [])


def test_a_second_run_and_a_second_plan_change_nothing(stage: Stage, playing: Recording) -> None:
    before = {name: (a.id, a.key, a.created_at) for name, a in files(stage, playing).items()}
    assert plan(stage, playing) == 0
    with stage.world.app.app_context():
        for step in planning.STEPS.values():
            step.run(playing.id)
        master.refresh(playing.id)
    assert {name: (a.id, a.key, a.created_at) for name, a in files(stage, playing).items()} == before


def test_what_is_missing_is_made_again(stage: Stage, playing: Recording) -> None:
    before = files(stage, playing)
    with stage.world.session() as session:
        session.query(Asset).filter_by(id=before["low", ""].id).update({"state": AssetState.MISSING})
        session.query(Asset).filter_by(id=before["playlist", ""].id).update({"state": AssetState.CORRUPT})
    assert plan(stage, playing) == 2
    stage.work()
    after = files(stage, playing)
    assert set(after) == set(before)
    assert {asset.state for asset in after.values()} == {AssetState.READY}


def bumped(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> Step:
    """A newer version of a step."""
    old = planning.STEPS[name]
    newer = dataclasses.replace(old, version=old.version + 1, **changes)
    monkeypatch.setitem(planning.STEPS, name, newer)
    return newer


def test_a_newer_version_replaces_and_serves_the_old_one_meanwhile(
    stage: Stage, playing: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(stage, playing)["low", ""]

    def quieter(source: Any, path: Path, folder: Path) -> Any:
        assert files(stage, playing)["low", ""].state is AssetState.STALE
        assert (stage.media_dir / before.key).exists()
        made = planning.STEPS["audio"].make(source, path, folder)
        return [dataclasses.replace(made[0], role=AssetRole.LOW)]

    newer = bumped(monkeypatch, "low", make=quieter)
    assert plan(stage, playing) == 1
    with stage.world.app.app_context():
        newer.run(playing.id)
    after = files(stage, playing)["low", ""]
    assert (after.id, after.version, after.state) == (before.id, 2, AssetState.READY)
    assert after.key != before.key
    assert not (stage.media_dir / before.key).exists()


def test_a_derived_file_that_fails_takes_nothing_away(
    stage: Stage, media: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("no picture")

    monkeypatch.setitem(planning.STEPS, "poster", dataclasses.replace(planning.STEPS["poster"], make=fails))
    recording = stage.receive(media["mp4"])
    moment = utcnow()
    for minutes in (0, 1, 5):
        with time_machine.travel(moment + dt.timedelta(minutes=minutes), tick=False), stage.world.app.app_context():
            run_all()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    poster = jobs(stage)["poster"]
    assert (poster.state, poster.reason, poster.failures) == (JobState.FAILED, "poison", 3)
    assert {job.state for name, job in jobs(stage).items() if name != "poster"} == {JobState.DONE}


def test_nothing_is_encoded_while_people_meet(stage: Stage, media: dict[str, Path]) -> None:
    set_room(stage, RoomState.OPEN)
    copied, encoded = stage.receive(media["mp4"]), stage.receive(media["old"])
    moment = utcnow() + dt.timedelta(seconds=1)
    with time_machine.travel(moment, tick=False), stage.world.app.app_context():
        run_all()
    assert stage.now(copied).state is RecordingState.PLAYABLE
    assert stage.now(encoded).state is RecordingState.VERIFYING
    waiting = {name for name, job in jobs(stage).items() if (job.state, job.reason) == (JobState.WAITING, "live")}
    assert waiting == {"encode", "low"}
    set_room(stage, RoomState.CLOSED)
    with time_machine.travel(moment + dt.timedelta(minutes=1), tick=False):
        stage.work()
    assert stage.now(encoded).state is RecordingState.PLAYABLE
    assert jobs(stage)["encode"].failures == 0


def set_room(stage: Stage, state: RoomState) -> None:
    """The room of the meeting is opened or closed now."""
    with stage.world.session() as session:
        room = session.query(Room).filter_by(meeting_id=stage.meeting.id).one_or_none()
        room = room or Room(meeting_id=stage.meeting.id)
        room.state, room.opened_at = state, utcnow()
        session.add(room)
        session.commit()


def test_a_meeting_of_the_programme_counts_from_ten_minutes_before(stage: Stage, media: dict[str, Path]) -> None:
    starts, ends = stage.meeting.starts_at, stage.meeting.ends_at
    minute = dt.timedelta(minutes=1)
    moments = [starts - 11 * minute, starts - 9 * minute, ends - minute, ends]
    with stage.world.app.app_context():
        found = []
        for moment in moments:
            with time_machine.travel(moment, tick=False):
                found.append(meeting_is_live())
    assert found == [False, True, True, False]


def test_no_room_on_the_disk_is_waited_for(stage: Stage, media: dict[str, Path]) -> None:
    app, recording = stage.world.app, stage.receive(media["mp4"])
    with app.app_context():
        app.config["WORK_FLOOR_BYTES"] = storage().free() + (1 << 30)
        run_all()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    waiting = {name for name, job in jobs(stage).items() if (job.state, job.reason) == (JobState.WAITING, "disk")}
    assert waiting == {"poster", "hls", "storyboard", "audio", "low"}
    app.config["WORK_FLOOR_BYTES"] = 0
    with time_machine.travel(utcnow() + dt.timedelta(minutes=1, seconds=1), tick=False):
        stage.work()
    assert ("stream", "src") in files(stage, recording)


def test_rare_key_frames_make_no_stream(stage: Stage, tmp_path: Path) -> None:
    rare = ["-f", "lavfi", "-i", "testsrc=s=160x90:r=5:d=20", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "500"]
    recording = stage.receive(make(tmp_path / "rare.mp4", *rare, "-x264-params", "scenecut=0"))
    stage.work()
    made = files(stage, recording)
    assert made["original", ""].facts["gop"] == pytest.approx(20, abs=0.5)
    assert {role for role, _ in made} == {"original", "poster", "storyboard", "storyboard_track"}


def test_smaller_pictures_only_when_asked_for(stage: Stage, tmp_path: Path) -> None:
    large = ["-f", "lavfi", "-i", "testsrc=s=1280x720:r=5:d=8", "-f", "lavfi", "-i", "sine=d=8"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-c:a", "aac"]
    film = make(tmp_path / "large.mp4", *large, *codecs)
    recording = stage.receive(film)
    stage.work()
    assert ("stream", "480") not in files(stage, recording)
    stage.world.app.config["LADDER"] = True
    assert plan(stage, recording) == 1
    assert jobs(stage)["ladder"].lane is Lane.SLOW
    stage.work()
    made = files(stage, recording)
    assert {part for role, part in made if role == "stream"} == {"src", "480"}
    names = re.findall(r"RESOLUTION=(\S+)\n(\S+)", text(stage, made["playlist", ""]))
    assert sorted(names) == [("1280x720", "src.m3u8"), ("854x480", "480.m3u8")]
    cuts = re.findall(r"#EXTINF:([\d.]+)", text(stage, made["playlist", "480"]))
    assert float(cuts[0]) == pytest.approx(6, abs=0.01)


def test_each_file_is_what_its_row_says(stage: Stage, playing: Recording) -> None:
    for name, asset in files(stage, playing).items():
        data = (stage.media_dir / asset.key).read_bytes()
        assert (name, hashlib.sha256(data).hexdigest(), len(data)) == (name, asset.sha256, asset.bytes)


def test_the_order_of_what_people_miss(stage: Stage, playing: Recording) -> None:
    ours = ("finalise", "verify", *planning.STEPS)
    found = [name for name in jobs(stage) if name in ours]
    assert found == ["finalise", "verify", "poster", "hls", "storyboard", "audio", "low"]
    original = files(stage, playing)["original", ""]
    assert jobs(stage)["hls"].key == f"{playing.pid}:{original.sha256}:{HLS.version}"


# ——— the page ———


def broken(stage: Stage, recording: Recording, kind: str = "archive.poster", **facts: Any) -> Job:
    facts = {"state": JobState.FAILED, "reason": "poison", "error": "Broken: no picture\nframe 1\nno picture"} | facts
    payload = {"recording_id": recording.id}
    return stage.world.add(Job(kind=kind, key=f"{recording.pid}:x:{kind}", payload=payload, failures=3, **facts))


def test_staff_see_what_isnt_done_and_why(stage: Stage, media: dict[str, Path], queries: Callable[[], int]) -> None:
    recording = stage.playable(media["mp4"], title_el="Από το χωράφι")
    stage.work()  # what other areas do about a new recording
    client = stage.world.client(stage.staff)
    counts = []
    for kinds in (["poster"], ["hls", "low"]):
        for kind in kinds:
            broken(stage, recording, f"archive.{kind}")
        queries()
        page = client.get("/recordings/operations").text
        counts.append(queries())
    assert counts[0] == counts[1]
    assert page.count("no picture") == 3 * 2
    assert page.count("Από το χωράφι") == 3
    broken(stage, recording, "archive.ladder", state=JobState.WAITING, reason="live", error=None)
    assert "A meeting is on" in client.get("/recordings/operations").text


def test_only_staff_and_those_who_manage_it(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    job = broken(stage, recording)
    steps, deed = f"/recordings/{recording.pid}/steps", f"/recordings/operations/{job.id}/retry"
    seen = {}
    for who in (stage.staff, stage.host, stage.learner, stage.stranger):
        client = stage.world.client(who)
        seen[who.given_name] = tuple(
            answer.status_code
            for answer in (client.get("/recordings/operations"), client.get(steps), client.post(deed))
        )
    assert list(seen.values()) == [(200, 200, 303), (403, 200, 303), (403, 404, 404), (403, 404, 404)]


def test_try_again_leave_out_delete(stage: Stage, playing: Recording) -> None:
    client, low = stage.world.client(stage.host), jobs(stage)["low"]
    key = files(stage, playing)["low", ""].key
    address = f"/recordings/operations/{low.id}"
    for _ in range(2):  # a double click
        answer = client.post(f"{address}/delete", data={"back": "steps"})
        assert answer.headers["Location"] == f"/recordings/{playing.pid}/steps"
    assert ("low", "") not in files(stage, playing)
    assert not (stage.media_dir / key).exists()
    assert plan(stage, playing) == 1
    assert jobs(stage)["low"].state is JobState.SKIPPED
    for _ in range(2):
        client.post(f"{address}/retry")
    stage.work()
    assert ("low", "") in files(stage, playing)
    client.post(f"{address}/skip")
    assert jobs(stage)["low"].state is JobState.DONE
    assert stage.now(playing).state is RecordingState.PLAYABLE


def test_deleting_the_stream_deletes_its_name_in_the_list_of_all(stage: Stage, playing: Recording) -> None:
    stage.world.client(stage.staff).post(f"/recordings/operations/{jobs(stage)['hls'].id}/delete")
    assert not {role for role, _ in files(stage, playing)} & {"stream", "playlist"}


def test_what_can_t_be_left_out_and_what_is_being_done(stage: Stage, media: dict[str, Path]) -> None:
    client, recording = stage.world.client(stage.staff), stage.recording(state=RecordingState.VERIFYING)
    encode = broken(stage, recording, "archive.encode")
    headers = {"Accept": "application/json"}
    refused = client.post(f"/recordings/operations/{encode.id}/skip", headers=headers)
    assert (refused.status_code, refused.json["err"]) == (409, "needed")
    refused = client.post(f"/recordings/operations/{encode.id}/delete", headers=headers)
    assert refused.json["err"] == "needed"
    busy = broken(
        stage, recording, "archive.poster", state=JobState.RUNNING, lease_until=utcnow() + dt.timedelta(minutes=1)
    )
    refused = client.post(f"/recordings/operations/{busy.id}/retry", headers=headers)
    assert refused.json["err"] == "being_done"


def test_e_mails_are_nobody_elses_business(stage: Stage) -> None:
    letter = stage.world.add(Job(kind="mail", key="a", payload={"body": "κωδικός"}, state=JobState.FAILED, error="no"))
    client = stage.world.client(stage.staff)
    assert client.post(f"/recordings/operations/{letter.id}/retry").status_code == 404
    assert "κωδικός" not in client.get("/recordings/operations").text
