"""The film without its removed parts: what isn't in it, where its seconds are, and that it follows what staff say."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from archive.models import Asset, AssetRole, AssetState, Recording, RecordingVisibility
from archive.pipeline import plan_all
from archive.pipeline.cut import from_key_frames
from archive.services import audit
from core.jobs import Job, JobState, run_all
from core.storage import storage
from tests.archive.conftest import SECONDS, Stage


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    return stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)


def post(stage: Stage, recording: Recording, act: str, **data: str) -> None:
    client = stage.world.client(stage.staff)
    assert client.post(f"/recordings/{recording.pid}/{act}", data=data).status_code == 303


def work(stage: Stage) -> None:
    with stage.world.app.app_context():
        run_all()
    with stage.world.session() as session:
        jobs = session.query(Job).filter_by(kind="archive.cut").all()
        assert [(job.state, job.error) for job in jobs] == [(JobState.DONE, None)] * len(jobs)


def film(stage: Stage, recording: Recording, part: str = "cut") -> Asset | None:
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording.id, role=AssetRole.MP4, part=part).one_or_none()
        session.expunge_all()
    return found


def length(stage: Stage, asset: Asset) -> float:
    with stage.world.app.app_context(), storage().local(asset.key) as path, av.open(str(path)) as container:
        return (container.duration or 0) / 1_000_000


def test_it_has_nothing_of_what_was_removed(stage: Stage, recording: Recording) -> None:
    post(stage, recording, "removed", first="0:03", last="0:07", reason="Γιατί.")
    work(stage)
    made = film(stage, recording)
    assert made is not None
    assert made.facts["kept"] == [[0.0, 3.0], [7.0, 12.0]]  # a key frame each second
    assert abs(length(stage, made) - (SECONDS - 4)) < 0.2
    page = stage.world.client(None).get(f"/recordings/{recording.pid}?t=9").text
    assert f'<source src="/recordings/{recording.pid}/media/cut#t=5.0' in page
    assert f'data-whole="/recordings/{recording.pid}/media/play"' in page
    assert stage.world.client(None).get(f"/recordings/{recording.pid}/media/cut").status_code in {200, 206}


def seconds(stage: Stage, asset: Asset) -> list[float]:
    """When each picture of the film is shown."""
    with stage.world.app.app_context(), storage().local(asset.key) as path, av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
        return sorted(float(packet.pts * packet.time_base) for packet in packets)  # type: ignore[operator]


@pytest.mark.parametrize(("first", "last", "begins"), [("0:03", "0:07", 7.0), ("0:00", "0:02", 2.0)])
def test_the_player_s_film_keeps_the_seconds_and_nothing_between(
    stage: Stage, recording: Recording, first: str, last: str, begins: float
) -> None:
    post(stage, recording, "removed", first=first, last=last, reason="Γιατί.")
    work(stage)
    made = film(stage, recording, "gaps")
    assert made is not None
    shown = seconds(stage, made)
    gone = (int(first[-2:]) + 0.06, int(last[-2:]) - 0.06)
    assert [at for at in shown if gone[0] < at < gone[1]] == []
    assert shown[0] == pytest.approx(0, abs=0.05)
    assert min(at for at in shown if at > gone[1]) == pytest.approx(begins, abs=0.05)
    assert shown[-1] == pytest.approx(SECONDS, abs=0.2)


@pytest.mark.parametrize("who", ["nobody", "learner", "stranger"])
def test_no_file_gives_what_was_removed(stage: Stage, recording: Recording, who: str) -> None:
    client = stage.world.client(None if who == "nobody" else getattr(stage, who))
    names = ["media/original", "hls/master.m3u8", "hls/src.m3u8", "hls/src.m4s"]
    names += ["storyboard/track.vtt", "storyboard/000.webp"]
    with stage.world.app.app_context():
        plan_all()
    work(stage)
    before = {name: client.get(f"/recordings/{recording.pid}/{name}").status_code for name in names}
    whole = client.get(f"/recordings/{recording.pid}/media/play").headers["ETag"]
    post(stage, recording, "removed", first="0:03", last="0:07", reason="Γιατί.")

    assert client.get(f"/recordings/{recording.pid}/media/play").status_code == 404
    page = client.get(f"/recordings/{recording.pid}").text
    assert "data-player" not in page
    work(stage)
    made = film(stage, recording, "gaps")
    assert made is not None
    assert client.get(f"/recordings/{recording.pid}/media/play").headers["ETag"] == f'"{made.sha256}"' != whole
    assert {client.get(f"/recordings/{recording.pid}/{name}").status_code for name in names} == {404}
    assert set(before.values()) == {200}
    staff = stage.world.client(stage.staff)
    assert staff.get(f"/recordings/{recording.pid}/media/play").headers["ETag"] == whole


def test_the_still_is_of_a_part_that_stays(stage: Stage, recording: Recording) -> None:
    with stage.world.app.app_context():
        plan_all()
    work(stage)
    address = f"/recordings/{recording.pid}/media/poster"
    client = stage.world.client(None)
    before = client.get(address).headers["ETag"]
    post(stage, recording, "removed", first="0:00", last="0:02", reason="Γιατί.")
    assert client.get(address).status_code == 404
    assert "poster=" not in client.get(f"/recordings/{recording.pid}").text
    work(stage)
    assert client.get(address).headers["ETag"] != before
    with stage.world.session() as session:
        made = session.query(Asset).filter_by(recording_id=recording.id, role=AssetRole.POSTER).one()
        assert (made.state, made.facts) == (AssetState.READY, {"at": 2.0})


def test_it_follows_what_is_removed_and_shown_again(stage: Stage, recording: Recording) -> None:
    post(stage, recording, "removed", first="0:00", last="0:02", reason="Γιατί.")
    work(stage)
    post(stage, recording, "removed", first="0:10", last="0:12", reason="Γιατί.")
    work(stage)
    made = film(stage, recording)
    assert made is not None
    assert made.facts["kept"] == [[2.0, 10.0]]
    with stage.world.session() as session:
        from archive.models import RecordingEdit

        edits = [edit.id for edit in session.query(RecordingEdit)]
    for edit in edits:
        post(stage, recording, f"removed/{edit}/restore")
    work(stage)
    assert film(stage, recording) is None
    assert "data-whole" not in stage.world.client(None).get(f"/recordings/{recording.pid}").text
    assert stage.world.client(None).get(f"/recordings/{recording.pid}/media/cut").status_code == 404


def test_a_part_begins_at_a_key_frame_and_never_before_the_end_of_what_was_removed() -> None:
    assert from_key_frames([(0.0, 3.0), (7.2, 12.0)], [0.0, 5.0, 8.0]) == [(0.0, 3.0), (8.0, 12.0)]
    assert from_key_frames([(0.0, 3.0), (7.2, 7.5)], [0.0, 5.0, 8.0]) == [(0.0, 3.0)]
    assert from_key_frames([(1.0, 3.0)], []) == [(1.0, 3.0)]  # sound alone


def test_what_stays_without_a_key_frame_is_given_up_with_its_reason(stage: Stage, recording: Recording) -> None:
    post(stage, recording, "removed", first="0:00", last="0:11.4", reason="Γιατί.")
    with stage.world.app.app_context():
        run_all()
    with stage.world.session() as session:
        job = session.query(Job).filter_by(kind="archive.cut").one()
        assert (job.state, job.reason) == (JobState.FAILED, "nothing_kept")
    assert film(stage, recording) is None
    assert stage.world.client(None).get(f"/recordings/{recording.pid}/media/play").status_code == 404
    page = stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/steps")
    assert "What stays is too short" in page.text


def test_a_damaged_one_is_made_again(stage: Stage, recording: Recording) -> None:
    post(stage, recording, "removed", first="0:03", last="0:07", reason="Γιατί.")
    work(stage)
    made = film(stage, recording)
    assert made is not None
    with stage.world.app.app_context():
        storage().write(made.key, b"damaged")
        assert audit.everything().remade == [made.key]
    work(stage)
    again = film(stage, recording)
    assert again is not None
    assert (again.state, abs(length(stage, again) - (SECONDS - 4)) < 0.2) == (AssetState.READY, True)
