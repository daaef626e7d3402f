"""WebVTT: read what somebody uploaded, check it, and write it anew. Uploaded bytes are never served."""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import webvtt
from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from core.i18n import timecode
from core.text import clean, fold

LARGEST = 5 << 20  # bytes
MOST = 20_000  # lines: nobody speaks faster for six hours
SLACK = 2.0  # seconds that the last line may outlast the recording
_TAG = re.compile(r"<[^>]*>")


class BadCaptions(DomainError):
    code = "captions"
    status = 422
    message = _l("These aren't captions. A .vtt file begins with the word WEBVTT, in an .srt file each line has times.")
    none = _l("There is no line of speech in this file.")


@dataclass(frozen=True)
class Cue:
    """A line of speech. Times in seconds."""

    start: float
    end: float
    text: str


def parse(data: bytes, duration: float) -> list[Cue]:
    """The cues of the WebVTT file DATA of a recording of DURATION seconds. Raises BadCaptions."""
    return checked(cues_of(data), duration)


def cues_of(data: bytes) -> list[Cue]:
    """What the WebVTT file DATA says, whether its times make sense or not. Raises BadCaptions."""
    try:
        found = webvtt.from_buffer(io.StringIO(decoded(data)))
    except (webvtt.errors.MalformedFileError, ValueError, IndexError) as error:
        raise BadCaptions from error
    return [Cue(_seconds(c.start), _seconds(c.end), words(html.unescape(_TAG.sub("", c.text)))) for c in found.captions]


def decoded(data: bytes) -> str:
    """The text of an uploaded file. Raises BadCaptions when it is too large or no text."""
    if len(data) > LARGEST:
        raise BadCaptions(_l("Captions may have at most 5 MB."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCaptions from error


def _seconds(stamp: str) -> float:
    """With the milliseconds that the library's own seconds drop."""
    hours, minutes, seconds = stamp.split(":")
    return exact(int(hours) * 3600 + int(minutes) * 60 + float(seconds))


def exact(seconds: float) -> float:
    """SECONDS to the millisecond, as every format writes them."""
    return round(seconds, 3)


def words(text: str) -> str:
    """The plain lines of TEXT, without empty ones."""
    lines = (" ".join(line.split()) for line in clean(text).splitlines())
    return "\n".join(line for line in lines if line)


def checked(cues: Sequence[Cue], duration: float) -> list[Cue]:
    """CUES without the empty ones. Raises BadCaptions, with the first fault as its sentence."""
    kept = [cue for cue in cues if cue.text]
    if not kept:
        raise BadCaptions(BadCaptions.none)
    if len(kept) > MOST:
        raise BadCaptions(_l("Captions may have at most 20,000 lines."))
    for at in sorted(wrong := faults(kept, duration)):
        raise BadCaptions(wrong[at])
    return kept


def faults(cues: Sequence[Cue], duration: float, after: float = 0.0, before: float = math.inf) -> dict[int, str]:
    """{index of a cue: what is wrong with its times}; the cue before these begins AFTER, the next one BEFORE."""
    found: dict[int, str] = {}
    for index, cue in enumerate(cues):
        at = {"at": timecode(cue.start)}
        if cue.start >= cue.end:
            found[index] = str(_l("The line at %(at)s ends before it begins.")) % at
        elif cue.start < after or cue.start > before:
            found[index] = str(_l("The line at %(at)s is out of order.")) % at
        elif cue.end > duration + SLACK:
            told = _l("The line at %(at)s comes after the end of the recording. Are these its captions?")
            found[index] = str(told) % at
        after = after if index in found else cue.start
    return found


def serialise(cues: Sequence[Cue]) -> bytes:
    """CUES as a WebVTT file of ours."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        # "-->" inside a cue would begin another: escaping settles it. Empty lines never come here (`words`).
        lines = [html.escape(line, quote=False) for line in cue.text.split("\n")]
        blocks.append("\n".join([f"{stamp(cue.start)} --> {stamp(cue.end)}", *lines]) + "\n")
    return "\n".join(blocks).encode()


def stamp(seconds: float) -> str:
    """«01:02:03.250», as WebVTT writes it."""
    full, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{full // 3600:02}:{full // 60 % 60:02}:{full % 60:02}.{thousandths:03}"


def read(data: bytes) -> list[Cue]:
    """The cues of a file that `serialise` wrote: many times faster than `parse`, and not for anything else."""
    return [_own(block) for block in data.decode().rstrip("\n").split("\n\n")[1:]]


def _own(block: str) -> Cue:
    times, _line, said = block.partition("\n")
    start, _arrow, end = times.partition(" --> ")
    return Cue(_seconds(start), _seconds(end), html.unescape(said))


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
