"""Jobs of recordings: what isn't done, and what was done for one of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from accounts.permissions import is_staff
from archive.models import Recording, Upload
from archive.queries.recordings import manages_recording
from core.db import db
from core.errors import NotFound
from core.jobs import Job, JobState
from core.pages import Page, paginate

OURS = Job.kind.like("archive.%")
OPEN = Job.state.not_in((JobState.DONE, JobState.SKIPPED))


@dataclass(frozen=True)
class Work:
    """A job and the recording it is for, if it is for one."""

    job: Job
    recording: Recording | None


def unfinished(number: int) -> Page:
    """Page NUMBER of the jobs that are not done, those that failed first, then the oldest."""
    failed_first = (Job.state != JobState.FAILED, Job.id)
    page = paginate(select(Job).where(OURS, OPEN).order_by(*failed_first), number, 30)
    return Page(with_recordings(page.items), page.number, page.pages, page.total)


def of_recording(recording: Recording, upload_ids: Sequence[str]) -> list[Work]:
    """Every job for RECORDING and its UPLOADS, in the order in which they were added."""
    own = [Job.key.startswith(str(number)) for number in (recording.pid, *upload_ids)]
    jobs = db.session.scalars(select(Job).where(OURS, or_(*own)).order_by(Job.id))
    return [Work(job, recording) for job in jobs]


def upload_ids(recording: Recording) -> Sequence[str]:
    """The uploads of RECORDING, whatever became of them."""
    return db.session.scalars(select(Upload.id).where(Upload.recording_id == recording.id)).all()


def with_recordings(jobs: Iterable[Job]) -> list[Work]:
    """Each job with its recording: two queries for all of them."""
    jobs = list(jobs)
    named = {job.id: job.key.partition(":")[0] for job in jobs}
    uploads = set(named.values())
    of_upload = dict(db.session.execute(select(Upload.id, Upload.recording_id).where(Upload.id.in_(uploads))).all())
    ids = {job.id: job.payload.get("recording_id") or of_upload.get(named[job.id]) for job in jobs}
    found = _recordings([number for number in ids.values() if number], [*filter(None, map(_pid, uploads))])
    by_pid = {str(recording.pid): recording for recording in found.values()}
    return [Work(job, found.get(ids[job.id] or 0) or by_pid.get(named[job.id])) for job in jobs]


def _pid(word: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(word)
    except ValueError:
        return None


def _recordings(ids: list[int], pids: list[uuid.UUID]) -> dict[int, Recording]:
    rows = db.session.scalars(
        select(Recording)
        .where(or_(Recording.id.in_(ids), Recording.pid.in_(pids)))
        .options(joinedload(Recording.meeting), selectinload(Recording.assets))
    )
    return {recording.id: recording for recording in rows}


def work_or_404(job_id: int, user: User | None) -> Work:
    """The job if USER may act on it: staff on all, managers on those of their recordings."""
    job = db.session.scalar(select(Job).where(Job.id == job_id, OURS))
    if job is None:
        raise NotFound
    (work,) = with_recordings([job])
    if not is_staff(user) and (work.recording is None or not manages_recording(user, work.recording)):
        raise NotFound
    return work
