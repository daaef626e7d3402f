"""What can be found of rooms: the questions and answers of finished ones, and the modules' frequent questions.

A question is for whoever may read the room's record, and for whoever may watch a recording it is heard in: the areas
above say which those are (slot `questions.films`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from accounts.models import User
from core import search
from core.db import db
from core.markdown import plain
from core.search import Document, Link
from core.slots import slot
from courses.models import Module, ModuleVersion
from forum.models import (
    PUBLIC_STATES,
    Answer,
    FaqEntry,
    FaqRevision,
    FaqState,
    Question,
    QuestionState,
    Room,
    RoomState,
)
from forum.queries.seats import seated_in
from mentors.models import Meeting

SHOWN = tuple(state for state in PUBLIC_STATES if state is not QuestionState.MERGED)


@search.circles
def seated(user: User) -> Iterable[str]:
    """Cohorts whose finished rooms USER may read."""
    return [f"room:{cohort_id}" for cohort_id in seated_in(user)] if user.active else []


def _records() -> Iterable[int]:
    return db.session.scalars(select(Room.meeting_id).where(Room.state == RoomState.CLOSED))


def _record(key: int) -> Iterator[Document]:
    """The questions of the meeting's room, when it is finished; each with its written answers."""
    questions = db.session.scalars(
        select(Question)
        .join(Question.room)
        .join(Room.meeting)
        .join(Meeting.cohort)
        .join(Meeting.module_version)
        .join(ModuleVersion.module)
        .where(Room.meeting_id == key, Room.state == RoomState.CLOSED, Question.state.in_(SHOWN))
        .options(
            selectinload(Question.answers),
            contains_eager(Question.room)
            .contains_eager(Room.meeting)
            .options(
                contains_eager(Meeting.cohort),
                contains_eager(Meeting.module_version).contains_eager(ModuleVersion.module),
            ),
        )
        .order_by(Question.no)
    ).all()
    films: dict[int, list[Link]] = {}
    for more in slot("questions.films", questions) if questions else []:
        films |= more
    for question in questions:
        yield _document(question, films.get(question.id, []))


def _document(question: Question, films: list[Link]) -> Document:
    meeting = question.room.meeting
    cohort, version = meeting.cohort, meeting.module_version
    written = Link(
        "forum.record",
        {"code": question.room.code, "_anchor": f"q-{question.pid}"},
        frozenset({f"room:{cohort.id}"}),
    )
    return Document(
        part=question.id,
        title_el=question.body,
        title_en="",
        place_el=f"{cohort.title_el} · {version.title_el}",
        place_en=f"{cohort.title_en or cohort.title_el} · {version.title_en or version.title_el}",
        text="\n".join(answer.body for answer in question.answers),
        links=(written, *films),
        languages=frozenset({cohort.language}),
        theme=version.module.theme_id,
        cohort=cohort.id,
        moment=question.answered_at or question.asked_at,
    )


def _entries() -> Iterable[int]:
    return db.session.scalars(select(FaqEntry.id))


def _entry(key: int) -> Iterator[Document]:
    """What the entry says now; a retired one is shown to its keepers only, on their own page."""
    row = db.session.execute(
        select(FaqEntry, FaqRevision, Module)
        .join(FaqRevision, (FaqRevision.entry_id == FaqEntry.id) & (FaqRevision.number == FaqEntry.rev))
        .join(Module, Module.id == FaqEntry.module_id)
        .join(Module.current)
        .where(FaqEntry.id == key, FaqRevision.state != FaqState.RETIRED)
        .options(contains_eager(Module.current))
    ).one_or_none()
    if row is None:
        return
    entry, revision, module = row
    current = module.current
    yield Document(
        part=0,
        title_el=revision.question,
        place_el=current.title_el if current else "",
        place_en=current.title_en if current else "",
        text=f"{plain(revision.answer)}\n{revision.legal_basis}",
        links=(Link("forum.faq_entry", {"pid": str(entry.pid)}),),
        theme=module.theme_id,
        moment=revision.at,
    )


def _of_question(session: Session, question: Question) -> Iterable[int]:
    """Nothing while the room is live: its writer must not wait for this."""
    room = session.get(Room, question.room_id)
    return [room.meeting_id] if room is not None and room.state is RoomState.CLOSED else []


def _of_answer(session: Session, answer: Answer) -> Iterable[int]:
    question = session.get(Question, answer.question_id)
    return _of_question(session, question) if question is not None else []


def _of_room(_session: Session, room: Room) -> Iterable[int]:
    return [room.meeting_id] if search.changed(room, "state", "code") else []


def _of_cohort(session: Session, cohort_id: int) -> Iterable[int]:
    finished = select(Room.meeting_id).join(Room.meeting).where(Meeting.cohort_id == cohort_id)
    return session.scalars(finished.where(Room.state == RoomState.CLOSED)).all()


search.register("faq", _entries, _entry)
search.register("question", _records, _record)
search.watch("question", Question, _of_question)
search.watch("question", Answer, _of_answer)
search.watch("question", Room, _of_room)
search.follow("cohort", "question", _of_cohort)
search.watch("faq", FaqEntry, lambda _s, entry: [entry.id])
search.watch("faq", FaqRevision, lambda _s, revision: [revision.entry_id])
