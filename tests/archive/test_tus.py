"""tus 1.0.0 through the test client: the protocol's rules, and who may."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.models import User
from archive.models import Recording, RecordingState, Upload, UploadState
from core.jobs import Job
from tests.archive.conftest import Stage

HERE = {"Tus-Resumable": "1.0.0", "Origin": "http://localhost"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def metadata(**facts: Any) -> str:
    return ",".join(f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in facts.items())


def create(client: FlaskClient, recording: Recording, length: int, **headers: str) -> Any:
    facts = {"Upload-Length": str(length), "Upload-Metadata": metadata(recording=recording.pid, filename="α.mp4")}
    return client.post("/uploads", headers=HERE | facts | headers)


def send(client: FlaskClient, place: str, offset: int, data: bytes, **headers: str) -> Any:
    return client.patch(place, data=data, headers=HERE | BYTES | {"Upload-Offset": str(offset)} | headers)


def offset(client: FlaskClient, place: str) -> int:
    return int(client.head(place, headers=HERE).headers["Upload-Offset"])


def part_of(stage: Stage, place: str) -> Path:
    """Where the bytes of the upload at PLACE are gathered."""
    folder = stage.media_dir / "uploads"
    folder.mkdir(exist_ok=True, parents=True)
    return folder / f"{place.rsplit('/', 1)[1]}.part"


@pytest.fixture
def staff(stage: Stage) -> FlaskClient:
    return stage.world.client(stage.staff)


def test_a_file_in_three_pieces(stage: Stage, staff: FlaskClient, media: dict[str, Path]) -> None:
    data, recording = media["mp4"].read_bytes(), stage.recording()
    made = create(staff, recording, len(data))
    place = made.headers["Location"]
    assert (made.status_code, made.headers["Tus-Resumable"]) == (201, "1.0.0")
    assert "Upload-Expires" in made.headers
    third = len(data) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(data))):
        assert offset(staff, place) == start
        answer = send(staff, place, start, data[start:end])
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(end))
    assert stage.now(recording).state is RecordingState.VERIFYING
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE
    assert offset(staff, place) == len(data)


def test_options_say_what_the_server_can(stage: Stage, client: FlaskClient) -> None:
    answer = client.options("/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1e9"}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": str(1 << 50)}, 413),
        ({"Upload-Metadata": "recording !!!"}, 400),
        ({"Upload-Metadata": metadata(recording="none")}, 404),
        ({"Upload-Metadata": ""}, 404),
    ],
)
def test_creation_refuses(stage: Stage, staff: FlaskClient, headers: dict[str, str], status: int) -> None:
    assert create(staff, stage.recording(), 100, **headers).status_code == status


@pytest.mark.parametrize(
    ("at", "headers", "status"),
    [
        (5, {}, 409),
        (0, {"Content-Type": "application/octet-stream"}, 415),
        (0, {"Upload-Offset": "x"}, 400),
        (0, {"Origin": "https://elsewhere.example"}, 403),
        (0, {"Tus-Resumable": ""}, 412),
        (0, {"Upload-Checksum": "crc32 AAAA"}, 400),
        (0, {"Upload-Checksum": "sha256 !"}, 400),
    ],
)
def test_a_piece_is_refused_and_nothing_kept(
    stage: Stage, staff: FlaskClient, at: int, headers: dict[str, str], status: int
) -> None:
    place = create(staff, stage.recording(), 100).headers["Location"]
    assert send(staff, place, at, b"x" * 10, **headers).status_code == status
    assert offset(staff, place) == 0


def test_more_than_announced_is_refused(stage: Stage, staff: FlaskClient) -> None:
    place = create(staff, stage.recording(), 10).headers["Location"]
    assert send(staff, place, 0, b"x" * 11).status_code == 413
    assert offset(staff, place) == 0


def test_the_length_of_forms_does_not_bind_uploads(stage: Stage, staff: FlaskClient) -> None:
    size = 3 << 20
    place = create(staff, stage.recording(), size + 1).headers["Location"]
    assert send(staff, place, 0, b"x" * size).status_code == 204
    assert offset(staff, place) == size


def test_checksums_prove_a_piece(stage: Stage, staff: FlaskClient) -> None:
    place = create(staff, stage.recording(), 100).headers["Location"]
    good = "sha256 " + base64.b64encode(hashlib.sha256(b"x" * 10).digest()).decode()
    assert send(staff, place, 0, b"y" * 10, **{"Upload-Checksum": good}).status_code == 460
    assert offset(staff, place) == 0
    assert send(staff, place, 0, b"x" * 10, **{"Upload-Checksum": good}).status_code == 204
    assert offset(staff, place) == 10


def test_the_last_answer_may_be_lost(stage: Stage, staff: FlaskClient, media: dict[str, Path]) -> None:
    """All bytes are on disk, the server died before it noted so: asking for the offset notes it."""
    data, recording = media["mp4"].read_bytes(), stage.recording()
    place = create(staff, recording, len(data)).headers["Location"]
    part_of(stage, place).write_bytes(data)
    assert stage.now(recording).state is RecordingState.DRAFT
    assert offset(staff, place) == len(data)
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE


def test_a_new_upload_drops_the_half_sent_one(stage: Stage, staff: FlaskClient) -> None:
    recording = stage.recording()
    first = create(staff, recording, 100).headers["Location"]
    send(staff, first, 0, b"x" * 50)
    create(staff, recording, 200)
    assert staff.head(first, headers=HERE).status_code == 404
    assert [path.suffix for path in (stage.media_dir / "uploads").iterdir()] == []


def test_termination(stage: Stage, staff: FlaskClient) -> None:
    place = create(staff, stage.recording(), 100).headers["Location"]
    send(staff, place, 0, b"x" * 50)
    assert staff.delete(place, headers=HERE).status_code == 204
    assert staff.head(place, headers=HERE).status_code == 404
    assert list((stage.media_dir / "uploads").iterdir()) == []


def test_only_the_owner_goes_on(stage: Stage, staff: FlaskClient) -> None:
    place = create(staff, stage.recording(), 100).headers["Location"]
    for other in (stage.stranger, stage.learner, stage.host, stage.world.admin()):
        client = stage.world.client(other)
        assert client.head(place, headers=HERE).status_code == 404
        assert send(client, place, 0, b"x").status_code == 404
        assert client.delete(place, headers=HERE).status_code == 404
    assert send(stage.world.client(None), place, 0, b"x").status_code == 401
    assert offset(staff, place) == 0


@pytest.mark.parametrize(("who", "status"), [("host", 201), ("staff", 201), ("learner", 404), ("stranger", 404)])
def test_who_may_begin(stage: Stage, who: str, status: int) -> None:
    user: User = getattr(stage, who)
    assert create(stage.world.client(user), stage.recording(), 100).status_code == status


def test_a_playable_recording_takes_no_second_file(stage: Stage, staff: FlaskClient, media: dict[str, Path]) -> None:
    answer = create(staff, stage.playable(media["mp4"]), 100)
    assert (answer.status_code, answer.json["err"]) == (409, "already_there")


def test_no_room_is_said_before_the_first_byte(stage: Stage, staff: FlaskClient) -> None:
    stage.world.app.config["DISK_FLOOR_BYTES"] = 1 << 60
    answer = create(staff, stage.recording(), 1000)
    assert (answer.status_code, answer.json["err"]) == (507, "no_room")
    assert "GB" in answer.json["message"]


def test_a_full_disk_keeps_what_arrived_and_stops_nothing_else(stage: Stage, staff: FlaskClient) -> None:
    place = create(staff, stage.recording(), 100).headers["Location"]
    part = part_of(stage, place)
    part.symlink_to("/dev/full")  # a device that is always full
    answer = send(staff, place, 0, b"x" * 10)
    assert (answer.status_code, answer.json["err"]) == (507, "disk_full")
    assert staff.get("/recordings").status_code == 200
    part.unlink()
    assert send(staff, place, 0, b"x" * 10).status_code == 204
    assert offset(staff, place) == 10


def test_expired_uploads_are_swept(stage: Stage, staff: FlaskClient) -> None:
    place = create(staff, stage.recording(), 100).headers["Location"]
    send(staff, place, 0, b"x" * 10)
    upload_id = place.rsplit("/", 1)[1]
    runner = stage.world.app.test_cli_runner()
    assert runner.invoke(args=["archive", "sweep"]).output == "0\n"
    with stage.world.session() as session:
        upload = session.get_one(Upload, upload_id)
        upload.expires_at = upload.created_at
    assert runner.invoke(args=["archive", "sweep"]).output == "1\n"
    assert stage.world.get(Upload, upload_id).state is UploadState.EXPIRED
    assert staff.head(place, headers=HERE).status_code == 404
    assert list((stage.media_dir / "uploads").iterdir()) == []


def test_the_plain_form_works_without_script(stage: Stage, staff: FlaskClient, media: dict[str, Path]) -> None:
    recording = stage.recording()
    with media["mp4"].open("rb") as file:
        form = {"file": (file, "../../a.mp4")}
        answer = staff.post(f"/recordings/{recording.pid}/file", data=form, headers={"Origin": HERE["Origin"]})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/recordings/{recording.pid}/manage")
    stage.work()
    assert stage.now(recording).state is RecordingState.PLAYABLE


def test_the_plain_form_says_what_is_missing(stage: Stage, staff: FlaskClient) -> None:
    recording = stage.recording()
    address, here = f"/recordings/{recording.pid}/file", {"Origin": HERE["Origin"]}
    assert staff.post(address, data={"file": (b"", "")}, headers=here).status_code == 303
    assert b"The file is empty." in staff.get(f"/recordings/{recording.pid}/manage").data
    assert staff.post(address, data={}).status_code == 403  # no Origin
    assert stage.world.client(stage.stranger).post(address, data={}, headers=here).status_code == 303
    assert stage.now(recording).state is RecordingState.DRAFT


def test_a_repeated_end_adds_one_job(stage: Stage, staff: FlaskClient, media: dict[str, Path]) -> None:
    data = media["mp4"].read_bytes()
    place = create(staff, stage.recording(), len(data)).headers["Location"]
    send(staff, place, 0, data)
    for _ in range(3):
        assert offset(staff, place) == len(data)
    with stage.world.session() as session:
        assert session.query(Job).filter_by(kind="archive.finalise").count() == 1
