"""The frequent questions of the demonstration: begun in a finished room, one revised, one whose day has passed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.models import User
from core.db import utcnow
from core.i18n import athens
from courses.models import Module, ModuleVersion
from forum.models import FaqEndorsement, FaqEntry, FaqRevision, Question, Room
from mentors.models import Cohort, Meeting

SOURCE = Path(__file__).with_suffix(".yaml")


def add_faq(session: Session, people: dict[str, User]) -> None:
    """All entries of the file, in the session's transaction."""
    told = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    for item in told["entries"]:
        question, meeting, module_id = _question(session, told["cohort"], item["module"], item["number"])
        entry = FaqEntry(
            module_id=module_id,
            question_id=question.id,
            rev=len(item["revisions"]),
            origin_el=meeting.cohort.title_el,
            origin_en=meeting.cohort.title_en,
            answered_by=meeting.mentor.short_name if meeting.mentor else "",
        )
        session.add(entry)
        session.flush()
        editor = people[item["editor"]]
        session.add_all(_revision(entry, number, editor, said) for number, said in enumerate(item["revisions"], 1))
        session.add_all(
            FaqEndorsement(entry_id=entry.id, user_id=people[key].id, room_id=question.room_id)
            for key in item["covered"]
        )


def _question(session: Session, cohort: str, module: str, no: int) -> tuple[Question, Meeting, int]:
    row = session.execute(
        select(Question, Meeting, ModuleVersion.module_id)
        .join(Room, Room.id == Question.room_id)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .join(ModuleVersion, ModuleVersion.id == Meeting.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Cohort.slug == cohort, Module.slug == module, Question.no == no)
        .options(joinedload(Meeting.cohort), joinedload(Meeting.mentor))
    ).one()
    return row[0], row[1], row[2]


def _revision(entry: FaqEntry, number: int, editor: User, said: dict[str, Any]) -> FaqRevision:
    today = athens(utcnow()).date()
    return FaqRevision(
        entry_id=entry.id,
        number=number,
        question=said["question"],
        answer=said["answer"],
        legal_basis=said.get("legal_basis", ""),
        valid_as_of=today - dt.timedelta(days=said["since"]),
        review_by=today + dt.timedelta(days=said["review_in"]),
        note=said.get("note", ""),
        editor_id=editor.id,
        at=utcnow() - dt.timedelta(days=said["since"]),
    )
