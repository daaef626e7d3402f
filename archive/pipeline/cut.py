"""The two films without the removed parts. What was removed is in neither file.

"cut" is for those who watch without script and for those who take it along: the kept parts one after the other. "gaps"
is for the player, which passes over what was removed: each kept part at its own seconds, and nothing between.

Copied, so each kept part begins at a key frame: never before the removed part's end, at most one key frame later. The
kept parts, in seconds of the original, are in `facts["kept"]`.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from archive.edits import Span
from archive.models import Asset, AssetRole, AssetState, Recording, RecordingState
from archive.pipeline.ffmpeg import Effort, convert, make_room
from archive.pipeline.files import Made, discard, keep, recording_with_files, workspace
from archive.pipeline.hls import STREAMS
from archive.pipeline.planning import retake
from archive.pipeline.source import Source, source
from archive.queries.edits import cuts_of
from archive.sandbox import Limits, run
from core.db import db
from core.jobs import Permanent, Transient
from core.storage import storage

CUT, GAPS = "cut", "gaps"
PARTS = (CUT, GAPS)
VERSION = 1
FRAME = 0.05  # seconds: about one picture


class NothingKept(Permanent):
    """No part that stays holds a key frame: a copy of it would have nothing to show."""

    reason = "nothing_kept"


def cut(recording_id: int) -> None:
    """Make the film that the removed parts ask for now; none when nothing is removed."""
    recording = recording_with_files(recording_id)
    retake(recording)  # one that was being made while the part was removed
    old = _films(recording)
    removed, found = cuts_of([recording.id])[recording.id], source(recording)
    if not removed.spans or found is None or recording.state is not RecordingState.PLAYABLE:
        discard(recording, old)
        return
    wanted = {"removed": [list(span) for span in removed.spans], "of": found.key}
    broken = {AssetState.CORRUPT, AssetState.MISSING}
    right = [a for a in old if a.state not in broken and a.version == VERSION and wanted.items() <= a.facts.items()]
    if len(right) == len(PARTS):
        return
    db.session.commit()
    with workspace(f"{recording.pid}-cut") as folder:
        with storage().local(found.key) as path:
            kept = from_key_frames(removed.kept(found.duration), _key_frames(path))
            if not kept:
                again = recording_with_files(recording_id)
                discard(again, _films(again))
                raise NothingKept
            make_room(2 * int(2.2 * found.bytes))  # both, each beside the stream that it is made from
            films = {part: _joined(found, path, kept, folder / part) for part in PARTS}
        again = recording_with_files(recording_id)
        if again.state is RecordingState.PLAYABLE and cuts_of([again.id])[again.id] == removed:
            facts = wanted | {"kept": [list(span) for span in kept]}
            made = [Made(AssetRole.MP4, film, part, facts) for part, film in films.items()]
            keep(again, made, VERSION, _films(again))


def _films(recording: Recording) -> list[Asset]:
    return [a for a in recording.assets if a.role is AssetRole.MP4 and a.part in PARTS]


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
    """The parts one behind the other, as transport streams, which are joined by writing them so."""
    folder.mkdir()
    whole, film, passed = folder / "whole.ts", folder / "film.mp4", 0.0
    effort = Effort(written=int(1.1 * found.bytes), duration=found.duration)
    gaps = folder.name == GAPS
    if gaps and kept[0][0] > FRAME:  # what begins later would end earlier: its first picture stands at its beginning
        _append(path, (kept[0][0], kept[0][0] + FRAME), 0.0, whole, effort)
    for first, last in kept:
        _append(path, (first, last), first if gaps else passed, whole, effort)
        passed += last - first
    convert(whole, [*STREAMS, "-c", "copy", "-copyts", "-movflags", "+faststart", "-f", "mp4", str(film)], effort)
    whole.unlink()
    return film


def _append(path: Path, span: Span, at: float, whole: Path, effort: Effort) -> None:
    """Write SPAN of the film in PATH behind WHOLE, so that it plays from second AT on."""
    first, last = span
    piece = whole.with_name("piece.ts")
    times = ["-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", f"{at:.3f}"]
    output = [*STREAMS, "-c", "copy", "-t", f"{last - first:.3f}", *times, "-f", "mpegts", str(piece)]
    convert(path, output, effort, "-ss", f"{first:.3f}")
    with piece.open("rb") as part, whole.open("ab") as target:
        shutil.copyfileobj(part, target, 1 << 20)
    piece.unlink()
