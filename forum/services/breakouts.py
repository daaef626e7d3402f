"""Work in groups: opened by the host, a seat for whoever is there, one question of each group for the plenary.

Nobody is dealt beforehand: a page takes a seat when it hears of the groups, so that only those who are there are
counted, the groups stay even, and whoever comes late sits down like everybody else.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.db import utcnow
from core.errors import NotFound
from core.live import personal
from forum.models import (
    Breakout,
    BreakoutGroup,
    BreakoutSeat,
    Deal,
    Question,
    QuestionState,
    Stream,
    Visibility,
)
from forum.protocol import Type, breakout_payload, group_letter, own_question
from forum.queries.breakouts import breakout_in, group_of, sizes_of
from forum.services import entry, places
from forum.services.desk import Desk
from forum.services.refusals import Locked
from forum.services.votes import open_room
from learning.models import LIVE, Enrolment
from mentors.models import Meeting

GONE = (QuestionState.WITHDRAWN, QuestionState.DISMISSED)


class NoGroups(Locked):
    message = _l("There is no work in groups now.")


class NoSeat(Locked):
    message = _l("Take a seat in a group first.")


class Brought(Locked):
    """The group's question stands; whoever sent it may change it or take it back."""

    message = _l("Your group has brought its question already.")


def open_groups(
    desk: Desk,
    groups: int,
    minutes: int,
    *,
    deal: str = "random",
    task: str = "",
    called: str = "",
    links: Sequence[str] = (),
) -> dict[str, Any]:
    """Open GROUPS groups for MINUTES; LINKS say in order where each meets, CALLED what a group is called.

    Groups that are at work end: from now on these count.
    """
    open_room(desk.room)
    before = breakout_in(desk.session, desk.room.id)
    if before is not None:
        before.closed_at = before.closed_at or utcnow()
    breakout = Breakout(
        room_id=desk.room.id,
        no=before.no + 1 if before else 1,
        deal=Deal(deal),
        task=task,
        called=called,
        ends_at=utcnow() + dt.timedelta(minutes=minutes),
        groups=[BreakoutGroup(no=i + 1, link=links[i] if i < len(links) else "") for i in range(groups)],
    )
    desk.session.add(breakout)
    return _tell(desk, breakout)


def extend(desk: Desk, minutes: int) -> dict[str, Any]:
    """MINUTES more, from now when the time is up already."""
    breakout = _running(desk)
    breakout.ends_at = max(breakout.ends_at, utcnow()) + dt.timedelta(minutes=minutes)
    return _moved(desk, breakout)


def close(desk: Desk) -> dict[str, Any]:
    """Everybody back to the plenary; twice is once. A group may still bring its question."""
    breakout = breakout_in(desk.session, desk.room.id)
    if breakout is None:
        raise NoGroups
    if breakout.closed_at is not None:
        return {"breakout": breakout_payload(breakout)}
    breakout.closed_at = utcnow()
    return _moved(desk, breakout)


def close_running(desk: Desk) -> None:
    """The room closes, and with it the groups."""
    breakout = breakout_in(desk.session, desk.room.id)
    if breakout is not None and breakout.closed_at is None:
        close(desk)


def _running(desk: Desk) -> Breakout:
    open_room(desk.room)
    breakout = breakout_in(desk.session, desk.room.id)
    if breakout is None or breakout.closed_at is not None:
        raise NoGroups
    return breakout


def _moved(desk: Desk, breakout: Breakout) -> dict[str, Any]:
    breakout.rev += 1
    return _tell(desk, breakout)


def _tell(desk: Desk, breakout: Breakout) -> dict[str, Any]:
    desk.session.flush()
    payload = breakout_payload(breakout)
    for stream in Stream:
        desk.log(stream, Type.BREAKOUT, payload)
    desk.count("bo", breakout.no)
    return {"breakout": payload}


def sit(desk: Desk, no: int | None = None) -> dict[str, Any]:
    """A seat for the sender: in group NO when they choose, else where they are, else where there is most room."""
    breakout = _running(desk)
    seat = desk.session.get(BreakoutSeat, (breakout.id, desk.person.id))
    wanted = next((group for group in breakout.groups if group.no == no), None)
    if no is not None and wanted is None:
        raise NotFound
    if seat is None:
        seat = BreakoutSeat(breakout_id=breakout.id, user_id=desk.person.id)
        seat.group_id = (wanted or _roomiest(desk, breakout)).id
        desk.session.add(seat)
        desk.count("bo", breakout.no)
    elif wanted is not None and seat.group_id != wanted.id:
        seat.group_id = wanted.id
        desk.count("bo", breakout.no)
    desk.session.flush()
    sits = next(group.no for group in breakout.groups if group.id == seat.group_id)
    letter = group_letter(desk.room.code, breakout, sits)
    desk.letters.append((personal(desk.person.id), letter))
    return letter


def _roomiest(desk: Desk, breakout: Breakout) -> BreakoutGroup:
    """One of the smallest groups; dealt by places, the one with most people of the sender's until it is full."""
    sizes = sizes_of(desk.session, breakout)
    smallest = min(sizes.values())
    roomy = [group for group in breakout.groups if sizes[group.no] == smallest]
    if breakout.deal is Deal.PLACE:
        neighbours = _neighbours(desk, breakout)
        share = sum(sizes.values()) // len(breakout.groups) + 2  # what a group may have while others fill up
        near = [group for group in breakout.groups if neighbours.get(group.id) and sizes[group.no] < share]
        if near:
            return max(near, key=lambda group: (neighbours[group.id], -group.no))
    return secrets.choice(roomy)


def _neighbours(desk: Desk, breakout: Breakout) -> dict[int, int]:
    """{group: how many of the sender's place sit there}."""
    place = places.place_of(desk)
    if place is None:
        return {}
    rows = desk.session.execute(
        select(BreakoutSeat.group_id, func.count())
        .join(Enrolment, Enrolment.user_id == BreakoutSeat.user_id)
        .join(Meeting, Meeting.cohort_id == Enrolment.cohort_id)
        .where(
            BreakoutSeat.breakout_id == breakout.id,
            Meeting.id == desk.room.meeting_id,
            Enrolment.organisation_id == place,
            Enrolment.state.in_(LIVE),
        )
        .group_by(BreakoutSeat.group_id)
    )
    return {group: sitting for group, sitting in rows}  # noqa: C416 - a result is no pairs to dict()


def bring(desk: Desk, body: str) -> dict[str, Any]:
    """The group's question for the plenary: a question like any other, in the group's name. One of each group."""
    open_room(desk.room)
    breakout = breakout_in(desk.session, desk.room.id)
    if breakout is None:
        raise NoGroups
    group = group_of(desk.session, breakout, desk.person.id)
    if group is None:
        raise NoSeat
    if group.question_id is not None and desk.session.get_one(Question, group.question_id).state not in GONE:
        raise Brought
    question = Question(
        pid=uuid.uuid4(),
        room_id=desk.room.id,
        body=body,
        visibility=Visibility.NAME,
        asker_id=desk.person.id,
        behalf=f"{breakout.called} {group.no}".strip(),  # «Ομάδα 3»
        **entry.place(desk, Visibility.NAME, body),
    )
    desk.session.add(question)
    desk.session.flush()
    group.question_id = question.id
    _moved(desk, breakout)
    question = desk.question(str(question.pid))
    entry.tell_new(desk, question)
    return {"q": own_question(question)}


def forget_seats(session: Session, room_id: int) -> None:
    """Who sat with whom is nobody's business once the room is in the archive."""
    of = select(Breakout.id).where(Breakout.room_id == room_id)
    session.execute(delete(BreakoutSeat).where(BreakoutSeat.breakout_id.in_(of)))
