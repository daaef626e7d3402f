"""Describing a recording, showing it to people or not, and tying it to the room's clock."""

from __future__ import annotations

from accounts.models import User
from archive.licences import DEFAULT
from archive.models import Recording, RecordingState, RecordingVisibility
from archive.queries import recordings
from core.db import db, utcnow
from core.errors import require
from mentors.models import Meeting


def describe(
    actor: User,
    meeting: Meeting,
    *,
    title_el: str,
    title_en: str,
    language: str,
    visibility: RecordingVisibility,
    licence: str = DEFAULT,
) -> Recording:
    """A new recording of MEETING without its file yet; the same one again when a form is sent twice."""
    # The meeting was loaded by queries.meeting_or_404 for this actor: that is the permission.
    again = db.session.query(Recording).filter_by(
        meeting_id=meeting.id, created_by_id=actor.id, title_el=title_el, state=RecordingState.DRAFT
    )
    if found := again.first():
        return found
    recording = Recording(
        meeting_id=meeting.id,
        title_el=title_el,
        title_en=title_en,
        language=language,
        visibility=visibility,
        licence=licence,
        created_by_id=actor.id,
    )
    db.session.add(recording)
    db.session.commit()
    return recording


def revise(
    actor: User | None, recording: Recording, title_el: str, title_en: str, language: str, *, licence: str = DEFAULT
) -> None:
    """Change what a recording is called and the licence it stands under."""
    require(recordings.manages_recording(actor, recording))
    recording.title_el, recording.title_en, recording.language = title_el, title_en, language
    recording.licence = licence
    db.session.commit()


def show_to(actor: User | None, recording: Recording, visibility: RecordingVisibility) -> None:
    """Publish to the cohort or to everybody, or take it back (PRIVATE)."""
    require(recordings.manages_recording(actor, recording))
    recording.visibility = visibility
    if visibility is not RecordingVisibility.PRIVATE:
        recording.withdrawn_at, recording.withdrawn_from, recording.withdrawn_reason = None, None, ""
    mark_published(recording)
    db.session.commit()


def mark_published(recording: Recording) -> None:
    """Note when a recording first became visible to others, and forget it when it no longer is."""
    shown = recording.visibility != RecordingVisibility.PRIVATE and recording.state == RecordingState.PLAYABLE
    recording.published_at = (recording.published_at or utcnow()) if shown else None
