"""Small stills from key frames, on sheets, and the track that says which second is where."""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image

from archive.models import AssetRole
from archive.pipeline.ffmpeg import Broken, Effort, convert
from archive.pipeline.files import Made
from archive.pipeline.source import Source
from archive.pipeline.steps import Step, role

WIDTH = 160  # pixels of a still
ACROSS, DOWN = 10, 10  # stills on a sheet
MOST = 800  # stills
SHORTEST = 5.0  # seconds a still stands for, at least


def interval(duration: float) -> float:
    """Seconds that one still stands for."""
    return max(SHORTEST, math.ceil(duration / MOST))


def make(source: Source, path: Path, folder: Path) -> list[Made]:
    """Only key frames are decoded, by one thread: minutes become seconds, and memory stays small."""
    every = interval(source.duration)
    stills = min(MOST, math.ceil(source.duration / every))
    sheets = math.ceil(stills / (ACROSS * DOWN))
    grid = f"fps=1/{every:g}:start_time=0:eof_action=pass,tpad=stop={stills}:stop_mode=clone,trim=end_frame={stills}"
    laid = f"{grid},scale={WIDTH}:-2,tile={ACROSS}x{DOWN}"
    arguments = ["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", laid, "-frames:v", str(sheets), "-threads", "1"]
    form = ["-c:v", "libwebp", "-quality", "60", "-f", "image2", "-start_number", "0", str(folder / "%03d.webp")]
    effort = Effort(written=4096 * stills + (1 << 20), duration=source.duration)
    convert(path, [*arguments, *form], effort, "-threads", "1", "-skip_frame", "nokey")
    pictures = sorted(folder.glob("*.webp"))
    if len(pictures) != sheets:
        raise Broken("no key frame could be read")
    with Image.open(pictures[0]) as first:
        height = first.height // DOWN
    (folder / "track.vtt").write_text(track(source.duration, every, stills, height))
    made = [Made(AssetRole.STORYBOARD, picture, picture.stem) for picture in pictures]
    return [*made, Made(AssetRole.STORYBOARD_TRACK, folder / "track.vtt")]


def track(duration: float, every: float, stills: int, height: int) -> str:
    """WebVTT whose cues name a sheet and a place on it; the sheets lie beside it under their part's name."""
    cues = []
    for i in range(stills):
        sheet, place = divmod(i, ACROSS * DOWN)
        x, y = place % ACROSS * WIDTH, place // ACROSS * height
        end = duration if i == stills - 1 else (i + 1) * every
        cues.append(f"{_clock(i * every)} --> {_clock(end)}\n{sheet:03}.webp#xywh={x},{y},{WIDTH},{height}")
    return "\n\n".join(["WEBVTT", *cues]) + "\n"


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


STORYBOARD = Step(
    "storyboard",
    1,
    role(AssetRole.STORYBOARD, AssetRole.STORYBOARD_TRACK),
    lambda source: source.video is not None,
    make,
)
