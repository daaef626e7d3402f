"""Making the rows of recordings again from their manifests alone, when the database was lost and the files weren't."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from archive import manifests
from archive.manifests import CHAPTER
from archive.models import (
    Asset,
    AssetRole,
    AssetState,
    Chapter,
    Recording,
    RecordingAnchor,
    RecordingQuestion,
    RecordingState,
    RecordingVisibility,
)
from archive.queries import keeping
from core.db import db
from core.storage import storage
from forum.models import Question

MOMENTS = ("starts_at", "created_at", "published_at", "checked_at", "withdrawn_at")


@dataclass
class Rebuilt:
    """How many recordings were made, how many were there already, and which could not be made: (key, why)."""

    made: int = 0
    there: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


class Unusable(Exception):
    """A manifest from which nothing can be made; says why."""


def rebuild() -> Rebuilt:
    """Read every manifest in storage. Recordings that are there stay as they are; each is a transaction of its own."""
    done = Rebuilt()
    for key, data in _manifests():
        try:
            if _make(key, data):
                done.made += 1
            else:
                done.there += 1
        except (Unusable, KeyError, ValueError, TypeError) as error:
            db.session.rollback()
            done.refused.append((key, f"{type(error).__name__}: {error}"))
    return done


def _manifests() -> Iterator[tuple[str, bytes]]:
    for kept in storage().files():
        if kept.key.count("/") == 1 and kept.key.endswith("/manifest.json"):
            yield kept.key, b"".join(storage().open(kept.key))


def _make(key: str, data: bytes) -> bool:
    """Add the rows that the manifest speaks of; False when the recording is there."""
    said = json.loads(data)
    if said["format"] != manifests.FORMAT:
        raise Unusable(f"format {said['format']}")
    pid = uuid.UUID(said["recording"]["pid"])
    if key != manifests.key_of(pid):
        raise Unusable("it lies in another recording's folder")
    if keeping.known(pid):
        return False
    meeting_id = keeping.meeting_number(said["recording"]["meeting"])
    if meeting_id is None:
        raise Unusable(f"no meeting {said['recording']['meeting']}")
    made = _recording(said["recording"], meeting_id, said["kept"]["created_by"])
    db.session.add(made)
    db.session.flush()
    kept = said["kept"]
    chapters = [Chapter(recording_id=made.id, **{name: one[name] for name in CHAPTER}) for one in kept["chapters"]]
    ties = [*_anchors(kept["anchors"], made), *_asked(kept.get("asked", []), made)]
    db.session.add_all([*_files(said["files"], made), *ties, *chapters, *_history(kept, made)])
    db.session.commit()
    return True


def _recording(said: dict[str, Any], meeting_id: int, maker: str | None) -> Recording:
    # Manifests written before withdrawals were in them say nothing of them.
    facts = _timed({name: said[name] for name in manifests.RECORDING if name in said or "withdrawn" not in name})
    facts["pid"] = uuid.UUID(facts["pid"])
    facts["state"], facts["visibility"] = RecordingState(facts["state"]), RecordingVisibility(facts["visibility"])
    people = keeping.numbers(User, [maker])
    return Recording(meeting_id=meeting_id, created_by_id=people.get(maker or ""), **facts)


def _files(said: list[dict[str, Any]], recording: Recording) -> Iterator[Asset]:
    for one in said:
        facts = _timed({name: one[name] for name in manifests.FILE})
        if not str(facts["key"]).startswith(f"{recording.pid}/"):
            raise Unusable(f"it claims {facts['key']}")
        facts["role"], facts["state"] = AssetRole(facts["role"]), AssetState(facts["state"])
        yield Asset(recording_id=recording.id, **facts)


def _anchors(said: list[dict[str, Any]], recording: Recording) -> Iterator[RecordingAnchor]:
    """What tied the recording to questions; not to one that is gone, nor by somebody who is."""
    questions = keeping.numbers(Question, [one["question"] for one in said])
    people = keeping.numbers(User, [one["by"] for one in said])
    for one in said:
        question = questions.get(one["question"] or "")
        if one["by"] in people and (question is not None or one["question"] is None):
            at = dt.datetime.fromisoformat(one["at"])
            yield RecordingAnchor(
                recording_id=recording.id, question_id=question, seconds=one["seconds"], by_id=people[one["by"]], at=at
            )


def _asked(said: list[dict[str, Any]], recording: Recording) -> Iterator[RecordingQuestion]:
    questions = keeping.numbers(Question, [one["question"] for one in said])
    for one in said:
        if one["question"] in questions:
            number = questions[one["question"]]
            yield RecordingQuestion(recording_id=recording.id, question_id=number, seconds=one["seconds"])


def _history(kept: dict[str, Any], recording: Recording) -> Iterator[Any]:
    """What people did to it. In the name of whoever made it when they are gone: a removed part must never come back."""
    for name, (model, columns, moment) in manifests.HISTORY.items():
        said = kept.get(name, [])  # manifests written before this was kept have none
        people = keeping.numbers(User, [one["by"] for one in said])
        for one in said:
            by = people.get(one["by"] or "", recording.created_by_id)
            if by is None and not model.by_id.nullable:
                raise Unusable(f"nobody is known to whom its {name} belong")
            facts = {column: one[column] for column in columns} | {moment: dt.datetime.fromisoformat(one["at"])}
            yield model(recording_id=recording.id, by_id=by, **facts)


def _timed(facts: dict[str, Any]) -> dict[str, Any]:
    times = {name: dt.datetime.fromisoformat(facts[name]) for name in MOMENTS if facts.get(name)}
    return facts | times
