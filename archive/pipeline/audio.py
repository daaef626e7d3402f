"""The sound alone, for listening on the way: as it is when it is AAC."""

from __future__ import annotations

from pathlib import Path

from archive.models import AssetRole
from archive.pipeline.ffmpeg import Effort, convert
from archive.pipeline.files import Made
from archive.pipeline.ladder import SOUND
from archive.pipeline.source import Source
from archive.pipeline.steps import Step, role

ONLY = ["-map", "0:a:0", "-vn", "-dn", "-sn", "-map_metadata", "-1", "-map_chapters", "-1"]


def make(source: Source, path: Path, folder: Path) -> list[Made]:
    """An M4A whose index comes first."""
    target = folder / "audio.m4a"
    copies = source.audio == "aac"
    codec = ["-c:a", "copy"] if copies else SOUND
    effort = Effort(int(40_000 * source.duration), source.duration, encodes=not copies)
    convert(path, [*ONLY, *codec, "-movflags", "+faststart", "-f", "mp4", str(target)], effort)
    return [Made(AssetRole.AUDIO, target)]


def _wanted(source: Source) -> bool:
    """An MP3 is that already."""
    return bool(source.audio) and (source.video is not None or source.audio != "mp3")


AUDIO = Step("audio", 1, role(AssetRole.AUDIO), _wanted, make)
