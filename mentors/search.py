"""What can be found of the programme: its mentors and cohorts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import User
from core import search
from core.db import db
from core.markdown import plain
from core.search import PUBLIC, Document, Link
from mentors.models import Cohort, CohortPartner, Mentor
from mentors.permissions import own_cohorts
from network.models import Organisation


@search.circles
def running(user: User) -> Iterable[str]:
    """Cohorts that the public doesn't see yet and that USER prepares."""
    drafts = select(Cohort.id).where(Cohort.published_at.is_(None), own_cohorts(user))
    return [f"run:{number}" for number in db.session.scalars(drafts)] if user.active else []


def _mentors() -> Iterable[int]:
    return db.session.scalars(select(Mentor.id))


def _mentor(key: int) -> Iterator[Document]:
    mentor = db.session.scalar(
        select(Mentor)
        .where(Mentor.id == key)
        .options(joinedload(Mentor.user), selectinload(Mentor.themes))
    )
    if mentor is None:
        return
    lines = [mentor.headline_el, plain(mentor.bio_el), *(theme.title_el for theme in mentor.themes)]
    lines += [mentor.headline_en, plain(mentor.bio_en), *(theme.title_en for theme in mentor.themes)]
    yield Document(
        part=0,
        title_el=mentor.user.name,
        place_el=mentor.headline_el,
        place_en=mentor.headline_en,
        text="\n".join(line for line in lines if line),
        links=(Link("mentors.mentor", {"slug": mentor.slug}),),
        languages=frozenset({"el", "en"}),
        moment=mentor.user.created_at,
    )


def _cohorts() -> Iterable[int]:
    return db.session.scalars(select(Cohort.id))


def _cohort(key: int) -> Iterator[Document]:
    cohort = db.session.scalar(
        select(Cohort)
        .where(Cohort.id == key)
        .options(selectinload(Cohort.partners).joinedload(CohortPartner.organisation))
    )
    if cohort is None:
        return
    names = [name for one in cohort.partners for name in (one.organisation.name_el, one.organisation.name_en)]
    lines = [cohort.summary_el, cohort.place_el, cohort.summary_en, cohort.place_en, *names]
    seen_by = PUBLIC if cohort.published_at else f"run:{cohort.id}"
    yield Document(
        part=0,
        title_el=cohort.title_el,
        title_en=cohort.title_en,
        place_el=cohort.place_el,
        place_en=cohort.place_en,
        text="\n".join(line for line in lines if line),
        links=(Link("mentors.cohort", {"slug": cohort.slug}, frozenset({seen_by})),),
        languages=frozenset({cohort.language}),
        cohort=cohort.id,
        moment=cohort.starts_at,
    )


def _own_page(session: Session, user: User) -> Iterable[int]:
    if not search.changed(user, "given_name", "family_name"):
        return []
    return session.scalars(select(Mentor.id).where(Mentor.user_id == user.id)).all()


def _partnered(session: Session, organisation: Organisation) -> Iterable[int]:
    if not search.changed(organisation, "name_el", "name_en"):
        return []
    mine = select(CohortPartner.cohort_id).where(CohortPartner.organisation_id == organisation.id)
    return session.scalars(mine).all()


search.register("cohort", _cohorts, _cohort)
search.register("mentor", _mentors, _mentor)
search.watch("cohort", Cohort, lambda _s, cohort: [cohort.id])
search.watch("cohort", CohortPartner, lambda _s, partner: [partner.cohort_id])
search.watch("cohort", Organisation, _partnered)
search.watch("mentor", Mentor, lambda _s, mentor: [mentor.id])
search.watch("mentor", User, _own_page)
