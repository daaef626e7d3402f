"""Who is who in a room: persons, seats, and the rooms somebody has a part in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import abort
from sqlalchemy import Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from accounts.models import PlatformRole, User, role_grants
from accounts.models import Role as PlatformGrant
from core.db import db
from forum.models import Room, RoomState
from forum.permissions import Role, Standing, role_of
from learning.models import LIVE, Enrolment
from mentors.models import Cohort, CohortPartner, CohortTeam, Meeting
from network.models import Membership, MembershipPart


@dataclass(frozen=True)
class Person:
    """Who acts: enough for every rule, readable in any thread."""

    id: int
    pid: uuid.UUID
    short_name: str
    uniquifier: str


@dataclass(frozen=True)
class Seat:
    """A person at the table of a room, and their part; `role` None: no seat."""

    room_id: int
    person: Person | None
    role: Role | None


_PARTS = ("team", "enrolled", "coordinator", "staff")


def _parts_of(user_id: Any, cohort_id: Any) -> dict[str, Any]:
    """What the person is to the cohort, as columns of one row."""
    staff = (PlatformRole.STAFF.value, PlatformRole.ADMIN.value)
    return {
        "team": exists().where(CohortTeam.cohort_id == cohort_id, CohortTeam.user_id == user_id),
        "enrolled": exists().where(
            Enrolment.cohort_id == cohort_id, Enrolment.user_id == user_id, Enrolment.state.in_(LIVE)
        ),
        "coordinator": exists().where(
            CohortPartner.cohort_id == cohort_id,
            CohortPartner.organisation_id == Membership.organisation_id,
            Membership.user_id == user_id,
            Membership.part == MembershipPart.COORDINATOR,
        ),
        "staff": exists().where(
            role_grants.c.user_id == user_id,
            role_grants.c.role_id == PlatformGrant.id,
            PlatformGrant.name.in_(staff),
        ),
    }


@cache
def _seat_query() -> Select[Any]:
    """Built once: every command of every socket asks it, and building it costs more than asking."""
    parts = _parts_of(User.id, Meeting.cohort_id)
    return (
        select(User, Cohort.state, *[column.label(name) for name, column in parts.items()])
        .options(lazyload(User.roles))
        .select_from(Room)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .join(User, User.id == bindparam("user_id"))
        .where(Room.id == bindparam("room_id"), User.active)
    )


def seat(room_id: int, user_id: int | None) -> Seat:
    """The seat of a person in a room, from the database, in one query."""
    nobody = Seat(room_id, None, None)
    if user_id is None:
        return nobody
    row = db.session.execute(_seat_query(), {"room_id": room_id, "user_id": user_id}).one_or_none()
    if row is None:
        return nobody
    user, state, *flags = row
    person = Person(user.id, user.pid, user.short_name, user.fs_uniquifier)
    standing = Standing(state, **dict(zip(_PARTS, map(bool, flags), strict=True)))
    return Seat(room_id, person, role_of(standing))


def _room(code: str) -> Room | None:
    return db.session.scalar(
        select(Room)
        .where(Room.code == code.upper())
        .options(
            joinedload(Room.meeting).options(
                joinedload(Meeting.cohort), joinedload(Meeting.module_version), joinedload(Meeting.mentor)
            )
        )
    )


def room_or_404(code: str, user: User | None) -> tuple[Room, Seat]:
    """The room with this code and USER's seat in it. 404 for whoever has none."""
    room = _room(code)
    if room is None or user is None:
        abort(404)
    place = seat(room.id, user.id)
    if place.role is None:
        abort(404)
    return room, place


def room_with_meeting(room_id: int) -> Room | None:
    """A room as letters and jobs speak of it."""
    return db.session.scalar(
        select(Room)
        .where(Room.id == room_id)
        .options(joinedload(Room.meeting).options(joinedload(Meeting.cohort), joinedload(Meeting.module_version)))
    )


def room_on_screen(code: str) -> Room | None:
    """The room with this code, for a signed link to the projector."""
    return _room(code)


def room_id_of(code: str) -> int | None:
    return db.session.scalar(select(Room.id).where(Room.code == code.upper()))


def rooms_of(meeting_ids: Iterable[int], user: User) -> list[tuple[Room, Role]]:
    """The rooms of these meetings that USER has a part in, with the part. One query."""
    parts = _parts_of(user.id, Meeting.cohort_id)
    rows = db.session.execute(
        select(Room, Cohort.state, *[column.label(name) for name, column in parts.items()])
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Room.meeting_id.in_(list(meeting_ids)))
    ).all()
    found = []
    for room, state, *flags in rows:
        role = role_of(Standing(state, **dict(zip(parts, map(bool, flags), strict=True))))
        if role is not None:
            found.append((room, role))
    return found


def open_rooms_for(user: User) -> list[Room]:
    """The rooms that are open now and where USER learns or teaches, with their meeting and cohort."""
    parts = _parts_of(user.id, Meeting.cohort_id)
    return list(
        db.session.scalars(
            select(Room)
            .join(Room.meeting)
            .join(Meeting.cohort)
            .where(Room.state == RoomState.OPEN, or_(parts["team"], parts["enrolled"]))
            .options(
                contains_eager(Room.meeting).options(
                    contains_eager(Meeting.cohort), joinedload(Meeting.module_version)
                )
            )
            .order_by(Meeting.starts_at)
        )
    )


def seated_in(user: User) -> list[int]:
    """The cohorts in whose rooms USER has a part, by number."""
    parts = _parts_of(user.id, Cohort.id)
    rows = db.session.execute(
        select(Cohort.id, Cohort.state, *[column.label(name) for name, column in parts.items()]).where(
            or_(*parts.values())
        )
    )
    return [
        cohort_id
        for cohort_id, state, *flags in rows
        if role_of(Standing(state, **dict(zip(parts, map(bool, flags), strict=True)))) is not None
    ]


def with_seat(room_id: int) -> set[int]:
    """Everybody who has a part in this room, by number: whom a sweep leaves connected."""
    parts = _parts_of(User.id, Meeting.cohort_id)
    rows = db.session.execute(
        select(User.id, Cohort.state, *[column.label(name) for name, column in parts.items()])
        .select_from(User)
        .join(Room, Room.id == room_id)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(and_(User.active, or_(*parts.values())))
    )
    return {
        user_id
        for user_id, state, *flags in rows
        if role_of(Standing(state, **dict(zip(parts, map(bool, flags), strict=True)))) is not None
    }
