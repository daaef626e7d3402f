"""What a podcast feed tells of: which recordings, and whose feed it is."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import contains_eager, joinedload

from accounts.models import User
from archive.models import Chapter, PrivateFeed, Recording, RecordingAnchor, RecordingEdit, RecordingVisibility
from archive.permissions import ORGANISERS, belongs, visible
from archive.queries import recordings as find
from core.db import db
from core.errors import NotFound
from courses.models import Course, CourseVersion, Theme
from mentors.models import Cohort, CohortPartner, Meeting
from mentors.permissions import visible_cohorts
from network.models import Organisation

MOST = 300  # episodes of one feed
# Of which nothing was removed: the sound that a feed gives has everything.
WHOLE = Recording.id.not_in(select(RecordingEdit.recording_id))


@dataclass(frozen=True)
class Scope:
    """What a public feed is about: a theme, course, cohort or organisation, and its recordings' condition."""

    kind: str
    slug: str
    thing: Any  # has title_el or name_el, and an about or a summary
    condition: ColumnElement[bool]


def scope_or_404(kind: str, slug: str) -> Scope:
    """What KIND and SLUG name, if everybody may see it."""
    thing: Any = db.session.scalar(_THINGS[kind](slug))
    if thing is None:
        raise NotFound
    shown = thing.current if kind == "course" else thing
    return Scope(kind, slug, shown, _CONDITIONS[kind](thing.id))


_THINGS: dict[str, Any] = {
    "theme": lambda slug: select(Theme).where(Theme.slug == slug),
    "course": lambda slug: (
        select(Course).where(Course.slug == slug, Course.current_id.is_not(None)).options(joinedload(Course.current))
    ),
    "cohort": lambda slug: select(Cohort).where(Cohort.slug == slug, visible_cohorts(None)),
    "organisation": lambda slug: select(Organisation).where(Organisation.slug == slug),
}
_CONDITIONS: dict[str, Any] = {
    "theme": lambda number: Theme.id == number,
    "course": lambda number: Cohort.course_version_id.in_(
        select(CourseVersion.id).where(CourseVersion.course_id == number)
    ),
    "cohort": lambda number: Cohort.id == number,
    "organisation": lambda number: Cohort.id.in_(
        select(CohortPartner.cohort_id).where(
            CohortPartner.organisation_id == number, CohortPartner.part.in_(ORGANISERS)
        )
    ),
}


def public_episodes(condition: ColumnElement[bool] | None = None) -> Sequence[Recording]:
    """What everybody may watch, the latest meeting first."""
    return _episodes(visible(None), *([] if condition is None else [condition]))


def own_episodes(user: User) -> Sequence[Recording]:
    """The recordings of USER's cohorts that are published to them, the latest meeting first."""
    return _episodes(_published_to(user))


def _published_to(user: User) -> ColumnElement[bool]:
    return belongs(user) & (Recording.visibility != RecordingVisibility.PRIVATE)


def _episodes(*conditions: ColumnElement[bool]) -> Sequence[Recording]:
    statement = find.playable(*conditions, WHOLE).order_by(Meeting.starts_at.desc(), Recording.id.desc()).limit(MOST)
    return db.session.scalars(statement).unique().all()


def own_episode_or_404(user: User, pid: Any) -> Recording:
    """The recording PID if it stands in USER's private feed."""
    return _one_or_404(Recording.pid == pid, _published_to(user))


def public_episode_or_404(pid: Any) -> Recording:
    """The recording PID if everybody may watch it."""
    return _one_or_404(Recording.pid == pid, visible(None))


def _one_or_404(*conditions: ColumnElement[bool]) -> Recording:
    found: Recording | None = db.session.scalars(find.playable(*conditions, WHOLE)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def with_chapters(recordings: Collection[Recording]) -> set[int]:
    """Ids of those RECORDINGS that have chapters, or whose questions have seconds: their room's clock is tied."""
    ids = [recording.id for recording in recordings]
    tied = select(RecordingAnchor.recording_id).where(
        RecordingAnchor.recording_id.in_(ids), RecordingAnchor.question_id.is_not(None)
    )
    named = select(Chapter.recording_id).where(Chapter.recording_id.in_(ids))
    return set(db.session.scalars(union(tied, named))) | {one.id for one in recordings if one.starts_at}


def digest(token: str) -> str:
    """The hash that TOKEN is known by."""
    return hashlib.sha256(token.encode()).hexdigest()


def owner_or_404(token: str) -> User:
    """Whose feed TOKEN opens."""
    feed = db.session.scalar(
        select(PrivateFeed)
        .join(PrivateFeed.user)
        .options(contains_eager(PrivateFeed.user))
        .where(PrivateFeed.token_hash == digest(token), User.active)
    )
    if feed is None:
        raise NotFound
    return feed.user


def feed_of(user: User) -> PrivateFeed | None:
    """The private feed of USER, None while they have none."""
    return db.session.get(PrivateFeed, user.id)


def shelves() -> dict[str, list[tuple[str, Any]]]:
    """{kind: [(slug, what has its title_el or name_el)]}: the public feeds that have something in them."""
    shown = find.playable(visible(None))
    cohorts = db.session.scalars(
        select(Cohort)
        .where(Cohort.id.in_(shown.with_only_columns(Cohort.id)), visible_cohorts(None))
        .order_by(Cohort.starts_at.desc())
    )
    taught = select(CourseVersion.course_id).where(
        CourseVersion.id.in_(shown.with_only_columns(Cohort.course_version_id))
    )
    courses = db.session.scalars(
        select(Course).where(Course.id.in_(taught), Course.current_id.is_not(None)).options(joinedload(Course.current))
    )
    return {
        "theme": [(theme.slug, theme) for theme in find.themes_with_recordings(None)],
        "course": [(course.slug, course.current) for course in courses],
        "cohort": [(cohort.slug, cohort) for cohort in cohorts],
        "organisation": [(body.slug, body) for body in find.organisations_with_recordings(None)],
    }
