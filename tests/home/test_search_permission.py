"""Nobody finds, counts or is led to what they may not see, and everybody finds all that they may.

Random people ask random words; what they get is compared with what the areas' own rules allow them. SEARCH_PAIRS=10000
asks as often as the goal says.
"""

from __future__ import annotations

import datetime as dt
import importlib
import os
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.models import User
from archive import captions
from archive.captions import Cue
from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility
from archive.permissions import visible
from core import search
from core.db import db
from core.search import Asked, Hit, Query, SearchDocument
from core.storage import storage
from forum import queries
from forum.models import (
    Answer,
    FaqEntry,
    FaqRevision,
    FaqState,
    Question,
    QuestionState,
    Room,
    RoomState,
    Visibility,
)
from forum.permissions import may_read_record
from learning.models import EnrolmentState
from mentors.models import Cohort, CohortPartner, CohortState, Meeting, PartnerPart
from mentors.permissions import can_see
from tests.world import World

PAIRS = int(os.environ.get("SEARCH_PAIRS", "100"))
SHOWN = (QuestionState.OPEN, QuestionState.ANSWERING, QuestionState.ANSWERED, QuestionState.LATER)
WORDS = ["συνεταιρισμός", "δήμος", "σύμβαση", "καφενείο", "μέλη", "στέγη", "νερό", "μισθός", "κουζίνα"]


@dataclass
class Crowd:
    """People of every part, and things of every state, all made of the same few words."""

    world: World
    chance: random.Random
    people: list[User | None] = field(default_factory=lambda: [None])

    def words(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=4))

    def make(self) -> None:
        world = self.world
        module = world.module(title_el=self.words(), reading_el=self.words())
        self.people += [world.stranger(), world.stelios(), world.author(), world.admin()]
        for state in (CohortState.DRAFT, CohortState.PUBLISHED, CohortState.RUNNING, CohortState.CANCELLED):
            for visibility in RecordingVisibility:
                self._cohort(world.course([module]), state, visibility)
        self._faq(module.id)

    def _cohort(self, course: Any, state: CohortState, visibility: RecordingVisibility) -> None:
        world = self.world
        lead, supporter, host = world.organisation(), world.organisation(), world.vasilis()
        cohort = world.cohort(course, lead, state=state, host=host, title_el=self.words(), summary_el=self.words())
        learner, gone, chief, friend = (world.person(name) for name in ("Άρης", "Βέρα", "Γιώτα", "Δώρα"))
        self.people += [host, learner, gone, chief, friend]
        world.enrol(learner, cohort)
        world.enrol(gone, cohort, EnrolmentState.WITHDRAWN)
        world.member(chief, lead)
        world.member(friend, supporter)
        world.add(CohortPartner(cohort_id=cohort.id, organisation_id=supporter.id, part=PartnerPart.SUPPORTER))
        meeting = world.meetings(cohort)[0]
        self._room(meeting, learner, closed=self.chance.random() < 0.8)
        self._recording(meeting, visibility, RecordingState.PLAYABLE)
        self._recording(meeting, visibility, RecordingState.REJECTED)

    def _room(self, meeting: Meeting, asker: User, closed: bool) -> None:
        with self.world.session() as session:
            room = session.query(Room).filter_by(meeting_id=meeting.id).one()
            for no, state in enumerate(QuestionState, 1):
                question = Question(
                    room_id=room.id, no=no, body=self.words(), visibility=Visibility.NAME, asker_id=asker.id,
                    state=state,
                )
                session.add(question)
                session.flush()
                session.add(Answer(question_id=question.id, author_id=asker.id, body=self.words()))
            room.state = RoomState.CLOSED if closed else RoomState.OPEN

    def _recording(self, meeting: Meeting, visibility: RecordingVisibility, state: RecordingState) -> None:
        recording = self.world.add(
            Recording(meeting_id=meeting.id, title_el=self.words(), state=state, visibility=visibility, duration=200.0)
        )
        key = f"{recording.pid}/text/el.vtt"
        cues = captions.serialise([Cue(at, at + 5, self.words()) for at in range(0, 100, 10)])
        with self.world.app.app_context():
            storage().write(key, cues)
        self.world.add(
            Asset(recording_id=recording.id, role=AssetRole.CAPTIONS, language="el", key=key, mimetype="text/vtt",
                  bytes=len(cues), sha256="0" * 64)
        )  # fmt: skip

    def _faq(self, module_id: int) -> None:
        editor = self.people[2]
        for state in FaqState:
            entry = self.world.add(FaqEntry(module_id=module_id))
            self.world.add(
                FaqRevision(entry_id=entry.id, number=1, state=state, question=self.words(), answer=self.words(),
                            valid_as_of=dt.date(2026, 1, 1), editor_id=editor.id)
            )  # fmt: skip


def _may_watch(user: User | None, condition: Any) -> bool:
    found = sa.select(Recording.id).join(Recording.meeting).join(Meeting.cohort).where(condition, visible(user))
    return db.session.scalar(found.where(Recording.state == RecordingState.PLAYABLE)) is not None


def _may_read(user: User | None, meeting_id: int) -> bool:
    room = db.session.scalars(sa.select(Room).where(Room.meeting_id == meeting_id)).one()
    return may_read_record(queries.seat(room.id, user.id if user else None).role, room.state)


def allowed(user: User | None, document: SearchDocument) -> bool:
    """What the rules of the areas say, asked of the tables that the document was made of."""
    if document.kind in {"module", "course", "mentor", "organisation"}:
        return True
    if document.kind == "faq":
        revision = db.session.scalars(sa.select(FaqRevision).where(FaqRevision.entry_id == document.key)).one()
        return revision.state is not FaqState.RETIRED
    if document.kind == "cohort":
        return can_see(user, db.session.get_one(Cohort, document.key))
    if document.kind in {"recording", "cue"}:
        return _may_watch(user, Recording.id == document.key)
    question = db.session.get_one(Question, document.part)
    room = db.session.get_one(Room, question.room_id)
    shown = question.state in SHOWN and room.state is RoomState.CLOSED
    return shown and (_may_read(user, document.key) or _may_watch(user, Recording.meeting_id == document.key))


def may_follow(user: User | None, hit: Hit, known: dict[Any, bool]) -> bool:
    """Whether every way to HIT is open to USER; KNOWN remembers what was asked before."""
    answers = []
    for endpoint, values in [(hit.endpoint, hit.values), *([hit.listen] if hit.listen else [])]:
        case = (user and user.id, endpoint, values.get("pid", hit.document.key))
        if case not in known:
            known[case] = (
                _may_read(user, hit.document.key) if endpoint == "forum.record"
                else _may_watch(user, Recording.pid == uuid.UUID(values["pid"])) if endpoint == "archive.recording"
                else True
            )  # fmt: skip
        answers.append(known[case])
    return all(answers)


def everything(asked: str, user: User | None) -> tuple[list[Hit], int, str]:
    """All that USER finds, the sum of the counts, and how it was found."""
    found = search.find(Asked(asked), search.reader(user))
    return [hit for group in found.groups for hit in group.hits], found.total, found.how


@pytest.fixture(autouse=True)
def all_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hit of every kind on one page."""
    monkeypatch.setattr(importlib.import_module("core.search.find"), "GLANCE", 300)


@pytest.fixture
def crowd(world: World) -> Crowd:
    made = Crowd(world, random.Random(20261127))
    made.make()
    with world.app.app_context():
        search.rebuild()
        db.session.remove()
    return made


def test_nobody_finds_what_they_may_not_see_and_all_find_what_they_may(app: Flask, crowd: Crowd) -> None:
    with app.app_context():
        documents = db.session.scalars(sa.select(SearchDocument)).all()
        said = {one.id: set(one.words.split()) for one in documents}
        sights: dict[int, set[int]] = {}
        known: dict[Any, bool] = {}
        hidden = 0
        for _ in range(PAIRS):
            number = crowd.chance.randrange(len(crowd.people))
            user = db.session.merge(crowd.people[number]) if crowd.people[number] else None
            if number not in sights:
                sights[number] = {one.id for one in documents if allowed(user, one)}
            typed = " ".join(crowd.chance.sample(WORDS, crowd.chance.choice((1, 1, 2, 2, 3))))
            query = Query.of(typed)
            matching = {one for one, words in said.items() if all(words.intersection(word) for word in query.strict)}
            hits, total, how = everything(typed, user)
            seen = matching & sights[number]
            hidden += len(matching - sights[number])
            assert {hit.document.id for hit in hits} <= sights[number], (typed, user)
            if seen:
                assert ({hit.document.id for hit in hits}, total, how) == (seen, len(seen), "all"), (typed, user)
            assert all(may_follow(user, hit, known) for hit in hits), (typed, user)
        db.session.remove()
    assert hidden > PAIRS  # there was something that could have leaked
