"""One command in the writer's transaction: what it stands on, and what it leaves behind."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound, require
from core.live import personal
from forum.models import Question, Room, RoomScreen, Stream, Watch
from forum.permissions import Role
from forum.protocol import Entry, Type, fate_payload, hidden, moderators_question
from forum.queries import MODERATORS_QUESTION, Person
from forum.services import chain
from forum.services.standing import standing
from forum.services.votes import owns


@dataclass(frozen=True)
class Order:
    """A command as it enters the writer: checked in shape, its sender known, not yet done."""

    command: str
    room_id: int
    person: Person
    role: Role
    args: dict[str, Any]


@dataclass
class Desk:
    """What a command of this ORDER works on. The room's row is locked, so heads and counts are ours."""

    session: Session
    room: Room
    order: Order
    epoch: str = ""  # of the room, readable after the session is gone
    entries: list[Entry] = field(default_factory=list)
    letters: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (audience, payload)
    counted: dict[str, set[Any]] = field(default_factory=dict)  # {kind of tick: what of it changed}
    replay: bool = False
    # What the audit compares with: questions as they stood when they were first taken up, and the screen.
    seen: dict[int, tuple[Question, dict[str, Any]]] = field(default_factory=dict)
    spot: int | None = None
    # And what isn't a question, by name: as it was, as it is.
    facts: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.spot = self.room.spotlight_id

    def count(self, kind: str, what: Any) -> None:
        """Something that travels as an absolute value in the next tick changed; announce.READERS reads it."""
        self.counted.setdefault(kind, set()).add(what)

    @property
    def person(self) -> Person:
        return self.order.person

    @property
    def mark(self) -> str | None:
        """The hash that stands for this person when they ask anonymously."""
        return self.room.asker_mark(self.person.pid)

    def question(self, qid: str) -> Question:
        """The question QID of this room with all it shows; of another room: NotFound."""
        found = self.questions(Question.pid == uuid.UUID(qid))
        if not found:
            raise NotFound
        return found[0]

    def questions(self, *wanted: Any) -> list[Question]:
        """The questions of this room for which WANTED holds, with all they show, by number."""
        query = select(Question).where(Question.room_id == self.room.id, *wanted).order_by(Question.no)
        found = list(self.session.scalars(query.options(*MODERATORS_QUESTION)))
        for question in found:
            self.seen.setdefault(question.id, (question, standing(question)))
        return found

    def screen(self) -> RoomScreen:
        """The room's projector, begun with the first need of it."""
        screen = self.session.get(RoomScreen, self.room.id)
        if screen is None:
            screen = RoomScreen(room_id=self.room.id)
            self.session.add(screen)
            self.session.flush()
        return screen

    def owns(self, question: Question) -> bool:
        return owns(self.room, question, self.person)

    def own(self, qid: str) -> Question:
        """The sender's own question; anybody else's is NotFound: who asked is not to be guessed."""
        question = self.question(qid)
        require(self.owns(question), NotFound)
        return question

    def log(self, stream: Stream, kind: Type, data: dict[str, Any]) -> None:
        """Append an event to a stream, with its next number, in this transaction."""
        self.entries.append(chain.append(self.session, self.room, stream, kind, data))

    def log_all(self, told: Sequence[chain.Told]) -> None:
        """Append events of many at once, in order."""
        if told:
            self.entries += chain.append_all(self.session, self.room, told)

    def touch(self, question: Question) -> None:
        """A new revision of QUESTION; a moderator's change carries their name for conflicts."""
        question.rev += 1
        if self.order.role is Role.MODERATOR and not self.owns(question):
            question.changed_by_id = self.person.id
        self.session.flush()
        self.session.refresh(question, ["changed_by"])

    def tell_moderators(self, kind: Type, question: Question) -> None:
        if question.watch is Watch.DELAY:  # its moment hasn't come: nobody but its asker knows of it
            return
        self.log(Stream.MOD, kind, moderators_question(question))

    def tell_asker(self, question: Question, cid: str | None = None) -> None:
        """The fate of their question, to the asker alone; an anonymous one is found by the hash.

        CID is what they sent it under: their page knows then which of its letters arrived.
        """
        payload = fate_payload(question) | ({"cid": cid} if cid else {})
        if question.asker_id is not None:
            self.letters.append((personal(question.asker_id), payload))
        elif question.asker_hash:
            self.letters.append((hidden(self.room.id, question.asker_hash), payload))


def is_public(question: Question) -> bool:
    return question.is_public
