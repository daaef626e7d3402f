"""The film without its removed parts, for those who watch without script and for those who take it along.

Copied, so each kept part begins at a key frame: never before the removed part's end, at most one key frame later. What
was removed isn't in the file. Its seconds are mapped by `facts["kept"]`, the parts of the original that it is made of.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from archive.edits import Span
from archive.models import AssetRole, AssetState, RecordingState
from archive.pipeline.ffmpeg import Effort, convert
from archive.pipeline.files import Made, discard, keep, recording_with_files, workspace
from archive.pipeline.hls import STREAMS
from archive.pipeline.source import Source, source
from archive.queries.edits import cuts_of
from archive.sandbox import Limits, run
from core.db import db
from core.jobs import Transient
from core.storage import storage

PART = "cut"
VERSION = 1


def cut(recording_id: int) -> None:
    """Make the film that the removed parts ask for now; none when nothing is removed."""
    recording = recording_with_files(recording_id)
    old = [a for a in recording.assets if a.role is AssetRole.MP4 and a.part == PART]
    removed, found = cuts_of([recording.id])[recording.id], source(recording)
    if not removed.spans or found is None or recording.state is not RecordingState.PLAYABLE:
        discard(recording, old)
        return
    wanted = {"removed": [list(span) for span in removed.spans], "of": found.key}
    broken = {AssetState.CORRUPT, AssetState.MISSING}
    if old and old[0].state not in broken and wanted.items() <= old[0].facts.items():
        return
    db.session.commit()
    with workspace(f"{recording.pid}-cut") as folder:
        with storage().local(found.key) as path:
            kept = from_key_frames(removed.kept(found.duration), _key_frames(path))
            film = _joined(found, path, kept, folder)
        again = recording_with_files(recording_id)
        if again.state is RecordingState.PLAYABLE and cuts_of([again.id])[again.id] == removed:
            made = Made(AssetRole.MP4, film, PART, wanted | {"kept": [list(span) for span in kept]})
            keep(again, [made], VERSION, [a for a in again.assets if a.role is AssetRole.MP4 and a.part == PART])


def from_key_frames(kept: list[Span], frames: list[float]) -> list[Span]:
    """KEPT, each part from the first of FRAMES in it; one without any is left out. Without FRAMES as it is."""
    if not frames:
        return kept
    begins = [(next((frame for frame in frames if first <= frame < last), None), last) for first, last in kept]
    return [(first, last) for first, last in begins if first is not None]


def _key_frames(path: Path) -> list[float]:
    size = path.stat().st_size
    done = run(
        [sys.executable, "-m", "archive.keyframes", str(path)], Limits(memory=1 << 30, seconds=60 + (size >> 24))
    )
    if done.code:
        raise Transient(done.err[-200:].decode(errors="replace"))
    return [float(second) for second in json.loads(done.out)]


def _joined(found: Source, path: Path, kept: list[Span], folder: Path) -> Path:
    """The parts one after the other: as transport streams, which are joined by writing one behind the other."""
    whole, film, passed = folder / "whole.ts", folder / "cut.mp4", 0.0
    effort = Effort(written=int(1.1 * found.bytes), duration=found.duration)
    for number, (first, last) in enumerate(kept):
        piece = folder / f"{number}.ts"
        times = ["-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", f"{passed:.3f}"]
        output = [*STREAMS, "-c", "copy", "-t", f"{last - first:.3f}", *times, "-f", "mpegts", str(piece)]
        convert(path, output, effort, "-ss", f"{first:.3f}")
        with piece.open("rb") as part, whole.open("ab") as target:
            shutil.copyfileobj(part, target, 1 << 20)
        piece.unlink()
        passed += last - first
    convert(whole, [*STREAMS, "-c", "copy", "-movflags", "+faststart", "-f", "mp4", str(film)], effort)
    return film

