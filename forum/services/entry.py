"""Where a new question goes: to everybody, to the moderators first, or to everybody a little later.

An anonymous question in a room without moderation appears 5 to 30 seconds after it was sent, so that nobody can match
it with the person who has just put their phone down. Until then it has no number and only its asker knows of it. The
moment stands in its row: whoever serves the room when it comes lets it out, after a restart too.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from core.db import utcnow
from core.errors import DomainError, require
from forum.models import Moderation, Question, QuestionState, Stream, Visibility, Watch
from forum.permissions import Role
from forum.protocol import Type, public_question
from forum.services.blocklist import blocked_in
from forum.services.desk import Desk

S = QuestionState
DELAY_SECONDS = (5, 30)
LOOK_SECONDS = 15.0
STANDING = (S.PENDING, S.OPEN)
_WAITS = (Question.state == S.PENDING, Question.publish_at.is_not(None))


class NamesOnly(DomainError):
    code = "forbidden"
    status = 403
    message = _l("In this room the mentors know who asks. Choose «with my name» or «only the mentors see me».")


class CapReached(DomainError):
    """The person has `question_cap` questions waiting or open."""

    code = "cap"


def refuse_more(desk: Desk, visibility: Visibility) -> None:
    """What the room's settings refuse. Moderators ask as much as they need: they ask for the hall too."""
    if desk.order.role is Role.MODERATOR:
        return
    require(visibility is not Visibility.NONE or desk.room.anonymous, NamesOnly)
    cap = desk.room.question_cap
    if _standing(desk) >= cap:
        raise CapReached(
            lazy_ngettext(
                "You have %(num)d question open here, as many as the host allows. Take it back under «My own», or wait "
                "until it is answered.",
                "You have %(num)d questions open here, as many as the host allows. Take one back under «My own», or "
                "wait until one is answered.",
                cap,
            )
        )


def _standing(desk: Desk) -> int:
    mine = [Question.asker_id == desk.person.id]
    if desk.mark is not None:
        mine.append(Question.asker_hash == desk.mark)
    waiting = select(func.count()).where(
        Question.room_id == desk.room.id, Question.state.in_(STANDING), Question.hall.is_(False), or_(*mine)
    )
    return desk.session.scalar(waiting) or 0


def place(desk: Desk, visibility: Visibility, body: str) -> dict[str, Any]:
    """The columns that say where a new question goes, its number among them."""
    room, now = desk.room, utcnow()
    if desk.order.role is Role.MODERATOR:
        return {"no": number(desk), "state": S.OPEN}
    if blocked_in(room, body):
        return {"no": number(desk), "state": S.PENDING, "watch": Watch.WORDS}
    if room.moderation is Moderation.PRE:
        return {"no": number(desk), "state": S.PENDING}
    if visibility is Visibility.NONE and room.anonymous_delay:
        shortest, longest = (1000 * seconds for seconds in DELAY_SECONDS)
        wait = dt.timedelta(milliseconds=shortest + secrets.randbelow(longest - shortest + 1))
        watch.some = True
        return {"no": -1 - secrets.randbelow(2**30), "state": S.PENDING, "watch": Watch.DELAY, "publish_at": now + wait}
    return {"no": number(desk), "state": S.OPEN, "watch": seen_later(desk)}


def seen_later(desk: Desk) -> Watch | None:
    return Watch.POST if desk.room.moderation is Moderation.POST else None


def number(desk: Desk) -> int:
    desk.room.last_no += 1
    return desk.room.last_no


def tell_new(desk: Desk, question: Question, cid: str | None = None) -> None:
    """A question that has just come: to everybody, or to moderators; to its asker with the CID it was sent under."""
    through = question.state is S.OPEN
    if through:
        desk.log(Stream.PUB, Type.PUBLISHED, public_question(question))
    desk.tell_moderators(Type.PUBLISHED if through else Type.PENDING, question)
    desk.tell_asker(question, cid)


def release(desk: Desk, *, everything: bool = False) -> dict[str, Any]:
    """Let out what was waiting for its moment: what is due, or (as the room closes) EVERYTHING."""
    due = [] if everything else [Question.publish_at <= utcnow()]
    found = desk.questions(Question.watch == Watch.DELAY, Question.state == S.PENDING, *due)
    for question in sorted(found, key=lambda one: one.publish_at or utcnow()):
        let_out(desk, question)
    return {"released": len(found)}


def let_out(desk: Desk, question: Question) -> None:
    """It goes where it would go if it were asked now; that is also all that is kept of when it was asked."""
    words = blocked_in(desk.room, question.body)
    question.no, question.asked_at, question.publish_at = number(desk), utcnow(), None
    question.watch = Watch.WORDS if words else seen_later(desk)
    if not words and desk.room.moderation is not Moderation.PRE:
        question.state = S.OPEN
    desk.touch(question)
    tell_new(desk, question)


@dataclass
class Watching:
    """Whether this process has something to wait for; what another one took is looked for now and then."""

    some: bool = True
    at: float = 0.0  # of the last look, monotonic

    def due(self, session: Session) -> list[int]:
        """Rooms where something has come to its moment. Without anything waiting it costs no query."""
        now = time.monotonic()
        if not self.some and now - self.at < LOOK_SECONDS:
            return []
        self.some, self.at = False, now
        found = rooms_due(session)
        self.some = self.some or bool(session.scalar(select(exists().where(Question.watch == Watch.DELAY, *_WAITS))))
        return found


watch = Watching()


def rooms_due(session: Session) -> list[int]:
    """Rooms where something has come to its moment."""
    due = select(Question.room_id).where(
        Question.publish_at <= utcnow(), Question.watch == Watch.DELAY, *_WAITS
    )
    return list(session.scalars(due.distinct()))

