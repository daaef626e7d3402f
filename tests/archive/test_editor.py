"""The captions' editor without JavaScript: every save a version, several people at once, nothing ever lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.models import Asset, AssetRole, CaptionSource, CaptionVersion, Recording
from archive.services import captions as act
from archive.text.editing import ROWS
from tests.archive.conftest import Stage
from tests.archive.test_captions import cue, send

WORDS = ("ένα", "δύο", "τρία")
THREE = "WEBVTT\n\n" + "".join(cue(f"00:0{n}.000", f"00:0{n}.900", word) for n, word in enumerate(WORDS))


@pytest.fixture
def recording(stage: Stage, media: dict[str, Path]) -> Recording:
    found = stage.playable(media["mp4"])
    assert send(stage, found, THREE).status_code == 303
    return found


def rows(*texts: str, **more: Any) -> dict[str, Any]:
    """A page of the editor as a browser sends it: a line each second."""
    form = {"start": [], "end": [], "text": list(texts), "base": 1, "first": 0, "count": 3, "act": "save"} | more
    form["start"] = form["start"] or [f"0:0{n}" for n in range(len(texts))]
    form["end"] = form["end"] or [f"0:0{n}.9" for n in range(len(texts))]
    return form


def edit(stage: Stage, recording: Recording, form: dict[str, Any], user: Any = None) -> Any:
    client = stage.world.client(user or stage.staff)
    return client.post(f"/recordings/{recording.pid}/captions/el/edit", data=form)


def shown(stage: Stage, recording: Recording) -> str:
    """The words that people get."""
    address = f"/recordings/{recording.pid}/transcript/el.txt?times=0"
    return stage.world.client(stage.learner).get(address).text.strip()


def versions(stage: Stage, recording: Recording) -> list[tuple[int, str, str, int | None]]:
    with stage.world.session() as session:
        found = session.query(CaptionVersion).filter_by(recording_id=recording.id).order_by(CaptionVersion.no)
        return [(v.no, v.source, v.state, v.follows) for v in found]


def test_a_save_is_a_version_and_the_same_again_is_none(stage: Stage, recording: Recording) -> None:
    for _twice in range(2):
        answer = edit(stage, recording, rows("ένα", "δύο!", "τρία"), stage.host)
        assert (answer.status_code, answer.location) == (303, f"/recordings/{recording.pid}/captions/el/edit?page=1")
    assert shown(stage, recording) == "ένα δύο! τρία"
    assert versions(stage, recording) == [(1, "uploaded", "shown", None), (2, "edited", "shown", 1)]
    page = stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/captions/el/versions").text
    assert page.count("people read this") == 1
    assert stage.host.name in page


@pytest.mark.parametrize(
    ("wish", "texts"),
    [("split:1", ["ένα", "δύο", "λέξεις", "τρία"]), ("join:0", ["ένα\nδύο λέξεις", "τρία"]),
     ("add:2", ["ένα", "δύο λέξεις", "τρία", ""]), ("add:-1", ["", "ένα", "δύο λέξεις", "τρία"]),
     ("drop:0", ["δύο λέξεις", "τρία"]), ("drop:99", ["ένα", "δύο λέξεις"]), ("join:2", ["ένα", "δύο λέξεις", "τρία"])],
)
def test_rows_change_before_anything_is_stored(
    stage: Stage, recording: Recording, wish: str, texts: list[str]
) -> None:
    page = edit(stage, recording, rows("ένα", "δύο λέξεις", "τρία", act=wish))
    assert page.status_code == 200
    assert "Not saved yet" in page.text
    for text in texts:
        assert f'rows="2">{text}</textarea>' in page.text
    assert page.text.count("data-cue>") == len(texts) + 1  # and the one that JavaScript copies
    assert len(versions(stage, recording)) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"start": ["0:00", "0:02.5", "0:02"]}, "0:02 ends before it begins"),
        ({"end": ["0:00.9", "0:01", "0:02.9"]}, "0:01 ends before it begins"),
        ({"start": ["0:00", "x", "0:02"]}, "Write its times as minutes and seconds"),
        ({"end": ["0:01", "0:01.9", "0:14.5"]}, "0:02 comes after the end of the recording"),
        ({"start": ["0:01.5", "0:01", "0:02"], "end": ["0:01.9"] * 2 + ["0:03"]}, "0:01 is out of order"),
    ],
)
def test_wrong_times_are_told_at_their_line(
    stage: Stage, recording: Recording, change: dict[str, Any], told: str
) -> None:
    answer = edit(stage, recording, rows("ένα", "γραμμένο", "τρία", **change))
    assert answer.status_code == 422
    assert told in answer.text
    assert answer.text.count('class="cue field--bad"') == 1
    assert "γραμμένο</textarea>" in answer.text
    assert len(versions(stage, recording)) == 1


def test_what_no_page_sends_is_refused(stage: Stage, recording: Recording) -> None:
    for bad in ({"start": ["0:00"]}, {"count": 4}, {"base": "x"}, {"first": -1}):
        assert edit(stage, recording, rows("ένα", "δύο", "τρία", **bad)).status_code == 422
    assert edit(stage, recording, rows("ένα", "δύο", "τρία", base=7)).status_code == 404
    assert edit(stage, recording, rows("", "", "")).status_code == 422
    client = stage.world.client(stage.staff)
    assert client.get(f"/recordings/{recording.pid}/captions/fr/edit").status_code == 404
    assert shown(stage, recording) == "ένα δύο τρία"


def test_all_lines_are_shifted_or_replaced_with_one_save(stage: Stage, recording: Recording) -> None:
    assert edit(stage, recording, rows("ένα", "δύο", "τρία", act="shift", by="1,5")).status_code == 303
    client = stage.world.client(stage.learner)
    srt = client.get(f"/recordings/{recording.pid}/transcript/el.srt").text
    assert srt.startswith("1\n00:00:01,500 --> 00:00:02,400")
    again = rows("ένα", "δύο", "τρία", act="shift", by="20", base=2)
    again["start"], again["end"] = ["0:01.5", "0:02.5", "0:03.5"], ["0:02.4", "0:03.4", "0:04.4"]
    assert edit(stage, recording, again).status_code == 422
    assert edit(stage, recording, again | {"by": "λίγο"}).status_code == 422
    replaced = again | {"act": "replace", "wanted": "ία", "instead": "ίς", "by": ""}
    assert edit(stage, recording, replaced).status_code == 303
    assert shown(stage, recording) == "ένα δύο τρίς"
    assert len(versions(stage, recording)) == 3


def test_different_lines_of_two_people_are_joined(stage: Stage, recording: Recording) -> None:
    edit(stage, recording, rows("ΕΝΑ", "δύο", "τρία"), stage.host)
    assert edit(stage, recording, rows("ένα", "δύο", "ΤΡΙΑ")).status_code == 303
    assert shown(stage, recording) == "ΕΝΑ δύο ΤΡΙΑ"
    assert versions(stage, recording)[-1] == (3, "edited", "shown", 2)


def test_the_same_line_of_two_people_is_kept_twice(stage: Stage, recording: Recording) -> None:
    edit(stage, recording, rows("ένα", "ΔΥΟ", "τρία"), stage.host)
    answer = edit(stage, recording, rows("ένα", "δυο", "τρία"))
    assert answer.status_code == 409
    assert "what you wrote is kept as version 3, theirs is version 2" in answer.text
    assert "<del>ΔΥΟ</del>" in answer.text
    assert "<ins>δυο</ins>" in answer.text
    assert shown(stage, recording) == "ένα ΔΥΟ τρία"
    assert versions(stage, recording)[-1] == (3, "edited", "aside", 1)
    client = stage.world.client(stage.staff)
    for _twice in range(2):
        assert client.post(f"/recordings/{recording.pid}/captions/el/versions/3/show").status_code == 303
    assert shown(stage, recording) == "ένα δυο τρία"
    assert versions(stage, recording)[3:] == [(4, "restored", "shown", 2)]


def test_readers_get_what_was_shown_until_it_is_hidden(stage: Stage, recording: Recording) -> None:
    edit(stage, recording, rows("ένα", "δυο", "τρία"))
    edit(stage, recording, rows("ένα", "Δύο", "τρία"))  # on version 1: kept aside
    reader, staff = stage.world.client(stage.learner), stage.world.client(stage.staff)
    address = f"/recordings/{recording.pid}/transcript/el.txt?times=0&version="
    assert [reader.get(f"{address}{no}").status_code for no in (1, 2, 3, 4)] == [200, 200, 404, 404]
    assert [staff.get(f"{address}{no}").status_code for no in (1, 2, 3, 4)] == [200, 200, 200, 404]
    assert stage.world.client(stage.stranger).get(f"{address}1").status_code == 404
    hide = f"/recordings/{recording.pid}/captions/el/versions/%d/hide"
    assert staff.post(hide % 2).status_code == 409
    assert [staff.post(hide % 1).status_code for _twice in range(2)] == [303, 303]
    assert [client.get(f"{address}1").status_code for client in (reader, staff)] == [404, 200]


def test_captions_from_before_versions_become_the_first(stage: Stage, recording: Recording) -> None:
    with stage.world.session() as session:
        session.query(CaptionVersion).delete()
        asset = session.query(Asset).filter_by(role=AssetRole.CAPTIONS).one()
        asset.facts = {"cues": 3}
        session.commit()
    page = stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/captions/el/edit").text
    assert "δύο</textarea>" in page
    assert edit(stage, recording, rows("ένα", "δυο", "τρία", base=0)).status_code == 303
    assert versions(stage, recording) == [(1, "uploaded", "shown", None), (2, "edited", "shown", 1)]
    assert shown(stage, recording) == "ένα δυο τρία"


def test_they_can_be_written_from_nothing_and_taken_away(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    form = rows("πρώτη", base=0, count=0)
    for _twice in range(2):
        assert edit(stage, recording, form).status_code == 303
    assert shown(stage, recording) == "πρώτη"
    staff = stage.world.client(stage.staff)
    assert staff.post(f"/recordings/{recording.pid}/captions/el/drop").status_code == 303
    assert edit(stage, recording, rows("δεύτερη", base=1, count=1)).status_code == 303
    assert shown(stage, recording) == "δεύτερη"


def test_a_draft_stays_one_until_it_is_shown(stage: Stage, recording: Recording) -> None:
    with stage.world.app.app_context():
        lines = act.vtt.parse(THREE.replace("δύο", "δυω").encode(), 12)
        made = act.draft(stage.now(recording), "el", lines, CaptionSource.MACHINE, stage.staff)
        again = act.draft(stage.now(recording), "el", lines, CaptionSource.MACHINE, stage.staff)
    assert (made.no, again.no) == (2, 2)
    page = stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/captions/el/edit?version=2").text
    assert "A program wrote this" in page
    answer = edit(stage, recording, rows("ένα", "ΔΥΟ", "τρία", base=2))
    assert answer.location.endswith("/captions/el/edit?version=3&page=1")
    assert shown(stage, recording) == "ένα δύο τρία"
    assert edit(stage, recording, rows("ένα", "Δύο", "τρία", base=3, act="show")).status_code == 303
    assert shown(stage, recording) == "ένα Δύο τρία"
    assert [v[2] for v in versions(stage, recording)] == ["shown", "draft", "draft", "draft", "shown"]


def test_a_draft_that_was_shown_or_put_away_waits_no_more(stage: Stage, recording: Recording) -> None:
    staff, address = stage.world.client(stage.staff), f"/recordings/{recording.pid}/captions/el/versions"
    for text in ("Μία. Δύο.", "Άλλη. Κι άλλη."):
        send(stage, recording, text, name="a.txt")

    def waiting() -> int:
        return int(staff.get(f"/recordings/{recording.pid}/manage").text.count("Correct it and show it"))

    assert waiting() == 2
    assert "Put the draft away" in staff.get(f"{address}/2").text
    assert staff.post(f"{address}/2/hide").status_code == 303
    assert waiting() == 1
    assert staff.post(f"{address}/3/show").status_code == 303
    assert waiting() == 0
    assert [v[2] for v in versions(stage, recording)] == ["shown", "hidden", "draft", "shown"]


def test_no_word_of_a_long_line_is_cut(stage: Stage, recording: Recording) -> None:
    long = "λέξη " * 1000
    assert edit(stage, recording, rows("ένα", long, "τρία")).status_code == 303
    assert shown(stage, recording) == f"ένα {long.strip()} τρία"


def test_long_ones_come_in_pages(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    count = 2 * ROWS + 5
    lines = [cue(f"00:00.{n * 5:03}", "00:00.999", f"γραμμή {n}") for n in range(count)]
    send(stage, recording, "WEBVTT\n\n" + "".join(lines))
    address = f"/recordings/{recording.pid}/captions/el/edit"
    client = stage.world.client(stage.staff)
    assert [client.get(f"{address}?page={n}").text.count("data-cue>") - 1 for n in (1, 2, 3, 9)] == [ROWS, ROWS, 5, 5]
    last = rows("νέα", first=2 * ROWS, count=5, start=["0:00.41"], end=["0:00.999"])
    answer = edit(stage, recording, last)
    assert answer.location.endswith("page=3")
    page = client.get(f"{address}?page=3").text
    assert (page.count("data-cue>"), "νέα</textarea>" in page) == (2, True)
    early = rows("νωρίς", first=2 * ROWS, count=1, base=2, start=["0:00.1"], end=["0:00.5"])
    assert "is out of order" in edit(stage, recording, early).text


def test_the_open_editor_hears_of_others(stage: Stage, recording: Recording) -> None:
    client, address = stage.world.client(stage.staff), f"/recordings/{recording.pid}/captions/el/last?version="
    assert client.get(f"{address}1").json == {"last": 1, "by": stage.staff.name}
    edit(stage, recording, rows("ένα", "δυο", "τρία"), stage.host)
    assert client.get(f"{address}1").json == {"last": 2, "by": stage.host.name}
    assert client.get(f"{address}0").json["last"] == 2


def test_strangers_and_learners_have_no_editor(stage: Stage, recording: Recording) -> None:
    for user, status in ((stage.stranger, 404), (stage.learner, 404), (None, 401)):
        client = stage.world.client(user)
        for address in ("edit", "versions", "versions/1", "last"):
            assert client.get(f"/recordings/{recording.pid}/captions/el/{address}").status_code in {status, 302}
        posted = client.post(f"/recordings/{recording.pid}/captions/el/edit", data=rows("α"))
        assert posted.status_code == status
    assert shown(stage, recording) == "ένα δύο τρία"


def test_search_follows_a_save(stage: Stage, recording: Recording) -> None:
    stage.work()
    edit(stage, recording, rows("ένα", "σταφιδεργοστάσιο", "τρία"))
    stage.work()
    client = stage.world.client(stage.learner)
    assert str(recording.pid) in client.get("/search?q=σταφιδεργοστάσιο").text
    assert str(recording.pid) not in client.get("/search?q=δύο").text
