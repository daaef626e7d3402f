"""Words of a recording in every format: read, checked, written anew, and the same again."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import captions as vtt
from archive import timecodes
from archive.captions import BadCaptions, Cue
from archive.text import editing, plain, subrip, uploaded
from tests.archive.conftest import Stage
from tests.archive.test_captions import send

LENGTH = 7200.0
said = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).map(vtt.words).filter(bool)
hostile = st.sampled_from([
    "<script>alert(1)</script>", "a --> b", "WEBVTT", "NOTE x", "STYLE\n::cue{}", "&lt;b&gt; &amp;#60;", "{\\an8}x",
    "00:01.000 --> 00:02.000", "1\n2\n3", "“«»” ; ·", "<v Ανθή>", "\u2028x\u0085y", "𝄞 e\u0301", "]]>", "%(at)s",
]).map(vtt.words)


@st.composite
def speech(draw: Any, words: Any = said) -> list[Cue]:
    """Lines in order, times to the millisecond."""
    starts = sorted(draw(st.lists(st.integers(0, 7_190_000), min_size=1, max_size=12, unique=True)))
    return [Cue(s / 1000, (s + draw(st.integers(1, 10_000))) / 1000, draw(words)) for s in starts]


@given(speech(said | hostile))
def test_webvtt_gives_back_what_was_said(cues: list[Cue]) -> None:
    assert vtt.parse(vtt.serialise(cues), LENGTH) == cues
    assert vtt.read(vtt.serialise(cues)) == cues


@given(speech(said | hostile))
def test_nothing_of_it_can_be_markup(cues: list[Cue]) -> None:
    body = vtt.serialise(cues).decode()
    assert "<" not in body
    assert body.count("-->") == len(cues)
    assert body.count("\n\n") == len(cues)


@given(speech(st.text("αβγ .;«»&<ά-", min_size=1, max_size=60).map(vtt.words).filter(bool)))
def test_subrip_gives_back_what_was_said(cues: list[Cue]) -> None:
    expected = [Cue(c.start, c.end, c.text.replace("-->", "→")) for c in cues]
    assert subrip.parse(subrip.write(cues), LENGTH) == expected


@given(speech(said | hostile))
def test_subrip_never_gets_another_line(cues: list[Cue]) -> None:
    assert subrip.write(cues).decode().count("-->") == len(cues)


@given(speech(st.text("αβγ .;«»&ά", min_size=1, max_size=60).map(vtt.words).filter(bool)))
def test_text_with_times_keeps_words_and_seconds(cues: list[Cue]) -> None:
    again, timed = plain.parse(plain.write(cues, times=True), LENGTH)
    assert timed
    flat = [(int(c.start), " ".join(c.text.split())) for c in cues]
    assert [(int(c.start), c.text) for c in again] == flat


@given(st.floats(0, 99 * 3600))
def test_times_are_written_as_they_are_read(seconds: float) -> None:
    assert timecodes.parse(timecodes.write(seconds)) == pytest.approx(seconds, abs=0.0006)


@given(st.binary(max_size=300), st.sampled_from(["a.vtt", "a.srt", "a.txt", "a", ""]))
def test_any_bytes_are_read_or_refused_with_a_sentence(data: bytes, name: str) -> None:
    try:
        cues, _timed = uploaded.parse(data, name, LENGTH)
    except BadCaptions:
        return
    assert vtt.parse(vtt.serialise(cues), math.inf) == cues


SRT = (
    "\ufeff1\r\n00:00:00,500 --> 00:00:04,000\r\n<i>Καλησπέρα</i>, 3 < 4\r\n\r\n"
    "2\r\n0:0:5,25 --> 00:00:11,999\r\n{\\an8}δεύτερη\r\n"
)
OURS = "1\n00:00:00,500 --> 00:00:04,000\nΚαλησπέρα, 3 < 4\n\n2\n00:00:05,250 --> 00:00:11,999\nδεύτερη\n"
BROKEN = [b"", b"\xff\xfe\x00x", b"\n\n\n", b"1\n00:00:05,000 --> 00:00:04,000\nx\n", b"x" * ((5 << 20) + 1)]


def test_srt_becomes_captions_and_every_kind_is_written_by_us(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    assert send(stage, recording, SRT, name="a.srt").status_code == 303
    client, address = stage.world.client(stage.learner), f"/recordings/{recording.pid}/transcript/el"
    assert client.get(f"/recordings/{recording.pid}/captions/el.vtt").text == (
        "WEBVTT\n\n00:00:00.500 --> 00:00:04.000\nΚαλησπέρα, 3 &lt; 4\n\n00:00:05.250 --> 00:00:11.999\nδεύτερη\n"
    )
    srt = client.get(f"{address}.srt")
    assert srt.text == OURS
    text = client.get(f"{address}.txt")
    assert text.text == "[0:00] Καλησπέρα, 3 < 4\n[0:05] δεύτερη\n"
    assert text.headers["Content-Type"] == "text/plain; charset=utf-8"
    for answer in (srt, text):
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''apo-to-chorafi")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"
    assert client.get(f"{address}.txt?times=0").text == "Καλησπέρα, 3 < 4 δεύτερη\n"
    assert stage.world.client(stage.stranger).get(f"{address}.txt").status_code == 404
    assert client.get(f"/recordings/{recording.pid}/transcript/en.txt").status_code == 404
    page = client.get(f"/recordings/{recording.pid}").text
    assert f'href="{address}.txt?times=0" download' in page


def test_a_text_with_times_is_shown_and_one_without_waits(stage: Stage, media: dict[str, Path]) -> None:
    recording = stage.playable(media["mp4"])
    client = stage.world.client(stage.learner)
    assert send(stage, recording, "Πρώτη πρόταση. Δεύτερη.\n\nΤρίτη, μακρύτερη.", name="a.txt").status_code == 303
    assert client.get(f"/recordings/{recording.pid}/captions/el.vtt").status_code == 404
    page = stage.world.client(stage.staff).get(f"/recordings/{recording.pid}/captions/el/edit").text
    assert page.count("data-cue>") == 3 + 1  # and the one that JavaScript copies
    assert "Nobody reads it until you show it." in page
    assert send(stage, recording, "[0:01] Πρώτη\nσυνέχεια\n(0:05) δεύτερη", name="a.txt").status_code == 303
    assert client.get(f"/recordings/{recording.pid}/transcript/el.vtt").text == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nΠρώτη\nσυνέχεια\n\n00:00:05.000 --> 00:00:07.000\nδεύτερη\n"
    )


@pytest.mark.parametrize("name", ["a.srt", "a.txt", "a.vtt"])
@pytest.mark.parametrize("data", BROKEN)
def test_what_is_no_text_is_refused(stage: Stage, media: dict[str, Path], name: str, data: bytes) -> None:
    recording = stage.playable(media["mp4"])
    if name == "a.txt" and b"-->" in data:
        return  # that is a text, if a strange one
    assert send(stage, recording, data, name=name).status_code == 422


def cues(*texts: str) -> list[Cue]:
    return [Cue(float(at), at + 0.9, text) for at, text in enumerate(texts)]


def test_different_lines_are_joined_and_the_same_are_not() -> None:
    base, theirs = cues(*"αβγδεζ"), cues(*"αΒγδεζ")
    assert editing.merge(base, theirs, cues(*"αβγδΕζ")) == cues(*"αΒγδΕζ")
    assert editing.merge(base, theirs, [*base[:3], *base[4:]]) == [*theirs[:3], *theirs[4:]]
    assert editing.merge(base, theirs, cues(*"αΧγδεζ")) is None
    assert editing.merge(base, theirs, cues(*"αβΓδεζ")) is None  # side by side
    assert editing.merge(base, theirs, theirs) == theirs
    assert editing.merge(base, editing.shift(base, 1), cues(*"αβγδεΖ")) is None


@given(speech(), st.integers(0, 11), st.integers(0, 11))
def test_two_changes_far_apart_both_stay(base: list[Cue], one: int, other: int) -> None:
    one, other = one % len(base), other % len(base)
    def changed(lines: list[Cue], at: int, text: str) -> list[Cue]:
        return [Cue(c.start, c.end, text) if i == at else c for i, c in enumerate(lines)]
    theirs, mine = changed(base, one, "δική τους"), changed(base, other, "δική μου")
    joined = editing.merge(base, theirs, mine)
    assert (joined is None) == (abs(one - other) <= 1)
    assert joined is None or joined == changed(theirs, other, "δική μου")


def test_what_differs_is_told_with_its_neighbours() -> None:
    told = editing.compared(cues(*"αβγδεζη"), cues(*"αβγΔεζη"))
    assert [(kind, cue.text) for kind, cue in told] == [("same", "γ"), ("gone", "δ"), ("new", "Δ"), ("same", "ε")]
    again = editing.compared(cues(*"αβγ"), cues(*"ΑβΓ"))
    assert "".join(cue.text for _kind, cue in again) == "αΑβγΓ"
    assert editing.compared(cues("α"), cues("α")) == []


def test_lines_without_end_are_refused() -> None:
    many = vtt.serialise([Cue(n / 1000, n / 1000 + 1, "α") for n in range(20_001)])
    with pytest.raises(BadCaptions, match="at most 20,000 lines"):
        vtt.parse(many, LENGTH)


def test_rows_are_parted_joined_and_added() -> None:
    rows = [editing.row(c) for c in (Cue(1, 5, "τέσσερις λέξεις εδώ ναι"), Cue(6, 7.5, "μία"))]
    two = editing.split(rows, 0)
    assert two[0] == editing.Row("0:01", "0:02.455", "τέσσερις")
    assert two[1] == editing.Row("0:02.455", "0:05", "λέξεις εδώ ναι")
    assert editing.split(rows, 1) == rows
    assert editing.join(two, 0)[0] == editing.Row("0:01", "0:05", "τέσσερις\nλέξεις εδώ ναι")
    assert editing.join(rows, 1) == rows
    assert editing.add(rows, 0)[1] == editing.Row("0:05", "0:06", "")
    assert editing.add(rows, -1)[0] == editing.Row("0:00", "0:01", "")
    assert editing.add(rows, 1)[2] == editing.Row("0:07.5", "0:09.5", "")
    assert editing.add([], -1) == [editing.Row("0:00", "0:02", "")]
    assert editing.split([editing.Row("x", "y", "z w")], 0) == [editing.Row("x", "y", "z w")]


def test_all_lines_are_shifted_and_words_replaced() -> None:
    lines = [Cue(1, 2, "ο συνεταιρισμός, συνεταιρισμός"), Cue(3, 4, "άλλο")]
    assert [(c.start, c.end) for c in editing.shift(lines, -1.5)] == [(0, 0.5), (1.5, 2.5)]
    swapped, count = editing.swap(lines, "συνεταιρισμός", "συνεργατική")
    assert (swapped[0].text, count) == ("ο συνεργατική, συνεργατική", 2)
    assert editing.swap(lines, "άλλο", "")[0][1].text == ""

