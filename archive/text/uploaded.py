"""The words of a file that somebody chose: WebVTT, SubRip or plain text, told by what is in it, then by its name."""

from __future__ import annotations

from archive import captions
from archive.captions import Cue
from archive.text import plain, subrip


def parse(data: bytes, name: str, duration: float) -> tuple[list[Cue], bool]:
    """The cues of DATA from the file NAME, and whether their times come from it. Raises BadCaptions."""
    ending = name.rpartition(".")[2].lower()
    if data.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT") or ending not in {"srt", "txt"}:
        return captions.parse(data, duration), True
    if ending == "srt":
        return subrip.parse(data, duration), True
    return plain.parse(data, duration)
