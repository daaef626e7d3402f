"""Where a person stopped, what they have seen, and when that makes a module followed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from accounts.models import User
from archive import seen
from archive.models import Recording, RecordingState, WatchPosition
from archive.queries.edits import cuts_of
from core.db import db, utcnow
from learning.models import FollowedBy
from learning.services.attendance import make_up
from learning.services.following import mark_followed

FINISHED = 0.95  # past this the next visit begins at the beginning


def watch(actor: User, recording: Recording, seconds: float, pieces: Iterable[int]) -> float:
    """Keep that ACTOR is at SECONDS and has played PIECES; the part seen, 0 to 1.

    RECORDING was loaded by queries.recording_or_404 for ACTOR: that is the permission.
    """
    duration = recording.duration or 0
    if recording.state != RecordingState.PLAYABLE or duration <= 0:
        return 0.0
    place = _place(actor, recording)
    now = utcnow()
    account = seen.Account(place.seen, place.credit)
    account = seen.add(account, pieces, (now - place.updated_at).total_seconds(), duration)
    place.seconds = 0 if seconds > FINISHED * duration else max(0.0, seconds)
    place.seen, place.credit, place.updated_at = account.seen, account.credit, now
    hidden = cuts_of([recording.id])[recording.id]
    share = seen.share(place.seen, duration, hidden.spans)
    db.session.commit()
    if share >= seen.ENOUGH:
        make_up(actor, recording.meeting, recording.published_at or recording.created_at)
        mark_followed(actor, recording.meeting.module_version.module_id, FollowedBy.RECORDING)
    return share


def _place(actor: User, recording: Recording) -> WatchPosition:
    place = db.session.scalar(
        select(WatchPosition)
        .where(WatchPosition.recording_id == recording.id, WatchPosition.user_id == actor.id)
        .with_for_update()
    )
    if place is None:
        place = WatchPosition(
            recording_id=recording.id, user_id=actor.id, seen="", seconds=0, credit=seen.START, updated_at=utcnow()
        )
        db.session.add(place)
        db.session.flush()
    return place
