"""The edition for the poorest lines: speech in Opus, 24 kbit a second, 11 MB an hour."""

from __future__ import annotations

from pathlib import Path

from archive.models import AssetRole
from archive.pipeline.audio import ONLY
from archive.pipeline.ffmpeg import Effort, convert
from archive.pipeline.files import Made
from archive.pipeline.source import Source
from archive.pipeline.steps import Step, role
from core.jobs import Lane

BITS = 24_000
SAME = ["-fflags", "+bitexact"]  # no random number in it: made twice it is the same file


def make(source: Source, path: Path, folder: Path) -> list[Made]:
    """One voice, one channel."""
    target = folder / "low.opus"
    codec = ["-c:a", "libopus", "-b:a", str(BITS), "-ac", "1", "-application", "voip", *SAME, "-f", "ogg"]
    effort = Effort(int(BITS / 8 * source.duration * 1.5), source.duration, encodes=True)
    convert(path, [*ONLY, *codec, str(target)], effort)
    return [Made(AssetRole.LOW, target)]


LOW = Step("low", 1, role(AssetRole.LOW), lambda source: bool(source.audio), make, Lane.SLOW)
