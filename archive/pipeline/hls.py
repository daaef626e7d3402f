"""HLS without touching picture or sound: one fragmented MP4 and the playlist of its pieces."""

from __future__ import annotations

from pathlib import Path

from archive.models import AssetRole
from archive.pipeline.ffmpeg import Effort, convert
from archive.pipeline.files import Made
from archive.pipeline.source import Source
from archive.pipeline.steps import Step, parts

PART = "src"
STREAMS = ["-map", "0:v:0?", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1", "-dn", "-sn"]


def output(folder: Path, part: str) -> list[str]:
    """ffmpeg's arguments for a rendition named PART: one file, so one object to store and one address to sign."""
    form = ["-f", "hls", "-hls_segment_type", "fmp4", "-hls_flags", "single_file", "-hls_time", "6"]
    names = ["-hls_playlist_type", "vod", "-hls_segment_filename", str(folder / f"{part}.m4s")]
    return [*form, *names, str(folder / f"{part}.m3u8")]


def rendition(folder: Path, part: str, facts: dict[str, int]) -> list[Made]:
    """The two files of PART. FACTS: {"width", "height"} in pixels; what a second of it weighs is added."""
    playlist = folder / f"{part}.m3u8"
    facts = facts | {"bits": heaviest(playlist.read_text())}
    return [Made(AssetRole.STREAM, folder / f"{part}.m4s", part), Made(AssetRole.PLAYLIST, playlist, part, facts)]


def heaviest(playlist: str) -> int:
    """Bits a second of the heaviest piece in PLAYLIST: what a line must carry."""
    seconds, most = 1.0, 0.0
    for line in playlist.splitlines():
        name, _, value = line.partition(":")
        if name == "#EXTINF":
            seconds = max(0.1, float(value.rstrip(",")))
        elif name == "#EXT-X-BYTERANGE":
            most = max(most, 8 * int(value.partition("@")[0]) / seconds)
    return int(most)


def make(source: Source, path: Path, folder: Path) -> list[Made]:
    """Copied as it is, with cuts at its own key frames."""
    effort = Effort(written=int(1.02 * source.bytes), duration=source.duration)
    convert(path, [*STREAMS, "-c", "copy", *output(folder, PART)], effort)
    video = source.video or {}
    return rendition(folder, PART, {name: video[name] for name in ("width", "height") if name in video})


HLS = Step("hls", 1, parts(PART), lambda source: source.streams, make)
