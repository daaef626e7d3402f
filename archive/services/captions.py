"""Captions of a recording. Every save is a version of its own; the file that people get is that of the one shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy import update

from accounts.models import User
from archive import captions as vtt
from archive.captions import Cue
from archive.models import (
    Asset,
    AssetRole,
    CaptionSource,
    CaptionState,
    CaptionVersion,
    Recording,
    RecordingState,
)
from archive.queries import captions as find
from archive.queries import recordings
from archive.text import editing, uploaded
from core.db import db
from core.errors import Conflict, DomainError, require
from core.storage import storage

WAITING = (CaptionState.DRAFT, CaptionState.ASIDE)


class NotPlayableYet(DomainError):
    code = "not_playable"
    message = _l("First the recording itself: captions are checked against its length.")


class SavedMeanwhile(Conflict):
    """Somebody else saved the same lines first. `facts`: the numbers `mine` (kept aside) and `theirs`."""

    code = "saved_meanwhile"
    message = _l("Somebody else saved the same lines meanwhile. Nothing is lost: what you wrote is kept beside theirs.")


class ShownNow(DomainError):
    code = "shown_now"
    message = _l("This is what people read now. First show another version, or take the captions away.")


def put(actor: User | None, recording: Recording, language: str, data: bytes, name: str = "") -> CaptionVersion:
    """Check the file DATA called NAME and show its words; without times of its own it stays a draft.

    Raises BadCaptions.
    """
    duration = _ready(actor, recording)
    cues, timed = uploaded.parse(data, name, duration)
    if not timed:
        return draft(recording, language, cues, CaptionSource.GUESSED, actor)
    current = _begin(recording, language)
    if current is not None and current.text == _written(cues):
        db.session.commit()
        return current
    made = _add(
        recording, language, current, cues, source=CaptionSource.UPLOADED, state=CaptionState.SHOWN, by=actor
    )
    return _publish(recording, made)


def save(
    actor: User | None, recording: Recording, language: str, base_no: int, cues: Sequence[Cue]
) -> CaptionVersion:
    """CUES as the version after BASE_NO (0: there was none); a draft stays a draft.

    When others saved meanwhile, both changes are joined. Raises BadCaptions, and SavedMeanwhile when both changed
    the same lines: CUES are kept aside then.
    """
    duration = _ready(actor, recording)
    mine: Sequence[Cue] = vtt.checked(cues, duration)
    current = _begin(recording, language)
    base = _base(recording, language, base_no, current)
    last = _last(base, current)
    if last is not None and last.text == _written(mine):
        db.session.commit()
        return last
    if last is not None and last is not base:
        mine = _joined(actor, recording, base, last, mine)
    waits = base is not None and base.state in WAITING
    state = CaptionState.DRAFT if waits else CaptionState.SHOWN
    made = _add(recording, language, last, mine, source=CaptionSource.EDITED, state=state, by=actor)
    return _publish(recording, made)


def draft(
    recording: Recording, language: str, cues: Sequence[Cue], source: CaptionSource, by: User | None
) -> CaptionVersion:
    """CUES as a draft, which nobody sees until somebody shows it; the same again is the one that is there."""
    _lock(recording)
    found = find.same_draft(recording, language, source, _digest(_written(cues)))
    if found is not None:
        db.session.commit()
        return found
    made = _add(recording, language, None, cues, source=source, state=CaptionState.DRAFT, by=by)
    db.session.commit()
    return made


def show(actor: User | None, recording: Recording, language: str, no: int) -> CaptionVersion:
    """Version NO again as what people read: a draft shown, or an older one brought back."""
    _ready(actor, recording)
    wanted, current = find.version_or_404(recording, language, no), _begin(recording, language)
    if current is not None and current.text == wanted.text:
        db.session.commit()
        return current
    cues = vtt.read(wanted.text.encode())
    made = _add(
        recording, language, current, cues, source=CaptionSource.RESTORED, state=CaptionState.SHOWN, by=actor
    )
    return _publish(recording, made)


def hide(actor: User | None, recording: Recording, language: str, no: int) -> None:
    """Put version NO away: readers don't get it any more, a draft waits no more. Staff still see it."""
    require(recordings.manages_recording(actor, recording))
    found = find.version_or_404(recording, language, no)
    if found.no == find.shown_no(find.asset_now(recording, language)):
        raise ShownNow
    found.state = CaptionState.HIDDEN
    db.session.commit()


def drop(actor: User | None, recording: Recording, language: str) -> None:
    """Take the captions in LANGUAGE away from people; the versions stay. Harmless when there are none."""
    require(recordings.manages_recording(actor, recording))
    _begin(recording, language)
    kept = find.asset_now(recording, language)
    if kept is not None:
        db.session.delete(kept)
    db.session.commit()
    if kept is not None:
        storage().delete(kept.key)


def last(recording: Recording, language: str, no: int) -> CaptionVersion | None:
    """The end of the line that version NO stands in: of a draft, its own; else what people read. With who saved it."""
    base = find.version(recording, language, no) if no else None
    found = _last(base, find.version(recording, language, find.shown_no(find.asset_now(recording, language))))
    return find.version(recording, language, found.no) if found else None


def lines(asset: Asset) -> list[Cue]:
    """The transcript: what the captions ASSET say, with times."""
    return vtt.read(b"".join(storage().open(asset.key)))


def _ready(actor: User | None, recording: Recording) -> float:
    """The length of a RECORDING that plays and that ACTOR manages."""
    require(recordings.manages_recording(actor, recording))
    if recording.state != RecordingState.PLAYABLE or recording.duration is None:
        raise NotPlayableYet
    return recording.duration


def _lock(recording: Recording) -> None:
    """Nobody else saves captions of RECORDING until this transaction ends."""
    touched = update(Recording).where(Recording.id == recording.id).values(id=recording.id)
    db.session.execute(touched, execution_options={"synchronize_session": False})


def _begin(recording: Recording, language: str) -> CaptionVersion | None:
    """Lock, and give the version that people read; a file from before there were versions becomes the first."""
    _lock(recording)
    asset = find.asset_now(recording, language)
    if asset is None:
        return None
    if found := find.version(recording, language, find.shown_no(asset)):
        return found
    made = _add(
        recording, language, None, lines(asset), source=CaptionSource.UPLOADED, state=CaptionState.SHOWN, by=None
    )
    made.at = asset.created_at
    asset.facts = {**asset.facts, "version": made.no}
    return made


def _base(
    recording: Recording, language: str, no: int, current: CaptionVersion | None
) -> CaptionVersion | None:
    """The version somebody wrote on. 0 is none, or the file that had no version until now."""
    if no:
        return find.version_or_404(recording, language, no)
    return current if current is not None and current.no == 1 and current.by_id is None else None


def _last(base: CaptionVersion | None, current: CaptionVersion | None) -> CaptionVersion | None:
    """The end of the line that BASE stands in: of a draft, its own; else what people read."""
    if base is None or base.state not in WAITING:
        return current
    while following := find.next_of(base):
        base = following
    return base


def _joined(
    actor: User | None, recording: Recording, base: CaptionVersion | None, last: CaptionVersion, mine: Sequence[Cue]
) -> Sequence[Cue]:
    """MINE with what LAST changed meanwhile. Raises SavedMeanwhile, MINE being kept aside."""
    before = vtt.read(base.text.encode()) if base else []
    joined = editing.merge(before, vtt.read(last.text.encode()), mine)
    if joined:
        return joined
    kept = _add(
        recording, last.language, base, mine, source=CaptionSource.EDITED, state=CaptionState.ASIDE, by=actor
    )
    db.session.commit()
    raise SavedMeanwhile(mine=kept.no, theirs=last.no)


def _written(cues: Sequence[Cue]) -> str:
    return vtt.serialise(cues).decode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _add(
    recording: Recording,
    language: str,
    after: CaptionVersion | None,
    cues: Sequence[Cue],
    *,
    source: CaptionSource,
    state: CaptionState,
    by: User | None,
) -> CaptionVersion:
    """CUES as a new version, flushed."""
    text = _written(cues)
    if len(text.encode()) > vtt.LARGEST:
        raise vtt.BadCaptions(_l("Captions may have at most 5 MB."))
    made = CaptionVersion(
        recording_id=recording.id,
        language=language,
        no=find.latest_no(recording, language) + 1,
        follows=after.no if after else None,
        source=source,
        state=state,
        text=text,
        lines=len(cues),
        sha256=_digest(text),
        by_id=by.id if by else None,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _publish(recording: Recording, made: CaptionVersion) -> CaptionVersion:
    """Put the file of MADE where people get it, unless it is a draft, and commit."""
    before = _file(recording, made) if made.state is CaptionState.SHOWN else None
    db.session.commit()
    if before is not None:
        storage().delete(before)
    return made


def _file(recording: Recording, made: CaptionVersion) -> str | None:
    """Write the file of MADE; the key of the one that isn't needed any more."""
    key = f"{recording.pid}/text/{made.language}-{made.sha256[:16]}.vtt"
    kept = find.asset_now(recording, made.language)
    before = kept.key if kept else None
    if kept is None:
        kept = Asset(recording_id=recording.id, role=AssetRole.CAPTIONS, language=made.language, mimetype="text/vtt")
        db.session.add(kept)
    ours = made.text.encode()
    storage().write(key, ours)
    kept.key, kept.bytes, kept.sha256 = key, len(ours), made.sha256
    kept.facts = {"cues": made.lines, "version": made.no}
    return before if before != key else None
