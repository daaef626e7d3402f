"""Opening and closing a room. It closes when every question has a fate and every promise an owner, not before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from core.db import utcnow
from core.errors import DomainError, require
from forum.models import QuestionState, RoomState, Stream
from forum.protocol import Type
from forum.queries.closing import ownerless, unsettled
from forum.services import breakouts, entry, hands, inbox, moderation, polls, promises
from forum.services.desk import Desk
from forum.services.refusals import NotOpenYet
from forum.services.stage import spotlight
from mentors.models import Meeting, MeetingState

S = QuestionState


class Sentences:
    """Several sentences as one, each in the reader's language when it is read."""

    def __init__(self, parts: Sequence[Any]) -> None:
        self.parts = parts

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


class Unsettled(DomainError):
    """Something has no fate yet. `facts["left"]` are the sentences that say what."""

    code = "unsettled"

    def __init__(self, left: Sequence[Any]) -> None:
        super().__init__(Sentences([_l("The room doesn't close yet."), *left]), left=left)


class Archived(DomainError):
    code = "closed"
    message = _l("This room is in the archive. It isn't opened again.")


def open_room(desk: Desk) -> dict[str, Any]:
    """Open the room (again): the meeting is live."""
    require(desk.room.archived_at is None, Archived)
    if desk.room.state is not RoomState.OPEN:
        desk.room.state, desk.room.closed_at = RoomState.OPEN, None
        desk.room.opened_at = desk.room.opened_at or utcnow()
        _meeting(desk, MeetingState.LIVE)
        _announce(desk)
    return {"state": desk.room.state.value}


def close_room(
    desk: Desk,
    rest: str = "",
    due: str = "",
    fates: Sequence[dict[str, Any]] = (),
    owners: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Close it. FATES and OWNERS say who takes what; REST takes all that they leave, until DUE.

    Raises Unsettled with a sentence for each kind of thing that nobody has: then nothing was changed.
    """
    if desk.room.state is RoomState.PLANNED:
        raise NotOpenYet
    if desk.room.state is RoomState.OPEN:
        moderation.finish_all(desk)
        entry.release(desk, everything=True)
        if left := [*_questions(desk, fates, rest, due), *_promises(desk, owners, rest)]:
            raise Unsettled(left)
        spotlight(desk, None)
        polls.close_all(desk)
        hands.lower(desk)
        breakouts.close_running(desk)
        desk.room.state, desk.room.closed_at = RoomState.CLOSED, utcnow()
        _meeting(desk, MeetingState.ENDED)
        inbox.settled(desk)
        _announce(desk)
    return {"state": desk.room.state.value}


def _questions(desk: Desk, fates: Sequence[dict[str, Any]], rest: str, due: str) -> list[Any]:
    """Give every unanswered question its fate; a sentence about those that have none."""
    chosen = {fate["qid"]: fate for fate in fates}
    unread: list[int] = []
    left: list[int] = []
    given = []
    team = inbox.team(desk)
    for question in unsettled(desk.session, desk.room.id):
        fate = chosen.get(str(question.pid), {})
        if fate.get("reason"):
            moderation.dismiss(desk, question, moderation.Wish(reason=fate["reason"]))
        elif "reason" in fate:
            unread.append(question.no)  # it doesn't pass, but nobody said why
        elif to := fate.get("to") or rest:
            if fate.get("through") and question.state is S.PENDING:
                moderation.approve(desk, question, moderation.Wish())
            given.append((question, inbox.pick(team, to), inbox.due_at(fate.get("due") or due)))
        else:
            (unread if question.state is S.PENDING else left).append(question.no)
    inbox.give(desk, given)
    return [*_unanswered(left), *_unread(unread)]


def _unanswered(numbers: list[int]) -> list[Any]:
    return [lazy_ngettext(
        "%(num)d question has no answer and no mentor: %(which)s.",
        "%(num)d questions have no answer and no mentor: %(which)s.",
        len(numbers), which=_listed(numbers),
    )] if numbers else []


def _unread(numbers: list[int]) -> list[Any]:
    return [lazy_ngettext(
        "%(num)d question was neither let through nor refused: %(which)s.",
        "%(num)d questions were neither let through nor refused: %(which)s.",
        len(numbers), which=_listed(numbers),
    )] if numbers else []


def _listed(numbers: list[int], most: int = 12) -> str:
    return ", ".join(map(str, numbers[:most])) + (" …" if len(numbers) > most else "")


def _promises(desk: Desk, owners: Sequence[dict[str, Any]], rest: str) -> list[Any]:
    chosen = {one["id"]: one for one in owners}
    team, left = inbox.team(desk), 0
    for promise in ownerless(desk.session, desk.room.id):
        wish = chosen.get(str(promise.pid), {})
        if to := wish.get("to") or rest:
            day = inbox.due_at(wish["due"]) if wish.get("due") else None
            promises.own(desk, promise, inbox.pick(team, to), day)
        else:
            left += 1
    return [lazy_ngettext(
        "%(num)d promise has nobody who keeps it.", "%(num)d promises have nobody who keeps them.", left
    )] if left else []


def _meeting(desk: Desk, state: MeetingState) -> None:
    meeting = desk.session.get_one(Meeting, desk.room.meeting_id)
    if meeting.state is not MeetingState.CANCELLED:
        meeting.state = state


def _announce(desk: Desk) -> None:
    data = {"state": desk.room.state.value}
    desk.log(Stream.PUB, Type.ROOM, data)
    desk.log(Stream.MOD, Type.ROOM, data)
