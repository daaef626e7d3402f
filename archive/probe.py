"""`python -m archive.probe PATH`: read a whole media file and say in JSON what it is.

Runs in archive/sandbox.py and nowhere else: a fault of a parser ends this process only.
Prints {"verdict": code, "numbers": […]} or {"facts": {…}}; needs no application.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import av

from archive.containers import is_cut
from archive.reasons import Reason

DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,flac,mpegts"
OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "file", "enable_drefs": "0"}
SHORTEST, LONGEST = 1, 6 * 3600  # seconds
MOST_PIXELS = 4096 * 2304
TOLERANCE = 2.0  # seconds that the last packet may miss of the declared duration


class Refused(Exception):
    """The file is not taken: REASON and its numbers."""

    def __init__(self, reason: Reason, *numbers: float) -> None:
        super().__init__(reason)
        self.reason = reason
        self.numbers = numbers


def examine(path: Path) -> dict[str, Any]:
    """Facts of the file at PATH. Raises Refused.

    {"container", "duration": seconds, "video": {"codec", "pixels", "width", "height"} | None,
    "audio": {"codec"} | None}
    """
    if path.stat().st_size == 0:
        raise Refused(Reason.EMPTY)
    try:
        container = av.open(str(path), options=OPTIONS)
    except av.error.FFmpegError as error:
        raise Refused(Reason.INCOMPLETE if is_cut(path) else Reason.NOT_MEDIA) from error
    with container:
        facts = _streams(container)
        last = _read_through(container)
        declared = (container.duration or 0) / 1_000_000
    if last < declared - TOLERANCE:
        raise Refused(Reason.CUT, last, declared)
    if is_cut(path):
        raise Refused(Reason.TAIL)
    if last < SHORTEST:
        raise Refused(Reason.SHORT)
    if last > LONGEST:
        raise Refused(Reason.LONG, last)
    return facts | {"duration": round(last, 3)}


def _streams(container: Any) -> dict[str, Any]:
    video = next((s for s in container.streams.video if not s.disposition & s.disposition.attached_pic), None)
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


def _read_through(container: Any) -> float:
    """The second at which the last packet ends, counted from the first one."""
    first: float | None = None
    last = 0.0
    streams = [*container.streams.video, *container.streams.audio]
    try:
        for packet in container.demux(streams):
            if packet.pts is None:
                continue
            start = float(packet.pts * packet.time_base)
            first = start if first is None else min(first, start)
            last = max(last, start + float((packet.duration or 0) * packet.time_base))
            if last - first > 2 * LONGEST:
                raise Refused(Reason.LONG, last - first)
    except av.error.FFmpegError as error:
        raise Refused(Reason.DAMAGED, last - (first or 0)) from error
    return last - (first or 0)


def main(path: str) -> None:
    try:
        answer: dict[str, Any] = {"facts": examine(Path(path))}
    except Refused as refused:
        answer = {"verdict": refused.reason, "numbers": list(refused.numbers)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
