"""How large a file each role may send, how many at once, how much for an organisation, and the room on the disk."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from accounts.models import User
from archive.models import Upload
from mentors.models import CohortPartner, PartnerPart
from network.models import Organisation
from tests.archive.conftest import Stage
from tests.archive.test_tus import HERE, create, metadata, send

SIZES = {"UPLOAD_MAX_BYTES": 3000, "UPLOAD_MAX_BYTES_ORGANISATION": 2000, "UPLOAD_MAX_BYTES_MENTOR": 1000}


@pytest.fixture
def coordinator(stage: Stage) -> User:
    """Χαρά of the municipality that leads the cohort."""
    chara = stage.world.chara()
    with stage.world.session() as session:
        led = session.query(CohortPartner).filter_by(cohort_id=stage.cohort.id, part=PartnerPart.LEAD).one()
        leader = session.get_one(Organisation, led.organisation_id)
    stage.world.member(chara, leader)
    return chara


def test_each_role_is_told_its_own_limit(stage: Stage, coordinator: User) -> None:
    stage.world.app.config.update(SIZES)
    for user, limit in ((stage.staff, "3000"), (coordinator, "2000"), (stage.host, "1000")):
        assert stage.world.client(user).options("/uploads").headers["Tus-Max-Size"] == limit
    for other in (stage.learner, stage.stranger, None):
        assert "Tus-Max-Size" not in stage.world.client(other).options("/uploads").headers


def test_each_role_is_held_to_its_limit(stage: Stage, coordinator: User) -> None:
    stage.world.app.config.update(SIZES)
    for user, limit in ((stage.staff, 3000), (coordinator, 2000), (stage.host, 1000)):
        client, recording = stage.world.client(user), stage.recording()
        refused = create(client, recording, limit + 1)
        assert (refused.status_code, refused.json["err"]) == (413, "too_large")
        assert create(client, recording, limit).status_code == 201


def test_one_person_has_so_many_open(stage: Stage) -> None:
    stage.world.app.config["UPLOADS_PER_PERSON"] = 2
    staff, third = stage.world.client(stage.staff), stage.recording()
    first = stage.recording()
    places = [create(staff, recording, 10).headers["Location"] for recording in (first, stage.recording())]
    refused = create(staff, third, 10)
    assert (refused.status_code, refused.json["err"]) == (429, "too_many")
    assert refused.json["message"].startswith("2 files of yours are half sent.")
    assert create(staff, first, 20).status_code == 201  # in place of its own
    assert create(stage.world.client(stage.host), third, 10).status_code == 201
    send(staff, places[1], 0, b"x" * 10)
    assert create(staff, stage.recording(), 10).status_code == 201  # one has arrived


def test_one_organisation_has_so_much_on_its_way(stage: Stage, coordinator: User) -> None:
    stage.world.app.config["UPLOAD_BYTES_PER_ORGANISATION"] = 1000
    staff, first = stage.world.client(stage.staff), stage.recording()
    assert create(staff, first, 600).status_code == 201
    refused = create(stage.world.client(coordinator), stage.recording(), 401)
    assert (refused.status_code, refused.json["err"]) == (507, "organisation_full")
    assert create(stage.world.client(coordinator), stage.recording(), 400).status_code == 201
    assert create(staff, first, 600).status_code == 201  # in place of its own


@pytest.mark.parametrize("floor", ["bytes", "percent"])
def test_room_is_reserved_down_to_the_floor(
    stage: Stage, floor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk of 10 kB with 3 kB free, of which 1 kB stays free: 2 kB are for files and what is made of them."""
    disk: Any = (10_000, 7_000, 3_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(*disk))  # type: ignore[attr-defined]
    stage.world.app.config["DISK_FLOOR_BYTES" if floor == "bytes" else "DISK_FLOOR_PERCENT"] = (
        1000 if floor == "bytes" else 10
    )
    staff = stage.world.client(stage.staff)
    refused = create(staff, stage.recording(), 1539)  # 1.3 times that is 2000.7
    assert create(staff, stage.recording(), 1540).status_code == 507
    assert refused.status_code == 201
    assert create(staff, stage.recording(), 400).status_code == 507  # 1539 are promised already


def test_a_double_click_begins_one_upload(stage: Stage) -> None:
    staff, recording = stage.world.client(stage.staff), stage.recording()
    facts = {"Upload-Metadata": f"{_meta(recording)},fingerprint YQ=="}
    places = [create(staff, recording, 100, **facts).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    send(staff, places[0], 0, b"x" * 60)
    assert create(staff, recording, 100, **facts).headers["Location"] == places[0]
    assert staff.head(places[0], headers=HERE).headers["Upload-Offset"] == "60"
    other = create(staff, recording, 100, **{"Upload-Metadata": f"{_meta(recording)},fingerprint Yg=="})
    assert other.headers["Location"] != places[0]
    with stage.world.session() as session:
        assert session.query(Upload).count() == 2


def _meta(recording: Any) -> str:
    return metadata(recording=recording.pid)
