"""Citing a recording: each style can be read back, with the moment on the original's timeline."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest

from archive.citations import Source, bibtex, csl, plain, ris
from archive.models import RecordingVisibility
from archive.pipeline.files import digest
from tests.archive.conftest import Stage

SOURCE = Source(
    key="mentores-koino-revma-2026-10-02",
    title="Κοινό ρεύμα: 50% {φθηνότερο}",
    author=("Πετροπούλης", "Βασίλης"),
    publisher="Δήμος Λιοδέντρου",
    series="Έξι βράδια",
    held=dt.date(2026, 10, 2),
    address="https://mentores.example/recordings/1?t=754",
    language="el",
    licence="CC-BY-SA-4.0",
    sha256="ab" * 32,
    second=754.2,
    words="Πόσα μερίδια\nπαίρνει;",
    transcript=3,
)


def test_plain_text_is_one_line_with_everything() -> None:
    assert plain(SOURCE).replace("\n", " ") == (
        "Πετροπούλης, Βασίλης. «Πόσα μερίδια παίρνει;» Κοινό ρεύμα: 50% {φθηνότερο}, 12:34. Έξι βράδια. "
        "Δήμος Λιοδέντρου, 2026-10-02. https://mentores.example/recordings/1?t=754 "
        "(SHA-256 abababababababab, CC-BY-SA-4.0)"
    )


def test_bibtex_escapes_what_tex_would_obey() -> None:
    entry = bibtex(SOURCE)
    assert entry.startswith("@misc{mentores-koino-revma-2026-10-02,\n  author = {Πετροπούλης, Βασίλης},\n")
    assert r"title = {Κοινό ρεύμα: 50\char37{} \char123{}φθηνότερο\char125{}}" in entry
    assert "  url = {https://mentores.example/recordings/1?t=754}\n}\n" in entry
    assert entry.count("@misc") == 1


def test_ris_has_a_tag_a_line_and_an_end() -> None:
    lines = ris(SOURCE).split("\r\n")
    assert (lines[0], lines[-2]) == ("TY  - VIDEO", "ER  - ")
    assert "SP  - 12:34" in lines
    assert "AB  - Πόσα μερίδια παίρνει;" in lines
    assert all(line[2:6] == "  - " for line in lines if line)


def test_csl_is_json_of_one_item() -> None:
    (item,) = json.loads(csl(SOURCE))
    assert item["author"] == [{"family": "Πετροπούλης", "given": "Βασίλης"}]
    assert item["note"] == f"SHA-256 {'ab' * 32}; transcript version 3; CC-BY-SA-4.0"
    assert (item["locator"], item["issued"]) == ("12:34", {"date-parts": [[2026, 10, 2]]})


def test_without_a_mentor_the_organisation_signs() -> None:
    nobody = Source(**{**SOURCE.__dict__, "author": None, "second": None, "words": ""})
    assert "author = {Δήμος Λιοδέντρου}" in bibtex(nobody)
    assert plain(nobody).startswith("Κοινό ρεύμα")
    assert "SP  -" not in ris(nobody)


@pytest.mark.parametrize("style", ["txt", "bib", "ris", "json"])
def test_a_moment_is_cited_with_the_question_that_is_answered_then(
    stage: Stage, media: dict[str, Path], style: str
) -> None:
    question = stage.ask(1, 100, body="Πόσα μερίδια;")
    recording = stage.playable(media["mp4"])
    tied = {"question": str(question.pid), "at": "0:05"}
    assert stage.world.client(stage.staff).post(f"/recordings/{recording.pid}/place", data=tied).status_code == 303
    client = stage.world.client(stage.learner)
    page = client.get(f"/recordings/{recording.pid}/cite.{style}?t=6").text
    assert "Πόσα μερίδια;" in page
    assert f"/recordings/{recording.pid}?t=6" in page
    assert "Πόσα μερίδια;" not in client.get(f"/recordings/{recording.pid}/cite.{style}?t=9").text
    stranger = stage.world.client(stage.stranger)
    assert stranger.get(f"/recordings/{recording.pid}/cite.{style}").status_code == 404


def test_a_citation_names_the_original_and_not_what_was_made_of_it(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    told = stage.world.client(stage.learner).get(f"/recordings/{recording.pid}/cite.bib").text
    assert f"SHA-256 {digest(media['mp4'])}" in told


def test_a_citation_names_the_text_that_people_read_then(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"], visibility=RecordingVisibility.PUBLIC)
    address, client = f"/recordings/{recording.pid}", stage.world.client(stage.staff)
    assert "transcript" not in client.get(f"{address}/cite.json").text
    file = (io.BytesIO("WEBVTT\n\n00:01.000 --> 00:02.000\nΚαλησπέρα.\n".encode()), "el.vtt")
    assert client.post(f"{address}/captions", data={"language": "el", "file": file}).status_code == 303
    assert "transcript version 1;" in client.get(f"{address}/cite.json").text
