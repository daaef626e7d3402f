"""WebVTT: read what somebody uploaded, check it, and write it anew. Uploaded bytes are never served."""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass

import webvtt
from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from core.i18n import timecode
from core.text import clean, fold

LARGEST = 5 << 20  # bytes
SLACK = 2.0  # seconds that the last line may outlast the recording
_TAG = re.compile(r"<[^>]*>")


class BadCaptions(DomainError):
    code = "captions"
    status = 422
    message = _l("These aren't captions in WebVTT. The file begins with the word WEBVTT.")


@dataclass(frozen=True)
class Cue:
    """A line of speech. Times in seconds."""

    start: float
    end: float
    text: str


def parse(data: bytes, duration: float) -> list[Cue]:
    """The cues of the WebVTT file DATA of a recording of DURATION seconds. Raises BadCaptions."""
    if len(data) > LARGEST:
        raise BadCaptions(_l("Captions may have at most 5 MB."))
    try:
        text = data.decode("utf-8-sig")
        found = webvtt.from_buffer(io.StringIO(text))
    except (UnicodeDecodeError, webvtt.errors.MalformedFileError, ValueError, IndexError) as error:
        raise BadCaptions from error
    cues = [Cue(_seconds(c.start), _seconds(c.end), _words(c.text)) for c in found.captions]
    cues = [cue for cue in cues if cue.text]
    _check(cues, duration)
    return cues


def _seconds(stamp: str) -> float:
    """With the milliseconds that the library's own seconds drop."""
    hours, minutes, seconds = stamp.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _words(text: str) -> str:
    """Plain words: tags go, entities become what they stand for."""
    return clean(html.unescape(_TAG.sub("", text)))


def _check(cues: list[Cue], duration: float) -> None:
    if not cues:
        raise BadCaptions(_l("There is no line of speech in this file."))
    before = 0.0
    for cue in cues:
        if cue.start >= cue.end:
            raise BadCaptions(str(_l("The line at %(at)s ends before it begins.")) % {"at": timecode(cue.start)})
        if cue.start < before:
            raise BadCaptions(str(_l("The line at %(at)s is out of order.")) % {"at": timecode(cue.start)})
        if cue.end > duration + SLACK:
            raise BadCaptions(
                str(_l("The line at %(at)s comes after the end of the recording. Are these its captions?"))
                % {"at": timecode(cue.start)}
            )
        before = cue.start


def serialise(cues: list[Cue]) -> bytes:
    """CUES as a WebVTT file of ours."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        # A blank line would end the cue; "-->" inside it would begin another. Escaping settles both.
        lines = [html.escape(line, quote=False) for line in cue.text.split("\n") if line.strip()]
        blocks.append("\n".join([f"{_stamp(cue.start)} --> {_stamp(cue.end)}", *lines]) + "\n")
    return "\n".join(blocks).encode()


def _stamp(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def read(data: bytes) -> list[Cue]:
    """The cues of a file that `serialise` wrote."""
    return parse(data, float("inf"))


def marked(text: str, wanted: str) -> list[tuple[str, bool]]:
    """TEXT in pieces, True for those that say WANTED, whatever the accents and the case; [] when none does.

    Without WANTED the whole of TEXT, unmarked.
    """
    sought = fold(wanted)
    if not sought:
        return [(text, False)]
    # Folding may drop or add letters: which letter of TEXT each folded one came from.
    folded = [(letter, at) for at, whole in enumerate(text) for letter in fold(whole)]
    said = "".join(letter for letter, _at in folded)
    pieces, done, found = [], 0, said.find(sought)
    while found >= 0:
        begin, end = folded[found][1], folded[found + len(sought) - 1][1] + 1
        pieces += [(text[done:begin], False), (text[begin:end], True)]
        done, found = end, said.find(sought, found + len(sought))
    return [(piece, hit) for piece, hit in [*pieces, (text[done:], False)] if piece] if pieces else []
