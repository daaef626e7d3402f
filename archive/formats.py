"""What browsers play as it is, and what must be rewrapped or encoded first."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask_babel import format_decimal

MIMETYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "ts": "video/mp2t",
    "opus": "audio/ogg",
    "m4s": "video/mp4",
    "m3u8": "application/vnd.apple.mpegurl",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "vtt": "text/vtt",
    "bin": "application/octet-stream",
}


class Way(Enum):
    """How a file becomes playable."""

    AS_IS = "as is"
    REWRAP = "rewrap"  # the same picture and sound in MP4
    ENCODE = "encode"


def way(facts: dict[str, Any], extension: str) -> Way:
    """The least work that makes the file of FACTS (archive/probe.py) playable everywhere."""
    video, audio = facts["video"], facts["audio"]
    sound = audio["codec"] if audio else None
    if video is None:
        return Way.AS_IS if extension == "mp3" else Way.ENCODE
    for_mp4 = video["codec"] == "h264" and video["pixels"] in {"yuv420p", "yuvj420p"} and sound in {"aac", "mp3", None}
    if for_mp4:
        return Way.AS_IS if extension == "mp4" else Way.REWRAP
    for_webm = _family(video["codec"]) in {"vp8", "vp9", "av1"} and sound in {"opus", "vorbis", None}
    return Way.AS_IS if for_webm and extension == "webm" else Way.ENCODE


def _family(codec: str) -> str:
    """The format of a decoder's name: libdav1d and libaom-av1 both read AV1."""
    for name in ("vp8", "vp9", "av1"):
        if name in codec:
            return name
    return codec


def size_words(size: int) -> str:
    """SIZE in bytes as people read it: «612 MB», «1,2 GB», «140 KB»."""
    for unit, bytes_each in (("GB", 10**9), ("MB", 10**6)):
        if size >= bytes_each:
            pattern = "#,##0" if size >= 10 * bytes_each else "#,##0.#"
            return f"{format_decimal(size / bytes_each, format=pattern)} {unit}"
    return f"{max(1, round(size / 1000))} KB"
