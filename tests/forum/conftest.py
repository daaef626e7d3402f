"""A room with its people, sockets that are one browser each, and an end to the writer's threads."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from sqlalchemy import event, select

from accounts.models import User
from core.db import db
from core.live import NAMESPACE, socketio
from forum import forms, queries, services
from forum.models import Announcement, Question, Room, RoomEvent, RoomScreen, RoomState, Stream
from forum.protocol import moderators_question
from forum.queries import seat
from forum.services import later, presence, reactions
from mentors.models import Cohort, CohortState
from tests.world import World


def cid() -> str:
    return uuid.uuid4().hex


class Socket:
    """One browser's socket in a room; `ack = socket("question:ask", body=…)`."""

    def __init__(self, world: World, user: User | None, locale: str = "en") -> None:
        self.client: SocketIOTestClient = socketio.test_client(
            world.app, namespace=NAMESPACE, flask_test_client=world.client(user, locale)
        )
        self.world = world

    def __call__(self, command: str, *payload: Any, **fields: Any) -> dict[str, Any]:
        if not payload and "cid" in forms.COMMANDS.get(command, ({},))[0]:
            fields.setdefault("cid", cid())
        return self.client.emit(command, *(payload or (fields,)), namespace=NAMESPACE, callback=True)

    def hello(self, code: str, **fields: Any) -> dict[str, Any]:
        return self("room:hello", {"v": 1, "code": code} | fields)

    def heard(self, event: str = "events") -> list[Any]:
        """Payloads of EVENT since the last call, once everything stored is announced."""
        settle(self.world.app)
        return [m["args"][0] for m in self.client.get_received(NAMESPACE) if m["name"] == event]

    def frames(self) -> list[dict[str, Any]]:
        settle(self.world.app)
        return self.client.get_received(NAMESPACE)


def settle(app: Flask) -> None:
    """Wait until the writer's announcements and the counts that are due have gone out.

    From now on counts go out when this asks for them: a tick of the thread's own might still be on its way.
    """
    running = services.live(app)
    running.writer.settle()
    running.ticker.stop()
    with app.app_context():
        running.ticker.tick()


@dataclass
class Table:
    """An open room, its cohort and the cast around it."""

    world: World
    code: str
    room_id: int
    meeting_id: int
    cohort: Cohort
    host: User
    alice: User
    stranger: User
    others: dict[str, User] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    def act(self, user: User, command: str, **args: Any) -> dict[str, Any]:
        """COMMAND through the services, as a view sends it; the result."""
        if "cid" in forms.COMMANDS[command][0]:
            args.setdefault("cid", cid())
        if command == "room:close" and not {"rest", "fates", "owners"} & set(args):
            args["rest"] = "mentor"  # what nobody has answered goes to the meeting's own mentor
        with self.world.app.test_request_context():
            done = services.act(seat(self.room_id, user.id), command, forms.check(command, args))
            return done.ack or {}

    def ask(
        self, user: User, body: str = "Πώς εγγράφεται μια ΚοινΣΕπ;", vis: str = "name", **args: Any
    ) -> dict[str, Any]:
        return self.act(user, "question:ask", body=body, vis=vis, **args)["q"]

    def moderate(self, op: str, question: dict[str, Any], **args: Any) -> dict[str, Any]:
        return self.act(self.host, "question:moderate", qid=question["id"], rev=question["rev"], op=op, **args)["q"]

    def asked(self, user: User | None = None, **args: Any) -> dict[str, Any]:
        """A question that was let through."""
        return self.moderate("approve", self.ask(user or self.alice, **args))

    def poll(self, state: str = "open", **facts: Any) -> dict[str, Any]:
        """A poll brought to STATE by the host: draft, open, closed or revealed."""
        facts = {"kind": "single", "body": "Ποιο είναι δυσκολότερο;", "options": ["Άλφα", "Βήτα", "Γάμα"]} | facts
        poll = self.act(self.host, "poll:save", **facts)["p"]
        for step in ("open", "close", "reveal")[: ("draft", "open", "closed", "revealed").index(state)]:
            poll = self.step(step, poll)
        return poll

    def step(self, step: str, poll: dict[str, Any]) -> dict[str, Any]:
        return self.act(self.host, f"poll:{step}", pid=poll["id"], rev=poll["rev"])["p"]

    def choose(self, user: User, poll: dict[str, Any], *choice: Any, **args: Any) -> dict[str, Any]:
        args = {"round": poll["round"]} | args
        return self.act(user, "poll:vote", pid=poll["id"], choice=list(choice), **args)
    def row(self, question: dict[str, Any]) -> Question:
        """The question's row, as it is now, on its own."""
        with self.world.session() as session:
            row = session.scalars(select(Question).where(Question.pid == uuid.UUID(question["id"]))).one()
            session.expunge(row)
            return row

    def now(self, question: dict[str, Any]) -> dict[str, Any]:
        """The question as moderators see it now."""
        with self.world.app.app_context():
            shown = queries.questions_in(self.room_id, Stream.MOD)
            return next(moderators_question(one) for one in shown if str(one.pid) == question["id"])

    def socket(self, user: User | None, locale: str = "en") -> Socket:
        return Socket(self.world, user, locale)

    def inside(self, user: User | None, **fields: Any) -> Socket:
        """A socket that said hello."""
        socket = self.socket(user)
        assert socket.hello(self.code, **fields)["ok"]
        socket.frames()
        return socket

    def room(self) -> Room:
        with self.world.session() as session:
            room = session.get_one(Room, self.room_id)
            session.expunge(room)
            return room


@contextmanager
def statements_of(app: Flask) -> Iterator[list[str]]:
    """The SQL of what this thread does meanwhile; the room's own threads ask when they like."""
    seen: list[str] = []
    here = threading.get_ident()

    def note(*args: Any) -> None:
        if threading.get_ident() == here:
            seen.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def lay_table(world: World, state: RoomState = RoomState.OPEN, **facts: Any) -> Table:
    """A running cohort with Βασίλης as host and Αλίκη in it, and the room of its first meeting."""
    host, alice, stranger = world.vasilis(), world.alice(), world.stranger()
    cohort = world.cohort(host=host, state=CohortState.RUNNING, **facts)
    world.enrol(alice, cohort)
    meeting = world.meetings(cohort)[0]
    with world.session() as session:
        room = session.query(Room).filter_by(meeting_id=meeting.id).one()
        room.state, room.question_cap = state, 10  # the cap is tested where it is the matter
        session.commit()
        return Table(world, room.code, room.id, meeting.id, cohort, host, alice, stranger)


def earlier(table: Table, seconds: float) -> None:
    """Let everything have been put on the screen SECONDS earlier."""
    with table.world.session() as session:
        back = dt.timedelta(seconds=seconds)
        screen = session.get(RoomScreen, table.room_id)
        if screen and screen.spot_at:
            screen.spot_at -= back
        for said in session.query(Announcement):
            said.at -= back
        for shown in session.query(RoomEvent).filter_by(type="poll.shown"):
            shown.at -= back
        session.commit()


@pytest.fixture(autouse=True)
def _end_of_the_room(app: Flask) -> Iterator[None]:
    yield
    if "forum.live" in app.extensions:
        app.extensions["forum.live"].stop()
    for module in (presence, later, reactions):
        module.clear()


@pytest.fixture
def table(world: World) -> Table:
    return lay_table(world)
