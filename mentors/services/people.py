"""Who runs a cohort: partner organisations and the team."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from accounts.models import User
from core.db import db, utcnow
from core.errors import DomainError, NotFound, require
from mentors.models import Cohort, CohortPartner, CohortState, CohortTeam, Meeting, PartnerPart, TeamPart
from mentors.permissions import can_manage
from network.models import Organisation
from network.queries import person_by_email


class UnknownPerson(DomainError):
    code = "unknown_person"
    status = 422
    message = _l("Nobody has an account with this e-mail yet. Ask them to sign up first.")


class LeadStays(DomainError):
    code = "lead_stays"
    message = _l("The organisation that leads can't be taken away.")


class LastHost(DomainError):
    code = "last_host"
    message = _l("Somebody must be host. Name another first.")


def add_partner(actor: User | None, cohort: Cohort, organisation_id: int, part: PartnerPart) -> None:
    """The organisation joins COHORT with PART; one that is in already gets the new part."""
    require(can_manage(actor, cohort))
    require(part is not PartnerPart.LEAD, LeadStays)
    if db.session.get(Organisation, organisation_id) is None:
        raise NotFound
    partner = _partner(cohort, organisation_id)
    if partner is None:
        db.session.add(CohortPartner(cohort_id=cohort.id, organisation_id=organisation_id, part=part))
    else:
        require(partner.part is not PartnerPart.LEAD, LeadStays)
        partner.part = part
    db.session.commit()


def remove_partner(actor: User | None, cohort: Cohort, organisation_id: int) -> None:
    """Nothing happens when it isn't a partner."""
    require(can_manage(actor, cohort))
    partner = _partner(cohort, organisation_id)
    if partner is None:
        return
    require(partner.part is not PartnerPart.LEAD, LeadStays)
    db.session.delete(partner)
    db.session.commit()


def _partner(cohort: Cohort, organisation_id: int) -> CohortPartner | None:
    return db.session.scalar(
        select(CohortPartner).where(
            CohortPartner.cohort_id == cohort.id, CohortPartner.organisation_id == organisation_id
        )
    )


def add_to_team(actor: User | None, cohort: Cohort, email: str, part: TeamPart) -> User:
    """The person of EMAIL joins the team with PART; who is on it already gets the new part.

    Raises UnknownPerson, LastHost.
    """
    require(can_manage(actor, cohort))
    person = person_by_email(email)
    if person is None:
        raise UnknownPerson
    _seat_on_team(cohort, person.id, part)
    return person


def add_mentor_to_team(actor: User | None, cohort: Cohort, user_id: int, part: TeamPart) -> User:
    """The same for a person chosen from the list of mentors."""
    require(can_manage(actor, cohort))
    person = db.session.get(User, user_id)
    if person is None or not person.active:
        raise UnknownPerson
    _seat_on_team(cohort, person.id, part)
    return person


def _seat_on_team(cohort: Cohort, user_id: int, part: TeamPart) -> None:
    seat = _team_seat(cohort, user_id)
    if seat is None:
        db.session.add(CohortTeam(cohort_id=cohort.id, user_id=user_id, part=part))
    else:
        require(part is TeamPart.HOST or not _is_last_host(cohort, seat), LastHost)
        seat.part = part
    db.session.commit()


def remove_from_team(actor: User | None, cohort: Cohort, user_id: int) -> None:
    """They leave the team and the meetings to come. Raises LastHost; nothing when they aren't on it."""
    require(can_manage(actor, cohort))
    seat = _team_seat(cohort, user_id)
    if seat is None:
        return
    require(not _is_last_host(cohort, seat), LastHost)
    db.session.delete(seat)
    db.session.execute(
        update(Meeting)
        .where(Meeting.cohort_id == cohort.id, Meeting.mentor_id == user_id, Meeting.starts_at > utcnow())
        .values(mentor_id=None)
    )
    db.session.commit()


def _team_seat(cohort: Cohort, user_id: int) -> CohortTeam | None:
    return db.session.scalar(
        select(CohortTeam).where(CohortTeam.cohort_id == cohort.id, CohortTeam.user_id == user_id)
    )


def _is_last_host(cohort: Cohort, seat: CohortTeam) -> bool:
    """A draft may be without a host; what people can see may not."""
    if seat.part is not TeamPart.HOST or cohort.state is CohortState.DRAFT:
        return False
    hosts = select(func.count()).where(CohortTeam.cohort_id == cohort.id, CohortTeam.part == TeamPart.HOST)
    return db.session.scalar(hosts) == 1
