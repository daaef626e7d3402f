"""Having a program write down what is said: a command of this machine, or a service of one's own.

Off unless the settings name one (ASR_COMMAND or ASR_URL, and ASR_LANGUAGES). What comes back is a draft: people
correct it before anybody reads it.
"""

from __future__ import annotations

import json
import re
import secrets
import shlex
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from flask import current_app

from archive.captions import SLACK, BadCaptions, Cue, cues_of, exact, words
from archive.pipeline.ffmpeg import Effort, convert
from archive.sandbox import Limits, TimedOut, run
from core.db import db
from core.jobs import Permanent, Transient
from core.storage import storage

RATE = 16_000  # samples a second, 16 bits each, one channel
SHORTEST = 120  # seconds that a recogniser gets in any case: its model has to be read
TIMES = 3  # as long as the sound lasts, and it is stopped
MOST = 8 << 20  # bytes of an answer
# «[00:00:00.000 --> 00:00:02.500]  words», a line each
_PRINTED = re.compile(r"^\[([\d:.]+ --> [\d:.]+)\] *(.*)$", re.MULTILINE)
UNKNOWN = 600.0  # seconds, when nobody says how long the sound is


class NotRecognised(Permanent):
    """No usable text came back; the sentence is for staff, the last lines of the program with it."""

    reason = "asr"


def languages() -> tuple[str, ...]:
    """The languages that can be recognised here; none while it is off."""
    settings = current_app.config
    if not (settings["ASR_COMMAND"] or settings["ASR_URL"]):
        return ()
    return tuple(code for code in settings["ASR_LANGUAGES"].replace(",", " ").split() if code)


def transcribe(path: Path, language: str, seconds: float = UNKNOWN, within: int = 0) -> list[Cue]:
    """What is said in LANGUAGE in the media file at PATH, which lasts about SECONDS; [] when nothing is.

    Takes up to three times as long as the sound, or WITHIN seconds when somebody waits. Raises NotRecognised, Transient
    (an answer may come later), and what archive/pipeline/ffmpeg.py raises.
    """
    if language not in languages():
        raise NotRecognised(f"no recogniser for {language!r}")
    with tempfile.TemporaryDirectory(dir=storage().scratch(), prefix="asr-") as folder:
        sound = _sound(path, Path(folder), seconds)
        length = max(0.0, (sound.stat().st_size - 44) / (2 * RATE))
        limit = within or int(max(SHORTEST, TIMES * length))
        ask = _by_service if current_app.config["ASR_URL"] else _by_command
        db.session.commit()  # nothing stays open for as long as this takes
        return tidied(understood(ask(sound, language, limit)), length)


def _sound(path: Path, folder: Path, seconds: float) -> Path:
    """The sound of PATH as recognisers want it."""
    target = folder / "sound.wav"
    only = ["-map", "0:a:0", "-vn", "-dn", "-sn", "-map_metadata", "-1"]
    shape = ["-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le", "-f", "wav"]
    convert(path, [*only, *shape, str(target)], Effort(int(2 * RATE * seconds * 1.1), seconds))
    return target


def _by_command(sound: Path, language: str, limit: int) -> bytes:
    """What the program of ASR_COMMAND prints about SOUND, in the sandbox. Raises NotRecognised."""
    settings = current_app.config
    words_of_it = shlex.split(settings["ASR_COMMAND"])
    command = [word.replace("{wav}", str(sound)).replace("{language}", language) for word in words_of_it]
    program = shutil.which(command[0])
    if program is None:
        raise NotRecognised(f"no such program: {command[0]}")
    # By as many processors as there may be: the clock on the wall is what counts.
    limits = Limits(memory=settings["ASR_MEMORY"], cpu=8 * limit, seconds=limit)
    try:
        done = run([program, *command[1:]], limits)
    except TimedOut as late:
        raise NotRecognised(f"longer than {limit} s") from late
    if done.code:
        raise NotRecognised(f"it ended with {done.code}\n{done.err[-1500:].decode(errors='replace')}")
    return done.out


def _by_service(sound: Path, language: str, limit: int) -> bytes:
    """What the service at ASR_URL answers to SOUND. Raises NotRecognised, Transient."""
    edge = secrets.token_hex(16)
    head, tail = _form(edge, {"language": language, "response_format": "vtt"}), f"\r\n--{edge}--\r\n".encode()
    request = urllib.request.Request(  # noqa: S310 - the operator's own address, checked below
        current_app.config["ASR_URL"],
        data=_sent(head, sound, tail),
        headers={
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Content-Length": str(len(head) + sound.stat().st_size + len(tail)),
            "Accept": "text/vtt, application/json",
        },
    )
    if request.type not in {"http", "https"}:
        raise NotRecognised("ASR_URL must begin with http:// or https://")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=limit) as answer:
            return bytes(answer.read(MOST))
    except urllib.error.HTTPError as refused:
        if refused.code >= 500:  # it may be starting
            raise Transient(f"{refused.code} from the service") from refused
        said = refused.read(1500).decode(errors="replace")
        raise NotRecognised(f"{refused.code} from the service\n{said}") from refused
    except OSError as error:
        raise Transient(f"the service doesn't answer: {error}") from error


def _form(edge: str, fields: dict[str, str]) -> bytes:
    """The beginning of a form with FIELDS, up to the bytes of its file."""
    head = f"--{edge}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    return "".join([*parts, f'{head}"file"; filename="sound.wav"\r\nContent-Type: audio/wav\r\n\r\n']).encode()


def _sent(head: bytes, sound: Path, tail: bytes) -> Iterator[bytes]:
    yield head
    with sound.open("rb") as file:
        while block := file.read(1 << 20):
            yield block
    yield tail


def understood(answer: bytes) -> list[Cue]:
    """The lines of an ANSWER in WebVTT, as whisper.cpp prints them, or in the JSON of its relatives.

    Raises NotRecognised.
    """
    try:
        if printed := _PRINTED.findall(answer.decode(errors="replace")):
            return cues_of("\n\n".join(["WEBVTT", *(f"{times}\n{escape(said)}" for times, said in printed)]).encode())
        if answer.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"WEBVTT"):
            return cues_of(answer.lstrip(b"\xef\xbb\xbf \r\n"))
        return [_cue(one) for one in _segments(json.loads(answer))]
    except (BadCaptions, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotRecognised(f"neither WebVTT nor JSON: {answer[:200].decode(errors='replace')!r}") from error


def _segments(found: Any) -> Iterable[Any]:
    """[{"start", "end": seconds, "text"}] itself, in "segments", or as whisper.cpp writes it in "transcription"."""
    if isinstance(found, dict):
        return list(found["segments"] if "segments" in found else found["transcription"])
    return list(found)


def _cue(one: Any) -> Cue:
    if "offsets" in one:
        return Cue(float(one["offsets"]["from"]) / 1000, float(one["offsets"]["to"]) / 1000, str(one["text"]))
    return Cue(float(one["start"]), float(one["end"]), str(one["text"]))


def tidied(cues: Iterable[Cue], length: float) -> list[Cue]:
    """CUES as captions must be: in order, inside of LENGTH seconds, none empty. Machines are careless with that."""
    found = [Cue(exact(max(0.0, one.start)), exact(min(one.end, length + SLACK)), words(one.text)) for one in cues]
    return sorted((one for one in found if one.text and one.start < one.end), key=lambda one: (one.start, one.end))
