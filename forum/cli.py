"""`flask forum check` and `verify`: are counts, sequences and the chain of the rooms what they must be?"""

from __future__ import annotations

import datetime as dt
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import case, delete, func, insert, select

from core.db import db, utcnow
from forum.models import Question, QuestionTerm, QuestionVote, Room, RoomEvent, Stream
from forum.models.memory import terms_of
from forum.queries import chain, numbers_of, owed
from forum.services import archiving

group = AppGroup("forum", help="Live rooms.")


def wrong_scores() -> list[str]:
    """Questions whose kept numbers aren't those of the people who ask the same or would rather wait.

    In the archive there are numbers only.
    """
    up = func.coalesce(func.sum(case((QuestionVote.value > 0, 1), else_=0)), 0)
    down = func.coalesce(func.sum(case((QuestionVote.value < 0, 1), else_=0)), 0)
    rows = db.session.execute(
        select(Question, up, down)
        .join(Room, Room.id == Question.room_id)
        .where(Room.archived_at.is_(None))
        .outerjoin(QuestionVote, QuestionVote.question_id == Question.id)
        .group_by(Question.id)
    ).all()
    joined = {question.merged_into_id for question, _up, _down in rows} - {None}
    faults = []
    for question, up_n, down_n in rows:
        votes = (up_n, down_n)
        if question.id in joined or question.merged_into_id:
            votes = _of_family(question)
        if votes != (question.score, question.downs):
            kept = f"score {question.score}/{question.downs}, votes {votes[0]}/{votes[1]}"
            faults.append(f"room {question.room_id}, question {question.no}: {kept}")
    return faults


def _of_family(question: Question) -> tuple[int, int]:
    """What a joined question's numbers must be; as kept once nobody can tell any more who asked anonymously."""
    room = db.session.get_one(Room, question.room_id)
    if room.asker_key is None:
        return question.score, question.downs
    return numbers_of(db.session(), room, question)


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


@group.command("archive")
@click.argument("code", required=False)
def archive(code: str | None) -> None:
    """Destroy what ties people to the questions of a room (CODE), or of every room whose time has come."""
    before = utcnow() - dt.timedelta(days=current_app.config["FORUM_ARCHIVE_DAYS"])
    rooms = chain.rooms_to_verify(code) if code else owed.rooms_to_archive(before)
    if code is not None and not rooms:
        raise click.ClickException(f"no room {code}")
    found = [(room, archiving.archive(current_app.config["SQLALCHEMY_DATABASE_URI"], room.id)) for room in rooms]
    for room, outcome in found:
        click.echo(f"{room.code}: {outcome.value}")
    if any(outcome is archiving.Outcome.OPEN for _room, outcome in found):
        raise SystemExit(1)


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
