"""Removed parts, replaced files, recordings that were taken back: what stays readable of them, and for whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.edits import cuts, to_film, to_original
from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility
from tests.archive.conftest import SECONDS, Stage, digest

WORDS = """WEBVTT

00:00:01.000 --> 00:00:02.500
Καλησπέρα σε όλους

00:00:04.000 --> 00:00:05.500
Το τηλέφωνό μου είναι εκατό

00:00:08.000 --> 00:00:09.500
Τα μερίδια είναι τρία
"""
WHY = "Ακούστηκε ένα τηλέφωνο."


@pytest.fixture
def film(stage: Stage, media: dict[str, Path]) -> Recording:
    """Public, with three lines and two answers, at 4.5 and 8 seconds."""
    first = stage.ask(1, 100, body="Πώς σας βρίσκω;")
    stage.ask(2, 103.5, body="Πόσα μερίδια;")
    recording = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    write(stage, recording, WORDS)
    tie(stage, recording, first, "0:04.5")
    return recording


def post(stage: Stage, recording: Recording, act: str, **data: str) -> int:
    return stage.world.client(stage.staff).post(f"/recordings/{recording.pid}/{act}", data=data).status_code


def tie(stage: Stage, recording: Recording, question: Any, at: str) -> None:
    assert post(stage, recording, "place", question=str(question.pid), at=at) == 303


def write(stage: Stage, recording: Recording, words: str) -> None:
    from io import BytesIO

    answer = stage.world.client(stage.staff).post(
        f"/recordings/{recording.pid}/captions",
        data={"language": "el", "file": (BytesIO(words.encode()), "el.vtt")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303


def page(stage: Stage, recording: Recording, address: str = "", user: Any = None) -> Any:
    return stage.world.client(user).get(f"/recordings/{recording.pid}{address}")


def cut(stage: Stage, recording: Recording) -> None:
    assert post(stage, recording, "removed", first="0:03.5", last="0:06", reason=WHY) == 303


def test_a_removed_part_is_nowhere(stage: Stage, film: Recording) -> None:
    assert "τηλέφωνό" in page(stage, film).text
    before = {a.sha256 for a in stored(stage, film)}
    for _ in range(2):  # said twice is once
        cut(stage, film)
    for address in ("", "?q=τηλέφωνό", "/captions/el.vtt", "/transcript/el.txt", "/questions.vtt", "/questions.json"):
        shown = page(stage, film, address)
        assert shown.status_code == 200, address
        assert "τηλέφωνό" not in shown.text.replace("q=τηλέφωνό", "").replace('value="τηλέφωνό"', ""), address
        assert "σας βρίσκω" not in shown.text, address
    assert 'data-removed="[[3.5, 6.0]]"' in page(stage, film).text
    assert "Πόσα μερίδια;" in page(stage, film).text
    assert page(stage, film, "/media/original").status_code == 404
    assert page(stage, film, "/media/original", stage.staff).status_code == 200
    assert {a.sha256 for a in stored(stage, film)} == before  # the original is what it was


def stored(stage: Stage, recording: Recording) -> list[Asset]:
    with stage.world.session() as session:
        found = session.query(Asset).filter_by(recording_id=recording.id, role=AssetRole.ORIGINAL).all()
        session.expunge_all()
    return found


def test_it_is_shown_again(stage: Stage, film: Recording) -> None:
    cut(stage, film)
    with stage.world.session() as session:
        from archive.models import RecordingEdit

        (edit,) = session.query(RecordingEdit.id).one()
    for _ in range(2):
        assert post(stage, film, f"removed/{edit}/restore") == 303
    assert "τηλέφωνό" in page(stage, film).text


@pytest.mark.parametrize(("first", "last"), [("0:05", "0:04"), ("0:05", "9:00"), ("x", "0:05"), ("0:00", "0:12")])
def test_only_parts_that_are_in_it_and_not_all_of_it(stage: Stage, film: Recording, first: str, last: str) -> None:
    assert post(stage, film, "removed", first=first, last=last, reason=WHY) == 422
    assert "τηλέφωνό" in page(stage, film).text


def test_citations_lead_to_the_same_words_or_say_why_not(stage: Stage, film: Recording, media: dict[str, Path]) -> None:
    """Goal 15: cited before a trim, a re-encoding and a replacement."""
    kept, gone = cited(stage, film, 8), cited(stage, film, 4)
    cut(stage, film)
    assert leads(stage, kept) == (200, 8)
    answer = stage.world.client(None).get(gone)
    assert (answer.status_code, WHY in answer.text) == (410, True)

    with stage.world.session() as session:  # re-encoded: another file plays, the original is the same
        session.add(Asset(recording_id=film.id, role=AssetRole.MP4, key=f"{film.pid}/made/x.mp4",
                          mimetype="video/mp4", bytes=1, sha256="f" * 64))
    assert leads(stage, kept) == (200, 8)

    assert post(stage, film, "replace", reason="Καλύτερος ήχος.") == 303
    another(stage, film, media["late"], WORDS.replace("00:00:08", "00:00:10").replace("00:00:09", "00:00:11"))
    assert leads(stage, kept) == (200, 10)  # two seconds later in the new file: the same words
    answer = stage.world.client(None).get(gone)
    assert (answer.status_code, WHY in answer.text) == (410, True)


def cited(stage: Stage, recording: Recording, second: int) -> str:
    """The address that a citation of SECOND carries."""
    told = page(stage, recording, f"/cite.json?t={second}").json[0]["URL"]
    return str(told).partition("localhost")[2]


def leads(stage: Stage, address: str) -> tuple[int, int]:
    """(status, second) of where the citation leads, whatever it is sent on to."""
    answer = stage.world.client(None).get(address, follow_redirects=True)
    return answer.status_code, int(float(answer.text.split('data-start="')[1].split('"')[0]))


def another(stage: Stage, recording: Recording, file: Path, words: str) -> None:
    """A new file has come in the place of the old one, was checked, captioned and shown."""
    with stage.world.session() as session:
        found = session.get_one(Recording, recording.id)
        assert (found.state, found.visibility) == (RecordingState.DRAFT, RecordingVisibility.PRIVATE)
        for asset in session.query(Asset).filter_by(recording_id=recording.id):
            session.delete(asset)
        session.flush()
        found.state, found.duration = RecordingState.PLAYABLE, SECONDS
        session.add(Asset(recording_id=recording.id, role=AssetRole.ORIGINAL, key=f"{recording.pid}/original/new.mp4",
                          mimetype="video/mp4", bytes=file.stat().st_size, sha256=digest(file)))
    write(stage, recording, words)
    assert post(stage, recording, "visibility", visibility="public") == 303


def test_words_that_the_new_file_doesn_t_have_are_told(stage: Stage, film: Recording, media: dict[str, Path]) -> None:
    lost = cited(stage, film, 1)
    assert post(stage, film, "replace", reason="Λάθος αρχείο.") == 303
    another(stage, film, media["late"], WORDS.replace("Καλησπέρα σε όλους", "Άλλα λόγια"))
    answer = stage.world.client(None).get(lost)
    assert answer.status_code == 410
    assert "Λάθος αρχείο." in answer.text
    assert "Καλησπέρα σε όλους" in answer.text


def test_a_withdrawn_recording_says_why_and_how_it_was_cited(stage: Stage, film: Recording) -> None:
    fingerprint = stored(stage, film)[0].sha256
    assert post(stage, film, "withdraw", reason="Δεν είχε συμφωνήσει κάποιος.") == 303
    for user in (None, stage.learner, stage.stranger):
        answer = page(stage, film, user=user)
        assert answer.status_code == 410
        assert "Δεν είχε συμφωνήσει κάποιος." in answer.text
        assert fingerprint[:16] in answer.text
        assert "Πόσα μερίδια" not in answer.text
        assert page(stage, film, "/media/play", user).status_code == 410
    assert "Από το χωράφι στο πιάτο" not in stage.world.client(None).get("/recordings").text
    assert page(stage, film, user=stage.staff).status_code == 200
    assert post(stage, film, "visibility", visibility="cohort") == 303
    assert page(stage, film, user=stage.learner).status_code == 200


def test_a_withdrawn_recording_of_a_cohort_is_nothing_to_others(stage: Stage, film: Recording) -> None:
    assert post(stage, film, "visibility", visibility="cohort") == 303
    assert post(stage, film, "withdraw", reason="Έληξε.") == 303
    assert page(stage, film, user=stage.learner).status_code == 410
    for user in (None, stage.stranger):
        assert page(stage, film, user=user).status_code == 404


def test_strangers_remove_nothing(stage: Stage, film: Recording) -> None:
    facts = {"first": "0:01", "last": "0:02", "reason": WHY}
    for user, status in ((stage.stranger, 404), (stage.learner, 404), (None, 401)):
        for act in ("removed", "removed/1/restore", "withdraw", "replace"):
            answer = stage.world.client(user).post(f"/recordings/{film.pid}/{act}", data=facts)
            assert answer.status_code == status
    assert page(stage, film).status_code == 200


PARTS = st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 30)), max_size=6)


@given(parts=PARTS, second=st.floats(0, 120))
def test_the_cut_film_and_the_original_agree(parts: list[tuple[float, float]], second: float) -> None:
    removed = cuts((first, first + length) for first, length in parts)
    kept = removed.kept(120.0)
    inside = removed.at(second) is not None
    there = to_film(kept, second)
    assert 0 <= there <= sum(last - first for first, last in kept) + 1e-9
    if kept and not inside and second < kept[-1][1]:
        assert abs(to_original(kept, there) - second) < 1e-6
    if inside:
        assert removed.after(second) >= second
