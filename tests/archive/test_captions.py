"""Captions: what is refused and why, and that nothing of an uploaded file is served as it came."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archive import captions as vtt
from archive.models import Recording
from tests.archive.conftest import Stage

GOOD = """WEBVTT

NOTE ένα σχόλιο

1
00:00.500 --> 00:04.000 align:start
<v Ανθή>Καλησπέρα, <b>ξεκινάμε</b> &amp; ρωτάμε.</v>

00:05.250 --> 00:11.999
<script>alert(1)</script>
δεύτερη &lt;γραμμή&gt;
"""


def send(stage: Stage, recording: Recording, text: str | bytes, language: str = "el", name: str = "a.vtt") -> Any:
    data = text.encode() if isinstance(text, str) else text
    # Written out here: the test client leaves the temporary file of a large form open.
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [
        head.format("language").encode() + b"\r\n\r\n" + language.encode(),
        head.format("file").encode() + f'; filename="{name}"\r\nContent-Type: text/vtt\r\n\r\n'.encode() + data,
    ]
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return stage.world.client(stage.staff).post(
        f"/recordings/{recording.pid}/captions", data=body, content_type="multipart/form-data; boundary=edge"
    )


def test_they_are_checked_and_written_anew(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    assert send(stage, recording, "\ufeff" + GOOD).status_code == 303
    client = stage.world.client(stage.learner)
    answer = client.get(f"/recordings/{recording.pid}/captions/el.vtt")
    assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.text == (
        "WEBVTT\n\n"
        "00:00:00.500 --> 00:00:04.000\nΚαλησπέρα, ξεκινάμε &amp; ρωτάμε.\n\n"
        "00:00:05.250 --> 00:00:11.999\nalert(1)\nδεύτερη &lt;γραμμή&gt;\n"
    )
    page = client.get(f"/recordings/{recording.pid}").text
    assert "Καλησπέρα, ξεκινάμε &amp; ρωτάμε." in page
    assert "<script>alert" not in page
    address = f"/recordings/{recording.pid}/captions/el.vtt?v={sha256(answer.data).hexdigest()[:16]}"
    assert f'<track kind="captions" srclang="el" label="Greek" src="{address}" default>' in page


def cue(start: str, end: str, text: str = "λόγια") -> str:
    return f"{start} --> {end}\n{text}\n\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "WEBVTT"),
        ("κείμενο", "WEBVTT"),
        (b"\xff\xfe\x00binary", "WEBVTT"),
        ("WEBVTT\n\n", "no line of speech"),
        ("WEBVTT\n\n" + cue("00:05.000", "00:04.000"), "0:05 ends before it begins"),
        ("WEBVTT\n\n" + cue("00:05.000", "00:05.000"), "0:05 ends before it begins"),
        ("WEBVTT\n\n" + cue("00:05.000", "00:06.000") + cue("00:01.000", "00:02.000"), "0:01 is out of order"),
        ("WEBVTT\n\n" + cue("00:05.000", "00:14.500"), "after the end"),
        ("WEBVTT\n\n" + cue("01:00:05.000", "01:00:06.000"), "after the end"),
        ("WEBVTT\n\n" + "x" * (5 << 20), "at most 5 MB"),
    ],
)
def test_bad_ones_are_refused_with_a_sentence(
    stage: Stage, media: dict[str, Path], text: str | bytes, says: str
) -> None:
    recording = stage.playable(media["mp4"])
    answer = send(stage, recording, text)
    assert answer.status_code == 422
    assert says in answer.text
    assert stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/captions/el.vtt").status_code == 404


def test_larger_than_forms_but_not_without_end(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    long = "WEBVTT\n\n" + "".join(cue("00:01.000", "00:02.000", "λέξη " * 200) for _ in range(1500))
    assert 1 << 20 < len(long.encode()) < 5 << 20
    assert send(stage, recording, long).status_code == 303
    assert send(stage, recording, "x" * (6 << 20)).status_code == 413


def test_a_second_file_replaces_the_first(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    send(stage, recording, "WEBVTT\n\n" + cue("00:01.000", "00:02.000", "πρώτα"))
    send(stage, recording, "WEBVTT\n\n" + cue("00:01.000", "00:02.000", "ύστερα"))
    send(stage, recording, "WEBVTT\n\n" + cue("00:01.000", "00:02.000", "english"), "en")
    client = stage.world.client(stage.learner)
    assert "ύστερα" in client.get(f"/recordings/{recording.pid}/captions/el.vtt").text
    assert len(list((stage.media_dir / str(recording.pid) / "text").iterdir())) == 2
    assert send(stage, recording, GOOD, "fr").status_code == 422
    staff = stage.world.client(stage.staff)
    assert staff.post(f"/recordings/{recording.pid}/captions/el/drop").status_code == 303
    assert staff.post(f"/recordings/{recording.pid}/captions/el/drop").status_code == 303
    assert client.get(f"/recordings/{recording.pid}/captions/el.vtt").status_code == 404
    assert client.get(f"/recordings/{recording.pid}/captions/en.vtt").status_code == 200


def test_not_before_the_recording(stage: Stage) -> None:
    recording = stage.recording()
    answer = stage.world.client(stage.staff).post(
        f"/recordings/{recording.pid}/captions",
        data={"file": (io.BytesIO(GOOD.encode()), "a.vtt"), "language": "el"},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json["err"]) == (409, "not_playable")


def test_what_we_write_we_read_the_same() -> None:
    cues = [vtt.Cue(0.0, 1.5, "α\nβ"), vtt.Cue(1.5, 3661.001, "γ < δ & ε > ζ --> η")]
    assert vtt.read(vtt.serialise(cues)) == cues


@pytest.mark.parametrize(
    ("wanted", "pieces"),
    [
        ("", [("Οι δόσεις· Δόσεις!", False)]),
        ("δοσεισ", [("Οι ", False), ("δόσεις", True), ("· ", False), ("Δόσεις", True), ("!", False)]),
        ("Όι", [("Οι", True), (" δόσεις· Δόσεις!", False)]),
        ("δόση", []),
        ("·", [("Οι δόσεις", False), ("·", True), (" Δόσεις!", False)]),
    ],
)
def test_what_is_sought_is_marked(wanted: str, pieces: list[tuple[str, bool]]) -> None:
    assert vtt.marked("Οι δόσεις· Δόσεις!", wanted) == pieces


def test_letters_without_a_place_of_their_own_dont_shift_the_marks() -> None:
    assert vtt.marked("Ἀ\u0301 ΐ και ΰ", "και") == [("Ἀ\u0301 ΐ ", False), ("και", True), (" ΰ", False)]
    assert vtt.marked("\u0301", "\u0301") == [("\u0301", False)]


def test_the_text_is_searched_without_script(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    send(stage, recording, GOOD)
    client = stage.world.client(stage.learner)
    page = client.get(f"/recordings/{recording.pid}?q=ΞΕΚΙΝΑΜΕ").text
    assert "<mark>ξεκινάμε</mark> &amp; ρωτάμε." in page
    assert page.count('<p hidden><a class="num"') == 1
    assert client.get(f"/recordings/{recording.pid}?q=<b>").text.count('<p hidden><a class="num"') == 2
    assert "<mark>" not in client.get(f"/recordings/{recording.pid}").text
    assert stage.world.client(stage.stranger).get(f"/recordings/{recording.pid}?q=ρωτάμε").status_code == 404
