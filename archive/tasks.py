"""Background jobs of recordings. Each may be run twice."""

from __future__ import annotations

from archive.services import offline, processing, uploads
from core.jobs import task


@task("archive.finalise")
def finalise(upload_id: str) -> None:
    processing.finalise(upload_id)


@task("archive.verify")
def verify(recording_id: int, upload_id: str) -> None:
    processing.verify(recording_id, upload_id)


@task("archive.encode")
def encode(recording_id: int, upload_id: str, rewrap: bool) -> None:
    processing.encode(recording_id, upload_id, rewrap)


@task("archive.poster")
def poster(recording_id: int) -> None:
    processing.poster(recording_id)


@task(offline.KIND)
def make_offline(recording_id: int, language: str) -> None:
    offline.make(recording_id, language)


@task("archive.sweep")
def sweep() -> None:
    uploads.sweep()
