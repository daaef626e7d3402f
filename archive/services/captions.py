"""Captions of a recording, one file for each language."""

from __future__ import annotations

import hashlib

from flask_babel import lazy_gettext as _l

from accounts.models import User
from archive import captions as vtt
from archive.models import Asset, AssetRole, Recording, RecordingState
from archive.queries import recordings
from core.db import db
from core.errors import DomainError, require
from core.storage import storage


class NotPlayableYet(DomainError):
    code = "not_playable"
    message = _l("First the recording itself: captions are checked against its length.")


def put(actor: User | None, recording: Recording, language: str, data: bytes) -> int:
    """Check the WebVTT in DATA and keep it as the captions in LANGUAGE; how many lines. Raises BadCaptions."""
    require(recordings.manages_recording(actor, recording))
    if recording.state != RecordingState.PLAYABLE or recording.duration is None:
        raise NotPlayableYet
    cues = vtt.parse(data, recording.duration)
    ours = vtt.serialise(cues)
    fingerprint = hashlib.sha256(ours).hexdigest()
    key = f"{recording.pid}/text/{language}-{fingerprint[:16]}.vtt"
    kept = recordings.asset(recording, AssetRole.CAPTIONS, language)
    before = kept.key if kept else None
    if kept is None:
        kept = Asset(recording_id=recording.id, role=AssetRole.CAPTIONS, language=language, mimetype="text/vtt")
        db.session.add(kept)
    storage().write(key, ours)
    kept.key, kept.bytes, kept.sha256, kept.facts = key, len(ours), fingerprint, {"cues": len(cues)}
    db.session.commit()
    if before and before != key:
        storage().delete(before)
    return len(cues)


def drop(actor: User | None, recording: Recording, language: str) -> None:
    """Take the captions in LANGUAGE away; harmless when there are none."""
    require(recordings.manages_recording(actor, recording))
    if kept := recordings.asset(recording, AssetRole.CAPTIONS, language):
        db.session.delete(kept)
        db.session.commit()
        storage().delete(kept.key)


def lines(asset: Asset) -> list[vtt.Cue]:
    """The transcript: what the captions ASSET say, with times."""
    return vtt.read(b"".join(storage().open(asset.key)))
