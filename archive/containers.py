"""What a media file says about its own length, read from its first bytes: is it whole?

A demuxer forgives a file that ends early. Containers state their size, so we look ourselves.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

_BOX_HEAD = 8  # bytes: length and name
_OGG_PAGE = 65_307  # bytes of a page at most
_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"


def extension(path: Path) -> str:
    """The ending we give the file, by its content: never the one it came with."""
    with path.open("rb") as file:
        head = file.read(64)
    if head[4:8] == b"ftyp":
        return "mov" if head[8:10] == b"qt" else "mp4"
    if head.startswith(_EBML):
        return "webm" if b"webm" in head else "mkv"
    for magic, ending in ((b"OggS", "ogg"), (b"ID3", "mp3"), (b"\xff\xfb", "mp3"), (b"fLaC", "flac"), (b"G", "ts")):
        if head.startswith(magic):
            return ending
    return "wav" if head[:4] == b"RIFF" and head[8:12] == b"WAVE" else "bin"


def is_cut(path: Path) -> bool:
    """True when the container promises more bytes than there are."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        file.seek(0)
        if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}:
            return _boxes_overrun(file, size)
        if head[:4] == _EBML:
            return _segment_overruns(file, size)
        if head[:4] == b"RIFF":
            return int.from_bytes(head[4:8], "little") not in {0, 0xFFFFFFFF} and size < _le(head[4:8]) + 8
        if head[:4] == b"OggS":
            return _last_page_missing(file, size)
        if head[:3] == b"ID3" or head[:2] == b"\xff\xfb":
            return _frames_overrun(file, size, head)
    return False


def _le(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _boxes_overrun(file: BinaryIO, size: int) -> bool:
    """MP4: a chain of boxes, each with its length (1: a long length follows, 0: up to the end)."""
    at = 0
    while at + _BOX_HEAD <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length == 0:
            return False
        if length < _BOX_HEAD or at + length > size:
            return True
        at += length
    return at != size


def _segment_overruns(file: BinaryIO, size: int) -> bool:
    """Matroska: one header, one segment; a live recorder leaves the segment's length unknown."""
    file.seek(4)
    length = _vint(file)
    file.seek(length or 0, os.SEEK_CUR)
    if file.read(4) != _SEGMENT:
        return True
    length = _vint(file)
    return length is not None and file.tell() + length > size


def _last_page_missing(file: BinaryIO, size: int) -> bool:
    """Ogg: the last page is marked as the last, and is whole."""
    start = max(0, size - _OGG_PAGE)
    file.seek(start)
    data = file.read()
    at = data.rfind(b"OggS")
    segments = data[at + 26] if at >= 0 and len(data) > at + 26 else 0
    table = data[at + 27 : at + 27 + segments]
    whole = len(table) == segments and at + 27 + segments + sum(table) <= len(data)
    return at < 0 or len(data) <= at + 26 or not data[at + 5] & 4 or not whole


def _frames_overrun(file: BinaryIO, size: int, head: bytes) -> bool:
    """MP3: encoders write into a first, silent frame how many bytes follow; without it nobody knows."""
    at = 0
    if head[:3] == b"ID3":
        at = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
    file.seek(at)
    frame = file.read(256)
    found = max(frame.find(b"Xing"), frame.find(b"Info"))
    flags = int.from_bytes(frame[found + 4 : found + 8], "big")
    if found < 0 or not flags & 2:
        return False
    place = found + 8 + (4 if flags & 1 else 0)
    return at + int.from_bytes(frame[place : place + 4], "big") > size


def _vint(file: BinaryIO) -> int | None:
    """A variable-length number: the leading zeros of its first byte say how many bytes follow."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    extra = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] & ((1 << (7 - extra)) - 1)]) + file.read(extra), "big")
    return None if value == (1 << (7 * (extra + 1))) - 1 else value
