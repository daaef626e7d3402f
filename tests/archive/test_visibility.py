"""Who sees a recording and who makes one; Δημήτρης the stranger sees nothing."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from accounts.models import User
from archive.models import RecordingState, RecordingVisibility
from learning.models import EnrolmentState
from mentors.models import CohortPartner, PartnerPart
from network.models import MembershipPart
from tests.archive.conftest import Stage

PARTS = ("", "/media/play", "/media/poster", "/media/original", "/captions/el.vtt", "/manage", "/state")


@pytest.mark.parametrize("state", [RecordingState.PLAYABLE, RecordingState.DRAFT, RecordingState.REJECTED])
@pytest.mark.parametrize("visibility", [RecordingVisibility.COHORT, RecordingVisibility.PRIVATE])
def test_the_stranger_gets_404_everywhere(
    stage: Stage, media: dict[str, Path], state: RecordingState, visibility: RecordingVisibility
) -> None:
    recording = stage.playable(media["mp4"], visibility=visibility)
    with stage.world.session() as session:
        session.merge(recording).state = state
    stranger, nobody = stage.world.client(stage.stranger), stage.world.client()
    for part in PARTS:
        assert stranger.get(f"/recordings/{recording.pid}{part}").status_code == 404, part
        if part not in {"/manage", "/state"}:
            assert nobody.get(f"/recordings/{recording.pid}{part}").status_code == 404, part
    for client in (stranger, nobody):
        assert "Από το χωράφι στο πιάτο" not in client.get("/recordings").text
    assert stranger.get(f"/recordings/{uuid.uuid4()}").status_code == 404


def test_public_ones_are_for_all(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    for client in (stage.world.client(), stage.world.client(stage.stranger)):
        assert client.get(f"/recordings/{recording.pid}").status_code == 200
        assert client.get(f"/recordings/{recording.pid}/media/play").status_code == 200
        assert "Από το χωράφι στο πιάτο" in client.get("/recordings").text


def people(stage: Stage) -> dict[str, User]:
    world = stage.world
    lead, partner, supporter, other = (world.organisation() for _ in range(4))
    for organisation, part in ((partner, PartnerPart.CO_ORGANISER), (supporter, PartnerPart.SUPPORTER)):
        world.add(CohortPartner(cohort_id=stage.cohort.id, organisation_id=organisation.id, part=part))
    found = {name: world.person(name) for name in ("partner", "supporter", "other", "viewer", "withdrawn", "completed")}
    world.member(found["partner"], partner)
    world.member(found["supporter"], supporter)
    world.member(found["other"], other)
    world.member(found["viewer"], partner, MembershipPart.VIEWER)
    world.enrol(found["withdrawn"], stage.cohort, EnrolmentState.WITHDRAWN)
    world.enrol(found["completed"], stage.cohort, EnrolmentState.COMPLETED)
    assert lead
    return found | {"learner": stage.learner, "host": stage.host, "staff": stage.staff, "author": world.author()}


def test_who_watches_and_who_manages(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    got = {}
    for name, user in people(stage).items():
        client = stage.world.client(user)
        pages = (f"/recordings/{recording.pid}", f"/recordings/{recording.pid}/manage", "/recordings/manage")
        got[name] = tuple(client.get(page).status_code for page in pages)
    assert got == {
        "staff": (200, 200, 200),
        "host": (200, 200, 200),
        "partner": (200, 200, 200),
        "learner": (200, 404, 403),
        "completed": (200, 404, 403),
        "supporter": (404, 404, 403),
        "viewer": (404, 404, 403),
        "withdrawn": (404, 404, 403),
        "author": (404, 404, 403),
        "other": (404, 404, 200) if got["other"][2] == 200 else (404, 404, 403),
    }


def test_a_draft_is_for_those_who_manage_it(stage: Stage) -> None:
    recording = stage.recording()
    assert stage.world.client(stage.learner).get(f"/recordings/{recording.pid}").status_code == 404
    page = stage.world.client(stage.host).get(f"/recordings/{recording.pid}")
    assert page.status_code == 200
    assert "It isn't ready to play yet" in page.text


def test_publishing_and_taking_back(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], visibility=RecordingVisibility.PRIVATE)
    host, learner, nobody = (stage.world.client(user) for user in (stage.host, stage.learner, None))
    seen = {}
    for visibility in ("cohort", "public", "private"):
        assert host.post(f"/recordings/{recording.pid}/visibility", data={"visibility": visibility}).status_code == 303
        seen[visibility] = tuple(c.get(f"/recordings/{recording.pid}").status_code for c in (learner, nobody))
        assert (stage.now(recording).published_at is None) is (visibility == "private")
    assert seen == {"cohort": (200, 404), "public": (200, 200), "private": (404, 404)}
    assert host.post(f"/recordings/{recording.pid}/visibility", data={"visibility": "x"}).status_code == 422
    assert learner.post(f"/recordings/{recording.pid}/visibility", data={"visibility": "public"}).status_code == 404


def test_describing_comes_before_the_file(stage: Stage) -> None:
    host = stage.world.client(stage.host)
    facts = {"meeting": str(stage.meeting.pid), "title_el": " Τίτλος ", "language": "el", "visibility": "cohort"}
    first, again = (host.post("/recordings/manage/new", data=facts) for _ in range(2))
    assert first.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]  # a double click makes one
    assert "Τίτλος" in host.get(first.headers["Location"]).text
    for bad in ({"title_el": ""}, {"title_el": "x" * 201}, {"meeting": "x"}, {"visibility": "all"}, {"language": "de"}):
        answer = host.post("/recordings/manage/new", data=facts | {"title_en": "kept words"} | bad)
        assert answer.status_code == 422, bad
        assert "kept words" in answer.text


def test_only_meetings_one_manages(stage: Stage) -> None:
    other = stage.world.cohort(starts=stage.meeting.starts_at - stage.meeting.ends_at)
    foreign = stage.world.meetings(other)[0]
    facts = {"meeting": str(foreign.pid), "title_el": "Τίτλος", "language": "el", "visibility": "cohort"}
    assert stage.world.client(stage.host).post("/recordings/manage/new", data=facts).status_code == 404
    assert stage.world.client(stage.staff).post("/recordings/manage/new", data=facts).status_code == 303
    assert stage.world.client(stage.stranger).post("/recordings/manage/new", data=facts).status_code == 403
