"""Who makes recordings and who sees them: conditions on Cohort and Recording, for lists and single rows alike."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from accounts.models import User
from accounts.permissions import is_staff
from archive.models import Recording, RecordingState, RecordingVisibility, Upload
from learning.models import LIVE, Enrolment
from mentors.models import Cohort, CohortPartner, CohortTeam, PartnerPart, TeamPart
from network.models import Membership, MembershipPart

# Partners that run a cohort; a supporter lends its name only.
ORGANISERS = (PartnerPart.LEAD, PartnerPart.CO_ORGANISER)


def manages(user: User | None) -> ColumnElement[bool]:
    """Cohorts whose recordings USER uploads and publishes: staff, its coordinators, its hosts."""
    if user is None:
        return false()
    if is_staff(user):
        return true()
    return or_(coordinates(user), hosts(user))


def coordinates(user: User) -> ColumnElement[bool]:
    """Cohorts of organisations for which USER coordinates."""
    coordinated = (
        select(CohortPartner.cohort_id)
        .join(Membership, Membership.organisation_id == CohortPartner.organisation_id)
        .where(
            Membership.user_id == user.id,
            Membership.part == MembershipPart.COORDINATOR,
            CohortPartner.part.in_(ORGANISERS),
        )
    )
    return Cohort.id.in_(coordinated)


def hosts(user: User) -> ColumnElement[bool]:
    """Cohorts whose meetings USER hosts."""
    hosted = select(CohortTeam.cohort_id).where(CohortTeam.user_id == user.id, CohortTeam.part == TeamPart.HOST)
    return Cohort.id.in_(hosted)


def belongs(user: User | None) -> ColumnElement[bool]:
    """Cohorts USER takes part in: enrolled, on the team, or running it."""
    if user is None:
        return false()
    enrolled = select(Enrolment.cohort_id).where(Enrolment.user_id == user.id, Enrolment.state.in_(LIVE))
    team = select(CohortTeam.cohort_id).where(CohortTeam.user_id == user.id)
    return or_(Cohort.id.in_(enrolled), Cohort.id.in_(team), manages(user))


def visible(user: User | None) -> ColumnElement[bool]:
    """Recordings USER may watch: public ones, those of their cohorts, and all they manage."""
    published = or_(
        Recording.visibility == RecordingVisibility.PUBLIC,
        and_(Recording.visibility == RecordingVisibility.COHORT, belongs(user)),
    )
    return or_(and_(Recording.state == RecordingState.PLAYABLE, published), manages(user))


def owns(user: User | None, upload: Upload) -> bool:
    """Only who began an upload goes on with it."""
    return user is not None and user.id == upload.owner_id
