"""`flask forum check` and `verify`: are counts, sequences and the chain of the rooms what they must be?"""

from __future__ import annotations

from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import delete, func, insert, select

from core.db import db
from forum.models import Question, QuestionTerm, QuestionVote, Room, RoomEvent, Stream
from forum.models.memory import terms_of
from forum.queries import chain

group = AppGroup("forum", help="Live rooms.")


def wrong_scores() -> list[str]:
    """Questions whose kept score isn't the number of people who ask the same."""
    voices = func.coalesce(func.sum(QuestionVote.value), 0)
    rows = db.session.execute(
        select(Question.room_id, Question.no, Question.score, voices)
        .outerjoin(QuestionVote, QuestionVote.question_id == Question.id)
        .group_by(Question.id)
        .having(Question.score != voices)
    )
    return [f"room {room}, question {no}: score {score}, votes {votes}" for room, no, score, votes in rows]


def broken_streams() -> list[str]:
    """Streams that aren't 1, 2, 3 … up to the head of their room."""
    found: dict[tuple[int, Any], tuple[int, int, int]] = {
        (room, stream): (first, last, number)
        for room, stream, first, last, number in db.session.execute(
            select(
                RoomEvent.room_id, RoomEvent.stream, func.min(RoomEvent.seq), func.max(RoomEvent.seq), func.count()
            ).group_by(RoomEvent.room_id, RoomEvent.stream)
        )
    }
    faults = []
    for room_id, pub, mod in db.session.execute(select(Room.id, Room.pub_seq, Room.mod_seq)):
        for stream, head in ((Stream.PUB, pub), (Stream.MOD, mod)):
            wanted = (1, head, head) if head else None
            if found.get((room_id, stream)) != wanted:
                faults.append(f"room {room_id}, {stream.value}: head {head}, log {found.get((room_id, stream))}")
    return faults


@group.command("check")
def check() -> None:
    """Compare kept scores with votes and the logs with their heads; fails when something differs."""
    faults = wrong_scores() + broken_streams()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo("ok")


@group.command("verify")
@click.argument("code", required=False)
def verify(code: str | None) -> None:
    """Recompute the chain of every room (or of the one with CODE) and count its questions; fails at the first fault."""
    rooms = chain.rooms_to_verify(code)
    if code is not None and not rooms:
        raise click.ClickException(f"no room {code}")
    faults = [fault for room in rooms if (fault := chain.fault_in(room)) is not None]
    for fault in faults:
        click.echo(str(fault))
    if faults:
        raise SystemExit(1)
    click.echo(f"ok: {len(rooms)} rooms, {sum(room.pub_seq + room.mod_seq for room in rooms)} events")


@group.command("index")
def index() -> None:
    """Read the words of every question anew: after a change of the analyser or of the thesaurus."""
    db.session.execute(delete(QuestionTerm))
    number = 0
    for question in db.session.execute(select(Question.id, Question.room_id, Question.body)).all():
        if rows := terms_of(*question):
            db.session.execute(insert(QuestionTerm), rows)
        number += 1
    db.session.commit()
    click.echo(f"{number} questions")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
