"""After the meeting: somebody who watches its recording asks into the same room, or asks the same as others did.

What they ask goes to a mentor at once, with a day. The room's rules apply as they did in the meeting: what a moderator
would have read first waits for the mentor, who lets it through with the answer or says why it doesn't pass.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_ngettext
from sqlalchemy import func, or_, select

from core.db import utcnow
from core.errors import DomainError, require
from forum.models import Moderation, Question, QuestionState, QuestionTask, Stream, TaskState, Visibility
from forum.models import Watch as Reason
from forum.permissions import Role
from forum.protocol import Type, own_question, public_question
from forum.queries.closing import team_of
from forum.services import entry, inbox, letters, places
from forum.services.blocklist import blocked_in
from forum.services.desk import Desk
from forum.services.questions import anonymous_pid, asked_before
from forum.services.refusals import Reused
from forum.services.votes import Ballot, closed_room

S = QuestionState


class EnoughOwed(DomainError):
    """The person has `question_cap` questions here that nobody has answered yet."""

    code = "cap"


def ask(desk: Desk, body: str, vis: str, cid: str) -> dict[str, Any]:
    """A question asked while watching. It has a mentor and a day from the first moment."""
    closed_room(desk.room)
    visibility = Visibility(vis)
    if (known := asked_before(desk, visibility, cid)) is not None:
        require(known.body == body or known.rev > 1, Reused)
        desk.replay = True
        return {"q": own_question(known)}
    _refuse_more(desk, visibility)
    anonymous = visibility is Visibility.NONE
    question = Question(
        pid=anonymous_pid(desk, cid) if anonymous else uuid.uuid4(),
        room_id=desk.room.id,
        body=body,
        visibility=visibility,
        asker_id=None if anonymous else desk.person.id,
        asker_hash=desk.mark if anonymous else None,
        **places.told(desk, visibility, 0, "", None),
        **_place(desk, visibility, body),
    )
    desk.session.add(question)
    desk.session.flush()
    question = desk.question(str(question.pid))
    _tell(desk, question)
    _owe(desk, question)
    inbox.settled(desk)
    return {"q": own_question(question)}


def _place(desk: Desk, visibility: Visibility, body: str) -> dict[str, Any]:
    """Where it goes: to the mentors «later, in writing», or there unseen until one of them has read it."""
    number = entry.number(desk)
    if desk.order.role is Role.MODERATOR:
        return {"no": number, "state": S.LATER}
    if blocked_in(desk.room, body):
        return {"no": number, "state": S.PENDING, "watch": Reason.WORDS}
    waits = desk.room.moderation is Moderation.PRE or visibility is Visibility.NONE
    return {"no": number, "state": S.PENDING if waits else S.LATER}


def _tell(desk: Desk, question: Question) -> None:
    through = question.state is S.LATER
    if through:
        desk.log(Stream.PUB, Type.PUBLISHED, public_question(question))
    desk.tell_moderators(Type.PUBLISHED if through else Type.PENDING, question)
    desk.tell_asker(question)


def _owe(desk: Desk, question: Question) -> None:
    """Give it to the meeting's own mentor, else to a host. Given by themselves: nobody is to be found behind it."""
    mentor = next(iter(team_of(desk.session, desk.room)), None)
    if mentor is None:
        return
    due = inbox.due_at()
    task = QuestionTask(question_id=question.id, mentor_id=mentor.id, given_by_id=mentor.id, due_at=due)
    task.state, task.given_at = TaskState.OPEN, utcnow()
    desk.session.add(task)
    letters.given(desk.session, desk.room, mentor.id, due)
    desk.session.flush()


def _refuse_more(desk: Desk, visibility: Visibility) -> None:
    if desk.order.role is Role.MODERATOR:
        return
    require(visibility is not Visibility.NONE or desk.room.anonymous, entry.NamesOnly)
    mine = [Question.asker_id == desk.person.id, *([Question.asker_hash == desk.mark] if desk.mark else [])]
    owed = select(func.count()).where(
        Question.room_id == desk.room.id,
        Question.hall.is_(False),
        Question.state.in_((S.PENDING, S.OPEN, S.LATER)),
        or_(*mine),
    )
    cap = desk.room.question_cap
    if (desk.session.scalar(owed) or 0) >= cap:
        raise EnoughOwed(
            lazy_ngettext(
                "%(num)d question of yours waits for its answer here. When it has come, you can ask again.",
                "%(num)d questions of yours wait for their answers here. When one has come, you can ask again.",
                cap,
            )
        )


@dataclass
class Also(Ballot):
    """«I ask this too», from somebody who watches: also for what was answered or is with the mentors."""

    after: bool = True
