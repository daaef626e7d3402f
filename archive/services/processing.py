"""From a received file to one that plays: every step may be run again after a kill and ends the same."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from archive import containers, verdicts
from archive.formats import MIMETYPES, Way, way
from archive.models import Asset, AssetRole, Recording, RecordingState, Upload, UploadState
from archive.parts import part_of
from archive.queries.recordings import asset, played
from archive.reasons import Reason
from archive.sandbox import Limits, TimedOut, run
from archive.services import fixity
from archive.services.recordings import mark_published
from core.db import db
from core.jobs import enqueue
from core.log import log
from core.storage import storage

BLOCK = 1 << 20
DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,flac,mpegts"


def recording_with_files(recording_id: int) -> Recording:
    return db.session.scalars(
        select(Recording)
        .where(Recording.id == recording_id)
        .options(selectinload(Recording.assets))
        .execution_options(populate_existing=True)
    ).one()


def finalise(upload_id: str) -> None:
    """Move the received file to its place for good, named by its hash, then have it checked."""
    upload = db.session.get_one(Upload, upload_id)
    if upload.state != UploadState.RECEIVED:
        return
    part, recording = part_of(upload_id), recording_with_files(upload.recording_id)
    if part.path.exists():
        if part.offset < upload.length:  # the disk lost what it had promised: send the rest again
            upload.state, recording.state = UploadState.OPEN, RecordingState.DRAFT
            db.session.commit()
            return
        original = _register_original(recording, part.path)
        storage().adopt(part.path, original.key)
    part.delete()
    if fixity.conclude(upload):
        enqueue("archive.verify", upload_id, recording_id=recording.id, upload_id=upload_id)
    db.session.commit()


def _register_original(recording: Recording, path: Path) -> Asset:
    """The row of the original, committed before the file moves: a second run finds both."""
    fingerprint, ending = digest(path), containers.extension(path)
    _discard(recording, {AssetRole.ORIGINAL, AssetRole.MP4, AssetRole.POSTER})
    original = Asset(
        recording_id=recording.id,
        role=AssetRole.ORIGINAL,
        key=f"{recording.pid}/original/{fingerprint}.{ending}",
        mimetype=MIMETYPES[ending],
        bytes=path.stat().st_size,
        sha256=fingerprint,
    )
    db.session.add(original)
    db.session.commit()
    return original


def _discard(recording: Recording, roles: set[AssetRole]) -> None:
    """Forget files of an attempt that was refused."""
    for old in [a for a in recording.assets if a.role in roles]:
        storage().delete(old.key)
        recording.assets.remove(old)
        db.session.delete(old)
    db.session.flush()


def digest(path: Path) -> str:
    """SHA-256 of the file, after making sure that the disk has it."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def verify(recording_id: int, upload_id: str) -> None:
    """Read the whole original in the sandbox; refuse it with a reason, or let it be played."""
    recording = recording_with_files(recording_id)
    original = asset(recording, AssetRole.ORIGINAL)
    if recording.state != RecordingState.VERIFYING or original is None:
        return
    with storage().local(original.key) as path:
        answer = examine(path)
    if "verdict" in answer:
        _reject(recording, Reason(answer["verdict"]), *answer["numbers"])
        return
    facts = answer["facts"]
    original.facts = facts
    recording.duration = facts["duration"]
    ending = original.key.rsplit(".", 1)[1]
    if (how := way(facts, ending)) is Way.AS_IS:
        _make_playable(recording, upload_id)
    else:
        rewrap = how is Way.REWRAP
        enqueue("archive.encode", upload_id, recording_id=recording.id, upload_id=upload_id, rewrap=rewrap)
    db.session.commit()


def _reject(recording: Recording, reason: Reason, *numbers: float) -> None:
    recording.state = RecordingState.REJECTED
    recording.reason = verdicts.reason(reason, *numbers)
    db.session.commit()


def _make_playable(recording: Recording, upload_id: str) -> None:
    recording.state, recording.reason = RecordingState.PLAYABLE, ""
    mark_published(recording)
    enqueue("archive.poster", upload_id, recording_id=recording.id)


def examine(path: Path) -> dict[str, Any]:
    """What archive/probe.py says of PATH: {"facts": …} or {"verdict": code, "numbers": […]}."""
    try:
        done = run([sys.executable, "-m", "archive.probe", str(path)], Limits())
    except TimedOut:
        return {"verdict": Reason.TIMEOUT, "numbers": []}
    try:
        return dict(json.loads(done.stdout))
    except ValueError:  # the parser itself fell over the file
        log.warning("probe died", code=done.returncode, error=done.stderr[-500:].decode(errors="replace"))
        return {"verdict": Reason.NOT_MEDIA, "numbers": []}


def ffmpeg() -> str:
    """The program: the setting, else the one on PATH, else the binary of the imageio-ffmpeg wheel."""
    if found := current_app.config["FFMPEG"] or shutil.which("ffmpeg"):
        return str(found)
    import imageio_ffmpeg  # only where nothing else is there

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _input(path: Path, *before: str) -> list[str]:
    guard = ["-protocol_whitelist", "file", "-format_whitelist", DEMUXERS]
    return [ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y", *guard, *before, "-i", str(path)]


def encode(recording_id: int, upload_id: str, rewrap: bool) -> None:
    """Make the MP4 that browsers play: by REWRAP without touching picture and sound, else encoded."""
    recording = recording_with_files(recording_id)
    original = asset(recording, AssetRole.ORIGINAL)
    if recording.state != RecordingState.VERIFYING or original is None:
        return
    target = storage().scratch() / f"{original.sha256}.mp4"
    kinds = ["-map", "0:v:0?", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1", "-dn", "-sn"]
    codecs = ["-c", "copy"] if rewrap else _codecs(bool(original.facts["video"]))
    output = ["-movflags", "+faststart", "-f", "mp4", str(target)]
    duration = recording.duration or 0
    limits = Limits(
        cpu=int(600 + 8 * duration), written=max(2 * original.bytes, 1 << 30), seconds=int(600 + 8 * duration)
    )
    with storage().local(original.key) as source:
        made = _succeeds([*_input(source), *kinds, *codecs, *output], limits)
    if not made or not target.exists():
        target.unlink(missing_ok=True)
        if rewrap:  # some streams can't be copied: encode them instead
            encode(recording_id, upload_id, rewrap=False)
        else:
            _reject(recording, Reason.UNPLAYABLE)
        return
    _keep(recording, AssetRole.MP4, target, "mp4")
    _make_playable(recording, upload_id)
    db.session.commit()


def _codecs(picture: bool) -> list[str]:
    """720p is enough for slides and faces; yuv420p is what every phone decodes."""
    video = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-g", "250"]
    size = ["-vf", "scale='trunc(min(1280,iw)/2)*2':-2"]
    sound = ["-c:a", "aac", "-b:a", "96k", "-ac", "2"]
    return [*video, *size, *sound] if picture else sound


def _succeeds(command: list[str], limits: Limits) -> bool:
    try:
        done = run(command, limits)
    except TimedOut:
        return False
    if done.returncode:
        log.warning("ffmpeg failed", code=done.returncode, error=done.stderr[-500:].decode(errors="replace"))
    return done.returncode == 0


def _keep(recording: Recording, role: AssetRole, made: Path, ending: str) -> None:
    """Take the file MADE into storage as the ROLE of RECORDING, replacing an older one."""
    _discard(recording, {role})
    fingerprint = digest(made)
    kept = Asset(
        recording_id=recording.id,
        role=role,
        key=f"{recording.pid}/made/{fingerprint}.{ending}",
        mimetype=MIMETYPES[ending],
        bytes=made.stat().st_size,
        sha256=fingerprint,
    )
    storage().adopt(made, kept.key)
    db.session.add(kept)
    recording.assets.append(kept)


def poster(recording_id: int) -> None:
    """A still for lists, from a tenth of the way in; a recording without one plays all the same."""
    recording = recording_with_files(recording_id)
    source, original = played(recording), asset(recording, AssetRole.ORIGINAL)
    if source is None or original is None or not original.facts.get("video"):
        return
    target = storage().scratch() / f"{recording.pid}.jpg"
    at = str(round(min(60.0, (recording.duration or 0) / 10), 2))
    picture = ["-map", "0:v:0", "-frames:v", "1", "-vf", "scale='min(960,iw)':-2", "-q:v", "4", "-f", "mjpeg"]
    with storage().local(source.key) as path:
        made = _succeeds([*_input(path, "-ss", at), *picture, str(target)], Limits(written=16 << 20))
    if made:
        _keep(recording, AssetRole.POSTER, target, "jpg")
        db.session.commit()
