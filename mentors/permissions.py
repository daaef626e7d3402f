"""Who sees which cohort and what each may do with it.

What a person is to a cohort follows from memberships and its team: the parts of the partners
they coordinate ("lead", "co_organiser", "supporter") and their own part ("host", "mentor",
"moderator"). Staff may do what the lead's coordinator may.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, String, cast, exists, or_, select, true, union_all

from accounts.models import User
from accounts.permissions import is_staff
from core.db import db
from mentors.models import Cohort, CohortPartner, CohortState, CohortTeam, Mentor, PartnerPart, TeamPart
from network.models import Membership, MembershipPart
from network.permissions import coordinates_any, is_coordinator

TEAM = frozenset(str(part) for part in TeamPart)
PARTNERS = frozenset(str(part) for part in PartnerPart)


def _coordinating(user: User) -> Select[int]:
    """The cohorts of which USER coordinates some partner."""
    return (
        select(CohortPartner.cohort_id)
        .join(Membership, Membership.organisation_id == CohortPartner.organisation_id)
        .where(Membership.user_id == user.id, Membership.part == MembershipPart.COORDINATOR)
    )


def teaching(user: User) -> Select[int]:
    """The cohorts on whose team USER is."""
    return select(CohortTeam.cohort_id).where(CohortTeam.user_id == user.id)


def own_cohorts(user: User) -> ColumnElement[bool]:
    """The condition on Cohort for those that USER's organisations run or whose team they are on."""
    return or_(Cohort.id.in_(_coordinating(user)), Cohort.id.in_(teaching(user)))


def visible_cohorts(user: User | None) -> ColumnElement[bool]:
    """The condition on Cohort for those that USER may see: every public one, their own drafts."""
    public = Cohort.published_at.is_not(None)
    if user is None:
        return public
    return true() if is_staff(user) else or_(public, own_cohorts(user))


def standing(user: User | None, cohort_id: int) -> frozenset[str]:
    """What USER is to the cohort, in one query: parts of partners they coordinate, their part in its team."""
    if user is None or not user.active:
        return frozenset()
    partners = (
        select(cast(CohortPartner.part, String))
        .join(Membership, Membership.organisation_id == CohortPartner.organisation_id)
        .where(
            CohortPartner.cohort_id == cohort_id,
            Membership.user_id == user.id,
            Membership.part == MembershipPart.COORDINATOR,
        )
    )
    team = select(cast(CohortTeam.part, String)).where(
        CohortTeam.cohort_id == cohort_id, CohortTeam.user_id == user.id
    )
    return frozenset(db.session.scalars(union_all(partners, team)))


def can_see(user: User | None, cohort: Cohort) -> bool:
    """The same as `visible_cohorts`, for one object."""
    return cohort.published_at is not None or is_staff(user) or bool(standing(user, cohort.id))


def can_manage(user: User | None, cohort: Cohort) -> bool:
    """Dates, seats, partners, team, state: the lead's coordinators and staff."""
    return is_staff(user) or PartnerPart.LEAD in standing(user, cohort.id)


def can_open_desk(user: User | None, cohort: Cohort) -> bool:
    """Its desk, to read: everybody who runs it, co-organisers and team too."""
    return is_staff(user) or bool(standing(user, cohort.id))


def can_conduct(user: User | None, cohort: Cohort) -> bool:
    """Begin and close it: who manages it, and its hosts."""
    return is_staff(user) or bool({PartnerPart.LEAD, TeamPart.HOST} & standing(user, cohort.id))


def can_see_roster(user: User | None, cohort: Cohort) -> bool:
    """Names of the enrolled: the lead, the team, staff. Co-organisers see numbers."""
    return is_staff(user) or bool((TEAM | {PartnerPart.LEAD}) & standing(user, cohort.id))


def can_open_cohorts(user: User | None) -> bool:
    """Open a cohort for some organisation."""
    return is_staff(user) or coordinates_any(user)


def can_open_for(user: User | None, organisation_id: int) -> bool:
    """Open a cohort that this organisation leads."""
    return is_staff(user) or is_coordinator(user, organisation_id)


def has_desk(user: User | None) -> bool:
    """Somebody who opens cohorts or is on the team of one: they find the desk in their menu."""
    if can_open_cohorts(user):
        return True
    return user is not None and bool(db.session.scalar(select(exists(teaching(user)))))


def can_open_pages(user: User | None) -> bool:
    """Open the page of a new mentor."""
    return is_staff(user)


def can_edit_page(user: User | None, mentor: Mentor) -> bool:
    """What a mentor's page says: the person themselves, and staff. Everybody may read it."""
    return is_staff(user) or (user is not None and user.active and user.id == mentor.user_id)


def takes_people(cohort: Cohort) -> bool:
    """Published or running: the states in which seats change hands."""
    return cohort.state in {CohortState.PUBLISHED, CohortState.RUNNING}
