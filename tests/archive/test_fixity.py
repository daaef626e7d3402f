"""The SHA-256 of the sender's browser against ours: before the file is whole, while it is hashed, and after."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from archive.models import Recording, RecordingState, RecordingVisibility, Upload
from archive.parts import BLOCK, TURN, Part, TakenOver, WrongOffset
from tests.archive.conftest import Stage
from tests.archive.test_tus import HERE, create, offset, part_of, send

OTHER = hashlib.sha256(b"another").digest()


def declare(client: FlaskClient, place: str, digest: bytes) -> Any:
    said = {"Upload-Digest": f"sha256 {base64.b64encode(digest).decode()}"}
    return client.post(f"{place}/digest", headers=HERE | said)


@pytest.fixture
def staff(stage: Stage) -> FlaskClient:
    return stage.world.client(stage.staff)


def begun(stage: Stage, staff: FlaskClient, data: bytes) -> tuple[Recording, str]:
    recording = stage.recording()
    return recording, create(staff, recording, len(data)).headers["Location"]


@pytest.mark.parametrize("when", ["before", "received", "after"])
@pytest.mark.parametrize("same", [True, False])
def test_both_found_the_same_or_the_file_is_refused(
    stage: Stage, staff: FlaskClient, media: dict[str, Path], when: str, same: bool
) -> None:
    data = media["mp4"].read_bytes()
    recording, place = begun(stage, staff, data)
    found = hashlib.sha256(data).digest() if same else OTHER
    if when == "before":
        assert declare(staff, place, found).status_code == 204
    send(staff, place, 0, data)
    if when == "received":
        assert declare(staff, place, found).status_code == 204
    stage.work()
    if when == "after":
        assert stage.now(recording).state is RecordingState.PLAYABLE
        assert declare(staff, place, found).status_code == 204
    now = stage.now(recording)
    assert now.state is (RecordingState.PLAYABLE if same else RecordingState.REJECTED)
    assert now.reason == ("" if same else "altered")
    assert (now.published_at is None) is not same
    told = b"The file changed on the way" in staff.get(f"/recordings/{recording.pid}/manage").data
    assert told is not same


def test_another_file_that_looks_alike_is_not_mixed_in(stage: Stage, staff: FlaskClient) -> None:
    _, place = begun(stage, staff, b"x" * 100)
    first = hashlib.sha256(b"x" * 100).digest()
    assert declare(staff, place, first).status_code == 204
    assert declare(staff, place, first).status_code == 204
    refused = declare(staff, place, OTHER)
    assert (refused.status_code, refused.json["err"]) == (409, "other_file")
    assert stage.world.get(Upload, place.rsplit("/", 1)[1]).sha256 == first.hex()


def test_the_public_page_names_the_digest(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    found = hashlib.sha256(media["mp4"].read_bytes()).hexdigest()
    assert found in stage.world.client().get(f"/recordings/{recording.pid}").text
    assert found in stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/manage").text


@pytest.mark.parametrize("said", ["", "sha1 AAAA", "sha256 AAAA", "sha256 !"])
def test_a_digest_that_is_none(stage: Stage, staff: FlaskClient, said: str) -> None:
    _, place = begun(stage, staff, b"x" * 100)
    assert staff.post(f"{place}/digest", headers=HERE | {"Upload-Digest": said}).status_code == 400


def test_only_the_sender_says_it(stage: Stage, staff: FlaskClient) -> None:
    _, place = begun(stage, staff, b"x" * 100)
    for other in (stage.stranger, stage.learner, stage.host, stage.world.admin()):
        assert declare(stage.world.client(other), place, OTHER).status_code == 404
    assert declare(stage.world.client(), place, OTHER).status_code == 401


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_bytes_that_nobody_proved_are_not_counted(stage: Stage, staff: FlaskClient, algorithm: str) -> None:
    """The server dies in the middle of a piece with a checksum: the piece is asked for again from its beginning."""
    _, place = begun(stage, staff, b"x" * 100)
    send(staff, place, 0, b"x" * 40)
    part_of(stage, place).write_bytes(b"x" * 40 + b"y" * 30)
    part_of(stage, place).with_suffix(".turn").write_bytes(TURN.pack(b"gone" * 4, 40))
    assert offset(staff, place) == 40
    digest = base64.b64encode(hashlib.new(algorithm, b"x" * 60).digest()).decode()
    assert send(staff, place, 40, b"z" * 60, **{"Upload-Checksum": f"{algorithm} {digest}"}).status_code == 460
    assert offset(staff, place) == 40
    assert send(staff, place, 40, b"x" * 60, **{"Upload-Checksum": f"{algorithm} {digest}"}).status_code == 204
    assert part_of(stage, place).read_bytes() == b"x" * 100


def test_who_comes_later_stops_who_writes_even_from_a_wrong_place(tmp_path: Path) -> None:
    part, calls = Part(tmp_path, "x"), list[int]()

    def read(size: int) -> bytes:
        calls.append(size)
        if len(calls) == 2:
            with pytest.raises(WrongOffset):
                part.append(lambda _size: b"", 5, 10, None)
        return b"x" * size

    with pytest.raises(TakenOver):
        part.append(read, 0, 10 * BLOCK, None)
    assert (len(calls), part.offset) == (2, BLOCK)


def test_a_manager_no_more_sends_no_more(stage: Stage) -> None:
    from mentors.models import CohortTeam

    host = stage.world.client(stage.host)
    _, place = begun(stage, host, b"x" * 100)
    send(host, place, 0, b"x" * 40)
    with stage.world.session() as session:
        session.query(CohortTeam).filter_by(user_id=stage.host.id).delete()
    assert host.head(place, headers=HERE).status_code == 404
    assert send(host, place, 40, b"x" * 60).status_code == 404
