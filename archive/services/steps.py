"""What people decide about a job that doesn't get done, or about a file that was made."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from accounts.models import User
from accounts.permissions import is_staff
from archive.models import Asset
from archive.pipeline import master
from archive.pipeline.files import discard, recording_with_files
from archive.pipeline.planning import STEPS
from archive.pipeline.steps import Step
from archive.queries.recordings import manages_recording
from archive.queries.steps import Work
from core import jobs
from core.db import db, utcnow
from core.errors import DomainError, require
from core.jobs import JobState


class BeingDone(DomainError):
    code = "being_done"
    message = _l("It is being done right now. Wait until it ends.")


class Needed(DomainError):
    code = "needed"
    message = _l("This step can't be left out: without it the recording doesn't play.")


def step_of(work: Work) -> Step | None:
    """The step whose files the job makes; None for what comes before a recording plays."""
    return STEPS.get(work.job.kind.removeprefix("archive."))


def files_of(work: Work) -> list[Asset]:
    """What the job has made, as far as it is there."""
    step = step_of(work)
    return step.files(work.recording) if step and work.recording else []


def retry(actor: User | None, work: Work) -> None:
    """Do it as soon as the worker is free. What is done stays done."""
    _may(actor, work)
    if work.job.state == JobState.DONE:
        return
    jobs.retry(work.job)
    db.session.commit()


def skip(actor: User | None, work: Work) -> None:
    """Leave it out; what it made before stays."""
    _may(actor, work)
    require(step_of(work) is not None, Needed)
    if work.job.state == JobState.DONE:
        return
    jobs.skip(work.job)
    db.session.commit()


def delete(actor: User | None, work: Work) -> None:
    """Delete what it made and leave it out until somebody wants it again. Originals are never among it."""
    _may(actor, work)
    step = step_of(work)
    require(step is not None and work.recording is not None, Needed)
    recording = recording_with_files(work.recording.id)  # type: ignore[union-attr] # as just required
    work.job.payload = {"recording_id": recording.id}
    jobs.skip(work.job)
    discard(recording, step.files(recording))  # type: ignore[union-attr] # as just required
    master.refresh(recording.id)


def _may(actor: User | None, work: Work) -> None:
    """Who may, and only while no worker is at it: one whose lease lapsed is gone."""
    require(is_staff(actor) or (work.recording is not None and manages_recording(actor, work.recording)))
    lease = work.job.lease_until
    require(work.job.state != JobState.RUNNING or (lease is not None and lease < utcnow()), BeingDone)
