"""Taking a seat, leaving it, losing it.

Seats never oversell: one conditional UPDATE of the cohort's counter comes first, the enrolment
follows in the same transaction, and a unique index keeps one live row for each person.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db, utcnow
from core.errors import DomainError, Forbidden, NotFound, require
from learning.models import Enrolment, EnrolmentEvent, EnrolmentState
from learning.permissions import Door, can_invite, can_remove, door
from learning.queries import enrolment_of, places_of
from learning.services import letters
from mentors.models import Cohort, CohortState, EnrolPolicy
from mentors.permissions import can_see
from network.queries import person_by_email

OPEN_STATES = (CohortState.PUBLISHED, CohortState.RUNNING)


class CohortFull(DomainError):
    code = "cohort_full"
    message = _l("The seats are all taken. If somebody leaves theirs, it shows here at once.")


class EnrolmentClosed(DomainError):
    code = "enrolment_closed"
    message = _l("Enrolment for this cohort has closed.")


class InviteOnly(DomainError):
    code = "invite_only"
    message = _l("This cohort is by invitation. Ask the organisation that leads it.")


class NotOpenYet(DomainError):
    code = "not_open_yet"
    message = _l("This cohort isn't open yet.")


class CohortOver(DomainError):
    code = "cohort_over"
    message = _l("This cohort is over. Another one may have a seat for you.")


class CohortCancelled(DomainError):
    code = "cohort_cancelled"
    message = _l("This cohort was cancelled. Another one may have a seat for you.")


class EmailUnconfirmed(DomainError):
    code = "email_unconfirmed"
    status = 403
    message = _l("Confirm your e-mail first: the link is in the message we sent you when you signed up.")


class UnknownPerson(DomainError):
    code = "unknown_person"
    status = 422
    message = _l("Nobody has an account with this e-mail yet. Ask them to sign up first.")


class UnknownPlace(DomainError):
    code = "unknown_place"
    status = 422
    message = _l("Choose one of the organisations that run this cohort.")


class ReasonMissing(DomainError):
    code = "reason_missing"
    status = 422
    message = _l("Say why: the person will read it.")


REFUSALS: dict[Door, type[DomainError]] = {
    Door.FULL: CohortFull,
    Door.CLOSED: EnrolmentClosed,
    Door.INVITE: InviteOnly,
    Door.DRAFT: NotOpenYet,
    Door.FINISHED: CohortOver,
    Door.CANCELLED: CohortCancelled,
}


def enrol(user: User | None, cohort: Cohort) -> Enrolment:
    """USER takes a seat for themselves; who has one keeps it (a double click).

    Raises Forbidden, EmailUnconfirmed, or the refusal of the cohort's door (REFUSALS).
    """
    if user is None or not can_see(user, cohort):
        raise Forbidden
    require(user.confirmed_at is not None, EmailUnconfirmed)
    return enrolment_of(user, cohort.id) or _take_seat(user, cohort, user, EnrolPolicy.OPEN)


def take_part_from(user: User | None, cohort: Cohort, organisation_id: int | None) -> None:
    """USER says from which of the cohort's organisations they take part; None: from none of them.

    Raises NotFound without a seat, UnknownPlace for an organisation that isn't one of the cohort's.
    """
    enrolment = enrolment_of(user, cohort.id)
    if enrolment is None:
        raise NotFound
    require(organisation_id is None or organisation_id in places_of(cohort.id), UnknownPlace)
    enrolment.organisation_id = organisation_id
    db.session.commit()


def invite(actor: User | None, cohort: Cohort, email: str) -> Enrolment:
    """ACTOR seats the person of EMAIL in a cohort by invitation; the person gets an e-mail about it.

    Raises Forbidden, UnknownPerson, EmailUnconfirmed, or the refusal of the cohort's door.
    """
    require(can_invite(actor, cohort))
    person = person_by_email(email)
    if person is None:
        raise UnknownPerson
    require(person.confirmed_at is not None, EmailUnconfirmed)
    return enrolment_of(person, cohort.id) or _take_seat(person, cohort, actor, EnrolPolicy.INVITE)


def _take_seat(person: User, cohort: Cohort, actor: User | None, policy: EnrolPolicy) -> Enrolment:
    """The counter first, then the row; both or neither."""
    now = utcnow()
    taken = db.session.execute(
        update(Cohort)
        .where(
            Cohort.id == cohort.id,
            Cohort.taken < Cohort.seats,
            Cohort.state.in_(OPEN_STATES),
            Cohort.enrol_policy == policy,
            Cohort.enrol_closes_at > now,
        )
        .values(taken=Cohort.taken + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise _refusal(cohort, policy)
    enrolment = Enrolment(cohort_id=cohort.id, user_id=person.id, state=EnrolmentState.ENROLLED, enrolled_at=now)
    db.session.add(enrolment)
    try:
        db.session.flush()
    except IntegrityError:
        # The same person, at the same moment, from another window: their first seat stands.
        db.session.rollback()
        return enrolment_of(person, cohort.id) or _take_seat(person, cohort, actor, policy)
    _record(enrolment, None, actor)
    if policy is EnrolPolicy.INVITE:
        letters.seated_by(cohort, person)
    db.session.commit()
    return enrolment


def _refusal(cohort: Cohort, policy: EnrolPolicy) -> DomainError:
    """Why the counter said no, as the database has it now."""
    db.session.rollback()
    db.session.refresh(cohort)
    why = door(cohort, utcnow())
    if why is Door.INVITE and policy is EnrolPolicy.INVITE:
        why = Door.FULL
    # OPEN: a seat was freed in between. Asking again is right.
    return REFUSALS.get(why, CohortFull)()


def withdraw(user: User | None, cohort: Cohort) -> bool:
    """USER leaves their seat and it is free at once; False when they hold none (a double click).

    Raises CohortOver when the cohort is over: its record stays.
    """
    require(user is not None)
    enrolment = enrolment_of(user, cohort.id)
    if enrolment is None:
        return False
    require(enrolment.state is EnrolmentState.ENROLLED, CohortOver)
    left = _release(enrolment, EnrolmentState.WITHDRAWN, user)
    db.session.commit()
    return left


def remove(actor: User | None, cohort: Cohort, enrolment: Enrolment, reason: str) -> bool:
    """Staff take a seat away; the person gets an e-mail with REASON.

    Raises Forbidden, ReasonMissing, CohortOver.
    """
    require(can_remove(actor))
    require(bool(reason.strip()), ReasonMissing)
    require(enrolment.state is EnrolmentState.ENROLLED, CohortOver)
    person = db.session.get_one(User, enrolment.user_id)
    removed = _release(enrolment, EnrolmentState.REMOVED, actor, reason.strip())
    if removed:
        letters.removed(cohort, person, reason.strip())
    db.session.commit()
    return removed


def _release(enrolment: Enrolment, to: EnrolmentState, actor: User | None, reason: str = "") -> bool:
    """Free the seat if it still is one; False when somebody was faster."""
    # The counter first, as in taking a seat: everybody locks the cohort's row before an enrolment's.
    held = select(Enrolment.id).where(Enrolment.id == enrolment.id, Enrolment.state == EnrolmentState.ENROLLED)
    db.session.execute(
        update(Cohort)
        .where(Cohort.id == enrolment.cohort_id, Cohort.taken > 0, held.exists())
        .values(taken=Cohort.taken - 1)
        .execution_options(synchronize_session=False)
    )
    done = db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment.id, Enrolment.state == EnrolmentState.ENROLLED)
        .values(state=to)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        return False
    db.session.refresh(enrolment, ["state"])
    _record(enrolment, EnrolmentState.ENROLLED, actor, reason)
    return True


def follow_cohort(cohort: Cohort, to: EnrolmentState, actor: User | None, reason: str) -> None:
    """All seats follow their cohort to its end (completed, cancelled), in the transaction of its step."""
    held = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
    for enrolment in db.session.scalars(held):
        enrolment.state = to
        _record(enrolment, EnrolmentState.ENROLLED, actor, reason)
    if to is EnrolmentState.CANCELLED:
        db.session.execute(
            update(Cohort)
            .where(Cohort.id == cohort.id)
            .values(taken=0)
            .execution_options(synchronize_session=False)
        )


def _record(enrolment: Enrolment, before: EnrolmentState | None, actor: User | None, reason: str = "") -> None:
    db.session.add(
        EnrolmentEvent(
            enrolment_id=enrolment.id,
            from_state=before,
            to_state=enrolment.state,
            actor_id=actor.id if actor else None,
            reason=reason,
        )
    )
