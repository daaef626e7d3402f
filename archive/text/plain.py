"""Plain text: with the moment before each line, or words alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise

from archive import timecodes
from archive.captions import BadCaptions, Cue, checked, decoded, exact, words
from core.i18n import timecode

LONGEST = 84  # letters of a cue that is made of a text without lines: two lines on a screen
PAUSE = 2.0  # seconds of silence that begin a new paragraph
PARAGRAPH = 60.0  # seconds
PACE = 12.0  # letters a second, read slowly
_MOMENT = re.compile(r"^\s*[\[(]?\s*((?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?)\s*[\])]?\s*[-–:]?\s+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.;!?…·])\s+")


def parse(data: bytes, duration: float) -> tuple[list[Cue], bool]:
    """The cues of the text DATA, and whether their times are its own; else they are shared out. Raises BadCaptions."""
    lines = [line for line in (words(one) for one in decoded(data).splitlines()) if line]
    if not lines:
        raise BadCaptions(BadCaptions.none)
    if _MOMENT.match(lines[0]):
        return checked(list(_timed(lines, duration)), duration), True
    pieces = [piece for line in lines for piece in _pieces(line)]
    return checked(list(_shared_out(pieces, duration)), duration), False


def _timed(lines: Sequence[str], duration: float) -> Iterator[Cue]:
    """Each line with its moment, until the next one's; lines without one belong to the line before."""
    found: list[tuple[float, str]] = []
    for line in lines:
        moment = _MOMENT.match(line)
        at = timecodes.parse(moment[1].replace(",", ".")) if moment else None
        if moment is None or at is None:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line}")
        else:
            found.append((exact(at), line[moment.end() :]))
    for (start, text), (following, _next) in pairwise([*found, (duration, "")]):
        needed = max(2.0, len(text) / PACE)
        end = min(following, start + needed) if following > start else start + needed
        yield Cue(start, exact(end), words(text))


def _pieces(line: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(line):
        yield from textwrap.wrap(sentence, LONGEST)


def _shared_out(pieces: Sequence[str], duration: float) -> Iterator[Cue]:
    """PIECES one after the other, each as long as it has letters."""
    letters, said = sum(len(piece) for piece in pieces), 0
    for piece in pieces:
        start = exact(duration * said / letters)
        said += len(piece)
        yield Cue(start, exact(duration * said / letters), piece)


def write(cues: Sequence[Cue], *, times: bool) -> bytes:
    """CUES for reading: a line each with its moment, or in paragraphs without."""
    if times:
        lines = [f"[{timecode(cue.start)}] {' '.join(cue.text.split())}" for cue in cues]
        return ("\n".join(lines) + "\n").encode()
    return ("\n\n".join(paragraphs(cues)) + "\n").encode()


def paragraphs(cues: Sequence[Cue]) -> list[str]:
    """The words of CUES, parted where nobody speaks and after a minute at the end of a sentence."""
    parts: list[list[Cue]] = []
    for cue in cues:
        last = parts[-1] if parts else None
        long = last is not None and cue.start - last[0].start > PARAGRAPH and last[-1].text[-1] in ".;!?…»"
        if last is None or cue.start - last[-1].end > PAUSE or long:
            parts.append([cue])
        else:
            last.append(cue)
    return [" ".join(word for cue in part for word in cue.text.split()) for part in parts]
