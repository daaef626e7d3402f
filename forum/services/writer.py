"""The one writer of a process: commands that arrive together are committed together.

Each command runs in a savepoint of one transaction: what it refuses rolls back alone. After
the commit every sender gets the ack, then the events go out, moderators first. Nothing is
acknowledged or announced before it is stored.

Under gevent the transaction runs in a native thread, so that an fsync never stops the loop.
Only `commit` runs there, one call at a time; queue, tickets and emits stay on the loop. The
thread has an engine of its own with one connection and no pool to wait for, so it shares no lock
that gevent has replaced; mappers are configured before it starts. Elsewhere (tests) the writer is a plain thread.
"""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import gevent
from flask import Flask
from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool
from sqlalchemy import Engine, StaticPool, create_engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, configure_mappers

from core.errors import DomainError, NotFound
from core.log import log
from forum.models import Room
from forum.services import afterwards, ballots, votes
from forum.services.dedupe import perform
from forum.services.desk import Desk, Order
from forum.services.refusals import Broken, Busy

# Commands of which many arrive at once: those that stand one after the other are counted together.
# {command: (what makes one of person and arguments, what counts a list of them)}
COUNTED: dict[str, tuple[Callable[..., Any], Callable[[Session, Room, list[Any]], None]]] = {
    "question:vote": (votes.Ballot, votes.cast),
    "question:also": (afterwards.Also, votes.cast),
    "poll:vote": (ballots.Choice, ballots.cast),
}
BATCH = 500
WAITING = 5000  # commands in line; past it the room says it is busy


@dataclass
class Ticket:
    """A command in line, and what became of it."""

    order: Order
    done: threading.Event = field(default_factory=threading.Event)
    desk: Desk | None = None
    ack: dict[str, Any] | None = None
    error: Exception | None = None
    head: int = 0  # of the public stream after it

    def refuse(self, error: Exception) -> None:
        self.desk, self.ack, self.error = None, None, error


def own_engine(url: str) -> Engine:
    """An engine for the writer alone, that takes SQLite's write lock at once instead of half-way."""
    sqlite = url.startswith("sqlite")
    arguments = {"check_same_thread": False} if sqlite else {}
    engine = create_engine(url, poolclass=StaticPool, connect_args=arguments, hide_parameters=True)
    if sqlite:

        @event.listens_for(engine, "connect")
        def _by_hand(connection: Any, _record: Any) -> None:
            connection.isolation_level = None

        @event.listens_for(engine, "begin")
        def _begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def commit(engine: Engine, batch: list[Ticket]) -> None:
    """Do all of BATCH in one transaction and fill in the tickets. Raises when nothing was stored."""
    with Session(engine, expire_on_commit=False) as session:
        wanted = sorted({ticket.order.room_id for ticket in batch})
        locked = select(Room).where(Room.id.in_(wanted)).order_by(Room.id).with_for_update()
        rooms = {room.id: room for room in session.scalars(locked)}
        for (room_id, command), run in groupby(batch, _kin):
            room = rooms.get(room_id)
            if room is not None and command in COUNTED:
                _count(session, room, list(run))
            else:
                for ticket in run:
                    _do(session, room, ticket)
        session.commit()


def _kin(ticket: Ticket) -> tuple[int, str]:
    return ticket.order.room_id, ticket.order.command


def _do(session: Session, room: Room | None, ticket: Ticket) -> None:
    """One command in a savepoint of its own."""
    try:
        with session.begin_nested():
            if room is None:
                raise NotFound
            ticket.desk = desk = Desk(session, room, ticket.order, room.epoch)
            ticket.ack = perform(desk)
        ticket.head = room.pub_seq
    except Exception as error:  # noqa: BLE001 - one command's fault is its own
        ticket.refuse(error)


def _count(session: Session, room: Room, run: list[Ticket]) -> None:
    """Votes that stand one after the other, together."""
    make, cast = COUNTED[run[0].order.command]
    cards = [make(ticket.order.person, **ticket.order.args) for ticket in run]
    try:
        with session.begin_nested():
            cast(session, room, cards)
    except Exception as error:  # noqa: BLE001 - stored is none of them: each is told so
        for ticket in run:
            ticket.refuse(error)
        return
    for ticket, card in zip(run, cards, strict=True):
        ticket.error, ticket.ack, ticket.head = card.error, card.result, room.pub_seq
        if card.counted:
            ticket.desk = Desk(session, room, ticket.order, room.epoch, counted=card.counted)


class Writer:
    """Takes commands from any greenlet or thread; `announce(room, tickets)` sends what they left behind."""

    def __init__(self, app: Flask, announce: Callable[[list[Desk]], None]) -> None:
        configure_mappers()
        self.app, self.announce = app, announce
        self.engine = own_engine(app.config["SQLALCHEMY_DATABASE_URI"])
        self.line: queue.Queue[Ticket | None] = queue.Queue()
        self.stopping = False
        self.native = ThreadPool(1) if is_module_patched("threading") else None
        self.thread = threading.Thread(target=self._run, name="room-writer", daemon=True)
        self.thread.start()

    def do(self, order: Order) -> Ticket:
        """Put ORDER in line, wait until it is stored, return its ticket. Raises its refusal."""
        if self.line.qsize() > WAITING:
            raise Busy(retry_ms=1000)
        ticket = Ticket(order)
        self.line.put(ticket)
        ticket.done.wait()
        if isinstance(ticket.error, DomainError):
            raise ticket.error
        if ticket.error is not None:
            raise Broken from ticket.error
        return ticket

    def settle(self) -> None:
        """Wait until everything that is in line now is stored and announced."""
        self.line.join()

    def stop(self) -> None:
        """Finish what is in line and end."""
        self.line.put(None)
        self.thread.join(10)
        if self.native is not None:
            self.native.kill()
        self.engine.dispose()

    def _run(self) -> None:
        while not self.stopping:
            batch = self._collect()
            if batch:
                self._store(batch)
                self._finish(batch)
            for _ticket in batch:
                self.line.task_done()

    def _collect(self) -> list[Ticket]:
        """Everything that is waiting, at most BATCH; blocks for the first. While one batch is
        being stored the next gathers, so waiting longer for more would only add delay."""
        batch: list[Ticket] = []
        with suppress(queue.Empty):
            ticket = self.line.get()
            while ticket is not None:
                batch.append(ticket)
                if len(batch) == BATCH:
                    return batch
                ticket = self.line.get_nowait()
            self.stopping = True
        return batch

    def _store(self, batch: list[Ticket]) -> None:
        try:
            if self.native is not None:
                self.native.apply(commit, (self.engine, batch))
            else:
                commit(self.engine, batch)
        except Exception as error:  # noqa: BLE001 - told to every sender, who tries again
            log.error("room batch failed", error=type(error).__name__, size=len(batch))
            verdict = Busy(retry_ms=500) if isinstance(error, OperationalError) else Broken()
            for ticket in batch:
                ticket.refuse(verdict)

    def _finish(self, batch: list[Ticket]) -> None:
        done: dict[int, list[Desk]] = defaultdict(list)
        for ticket in batch:
            if ticket.error is not None and not isinstance(ticket.error, DomainError):
                log.error("room command failed", command=ticket.order.command, exc_info=ticket.error)
            if ticket.desk is not None and not ticket.desk.replay:
                done[ticket.order.room_id].append(ticket.desk)
            ticket.done.set()
        if self.native is not None:
            gevent.sleep(0)  # acks leave before the events
        for desks in done.values():
            try:
                self.announce(desks)
            except Exception as error:  # noqa: BLE001 - it is stored: clients catch up by number
                log.error("room announcement failed", exc_info=error)
