"""`python -m archive.keyframes PATH`: the seconds of a film at which a player may begin, as a list in JSON.

Runs in archive/sandbox.py and nowhere else, like archive/probe.py. Empty for sound alone: there one begins anywhere.
"""

from __future__ import annotations

import json
import sys

import av

from archive.sandbox import DEMUXERS

OPTIONS = {"format_whitelist": DEMUXERS, "protocol_whitelist": "file", "enable_drefs": "0"}


def key_frames(path: str) -> list[float]:
    """Counted from the beginning of the film, in order."""
    with av.open(path, options=OPTIONS) as container:
        video = next((s for s in container.streams.video if not s.disposition & s.disposition.attached_pic), None)
        if video is None:
            return []
        begun = (container.start_time or 0) / 1_000_000
        found = [p.pts * p.time_base for p in container.demux(video) if p.is_keyframe and p.pts is not None]
        return sorted(round(max(0.0, float(second) - begun), 3) for second in found)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(key_frames(sys.argv[1])))
