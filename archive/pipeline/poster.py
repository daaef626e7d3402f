"""A still for lists, from a tenth of the way in; never from a part that was removed."""

from __future__ import annotations

from pathlib import Path

from archive.edits import still
from archive.models import AssetRole
from archive.pipeline.ffmpeg import Effort, convert
from archive.pipeline.files import Made
from archive.pipeline.source import Source
from archive.pipeline.steps import Step, role
from archive.queries.edits import cuts_of


def make(source: Source, path: Path, folder: Path) -> list[Made]:
    """One picture, at most 960 pixels wide."""
    at = still(cuts_of([source.recording_id])[source.recording_id], source.duration)
    target = folder / "poster.jpg"
    one = ["-map", "0:v:0", "-frames:v", "1", "-vf", "scale='min(960,iw)':-2", "-q:v", "4", "-f", "mjpeg"]
    convert(path, [*one, str(target)], Effort(written=1 << 20, duration=1), "-threads", "1", "-ss", f"{at:.2f}")
    return [Made(AssetRole.POSTER, target, facts={"at": at})]


# Version 2: from a part that stays.
POSTER = Step("poster", 2, role(AssetRole.POSTER), lambda source: source.video is not None, make)
