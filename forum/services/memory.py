"""What was asked before: suggestions while somebody types, twins and known answers for moderators, «covered»."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from accounts.models import User
from core.db import db
from core.errors import Forbidden, NotFound, require
from core.i18n import local, timecode
from core.slots import slot
from forum import queries
from forum.models import (
    FaqEndorsement,
    FaqEntry,
    FaqRevision,
    Question,
    QuestionEndorsement,
    QuestionState,
)
from forum.permissions import Role, may
from forum.queries import Match, Seat, Source
from forum.services.desk import Desk
from forum.services.refusals import Locked, OwnQuestion
from forum.services.votes import owns
from mentors.models import PartnerPart

SHOWN = 3
LISTED = 5  # twins of one slip
SURE, LIKELY = 0.8, 0.55
SHORTEST = 12  # characters; less is no question yet

_quiet = threading.Event()


@dataclass(frozen=True)
class Clip:
    """The moment of an answer on a recording the reader may watch; seconds."""

    url: str
    at: float
    length: float | None


def shed(yes: bool) -> None:
    """Under load nobody is reminded of anything: the first thing that is let go, and it harms nobody."""
    (_quiet.set if yes else _quiet.clear)()


def look(seat: Seat, user: User | None, body: str = "", qid: str | None = None) -> dict[str, Any]:
    """What asks for the same as BODY, or (for moderators) as the question QID of this room; at most SHOWN."""
    require(may(seat.role, "question:covered"), Forbidden)
    if _quiet.is_set():
        return {"similar": [], "shed": True}
    besides = None
    if qid is not None:
        require(seat.role is Role.MODERATOR, Forbidden)
        besides, body = _asked(seat.room_id, qid)
    if qid is None and len(body) < SHORTEST:
        return {"similar": []}
    found = _useful(queries.similar(seat.room_id, body, besides), seat, user)
    if qid is None:
        return {"similar": found[:SHOWN]}
    known = [match for match in found if match["answer"] or match["url"]]
    return {"similar": found[:SHOWN], "known": known[:1], "twins": twins_in(seat.room_id, [qid]).get(qid)}


def twins_in(room_id: int, qids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """{id: {n: how many of the room ask the same, said, list: [{id, no, body, sure}]}} for moderators.

    Nothing is joined by itself: it says how sure it is, and people decide.
    """
    rows = {str(row.pid): row for row in queries.texts_in(room_id)}
    texts = [(pid, row.body) for pid, row in rows.items()]
    found = queries.twins([(qid, rows[qid].body) for qid in qids if qid in rows], texts)
    return {qid: _group(rows, near) for qid, near in found.items()}


def _group(rows: dict[str, Any], near: list[tuple[str, float]]) -> dict[str, Any]:
    listed = [
        {"id": pid, "no": rows[pid].no, "body": rows[pid].body, "sure": sureness(alike)} for pid, alike in near[:LISTED]
    ]
    said = ngettext("%(num)d like it", "%(num)d like it", len(near))
    return {"n": len(near), "said": said, "list": listed}


def sureness(alike: float) -> str:
    """How sure the likeness is, in a word."""
    if alike >= SURE:
        return gettext("almost the same")
    return gettext("probably the same") if alike >= LIKELY else gettext("perhaps the same")


def written_at(seat: Seat, source: str, number: str) -> str:
    """The text of an answer that may be suggested in this room, for a moderator who sends it again."""
    pid = uuid.UUID(number)
    if source == Source.FAQ:
        revision = db.session.get(FaqRevision, _standing_entry(db.session(), seat.room_id, pid)[1])
        return revision.answer if revision else ""
    allowed = queries.suggestible(queries.module_of(seat.room_id), seat.room_id)
    question = db.session.scalar(
        select(Question).where(Question.pid == pid, allowed).options(selectinload(Question.answers))
    )
    if question is None:
        raise NotFound
    return _written(question)


def _asked(room_id: int, qid: str) -> tuple[int, str]:
    row = db.session.execute(
        select(Question.id, Question.body).where(Question.pid == uuid.UUID(qid), Question.room_id == room_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.id, row.body


def _useful(found: Sequence[Match], seat: Seat, user: User | None) -> list[dict[str, Any]]:
    """As the reader sees them; of earlier cohorts only what they can read or hear the answer of."""
    earlier = [match.question for match in found if match.source is Source.EARLIER and match.question]
    clips: dict[int, Clip] = {}
    for more in slot("questions.clips", earlier, user) if earlier else []:
        clips |= more
    praised = _endorsed(found)
    shown = [_payload(match, seat, clips, praised) for match in found]
    return [match for match in shown if match["source"] != Source.EARLIER or match["answer"] or match["url"]]


def _endorsed(found: Sequence[Match]) -> dict[tuple[Source, int], int]:
    """How many people found each answer good enough, by (source, number in its table)."""
    questions = [match.question.id for match in found if match.question]
    entries = [match.entry.id for match in found if match.entry]
    counted: dict[tuple[Source, int], int] = {}
    for model, column, ids, source in (
        (QuestionEndorsement, QuestionEndorsement.question_id, questions, Source.EARLIER),
        (FaqEndorsement, FaqEndorsement.entry_id, entries, Source.FAQ),
    ):
        if ids:
            rows = db.session.execute(
                select(column, func.count()).select_from(model).where(column.in_(ids)).group_by(column)
            )
            counted |= {(source, number): count for number, count in rows}
    return counted


def _payload(
    match: Match, seat: Seat, clips: dict[int, Clip], praised: dict[tuple[Source, int], int]
) -> dict[str, Any]:
    shown = {"source": match.source.value, "alike": round(match.alike, 2), "url": "", "answer": "", "own": False}
    if match.entry is not None and match.revision is not None:
        return shown | {
            "id": str(match.entry.pid),
            "body": match.revision.question,
            "answer": match.revision.answer,
            "said": gettext("In the module's frequent questions"),
            "url": url_for("forum.faq_entry", pid=match.entry.pid),
            "covered": praised.get((Source.FAQ, match.entry.id), 0),
        }
    question = match.question
    assert question is not None  # noqa: S101 - a match is one or the other
    shown |= {"id": str(question.pid), "body": question.body, "answer": _written(question)}
    shown["covered"] = praised.get((Source.EARLIER, question.id), 0)
    if match.source is Source.ROOM:
        own = seat.person is not None and owns(question.room, question, seat.person)
        here = {"no": question.no, "n": question.score, "state": question.state.value, "own": own}
        return shown | here | {"said": _said_here(question, own)}
    clip = clips.get(question.id)
    return shown | {"said": _said_there(question, clip), "url": clip.url if clip else ""}


def _written(question: Question) -> str:
    """The written answer: the accepted one, else the latest."""
    answers = sorted(question.answers, key=lambda answer: (answer.accepted, answer.id))
    return answers[-1].body if answers else ""


def _said_here(question: Question, own: bool) -> str:
    if own:
        return gettext("You asked it, question %(no)d", no=question.no)
    if question.state is QuestionState.ANSWERED:
        return gettext("Answered in this room, question %(no)d", no=question.no)
    return gettext("In this room, question %(no)d", no=question.no)


def _said_there(question: Question, clip: Clip | None) -> str:
    """«Απαντήθηκε στο παρελθόν: Δήμος Λιόδεντρου, 1:12:30»."""
    cohort = question.room.meeting.cohort
    lead = next((p.organisation for p in cohort.partners if p.part is PartnerPart.LEAD), None)
    place = local(lead, "name") if lead else local(cohort, "title")
    if clip is None:
        return gettext("Answered before: %(place)s", place=place)
    return gettext("Answered before: %(place)s, at %(at)s", place=place, at=timecode(clip.at))


def covered(desk: Desk, source: str, id: str) -> dict[str, Any]:  # noqa: A002 - the name on the wire
    """The answer there is enough: kept once for each person and source."""
    pid = uuid.UUID(id)
    if source == Source.FAQ:
        entry_id, _revision = _standing_entry(desk.session, desk.room.id, pid)
        mine = desk.session.get(FaqEndorsement, (entry_id, desk.person.id))
        if mine is None:
            desk.session.add(FaqEndorsement(entry_id=entry_id, user_id=desk.person.id, room_id=desk.room.id))
    else:
        question_id = _question(desk, pid)
        known = desk.session.get(QuestionEndorsement, (question_id, desk.person.id))
        if known is None:
            kept = QuestionEndorsement(question_id=question_id, user_id=desk.person.id, room_id=desk.room.id)
            desk.session.add(kept)
    return {"id": id, "source": source}


def _standing_entry(session: Session, room_id: int, pid: uuid.UUID) -> tuple[int, int]:
    """Numbers of the entry PID and its revision, if it may be suggested in this room."""
    found = session.execute(
        select(FaqEntry.id, FaqRevision.id)
        .join(FaqRevision, (FaqRevision.entry_id == FaqEntry.id) & (FaqRevision.number == FaqEntry.rev))
        .where(
            FaqEntry.pid == pid,
            FaqEntry.module_id == queries.module_of(room_id, session),
            queries.stands_on(queries.today()),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def _question(desk: Desk, pid: uuid.UUID) -> int:
    """The question's number, if it may be suggested in this room and has an answer."""
    module_id = queries.module_of(desk.room.id, desk.session)
    allowed = queries.suggestible(module_id, desk.room.id)
    question = desk.session.scalar(select(Question).where(Question.pid == pid, allowed))
    if question is None:
        raise NotFound
    require(question.room_id != desk.room.id or not desk.owns(question), OwnQuestion)
    if question.state is not QuestionState.ANSWERED:
        raise Locked
    return question.id
