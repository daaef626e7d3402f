"""Making a file anew that is damaged or gone."""

from __future__ import annotations

from archive.formats import Way, way
from archive.models import Asset, AssetRole
from archive.pipeline.files import recording_with_files
from archive.pipeline.planning import plan
from archive.queries.recordings import asset as file_of
from core.jobs import renew


def make(damaged: Asset) -> None:
    """Add the job of the step that made DAMAGED to the open transaction. What was recorded itself can't be made."""
    recording = recording_with_files(damaged.recording_id)
    original = file_of(recording, AssetRole.ORIGINAL)
    if damaged.role is not AssetRole.MP4:
        plan(recording)
    elif damaged.part:  # the film without what was removed
        renew("archive.cut", f"{recording.pid}:{damaged.sha256}", recording_id=recording.id)
    elif original is not None:
        rewrap = way(original.facts, original.key.rsplit(".", 1)[1]) is Way.REWRAP
        key = f"{recording.pid}:{original.sha256}"
        renew("archive.rewrap" if rewrap else "archive.encode", key, recording_id=recording.id, upload_id=key)
