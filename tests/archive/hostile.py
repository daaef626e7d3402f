"""Forty files that somebody might send by mistake or to do harm, each with the reasons it may be refused for."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.archive.conftest import H264, PICTURE, SOUND, make

NOT_MEDIA, CUT, TAIL, DAMAGED, INCOMPLETE = "not_media", "cut", "tail", "damaged", "incomplete"


def texts(port: int) -> dict[str, tuple[str, str]]:
    """{what: (text, reason)}: scripts and playlists under the name of a film; PORT of loopback listens."""
    url, secret = f"http://127.0.0.1:{port}", "/etc/passwd"
    stream = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{}\n#EXT-X-ENDLIST\n"
    return {
        "a playlist of files": (stream.format(f"file://{secret}"), NOT_MEDIA),
        "a playlist of addresses": (stream.format(f"{url}/a.ts"), NOT_MEDIA),
        "a playlist with a key elsewhere": (
            stream.format(f'a.ts\n#EXT-X-KEY:METHOD=AES-128,URI="{url}/key"'), NOT_MEDIA
        ),
        "a master playlist": (f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{url}/b.m3u8\n", NOT_MEDIA),
        "a playlist of playlists through concat": (stream.format(f"concat:{url}/a|file://{secret}"), NOT_MEDIA),
        "an ffconcat script": (f"ffconcat version 1.0\nfile '{secret}'\nfile '{url}/c.mp4'\n", NOT_MEDIA),
        "a DASH manifest": (
            f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}</BaseURL></MPD>', NOT_MEDIA
        ),
        "an SDP": (f"v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\n", NOT_MEDIA),
        "an ASX": (f'<asx version="3.0"><entry><ref href="{url}/e.wmv"/></entry></asx>', NOT_MEDIA),
        "a PLS": (f"[playlist]\nFile1={url}/f.mp3\nNumberOfEntries=1\n", NOT_MEDIA),
        "a page": ("<!doctype html><script>alert(1)</script>", NOT_MEDIA),
        "a drawing with a script": (
            f'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="{url}/g"/></svg>', NOT_MEDIA
        ),
        "subtitles with a script": ("1\n00:00:00,000 --> 00:00:05,000\n<script>alert(1)</script>\n", NOT_MEDIA),
        "captions with a script": ("WEBVTT\n\n00:00.000 --> 00:05.000\n<img src=x onerror=alert(1)>\n", NOT_MEDIA),
        "styled subtitles with a font elsewhere": (f"[Script Info]\n[V4+ Styles]\nStyle: {url}/font\n", NOT_MEDIA),
        "minutes renamed": ("Πρακτικά της συνάντησης\n" * 50, NOT_MEDIA),
    }


def boxes(*content: tuple[bytes, bytes]) -> bytes:
    """MP4 boxes, one after the other."""
    return b"".join(struct.pack(">I", len(body) + 8) + name + body for name, body in content)


def blobs(media: dict[str, Path]) -> dict[str, tuple[bytes, str]]:
    """{what: (bytes, reason)}: noise, archives, empty shells."""
    noise = random.Random(4)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/cron.d/a", "x")
    whole = media["mp4"].read_bytes()
    ftyp = (b"ftyp", b"isom\0\0\2\0isomiso2")
    return {
        "random bytes": (noise.randbytes(100_000), NOT_MEDIA),
        "zeros": (bytes(100_000), NOT_MEDIA),
        "one byte": (b"\0", NOT_MEDIA),
        "an archive": (packed.getvalue(), NOT_MEDIA),
        "a program": (b"\x7fELF\2\1\1" + bytes(1000), NOT_MEDIA),
        "an mp4 of nothing": (boxes(ftyp, (b"moov", b"")), "not_media no_stream incomplete"),
        "an mp4 that is only a head": (boxes(ftyp), "not_media no_stream incomplete"),
        "an mp4 of boxes in boxes": (_nested(ftyp), "not_media no_stream incomplete"),
        "an mp4 with a box of 2^63": (_endless(ftyp), "not_media incomplete no_stream"),
        "a film and an archive in one": (whole + packed.getvalue(), "tail"),
        "a film and a page in one": (whole + b"<script>alert(1)</script>", "tail"),
        "a film full of noise": (_noised(whole, noise), "damaged cut tail incomplete not_media unplayable no_stream"),
        "an mkv that never ends its head": (b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 500, "not_media incomplete no_stream"),
    }


def _endless(ftyp: tuple[bytes, bytes]) -> bytes:
    return boxes(ftyp) + b"\0\0\0\1moov\x7f" + b"\xff" * 7


def _nested(ftyp: tuple[bytes, bytes]) -> bytes:
    body = b""
    for _ in range(3000):
        body = boxes((b"moov", body))
    return boxes(ftyp) + body


def _noised(whole: bytes, noise: random.Random) -> bytes:
    start = whole.index(b"moov") + 8
    return whole[:start] + noise.randbytes(len(whole) - start)


def cuts(media: dict[str, Path]) -> dict[str, tuple[bytes, str]]:
    """{what: (bytes, reason)}: copies that broke off."""
    def part(name: str, share: float) -> bytes:
        data = media[name].read_bytes()
        return data[: int(len(data) * share)]

    return {
        "an mp4 cut in the middle": (part("mp4", 0.6), "cut"),
        "an mp4 without its last hundredth": (part("mp4", 0.99), "tail"),
        "an mp4 cut before its index": (part("late", 0.6), "incomplete"),
        "an mkv cut in the middle": (part("mkv", 0.6), "cut"),
        "a webm cut in the middle": (part("webm", 0.6), "cut"),
        "a wav cut in the middle": (part("wav", 0.6), "tail"),
        "an mp3 cut in the middle": (part("mp3", 0.6), "cut"),
    }


def films(folder: Path) -> dict[str, tuple[Path, str]]:
    """{what: (file, reason)}: made with ffmpeg, whole, and still not to be taken."""
    cover = make(folder / "cover.png", "-f", "lavfi", "-i", "color=s=64x64:d=1", "-frames:v", "1")
    words = folder / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:09,000\n<script>alert(1)</script>\n")
    slow = ["-vf", "setpts=PTS*1728000", "-fps_mode", "vfr"]
    long = ["-f", "lavfi", "-i", "color=s=16x16:r=1:d=2", *slow, "-c:v", "mjpeg"]
    return {
        "8192 by 8192 pixels": (
            make(folder / "huge.mp4", "-f", "lavfi", "-i", "color=s=8192x8192:r=1:d=2", "-c:v", "libx264"), "pixels"
        ),
        "twenty days": (make(folder / "days.mkv", *long), "long"),
        "less than a second": (make(folder / "short.mp4", *PICTURE, *H264, "-t", "0.4"), "short"),
        "words alone": (make(folder / "words.mkv", "-i", str(words), "-c:s", "srt"), "no_stream"),
        "a picture alone": (cover, NOT_MEDIA),
        "an animation": (make(folder / "a.gif", *PICTURE, "-t", "2"), NOT_MEDIA),
        "an AVI": (make(folder / "a.avi", *PICTURE, *SOUND, "-t", "2"), NOT_MEDIA),
    }


def corpus(folder: Path, media: dict[str, Path], port: int) -> Iterator[tuple[str, Path, set[str]]]:
    """Each file with what it is and the reasons that name its cause. All are called .mp4, as people would send them."""
    written: dict[str, tuple[bytes, str]] = {
        **{what: (text.encode(), reason) for what, (text, reason) in texts(port).items()},
        **blobs(media),
        **cuts(media),
    }
    for number, (what, (data, reasons)) in enumerate(written.items()):
        path = folder / f"{number}.mp4"
        path.write_bytes(data)
        yield what, path, set(reasons.split())
    for what, (path, reasons) in films(folder).items():
        yield what, path, set(reasons.split())


def odd(folder: Path, media: dict[str, Path]) -> dict[str, Path]:
    """{what: a file that is strange and whole}: these are taken, without what doesn't belong."""
    note = folder / "note.html"
    note.write_text("<script>alert(1)</script>")
    front = ["-i", str(media["mp4"])]
    attached = ["-attach", str(note), "-metadata:s:t", "mimetype=text/html"]
    late = ["-vf", "setpts='if(lt(N,60),N,60+(N-60)*3)/10/TB'", "-fps_mode", "vfr"]
    return {
        "with an attachment": make(folder / "attached.mkv", *front, "-c", "copy", *attached),
        "with its clock below zero": make(
            folder / "negative.mkv", *front, "-c", "copy", "-output_ts_offset", "-5", "-avoid_negative_ts", "disabled"
        ),
        "with a rate that changes": make(
            folder / "vfr.mp4", *PICTURE, *SOUND, *late, *H264, "-c:a", "aac", "-shortest"
        ),
        "with a place and names": make(
            folder / "placed.mkv", *front, "-c", "copy", "-metadata", "location=+38.9+22.4/", "-metadata", "artist=Μ."
        ),
    }
