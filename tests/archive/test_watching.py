"""Where a person stopped, what they have seen, and what the server doesn't believe."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from archive import seen
from archive.models import Recording, WatchPosition
from archive.queries.recordings import continue_watching
from learning.models import FollowedBy, ModuleFollowed
from tests.archive.conftest import Stage

HOUR = 3600.0


def post(client: FlaskClient, recording: Recording, seconds: Any, pieces: str = "") -> Any:
    data = {"seconds": seconds, "seen": pieces}
    return client.post(f"/recordings/{recording.pid}/position", data=data, headers={"Accept": "application/json"})


def place(stage: Stage, recording: Recording) -> WatchPosition:
    return stage.world.get(WatchPosition, (recording.id, stage.learner.id))


def later(stage: Stage, recording: Recording, seconds: float) -> None:
    """Let the clock go on since the last post."""
    with stage.world.session() as session:
        row = session.get_one(WatchPosition, (recording.id, stage.learner.id))
        row.updated_at -= dt.timedelta(seconds=seconds)


def test_the_position_is_kept_and_offered(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=HOUR)
    client = stage.world.client(stage.learner)
    assert post(client, recording, 1800.5).status_code == 200
    assert place(stage, recording).seconds == 1800.5
    page = client.get(f"/recordings/{recording.pid}").text
    assert 'data-start="1800.5"' in page
    assert "You go on from where you stopped." in page
    with stage.world.app.test_request_context():
        (found,) = continue_watching(stage.learner)
        assert (found.recording.pid, found.seconds, found.percent) == (recording.pid, 1800.5, 50)


def test_near_the_end_it_begins_again(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=HOUR)
    post(stage.world.client(stage.learner), recording, 0.96 * HOUR)
    assert place(stage, recording).seconds == 0
    with stage.world.app.test_request_context():
        assert continue_watching(stage.learner) == []


@pytest.mark.parametrize("bad", ["", "x", "-1", "nan", "inf", "1e9", None])
def test_nonsense_is_refused(stage: Stage, media: dict[str, Path], bad: Any) -> None:
    recording = stage.playable(media["mp4"], duration=HOUR)
    data = {"seconds": bad} if bad is not None else {}
    answer = stage.world.client(stage.learner).post(
        f"/recordings/{recording.pid}/position", data=data, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["err"]) == (422, "invalid")
    assert place(stage, recording) is None


@pytest.mark.parametrize("pieces", ["a,b", "-1", "999999", "1;2", ",,,", "0x1"])
def test_nonsense_pieces_count_for_nothing(stage: Stage, media: dict[str, Path], pieces: str) -> None:
    recording = stage.playable(media["mp4"], duration=HOUR)
    assert post(stage.world.client(stage.learner), recording, 5, pieces).json == {"seen": 0.0}


def test_who_has_seen_nine_tenths_has_followed_the_module(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=200.0)  # twenty pieces
    client = stage.world.client(stage.learner)
    post(client, recording, 0)
    for number in range(17):
        later(stage, recording, 10)
        post(client, recording, 10 * number, str(number))
    assert followed(stage) == []
    later(stage, recording, 10)
    assert post(client, recording, 175, "17").json == {"seen": 0.9}
    assert followed(stage) == [(stage.learner.id, stage.module_id, FollowedBy.RECORDING)]
    later(stage, recording, 10)
    post(client, recording, 185, "18")
    assert len(followed(stage)) == 1


def followed(stage: Stage) -> list[tuple[int, int, FollowedBy]]:
    with stage.world.session() as session:
        return [(row.user_id, row.module_id, row.by) for row in session.query(ModuleFollowed)]


def test_a_forged_claim_of_everything_is_not_believed(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=HOUR)
    client, everything = stage.world.client(stage.learner), ",".join(map(str, range(360)))
    for _ in range(5):
        post(client, recording, 10, everything)
    assert int(place(stage, recording).seen, 16).bit_count() <= seen.START / seen.PIECE
    later(stage, recording, 24 * HOUR)  # patience doesn't help either: credit has an end
    post(client, recording, 10, everything)
    assert int(place(stage, recording).seen, 16).bit_count() <= (seen.START + seen.MOST) / seen.PIECE
    assert followed(stage) == []


def test_seen_twice_counts_once(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=200.0)
    client = stage.world.client(stage.learner)
    assert post(client, recording, 20, "0,1").json == {"seen": 0.1}
    assert post(client, recording, 20, "0,1,1").json == {"seen": 0.1}


def test_strangers_and_nobody_keep_nothing(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], duration=HOUR)
    assert post(stage.world.client(stage.stranger), recording, 5).status_code == 404
    assert post(stage.world.client(None), recording, 5).status_code == 401
    with stage.world.session() as session:
        assert session.query(WatchPosition).count() == 0


@given(
    claims=st.lists(
        st.tuples(st.lists(st.integers(-5, 800), max_size=40), st.floats(0, 500)), max_size=20
    ),
    duration=st.floats(1, 7200),
)
def test_nobody_sees_more_than_the_clock_allows(claims: list[tuple[list[int], float]], duration: float) -> None:
    account, elapsed, before = seen.Account("", seen.START), 0.0, 0
    for pieces, wait in claims:
        elapsed += wait
        account = seen.add(account, pieces, wait, duration)
        count = int(account.seen or "0", 16).bit_count()
        assert before <= count <= seen.pieces_of(duration)
        assert count * seen.PIECE <= seen.START + elapsed * seen.SPEED + 1e-6
        assert 0 <= account.credit <= seen.MOST
        assert 0 <= seen.share(account.seen, duration) <= 1
        before = count
