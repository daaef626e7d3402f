"""The versions of a recording's captions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, undefer

from archive.models import Asset, AssetRole, CaptionSource, CaptionState, CaptionVersion, Recording
from core.db import db
from core.errors import NotFound

READ_OR_WAITING = (CaptionState.SHOWN, CaptionState.DRAFT)


def _of(recording: Recording, language: str) -> Select[Any]:
    return select(CaptionVersion).where(
        CaptionVersion.recording_id == recording.id, CaptionVersion.language == language
    )


def versions_of(recording: Recording, language: str) -> Sequence[CaptionVersion]:
    """All versions in LANGUAGE with who saved them, the latest first, without their words."""
    found = _of(recording, language).options(joinedload(CaptionVersion.by)).order_by(CaptionVersion.no.desc())
    return db.session.scalars(found).all()


def version(recording: Recording, language: str, no: int) -> CaptionVersion | None:
    """Version NO with its words and who saved it."""
    if not 0 <= no < 1 << 31:  # PostgreSQL doesn't even compare with what its column can't hold
        return None
    found = _of(recording, language).where(CaptionVersion.no == no)
    version: CaptionVersion | None = db.session.scalar(
        found.options(undefer(CaptionVersion.text), joinedload(CaptionVersion.by))
    )
    return version


def version_or_404(recording: Recording, language: str, no: int, *, manages: bool = True) -> CaptionVersion:
    """Version NO; who doesn't manage the recording gets only what was shown and not hidden since."""
    found = version(recording, language, no)
    if found is None or not (manages or found.state is CaptionState.SHOWN):
        raise NotFound
    return found


def shown_no(asset: Asset | None) -> int:
    """The number of the version that people read, 0 when there is none or the file came before versions."""
    return int(asset.facts.get("version", 0)) if asset else 0


def asset_now(recording: Recording, language: str) -> Asset | None:
    """The file of the captions as the database has it in this moment."""
    return db.session.scalar(
        select(Asset)
        .where(Asset.recording_id == recording.id, Asset.role == AssetRole.CAPTIONS, Asset.language == language)
        .execution_options(populate_existing=True)
    )


def latest_no(recording: Recording, language: str) -> int:
    """The highest number given, 0 before the first."""
    return db.session.scalar(_of(recording, language).with_only_columns(func.max(CaptionVersion.no))) or 0


def next_of(found: CaptionVersion) -> CaptionVersion | None:
    """The version that was written on FOUND in its place."""
    return db.session.scalar(
        select(CaptionVersion)
        .where(
            CaptionVersion.recording_id == found.recording_id,
            CaptionVersion.language == found.language,
            CaptionVersion.follows == found.no,
            CaptionVersion.state != CaptionState.ASIDE,
        )
        .options(undefer(CaptionVersion.text))
    )


def same_draft(recording: Recording, language: str, source: CaptionSource, sha256: str) -> CaptionVersion | None:
    """A draft of SOURCE that says exactly this already."""
    found = _of(recording, language).where(CaptionVersion.source == source, CaptionVersion.sha256 == sha256)
    same: CaptionVersion | None = db.session.scalar(found.where(CaptionVersion.state == CaptionState.DRAFT).limit(1))
    return same


def drafts_of(recording: Recording) -> Sequence[CaptionVersion]:
    """What waits to be corrected and shown, in any language: the newest of each line of drafts, the latest first."""
    known = db.session.scalars(
        select(CaptionVersion)
        .where(CaptionVersion.recording_id == recording.id, CaptionVersion.state.in_(READ_OR_WAITING))
        .order_by(CaptionVersion.language, CaptionVersion.no.desc())
    ).all()
    drafts = [one for one in known if one.state is CaptionState.DRAFT]
    over = {(one.language, one.follows) for one in drafts}  # somebody went on with it
    read = {(one.language, one.sha256) for one in known if one.state is CaptionState.SHOWN}
    return [
        one for one in drafts if (one.language, one.no) not in over and (one.language, one.sha256) not in read
    ]
