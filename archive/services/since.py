"""Saying where a question that wasn't reached has been answered since."""

from __future__ import annotations

import re
import uuid

from flask_babel import lazy_gettext as _l

from accounts.models import User
from archive.models import AnswerElsewhere, Recording
from archive.queries import record, recordings
from archive.queries.since import answer_of
from core.db import db, utcnow
from core.errors import DomainError, require

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class NoAnswerThere(DomainError):
    code = "no_answer"
    status = 422
    message = _l("There is no answered question at this address. Copy the link that stands under it in its record.")


class Reached(DomainError):
    code = "reached"
    status = 422
    message = _l("Choose a question that wasn't answered in this meeting.")


def answered_there(actor: User | None, recording: Recording, question_pid: uuid.UUID, link: str) -> None:
    """It was answered as the question that LINK leads to, of a meeting that ACTOR manages. Twice: the last counts."""
    require(recordings.manages_recording(actor, recording))
    beside = record.record_beside(recording)
    asked = next((line for line in [*beside.open, *beside.written] if line.pid == question_pid), None)
    require(asked is not None, Reached)
    named = _ID.findall(link)
    answer = answer_of(uuid.UUID(named[-1]), actor) if named else None
    if asked is None or answer is None or answer.id == asked.id:
        raise NoAnswerThere
    row = db.session.get(AnswerElsewhere, asked.id) or AnswerElsewhere(question_id=asked.id)
    row.answer_id, row.by_id, row.at = answer.id, actor.id, utcnow()  # type: ignore[union-attr] # required
    db.session.add(row)
    db.session.commit()
