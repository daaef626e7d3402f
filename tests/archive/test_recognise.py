"""Speech recognition with a real recogniser (PocketSphinx, whose wheel brings its model) on real English speech."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import captions as vtt
from archive.captions import Cue
from archive.models import Asset, CaptionVersion, Recording
from archive.text import recognise
from archive.text.recognise import NotRecognised, tidied, transcribe, understood
from core.jobs import Job, JobState, Transient, run_all
from tests.archive.conftest import Stage, make
from tests.conftest import need

ROOT = Path(__file__).resolve().parents[2]
WRAPPER = [sys.executable, str(ROOT / "deploy" / "recognise_pocketsphinx.py")]
SAID = "Good evening everybody. Today we talk about the cooperative, the farmers and the price of water."
HEARD = {"good", "evening", "today", "cooperative", "farmers", "price", "water"}


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory, media: dict[str, Path]) -> Path:
    """A film in which somebody says SAID, a second of silence before it."""
    need(shutil.which("flite") is not None, "flite")
    need(find_spec("pocketsphinx") is not None, "PocketSphinx")
    folder = tmp_path_factory.mktemp("speech")
    voice = folder / "voice.wav"
    subprocess.run(["flite", "-voice", "rms", "-t", SAID, "-o", str(voice)], check=True)
    sound = ["-i", str(voice), "-af", "adelay=1000:all=1", "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac"]
    return make(folder / "talk.mp4", "-i", str(media["mp4"]), *sound)


@pytest.fixture
def talk(stage: Stage, speech: Path) -> Recording:
    """A recording of that speech, as if it had been checked."""
    found = stage.playable(speech, language="en")
    with stage.world.session() as session:
        session.query(Asset).one().facts = {"video": {"codec": "h264"}, "audio": {"codec": "aac"}}
        session.commit()
    return found


def settings(stage: Stage, **facts: Any) -> None:
    stage.world.app.config.update({"ASR_LANGUAGES": "en", **facts})


def words(cues: list[Cue]) -> set[str]:
    return {word for cue in cues for word in cue.text.split()}


def test_a_command_hears_what_was_said(stage: Stage, speech: Path) -> None:
    settings(stage, ASR_COMMAND=shlex.join([*WRAPPER, "{wav}"]))
    with stage.world.app.app_context():
        assert recognise.languages() == ("en",)
        cues = transcribe(speech, "en", 12)
        with pytest.raises(NotRecognised, match="no recogniser for 'el'"):
            transcribe(speech, "el")
    assert len(HEARD & words(cues)) >= 6
    assert 1 <= cues[0].start < 2
    assert cues[-1].end < 12
    assert vtt.parse(vtt.serialise(cues), 12) == cues
    assert list((stage.media_dir / "work").iterdir()) == []


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/no/such/program {wav}", "no such program"),
        (f"{sys.executable} -c 'import sys; print(1, file=sys.stderr); sys.exit(3)'", "it ended with 3"),
        (f"{sys.executable} -c 'print(\"<html>\")'", "neither WebVTT nor JSON"),
        (f"{sys.executable} -c 'import time; time.sleep(60)'", "longer than 1 s"),
        (f"{sys.executable} -c 'open(\"/tmp/x\", \"w\").write(\"x\" * 9999)'", "it ended with"),
    ],
)
def test_a_command_that_fails_says_why(
    stage: Stage, media: dict[str, Path], monkeypatch: pytest.MonkeyPatch, command: str, told: str
) -> None:
    settings(stage, ASR_COMMAND=command)
    monkeypatch.setattr(recognise, "SHORTEST", 1)
    monkeypatch.setattr(recognise, "TIMES", 0)
    with stage.world.app.app_context(), pytest.raises(NotRecognised, match=told):
        transcribe(media["mp3"], "en", 12)


class Service(BaseHTTPRequestHandler):
    """An own service: takes the form that whisper's servers take, and hears with the same recogniser."""

    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        edge = self.headers["Content-Type"].partition("boundary=")[2].encode()
        parts = [part.partition(b"\r\n\r\n") for part in body.split(b"--" + edge)[1:-1]]
        named = [(head.partition(b'name="')[2].partition(b'"')[0], said) for head, _gap, said in parts]
        sent = {name: said.removesuffix(b"\r\n") for name, said in named}
        answer = b"busy"
        if self.status == 200:
            assert (sent[b"language"], sent[b"response_format"]) == (b"en", b"vtt")
            wav = self.server.folder / "sent.wav"  # type: ignore[attr-defined]
            wav.write_bytes(sent[b"file"])
            answer = subprocess.run([*WRAPPER, str(wav)], check=True, capture_output=True).stdout
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.folder = tmp_path  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_hears_what_was_said(stage: Stage, speech: Path, service: ThreadingHTTPServer) -> None:
    settings(stage, ASR_URL=f"http://127.0.0.1:{service.server_port}/inference")
    with stage.world.app.app_context():
        cues = transcribe(speech, "en", 12)
    assert len(HEARD & words(cues)) >= 6


@pytest.mark.parametrize(("status", "kind"), [(503, Transient), (400, NotRecognised)])
def test_a_service_that_refuses(
    stage: Stage,
    media: dict[str, Path],
    service: ThreadingHTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    kind: type[Exception],
) -> None:
    monkeypatch.setattr(Service, "status", status)
    settings(stage, ASR_URL=f"http://127.0.0.1:{service.server_port}/")
    with stage.world.app.app_context(), pytest.raises(kind, match=str(status)):
        transcribe(media["mp3"], "en", 12)


def test_a_service_that_is_away_is_asked_later(stage: Stage, media: dict[str, Path]) -> None:
    for address, kind in (("http://127.0.0.1:9/", Transient), ("file:///etc/passwd", NotRecognised)):
        settings(stage, ASR_URL=address)
        with stage.world.app.app_context(), pytest.raises(kind):
            transcribe(media["mp3"], "en", 12)


def test_staff_get_a_draft_that_nobody_reads_until_it_is_shown(stage: Stage, talk: Recording) -> None:
    settings(stage, ASR_COMMAND=shlex.join([*WRAPPER, "{wav}"]))
    staff, reader = stage.world.client(stage.staff), stage.world.client(stage.learner)
    address = f"/recordings/{talk.pid}/captions/en"
    assert f'action="{address}/recognise"' in staff.get(f"/recordings/{talk.pid}/manage").text
    assert [staff.post(f"{address}/recognise").status_code for _twice in range(2)] == [303, 303]
    assert "a program is writing a draft" in staff.get(f"/recordings/{talk.pid}/manage").text
    stage.work()
    with stage.world.session() as session:
        made = session.query(CaptionVersion).one()
        assert (made.source, made.state, made.by_id) == ("machine", "draft", stage.staff.id)
        assert session.query(Job).filter_by(kind="archive.recognise").one().state is JobState.DONE
    assert reader.get(f"{address}.vtt").status_code == 404
    assert reader.get(f"/recordings/{talk.pid}/transcript/en.txt?version=1").status_code == 404
    assert "cooperative" not in reader.get(f"/recordings/{talk.pid}").text
    assert "A program wrote this" in staff.get(f"{address}/edit").text
    assert staff.post(f"{address}/recognise").status_code == 303  # the same draft again is no new one
    stage.work()
    assert staff.post(f"{address}/versions/1/show").status_code == 303
    assert "cooperative" in reader.get(f"{address}.vtt").text


def test_silence_and_mistakes_are_told_to_staff(stage: Stage, talk: Recording) -> None:
    settings(stage, ASR_COMMAND=f"{sys.executable} -c 'print(\"WEBVTT\")'")
    staff = stage.world.client(stage.staff)
    assert staff.post(f"/recordings/{talk.pid}/captions/en/recognise").status_code == 303
    with stage.world.app.app_context():
        run_all()
    with stage.world.session() as session:
        assert session.query(Job).filter_by(kind="archive.recognise").one().state is JobState.FAILED
    page = staff.get(f"/recordings/{talk.pid}/manage").text
    assert "the last time it didn't work" in page
    assert "nothing was understood" in page


def test_it_is_off_unless_somebody_sets_it_up(stage: Stage, talk: Recording) -> None:
    staff = stage.world.client(stage.staff)
    assert "/recognise" not in staff.get(f"/recordings/{talk.pid}/manage").text
    assert staff.post(f"/recordings/{talk.pid}/captions/en/recognise").status_code == 409
    settings(stage, ASR_COMMAND="/bin/true")
    for user in (stage.learner, stage.stranger):
        client = stage.world.client(user)
        assert client.post(f"/recordings/{talk.pid}/captions/en/recognise").status_code == 404
    assert stage.world.client(None).post(f"/recordings/{talk.pid}/captions/en/recognise").status_code == 401
    assert staff.post(f"/recordings/{talk.pid}/captions/el/recognise").status_code == 409


WHISPER_CPP = {"transcription": [{"offsets": {"from": 500, "to": 2000}, "text": " Καλησπέρα"}]}
SEGMENTS = {"text": "…", "segments": [{"id": 0, "start": 0.5, "end": 2, "text": " Καλησπέρα"}]}


@pytest.mark.parametrize("answer", [WHISPER_CPP, SEGMENTS, SEGMENTS["segments"]])
def test_the_json_of_whispers_relatives_is_understood(answer: Any) -> None:
    assert tidied(understood(json.dumps(answer).encode()), 9) == [Cue(0.5, 2.0, "Καλησπέρα")]


def test_what_whisper_cpp_prints_is_understood() -> None:
    said = b"\n[00:00:00.000 --> 00:00:02.500]   a < b\n[00:00:02.500 --> 00:00:04.000]  \xce\xbd\xce\xb1\xce\xb9\n\n"
    assert tidied(understood(said), 9) == [Cue(0.0, 2.5, "a < b"), Cue(2.5, 4.0, "ναι")]


@given(st.binary(max_size=200) | st.from_type(float).map(str).map(str.encode) | st.just(b"WEBVTT\n\n9 --> 1\n"))
def test_any_answer_is_understood_or_refused(answer: bytes) -> None:
    try:
        cues = tidied(understood(answer), 9)
    except NotRecognised:
        return
    assert not cues or vtt.checked(cues, 9) == cues


times = st.floats(-5, 30, allow_nan=False)


@given(st.lists(st.builds(Cue, times, times, st.text(max_size=9))))
def test_what_a_machine_says_becomes_good_captions(cues: list[Cue]) -> None:
    tidy = tidied(cues, 9)
    assert not tidy or vtt.parse(vtt.serialise(tidy), 9) == tidy
