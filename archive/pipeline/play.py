"""The MP4 that browsers play, of an original that they don't."""

from __future__ import annotations

from typing import Any

from archive.formats import Way
from archive.models import Asset, AssetRole, AssetState, Recording, RecordingState
from archive.pipeline.ffmpeg import Broken, Effort, TooMuch, convert
from archive.pipeline.files import Made, keep, recording_with_files, workspace
from archive.pipeline.hls import STREAMS
from archive.pipeline.ladder import GOP, SOUND, picture
from archive.pipeline.verify import make_playable, reject
from archive.queries.recordings import asset
from archive.reasons import Reason
from core.db import db
from core.jobs import enqueue
from core.storage import storage

VERSION = 1
BITS = 4_000_000  # a second of picture at most


def rewrap(recording_id: int, upload_id: str) -> None:
    """The same picture and sound in another container; encoded when they can't be copied."""
    recording, original = _waiting(recording_id)
    if original is None:
        return
    try:
        _make(recording, original, Way.REWRAP)
    except (Broken, TooMuch):
        enqueue("archive.encode", upload_id, recording_id=recording.id, upload_id=upload_id)
        db.session.commit()


def encode(recording_id: int, upload_id: str) -> None:  # noqa: ARG001 - jobs of both kinds carry the same
    """720p is enough for slides and faces. What ffmpeg can't read is refused."""
    recording, original = _waiting(recording_id)
    if original is None:
        return
    try:
        _make(recording, original, Way.ENCODE)
    except (Broken, TooMuch):
        if recording.state == RecordingState.PLAYABLE:
            raise  # it was made once: not its original's fault
        reject(recording, Reason.UNPLAYABLE)


def _waiting(recording_id: int) -> tuple[Recording, Asset | None]:
    """The recording, and its original while there is an MP4 to be made of it: at first, or for a damaged one."""
    recording = recording_with_files(recording_id)
    made = asset(recording, AssetRole.MP4)
    damaged = made is not None and made.state in {AssetState.CORRUPT, AssetState.MISSING}
    waits = recording.state == RecordingState.VERIFYING or damaged
    return recording, asset(recording, AssetRole.ORIGINAL) if waits else None


def _make(recording: Recording, original: Asset, way: Way) -> None:
    duration, encodes = recording.duration or 1, way is Way.ENCODE
    written = int(1.3 * (BITS + 96_000) / 8 * duration) if encodes else int(1.02 * original.bytes)
    codecs = _codecs(bool(original.facts["video"])) if encodes else ["-c", "copy"]
    with workspace(f"{recording.pid}-play") as folder, storage().local(original.key) as path:
        target = folder / "play.mp4"
        output = [*STREAMS, *codecs, "-movflags", "+faststart", "-f", "mp4", str(target)]
        convert(path, output, Effort(written, duration, encodes=encodes))
        old = [a for a in recording.assets if a.role == AssetRole.MP4]
        facts = _facts(original.facts) if encodes else original.facts
        keep(recording, [Made(AssetRole.MP4, target, facts=facts)], VERSION, old)
    make_playable(recording)
    db.session.commit()


def _codecs(has_picture: bool) -> list[str]:
    video = [*picture(BITS), "-vf", "scale='trunc(min(1280,iw)/2)*2':-2"]
    return [*video, *SOUND] if has_picture else SOUND


def _facts(original: dict[str, Any]) -> dict[str, Any]:
    """What is in the file that was encoded from one with the facts ORIGINAL."""
    video, audio = original["video"], original["audio"]
    if video:
        width = min(1280, video["width"]) // 2 * 2
        height = round(video["height"] * width / max(1, video["width"]) / 2) * 2
        video = {"codec": "h264", "pixels": "yuv420p", "width": width, "height": height}
    return {"video": video, "audio": audio and {"codec": "aac"}, "gop": GOP}
