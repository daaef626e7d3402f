"""Smaller pictures for poor lines: 480p, and 720p below a larger source, with the same cuts."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from archive.pipeline.ffmpeg import Effort, convert
from archive.pipeline.files import Made
from archive.pipeline.hls import STREAMS, output, rendition
from archive.pipeline.source import Source
from archive.pipeline.steps import Step, parts
from core.jobs import Lane

RUNGS = {"720": 2_000_000, "480": 1_000_000}  # height: bits a second at most
GOP = 6  # seconds
SOUND = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]


def rungs(source: Source) -> list[str]:
    """The heights below the source's, the largest first."""
    return [height for height in RUNGS if int(height) < source.height]


def make(source: Source, path: Path, folder: Path) -> list[Made]:
    """One process that reads the source once."""
    heights = rungs(source)
    split = f"[0:v:0]split={len(heights)}" + "".join(f"[s{height}]" for height in heights)
    scaled = [f"[s{height}]scale=-2:{height}[v{height}]" for height in heights]
    arguments = ["-filter_complex", ";".join([split, *scaled])]
    for height in heights:
        arguments += ["-map", f"[v{height}]", *STREAMS[2:], *picture(RUNGS[height]), *SOUND, *output(folder, height)]
    bits = sum(RUNGS[height] + 96_000 for height in heights)
    effort = Effort(int(bits / 8 * source.duration * 1.3), source.duration, encodes=True, nice=15)
    convert(path, arguments, effort, "-threads", "2")
    return [made for height in heights for made in rendition(folder, height, _size(source, int(height)))]


def picture(most: int) -> list[str]:
    """H.264 that every phone decodes, with a key frame each GOP seconds and at most MOST bits a second."""
    cuts = ["-force_key_frames", f"expr:gte(t,n_forced*{GOP})", "-sc_threshold", "0"]
    rate = ["-crf", "23", "-maxrate", str(most), "-bufsize", str(2 * most)]
    return ["-c:v", "libx264", "-preset", "veryfast", "-threads", "2", "-pix_fmt", "yuv420p", *rate, *cuts]


def _size(source: Source, height: int) -> dict[str, int]:
    width = (source.video or {}).get("width", 0) * height / (source.height or 1)
    return {"width": round(width / 2) * 2, "height": height}


def _wanted(source: Source) -> bool:
    return bool(current_app.config["LADDER"] and source.streams and rungs(source))


LADDER = Step("ladder", 1, parts(*RUNGS), _wanted, make, Lane.SLOW)
