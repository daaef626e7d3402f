"""The licence of a recording: chosen by who manages it, shown where it counts, obeyed in what may be taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.licences import LICENCES, licence_of
from archive.models import Recording
from tests.archive.conftest import Stage

FACTS = {"title_el": "Τίτλος", "language": "el"}


@pytest.mark.parametrize("code", LICENCES)
def test_each_is_chosen_and_shown(stage: Stage, media: dict[str, Path], code: str) -> None:
    recording = stage.playable(media["mp4"])
    host = stage.world.client(stage.host)
    assert host.post(f"/recordings/{recording.pid}/facts", data=FACTS | {"licence": code}).status_code == 303
    assert stage.world.get(Recording, recording.id).licence == code
    page = stage.world.client(stage.learner, "en").get(f"/recordings/{recording.pid}").text
    licence = licence_of(code)
    assert (f'<a rel="license" href="{licence.address}">{licence.name}</a>' in page) is bool(licence.address)
    assert ("All rights reserved" in page) is (not licence.address)


def test_one_that_isnt_on_the_list_is_refused(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    answer = stage.world.client(stage.host).post(
        f"/recordings/{recording.pid}/facts", data=FACTS | {"licence": "GPL-3.0"}
    )
    assert answer.status_code == 422
    assert stage.world.get(Recording, recording.id).licence == "CC-BY-SA-4.0"


def test_what_is_reserved_is_watched_but_not_taken_away(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], licence="all-rights-reserved")
    page = f"/recordings/{recording.pid}"
    learner, host = stage.world.client(stage.learner, "en"), stage.world.client(stage.host, "en")
    assert learner.get(f"{page}/media/play").status_code == 200
    assert learner.get(f"{page}/media/original").status_code == 404
    assert "as it plays here" not in learner.get(page).text
    assert host.get(f"{page}/media/original").status_code == 200
    assert "as it plays here" in host.get(page).text
