"""SubRip (.srt): the same lines and times in the format that most players of files know."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.captions import BadCaptions, Cue, checked, decoded, exact, stamp, words

_TIME = r"(\d{1,2}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
# The marks that players know; any other "<" is what somebody said.
_MARKS = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)


def parse(data: bytes, duration: float) -> list[Cue]:
    """The cues of the SubRip file DATA of a recording of DURATION seconds. Raises BadCaptions."""
    lines = decoded(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    begins = [(number, found) for number, line in enumerate(lines) if (found := _TIMES.match(line))]
    if not begins:
        raise BadCaptions
    cues = []
    for index, (number, times) in enumerate(begins):
        end = begins[index + 1][0] if index + 1 < len(begins) else len(lines)
        said = _until_blank(lines[number + 1 : end])
        cues.append(Cue(_seconds(times.groups()[:4]), _seconds(times.groups()[4:]), words(_MARKS.sub("", said))))
    return checked(cues, duration)


def _until_blank(lines: Sequence[str]) -> str:
    """The lines of one cue: an empty one ends it, and the next cue's number follows."""
    blank = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    return "\n".join(lines[:blank])


def _seconds(parts: Sequence[str]) -> float:
    hours, minutes, seconds, fraction = parts
    return exact(int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}"))


def write(cues: Sequence[Cue]) -> bytes:
    """CUES as a SubRip file of ours."""
    blocks = []
    for number, cue in enumerate(cues, 1):
        times = f"{stamp(cue.start)} --> {stamp(cue.end)}".replace(".", ",")
        # The format has no way to escape: an arrow in the words would begin another cue.
        blocks.append(f"{number}\n{times}\n{cue.text.replace('-->', '→')}\n")
    return "\n".join(blocks).encode()
