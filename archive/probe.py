"""`python -m archive.probe PATH`: read a whole media file and say in JSON what it is.

Runs in archive/sandbox.py and nowhere else: a fault of a parser ends this process only.
Prints {"verdict": code, "numbers": […]} or {"facts": {…}}; needs no application.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

from archive.containers import is_cut
from archive.reasons import Reason
from archive.sandbox import DEMUXERS, MOST_PIXELS

OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "file", "enable_drefs": "0"}
SHORTEST, LONGEST = 1, 6 * 3600  # seconds
TOLERANCE = 2.0  # seconds that the last packet may miss of the declared duration
EXACT = {"flac": 0.01}  # the same for those that count their samples
MOST_CHAPTERS = 500


class Refused(Exception):
    """The file is not taken: REASON and its numbers."""

    def __init__(self, reason: Reason, *numbers: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.numbers = numbers


def examine(path: Path) -> dict[str, Any]:
    """Facts of the file at PATH. Raises Refused.

    {"container", "duration": seconds, "video": {"codec", "pixels", "width", "height"} | None,
    "audio": {"codec"} | None, "gop": the most seconds between two key frames, "keys": how many there are,
    "chapters": [{"start", "end": seconds, "title"}]}
    """
    if path.stat().st_size == 0:
        raise Refused(Reason.EMPTY)
    try:
        container = av.open(str(path), options=OPTIONS)
    except av.error.FFmpegError as error:
        raise Refused(Reason.INCOMPLETE if is_cut(path) else Reason.NOT_MEDIA) from error
    with container:
        facts = _streams(container) | {"chapters": _chapters(container)}
        declared = (container.duration or 0) / 1_000_000
        if declared > LONGEST:
            raise Refused(Reason.LONG, declared)
        walk = _Walk(container)
        walk.through(container)
    if walk.length < declared - EXACT.get(facts["container"], TOLERANCE):
        raise Refused(Reason.CUT, walk.length, declared)
    if is_cut(path):
        raise Refused(Reason.TAIL)
    if walk.length < SHORTEST:
        raise Refused(Reason.SHORT)
    if walk.length > LONGEST:
        raise Refused(Reason.LONG, walk.length)
    return facts | {"duration": round(walk.length, 3), "gop": round(walk.longest_gop, 3), "keys": len(walk.keys)}


def _picture(container: Any) -> Any:
    """The stream that is looked at; a cover isn't one."""
    return next((s for s in container.streams.video if not s.disposition & s.disposition.attached_pic), None)


def _streams(container: Any) -> dict[str, Any]:
    video = _picture(container)
    audio = next(iter(container.streams.audio), None)
    if video is None and audio is None:
        raise Refused(Reason.NO_STREAM)
    picture = None
    if video is not None:
        about = video.codec_context
        if about.width * about.height > MOST_PIXELS:
            raise Refused(Reason.PIXELS, about.width, about.height)
        picture = {"codec": about.name, "pixels": about.pix_fmt, "width": about.width, "height": about.height}
    sound = {"codec": audio.codec_context.name.removesuffix("float")} if audio is not None else None
    return {"container": container.format.name, "video": picture, "audio": sound}


def _chapters(container: Any) -> list[dict[str, Any]]:
    """Marks that the recording program or an editor left."""
    return [
        {
            "start": round(float(chapter["start"] * chapter["time_base"]), 3),
            "end": round(float(chapter["end"] * chapter["time_base"]), 3),
            "title": str(chapter["metadata"].get("title", ""))[:200],
        }
        for chapter in container.chapters()[:MOST_CHAPTERS]
    ]


class _Walk:
    """From the first packet to the last: how long that is, and where the key frames are."""

    def __init__(self, container: Any) -> None:
        picture = _picture(container)
        self.picture = picture.index if picture is not None else -1
        self.first: float | None = None
        self.last = 0.0
        self.keys: list[float] = []

    @property
    def length(self) -> float:
        """Seconds from the first packet's begin to the last one's end."""
        return self.last - (self.first or 0)

    @property
    def longest_gop(self) -> float:
        """Seconds; 0 without a picture."""
        marks = [*sorted(self.keys), self.last]
        return max((after - before for before, after in pairwise(marks)), default=0.0)

    def through(self, container: Any) -> None:
        """Read every packet. Raises Refused where that ends too early, or never."""
        try:
            for packet in container.demux([*container.streams.video, *container.streams.audio]):
                if packet.pts is not None:
                    self._take(packet)
        except av.error.FFmpegError as error:
            raise Refused(Reason.DAMAGED, self.length) from error

    def _take(self, packet: Any) -> None:
        start = float(packet.pts * packet.time_base)
        self.first = start if self.first is None else min(self.first, start)
        self.last = max(self.last, start + float((packet.duration or 0) * packet.time_base))
        if packet.is_keyframe and packet.stream.index == self.picture:
            self.keys.append(start)
        if self.length > 2 * LONGEST:
            raise Refused(Reason.LONG, self.length)


def main(path: str) -> None:
    try:
        answer: dict[str, Any] = {"facts": examine(Path(path))}
    except Refused as refused:
        answer = {"verdict": refused.reason, "numbers": list(refused.numbers)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
