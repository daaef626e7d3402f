"""Where a question comes from: the asker's place, or the hall where a moderator asks for somebody.

Nothing of it is kept of an anonymous question: in a small cohort the place alone may be a name.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, func, select

from core.errors import DomainError, Forbidden, require
from forum.models import Question, QuestionState, Visibility
from forum.permissions import Role
from forum.services.desk import Desk
from learning.models import LIVE, Enrolment
from mentors.models import CohortPartner, Meeting


class UnknownPlace(DomainError):
    code = "invalid"
    status = 422
    message = _l("Choose one of the organisations that run this cohort.")


class PlaceFull(DomainError):
    """`place_cap` questions from the same place are waiting."""

    code = "closed"
    message = _l("Your place has enough questions waiting. Join one with «me too», or ask when one was answered.")


WAITING = (QuestionState.PENDING, QuestionState.OPEN, QuestionState.ANSWERING)


def told(desk: Desk, visibility: Visibility, hall: int, behalf: str, place: int | None) -> dict[str, Any]:
    """The columns that say where a new question comes from. Raises what places refuse."""
    if hall:
        require(desk.order.role is Role.MODERATOR and visibility is Visibility.NAME, Forbidden)
        require(place is None or _runs_the_cohort(desk, place), UnknownPlace)
        return {"hall": True, "behalf": behalf, "place_id": place}
    if visibility is Visibility.NONE:
        return {}
    place = place_of(desk)
    if place is not None and desk.room.place_cap is not None:
        require(_waiting_from(desk, place) < desk.room.place_cap, PlaceFull)
    return {"place_id": place, "first": not _asked_already(desk)}


def place_of(desk: Desk) -> int | None:
    """Where the sender takes part from, by number."""
    return desk.session.scalar(
        select(Enrolment.organisation_id)
        .join(Meeting, Meeting.cohort_id == Enrolment.cohort_id)
        .where(
            Meeting.id == desk.room.meeting_id, Enrolment.user_id == desk.person.id, Enrolment.state.in_(LIVE)
        )
    )


def _waiting_from(desk: Desk, place: int) -> int:
    waiting = select(func.count()).where(
        Question.room_id == desk.room.id, Question.place_id == place, Question.state.in_(WAITING)
    )
    return desk.session.scalar(waiting) or 0


def _runs_the_cohort(desk: Desk, place: int) -> bool:
    partner = (
        select(CohortPartner.id)
        .join(Meeting, Meeting.cohort_id == CohortPartner.cohort_id)
        .where(Meeting.id == desk.room.meeting_id, CohortPartner.organisation_id == place)
    )
    return bool(desk.session.scalar(select(exists(partner))))


def _asked_already(desk: Desk) -> bool:
    gone = (QuestionState.WITHDRAWN, QuestionState.DISMISSED)
    earlier = select(Question.id).where(
        Question.room_id == desk.room.id,
        Question.asker_id == desk.person.id,
        Question.hall.is_(False),
        Question.state.not_in(gone),
    )
    return bool(desk.session.scalar(select(exists(earlier))))
