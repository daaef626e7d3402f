"""What is still to be made of recordings that play."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from archive.edits import Cuts, still
from archive.models import Asset, AssetRole, AssetState, Recording, RecordingState
from archive.pipeline import master
from archive.pipeline.audio import AUDIO
from archive.pipeline.files import forget
from archive.pipeline.hls import HLS
from archive.pipeline.ladder import LADDER
from archive.pipeline.low import LOW
from archive.pipeline.poster import POSTER
from archive.pipeline.steps import Step
from archive.pipeline.storyboard import STORYBOARD
from archive.queries.edits import cuts_of
from archive.queries.recordings import asset
from core.db import db
from core.jobs import renew

# In the order in which people miss them.
STEPS: dict[str, Step] = {step.name: step for step in (POSTER, HLS, STORYBOARD, AUDIO, LOW, LADDER)}


def key(recording: Recording, step: Step) -> str:
    """Names the work of STEP on RECORDING: another original or version of the step is other work."""
    original: Asset | None = asset(recording, AssetRole.ORIGINAL)
    return f"{recording.pid}:{original.sha256 if original else ''}:{step.version}"


def plan(recording: Recording) -> int:
    """Add a job for each step whose files RECORDING lacks, in the open transaction; how many steps that are.

    Files of an older version are stale from now on, and served until their step has run. Harmless twice; a step
    that somebody skipped stays so.
    """
    missing = [step for step in STEPS.values() if step.is_wanted(recording) and _lacks(recording, step)]
    for step in missing:
        for old in step.files(recording):
            if old.state == AssetState.READY and old.version != step.version:
                old.state = AssetState.STALE
        renew(step.kind, key(recording, step), recording_id=recording.id)
    return len(missing)


def retake(recording: Recording) -> None:
    """Plan another still when the one there shows a removed part, in the open transaction. Until then there is none."""
    removed = cuts_of([recording.id])[recording.id]
    usual = still(Cuts(), recording.duration or 1)  # of stills made before they said where they are from
    shown = [one for one in POSTER.files(recording) if removed.at(one.facts.get("at", usual))]
    if shown:
        forget(recording, shown)  # the daily tidying up takes the file
        plan(recording)


def _lacks(recording: Recording, step: Step) -> bool:
    """The playlist of all renditions comes with HLS, which is there whenever another rendition is."""
    return not step.is_ready(recording) or (step is HLS and not master.is_ready(recording))


def plan_all() -> int:
    """Plan every recording that plays and commit; how many steps are to be done."""
    ids = db.session.scalars(select(Recording.id).where(Recording.state == RecordingState.PLAYABLE)).all()
    count = 0
    for recording_id in ids:
        recording = db.session.get_one(Recording, recording_id, options=[selectinload(Recording.assets)])
        count += plan(recording)
        db.session.commit()
        db.session.expunge_all()
    return count
