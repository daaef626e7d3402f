"""What the front page, the dashboard and the pillars show, gathered from every area in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, load_only, raiseload
from sqlalchemy.orm.interfaces import ORMOption

from accounts.models import User
from accounts.permissions import is_staff
from archive.models import Recording, RecordingState, RecordingVisibility, WatchPosition
from archive.permissions import visible
from archive.queries.recordings import meetings_awaiting
from core.db import db, utcnow
from courses.models import Module, ModuleVersion, Theme, VersionState
from courses.permissions import can_write
from courses.queries import agenda
from forum.models import Answer, Question, Room
from forum.queries.owed import inbox_counts, may_owe
from learning.models import LIVE, Enrolment, ModuleFollowed
from mentors.models import Cohort, CohortState, CohortTeam, Meeting, MeetingState
from mentors.permissions import own_cohorts
from mentors.queries import cohorts_where, open_for_enrolment
from network.models import Organisation

CHARACTERS_A_MINUTE = 1150  # of Greek, read with care
COMING = (MeetingState.PLANNED, MeetingState.LIVE)
OPEN_COHORTS = (CohortState.PUBLISHED, CohortState.RUNNING)


def _covers(version: Any) -> ORMOption:
    """VERSION (a loader of a module's version) with title, summary and plan, down to the theme."""
    titles = (ModuleVersion.title_el, ModuleVersion.title_en, ModuleVersion.summary_el, ModuleVersion.summary_en)
    cover = version.load_only(ModuleVersion.module_id, *titles, ModuleVersion.plan, raiseload=True)
    return cover.joinedload(ModuleVersion.module).joinedload(Module.theme)


def _mentor(meeting: Any) -> ORMOption:
    """Who teaches it, without their roles: a page asks only for the name."""
    return meeting.options(lazyload(User.roles))


# The front page


def coming_meetings(now: dt.datetime, limit: int = 3) -> list[Meeting]:
    """The next meetings of public cohorts, from the one going on, with module, cohort and mentor."""
    return list(
        db.session.scalars(
            select(Meeting)
            .join(Meeting.cohort)
            .where(Meeting.ends_at > now, Meeting.state.in_(COMING), Cohort.state.in_(OPEN_COHORTS))
            .options(
                contains_eager(Meeting.cohort),
                _covers(joinedload(Meeting.module_version)),
                _mentor(joinedload(Meeting.mentor)),
            )
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(limit)
        )
    )


def _texts() -> Select[Module, int]:
    """Modules on offer with their cover and the minutes that their text takes to read, newest first."""
    minutes = func.length(ModuleVersion.reading_el) // CHARACTERS_A_MINUTE + 1
    titles = (ModuleVersion.title_el, ModuleVersion.title_en, ModuleVersion.summary_el, ModuleVersion.summary_en)
    return (
        select(Module, minutes)
        .join(Module.theme)
        .join(Module.current)
        .where(ModuleVersion.state == VersionState.PUBLISHED, ModuleVersion.reading_el != "")
        .options(
            contains_eager(Module.theme),
            contains_eager(Module.current).load_only(*titles, ModuleVersion.plan, raiseload=True),
        )
        .order_by(ModuleVersion.published_at.desc(), Module.id.desc())
    )


def texts(limit: int | None = None) -> list[tuple[Module, int]]:
    """(module, minutes to read its text), the newest first."""
    return [(module, int(minutes)) for module, minutes in db.session.execute(_texts().limit(limit))]


def public_recordings(limit: int | None = None) -> list[Recording]:
    """What anybody may watch, the latest meeting first, with its theme."""
    return list(db.session.scalars(_public_recordings().limit(limit)))


def _public_recordings() -> Select[Recording]:
    return (
        select(Recording)
        .join(Recording.meeting)
        .where(Recording.state == RecordingState.PLAYABLE, Recording.visibility == RecordingVisibility.PUBLIC)
        .options(
            contains_eager(Recording.meeting).joinedload(Meeting.cohort),
            _covers(contains_eager(Recording.meeting).joinedload(Meeting.module_version)),
        )
        .order_by(Meeting.starts_at.desc(), Recording.id.desc())
    )


@dataclass(frozen=True)
class Front:
    """The front page: what comes next, what has room, what is new, and who takes part."""

    coming: list[Meeting]
    free: list[Cohort]
    texts: list[tuple[Module, int]]
    recordings: list[Recording]
    organisations: list[Organisation]
    agenda: list[tuple[Theme, int]]

    @property
    def next(self) -> Meeting | None:
        return self.coming[0] if self.coming else None


def front(now: dt.datetime) -> Front:
    """Everything on the front page; the same for every reader."""
    return Front(
        coming=coming_meetings(now),
        free=cohorts_where(open_for_enrolment(now), Cohort.taken < Cohort.seats, limit=3),
        texts=texts(5),
        recordings=public_recordings(2),
        organisations=organisations(6),
        agenda=agenda(),
    )


def organisations(limit: int | None = None) -> list[Organisation]:
    """Who takes part, by name."""
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name_el, Organisation.id).limit(limit)))


# The think tank


@dataclass(frozen=True)
class Shelf:
    """What stands on the shelf of one theme."""

    theme: Theme
    texts: list[tuple[Module, int]]
    recordings: list[Recording]
    total: int = 0  # of both, also what is too far back to stand here


WIDTH = 8  # the newest of each kind that a shelf shows


def _newest(place: Any, theme: Any, kinds: Select[Any]) -> Select[Any]:
    """KINDS as (id, how many its theme has) of the newest WIDTH of each theme; PLACE is the order."""
    rank = func.row_number().over(partition_by=theme, order_by=place).label("rank")
    ranked = kinds.add_columns(rank, func.count().over(partition_by=theme).label("total")).subquery()
    return select(ranked.c.id, ranked.c.total).where(ranked.c.rank <= WIDTH)


def shelves() -> list[Shelf]:
    """The newest texts and public recordings by theme; a theme with neither has no shelf."""
    found: dict[int, Shelf] = {}
    totals: dict[tuple[int, str], int] = {}

    def shelf(theme: Theme, kind: str, total: int) -> Shelf:
        totals[theme.number, kind] = total
        return found.setdefault(theme.number, Shelf(theme, [], []))

    for module, minutes, total in _shelved_texts():
        shelf(module.theme, "texts", total).texts.append((module, int(minutes)))
    for recording, total in _shelved_recordings():
        shelf(recording.meeting.module_version.module.theme, "recordings", total).recordings.append(recording)
    return [
        replace(found[number], total=sum(n for (theme, _kind), n in totals.items() if theme == number))
        for number in sorted(found)
    ]


def _shelved_texts() -> Any:
    order = (ModuleVersion.published_at.desc(), Module.id.desc())
    kinds = _texts().with_only_columns(Module.id, maintain_column_froms=True).order_by(None)
    newest = _newest(order, Module.theme_id, kinds).subquery()
    return db.session.execute(_texts().add_columns(newest.c.total).join(newest, newest.c.id == Module.id))


def _shelved_recordings() -> Any:
    kinds = (
        select(Recording.id)
        .join(Recording.meeting)
        .join(ModuleVersion, ModuleVersion.id == Meeting.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Recording.state == RecordingState.PLAYABLE, Recording.visibility == RecordingVisibility.PUBLIC)
    )
    newest = _newest((Meeting.starts_at.desc(), Recording.id.desc()), Module.theme_id, kinds).subquery()
    return db.session.execute(
        _public_recordings().add_columns(newest.c.total).join(newest, newest.c.id == Recording.id)
    )


# The dashboard


@dataclass(frozen=True)
class Stop:
    """A recording that a person began, and how far they are."""

    recording: Recording
    seconds: float

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.seconds / self.recording.duration)) if self.recording.duration else 0


@dataclass(frozen=True)
class Mine:
    """A person's page. `cohorts` and `finished` are [(cohort, its meetings by date)]."""

    next: list[Meeting]
    cohorts: list[tuple[Cohort, list[Meeting]]]
    finished: list[tuple[Cohort, list[Meeting]]]
    followed: dict[int, ModuleFollowed]
    watching: list[Stop]
    questions: list[tuple[Question, bool]]


def dashboard(user: User, now: dt.datetime) -> Mine:
    """What USER is in the middle of, in four queries."""
    meetings, seats = _my_meetings(user)
    to_come = [
        m
        for m in meetings
        if m.ends_at > now and m.state in COMING and m.cohort.state in OPEN_COHORTS
    ]
    cohorts: dict[int, tuple[Cohort, list[Meeting]]] = {}
    for meeting in meetings:
        if meeting.cohort_id in seats:
            cohorts.setdefault(meeting.cohort_id, (meeting.cohort, []))[1].append(meeting)
    return Mine(
        next=to_come[:3],
        cohorts=[pair for pair in cohorts.values() if pair[0].ends_at > now],
        finished=[pair for pair in cohorts.values() if pair[0].ends_at <= now],
        followed=_followed(user),
        watching=_watching(user),
        questions=_questions(user),
    )


def _my_meetings(user: User) -> tuple[list[Meeting], set[int]]:
    """Every meeting of the cohorts where USER has a seat or teaches, by date; the ids of those with a seat."""
    seat = exists().where(
        Enrolment.cohort_id == Meeting.cohort_id, Enrolment.user_id == user.id, Enrolment.state.in_(LIVE)
    )
    teaches = exists().where(CohortTeam.cohort_id == Meeting.cohort_id, CohortTeam.user_id == user.id)
    rows = db.session.execute(
        select(Meeting, seat.label("seat"))
        .join(Meeting.cohort)
        .where(or_(seat, teaches), Cohort.state.not_in((CohortState.ARCHIVED, CohortState.CANCELLED)))
        .options(
            contains_eager(Meeting.cohort),
            _covers(joinedload(Meeting.module_version)),
            _mentor(joinedload(Meeting.mentor)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    return [meeting for meeting, _seat in rows], {meeting.cohort_id for meeting, seated in rows if seated}


def _followed(user: User) -> dict[int, ModuleFollowed]:
    """By module: how and when USER followed it."""
    rows = db.session.scalars(
        select(ModuleFollowed).where(ModuleFollowed.user_id == user.id).options(raiseload(ModuleFollowed.module))
    )
    return {row.module_id: row for row in rows}


NEARLY_ALL = 0.95  # of a recording: who is past it has seen it


def _watching(user: User, limit: int = 3) -> list[Stop]:
    """What USER began and did not finish, the latest first."""
    rows = db.session.execute(
        select(Recording, WatchPosition.seconds)
        .join(WatchPosition, WatchPosition.recording_id == Recording.id)
        .join(Recording.meeting)
        .join(Meeting.cohort)
        .where(
            WatchPosition.user_id == user.id,
            WatchPosition.seconds > 0,
            WatchPosition.seconds < NEARLY_ALL * Recording.duration,
            Recording.state == RecordingState.PLAYABLE,
            visible(user),
        )
        .options(contains_eager(Recording.meeting).contains_eager(Meeting.cohort))
        .order_by(WatchPosition.updated_at.desc())
        .limit(limit)
    )
    return [Stop(recording, seconds) for recording, seconds in rows]


def _questions(user: User, limit: int = 6) -> list[tuple[Question, bool]]:
    """What USER asked under their name or for moderators, newest first; whether it was answered in writing."""
    written = exists().where(Answer.question_id == Question.id)
    rows = db.session.execute(
        select(Question, written)
        .where(Question.asker_id == user.id)
        .options(
            joinedload(Question.room)
            .load_only(Room.code, Room.state)
            .joinedload(Room.meeting)
            .joinedload(Meeting.module_version)
            .load_only(ModuleVersion.title_el, ModuleVersion.title_en, raiseload=True),
        )
        .order_by(Question.asked_at.desc(), Question.id.desc())
        .limit(limit)
    )
    return [(question, bool(answered)) for question, answered in rows]


# Desks of those who run the programme


@dataclass(frozen=True)
class Desk:
    """What waits for somebody who runs cohorts, keeps recordings or writes."""

    cohorts: list[Cohort]
    unrecorded: Sequence[Meeting]
    drafts: list[ModuleVersion]
    owed: dict[str, int]  # of the mentors' inbox: open, overdue, …


def desk(user: User) -> Desk:
    """The desk of USER, in one query for those who have none, four at most."""
    cohorts = _run(user)
    return Desk(
        cohorts=cohorts,
        unrecorded=meetings_awaiting(user, 3) if cohorts else [],
        drafts=_drafts() if can_write(user) else [],
        owed=inbox_counts(user, utcnow()) if may_owe(user) else {},
    )


def _run(user: User, limit: int = 5) -> list[Cohort]:
    """The cohorts that USER runs or teaches (all, for staff) and that aren't over, drafts too, the nearest first."""
    over = (CohortState.COMPLETED, CohortState.ARCHIVED, CohortState.CANCELLED)
    found = select(Cohort).where(Cohort.state.not_in(over)).order_by(Cohort.starts_at, Cohort.id).limit(limit)
    return list(db.session.scalars(found if is_staff(user) else found.where(own_cohorts(user))))


def _drafts(limit: int = 5) -> list[ModuleVersion]:
    """Modules that are being written, the latest saved first."""
    light = load_only(ModuleVersion.title_el, ModuleVersion.title_en, ModuleVersion.updated_at, raiseload=True)
    return list(
        db.session.scalars(
            select(ModuleVersion)
            .where(ModuleVersion.state == VersionState.DRAFT)
            .options(light, joinedload(ModuleVersion.module))
            .order_by(ModuleVersion.updated_at.desc())
            .limit(limit)
        )
    )
