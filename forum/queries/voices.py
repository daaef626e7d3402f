"""Whose voices a question has, when others were joined with it.

The family of a question is itself and all that were joined with it. Its voices are the union of persons, never a sum:
whoever pressed «me too» on any of them counts once; the askers of the joined ones ask the same and count too; the
question's own asker never counts, wherever they pressed. "Not for now" counts for those who have no voice in it.
Rows of votes stay with the question they were given to, so that taking a family apart gives back what was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from core.db import db
from forum.models import Question, QuestionState, QuestionVote, Room

Who = int | str  # a person by number, or by the hash they ask with


@dataclass
class Voices:
    """Of one question by itself: its asker, who asks the same, who would rather wait."""

    asker: Who
    up: set[Who] = field(default_factory=set)
    down: set[Who] = field(default_factory=set)


def count(root: Voices, joined: Iterable[Voices] = ()) -> tuple[int, int]:
    """(how many ask the same, how many say "not for now") of ROOT with JOINED."""
    up, down = set(root.up), set(root.down)
    for other in joined:
        up |= other.up | {other.asker}
        down |= other.down
    return len(up - {root.asker}), len(down - up - {root.asker})


def family(session: Session, root_id: int) -> list[Question]:
    """The questions joined with this one, by number."""
    query = select(Question).where(Question.merged_into_id == root_id).order_by(Question.no)
    return list(session.scalars(query))


def voices_of(session: Session, room: Room, members: Iterable[Question]) -> dict[int, Voices]:
    """{question's id: its own voices}.

    An anonymous asker stands by their hash, and so does everybody who turns out to be that person: one who asked
    anonymously and pressed elsewhere counts once, and stays unknown.
    """
    members = list(members)
    pressed = session.execute(
        select(QuestionVote.question_id, QuestionVote.user_id, QuestionVote.value).where(
            QuestionVote.question_id.in_([member.id for member in members]), QuestionVote.value != 0
        )
    ).all()
    people = {row.user_id for row in pressed} | {member.asker_id for member in members if member.asker_id}
    hashes = _hashes(session, room, members, people)
    found = {member.id: Voices(_asker(member, hashes)) for member in members}
    for question_id, user_id, value in pressed:
        side = found[question_id].up if value > 0 else found[question_id].down
        side.add(hashes.get(user_id, user_id))
    return found


def _asker(question: Question, hashes: dict[int, str]) -> Who:
    """Whoever a moderator typed for is somebody else than the moderator."""
    if question.hall:
        return f"hall:{question.id}"
    if question.asker_id is None:
        return question.asker_hash or ""
    return hashes.get(question.asker_id, question.asker_id)


def _hashes(session: Session, room: Room, members: list[Question], people: set[int]) -> dict[int, str]:
    """{person: hash} of those PEOPLE who asked one of MEMBERS anonymously."""
    wanted = {member.asker_hash for member in members if member.asker_hash}
    if not wanted or room.asker_key is None:
        return {}
    rows = session.execute(select(User.id, User.pid).where(User.id.in_(people)))
    marks = {user_id: room.asker_mark(pid) for user_id, pid in rows}
    return {user_id: mark for user_id, mark in marks.items() if mark and mark in wanted}


def numbers_of(session: Session, room: Room, question: Question) -> tuple[int, int]:
    """What `score` and `downs` of QUESTION must be: its family's; of a joined one its own."""
    joined = [] if question.state is QuestionState.MERGED else family(session, question.id)
    voices = voices_of(session, room, [question, *joined])
    return count(voices[question.id], [voices[other.id] for other in joined])


def voiced(room_id: int, user_id: int) -> dict[str, int]:
    """{question's id: 1 or −1} as one person's buttons stand: a voice for a joined question counts where it went."""
    rows = db.session.execute(
        select(Question.id, Question.pid, Question.merged_into_id, QuestionVote.value)
        .join(QuestionVote, QuestionVote.question_id == Question.id)
        .where(Question.room_id == room_id, QuestionVote.user_id == user_id, QuestionVote.value != 0)
    ).all()
    moved = {into for _id, _pid, into, _value in rows if into}
    roots = select(Question.id, Question.pid).where(Question.id.in_(moved))
    pids = {row.id: row.pid for row in db.session.execute(roots)} if moved else {}
    found: dict[str, int] = {}
    for _id, pid, into, value in rows:
        key = str(pids[into] if into else pid)
        found[key] = max(value, found.get(key, value))
    return found
