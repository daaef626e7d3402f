"""The demonstration: people who don't exist, their cohorts, a room that is live now and one with its whole record.

Dates are relative to the moment of seeding. Everything comes from programme.yaml.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import PlatformRole, User
from accounts.services import create_person
from core.db import db, utcnow
from core.i18n import ATHENS, from_athens
from courses.models import Course, CoursePart, Module, ModuleVersion, Theme
from forum.models import (
    Announcement,
    Answer,
    Caption,
    Hand,
    Question,
    QuestionState,
    QuestionVote,
    Room,
    RoomState,
    Visibility,
)
from forum.services import chain
from learning.models import Enrolment, EnrolmentEvent, EnrolmentState, FollowedBy, ModuleFollowed
from mentors.models import (
    Cohort,
    CohortPartner,
    CohortState,
    CohortTeam,
    Meeting,
    MeetingState,
    Mentor,
    PartnerPart,
    TeamPart,
)
from network.models import Membership, MembershipPart, Organisation, OrganisationKind
from seeds.closing import promise, settle
from seeds.faq import add_faq
from seeds.polls import add_poll

SOURCE = Path(__file__).parent / "programme.yaml"
# One password for everybody who doesn't exist; printed by `make run`, of no use anywhere else.
PASSWORD = "tria-gefyria"  # noqa: S105
HOURS = dt.timedelta(hours=2)
PLATFORM = {"staff": PlatformRole.STAFF, "admin": PlatformRole.ADMIN, "author": PlatformRole.AUTHOR}
VISIBILITY = {"name": Visibility.NAME, "moderators": Visibility.MODERATORS, "anonymous": Visibility.NONE}


@dataclass(frozen=True)
class Demo:
    """What has been made so far, by its key in the file."""

    session: Session
    now: dt.datetime
    people: dict[str, User]
    organisations: dict[str, Organisation]


def by_key(key: str) -> User:
    """The person so called in the file."""
    person = next(item for item in source()["people"] if item["key"] == key)
    return db.session.scalars(select(User).where(User.email == person["email"])).one()


def meeting_of(cohort: str, module: str) -> Meeting:
    """The meeting of COHORT that teaches MODULE, by their slugs."""
    return db.session.scalars(
        select(Meeting)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .join(ModuleVersion, ModuleVersion.id == Meeting.module_version_id)
        .join(Module, Module.id == ModuleVersion.module_id)
        .where(Cohort.slug == cohort, Module.slug == module)
    ).one()


@cache
def source() -> dict[str, Any]:
    """The file, read once; nobody changes it."""
    return dict(yaml.safe_load(SOURCE.read_text(encoding="utf-8")))


def people() -> None:
    """Make the organisations and everybody in them, in one transaction. Nothing when they are here."""
    facts = source()
    if db.session.scalar(select(User.id).where(User.email == facts["people"][0]["email"])) is not None:
        return
    demo = Demo(db.session(), utcnow(), {}, {})
    _organisations(demo, facts)
    _people(demo, facts)
    demo.session.commit()


def cohorts() -> None:
    """Make the mentors, the cohorts and their rooms, in one transaction. Nothing when they are here."""
    if db.session.scalar(select(Cohort.id).limit(1)) is not None:
        return
    facts = source()
    demo = Demo(
        db.session(),
        utcnow(),
        {item["key"]: by_key(item["key"]) for item in facts["people"]},
        {row.slug: row for row in db.session.scalars(select(Organisation))},
    )
    _mentors(demo, facts)
    for cohort in facts["cohorts"]:
        _cohort(demo, cohort)
    for record in facts["qa_record"]:
        _record(demo, record, closed=True)
    _record(demo, facts["live_questions"], closed=False)
    _live(demo, facts["live_questions"])
    _polls(demo, facts["live_questions"])
    _close_other_rooms(demo)
    add_faq(demo.session, demo.people)
    demo.session.commit()


def _organisations(demo: Demo, facts: dict[str, Any]) -> None:
    for item in facts["organisations"]:
        organisation = Organisation(**{**item, "kind": OrganisationKind(item["kind"])})
        demo.session.add(organisation)
        demo.organisations[item["slug"]] = organisation


def _people(demo: Demo, facts: dict[str, Any]) -> None:
    password_hash = hash_password(PASSWORD)  # once: to make it 28 times is a third of all seeding
    for item in facts["people"]:
        roles = [PLATFORM[item["role"]]] if item["role"] in PLATFORM else []
        person = create_person(
            item["email"], password_hash, item["given_name"], item["family_name"], *roles, latin_name=item["latin_name"]
        )
        demo.people[item["key"]] = person
        if "org" in item:
            organisation = demo.organisations[item["org"]]
            demo.session.add(Membership(organisation=organisation, user=person, part=MembershipPart.COORDINATOR))
    demo.session.flush()


def _mentors(demo: Demo, facts: dict[str, Any]) -> None:
    themes = {theme.slug: theme for theme in demo.session.scalars(select(Theme))}
    for item in facts["mentors"]:
        demo.session.add(
            Mentor(
                slug=item["slug"],
                user=demo.people[item["person"]],
                headline_el=item["headline"]["el"],
                headline_en=item["headline"]["en"],
                bio_el=item["bio_el"],
                bio_en=item["bio_en"],
                themes=[themes[slug] for slug in item["themes"]],
            )
        )


def _starts(demo: Demo, item: dict[str, Any]) -> list[dt.datetime]:
    """When each meeting begins; one that falls today has been on for half an hour."""
    today = demo.now.astimezone(ATHENS).date()
    clocks = item.get("start_times") or [item["start_time"]] * len(item["meeting_offsets_days"])
    starts = []
    for offset, clock in zip(item["meeting_offsets_days"], clocks, strict=True):
        if offset == 0:
            half_an_hour_ago = demo.now - dt.timedelta(minutes=30)
            midnight = from_athens(today, dt.time())
            starts.append(max(half_an_hour_ago.replace(second=0, microsecond=0), midnight))
        else:
            starts.append(from_athens(today + dt.timedelta(days=offset), dt.time.fromisoformat(clock)))
    return starts


def _cohort(demo: Demo, item: dict[str, Any]) -> None:
    course = demo.session.scalars(select(Course).where(Course.slug == item["course"])).one()
    parts = demo.session.scalars(
        select(CoursePart).where(CoursePart.course_version_id == course.current_id).order_by(CoursePart.position)
    ).all()
    starts = _starts(demo, item)
    state = CohortState(item["state"])
    teachers = item.get("teachers") or [item["mentors"][0]] * len(parts)
    cohort = Cohort(
        slug=item["slug"],
        course_version_id=course.current_id,
        state=state,
        title_el=item["title"]["el"],
        title_en=item["title"]["en"],
        summary_el=item["summary"]["el"],
        summary_en=item["summary"]["en"],
        place_el=item["place"]["el"],
        place_en=item["place"]["en"],
        seats=item["seats"],
        taken=len(item["enrolled"]),
        starts_at=starts[0],
        ends_at=starts[-1] + HOURS,
        enrol_closes_at=starts[-1] if state is CohortState.RUNNING else starts[0],
        created_by_id=demo.people["stelios"].id,
        partners=_partners(demo, item),
        team=[
            CohortTeam(user=demo.people[key], part=TeamPart.MENTOR if place else TeamPart.HOST)
            for place, key in enumerate(item["mentors"])
        ],
        meetings=[
            Meeting(
                module_version_id=part.module_version_id,
                position=part.position,
                starts_at=start,
                ends_at=start + HOURS,
                state=_meeting_state(demo.now, start),
                conference_url=f"https://meet.example.org/{item['slug']}-{part.position}",
                mentor=demo.people[teacher],
            )
            for part, start, teacher in zip(parts, starts, teachers, strict=True)
        ],
    )
    demo.session.add(cohort)
    demo.session.flush()
    for key in item["enrolled"]:
        _enrol(demo, cohort, demo.people[key])


def _partners(demo: Demo, item: dict[str, Any]) -> list[CohortPartner]:
    lead = CohortPartner(organisation=demo.organisations[item["lead"]], part=PartnerPart.LEAD)
    others = [demo.organisations[slug] for slug in item["partners"]]
    return [lead, *(CohortPartner(organisation=other, part=PartnerPart.CO_ORGANISER) for other in others)]


def _meeting_state(now: dt.datetime, start: dt.datetime) -> MeetingState:
    if start + HOURS < now:
        return MeetingState.ENDED
    return MeetingState.LIVE if start <= now else MeetingState.PLANNED


def _enrol(demo: Demo, cohort: Cohort, person: User) -> None:
    finished = cohort.state is CohortState.COMPLETED
    when = min(cohort.starts_at - dt.timedelta(days=5), demo.now - dt.timedelta(days=1))
    enrolment = Enrolment(
        cohort=cohort,
        user=person,
        state=EnrolmentState.COMPLETED if finished else EnrolmentState.ENROLLED,
        enrolled_at=when,
    )
    demo.session.add(enrolment)
    demo.session.flush()
    steps: list[tuple[EnrolmentState | None, EnrolmentState, int | None, dt.datetime]] = [
        (None, EnrolmentState.ENROLLED, person.id, when)
    ]
    if finished:
        steps.append((EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, None, cohort.ends_at))
    for before, after, actor_id, at in steps:
        demo.session.add(
            EnrolmentEvent(enrolment_id=enrolment.id, from_state=before, to_state=after, actor_id=actor_id, at=at)
        )
    _follow(demo, cohort, person)


def _follow(demo: Demo, cohort: Cohort, person: User) -> None:
    """Who was there followed the module, unless an earlier cohort had taught it to them."""
    rows = demo.session.execute(
        select(ModuleVersion.module_id, Meeting.ends_at)
        .join(Meeting, Meeting.module_version_id == ModuleVersion.id)
        .where(Meeting.cohort_id == cohort.id, Meeting.state == MeetingState.ENDED)
    ).all()
    known = set(demo.session.scalars(select(ModuleFollowed.module_id).where(ModuleFollowed.user_id == person.id)))
    for module_id, at in rows:
        if module_id not in known:
            demo.session.add(ModuleFollowed(user_id=person.id, module_id=module_id, by=FollowedBy.LIVE, at=at))
    demo.session.flush()


def _room(demo: Demo, meeting: Meeting) -> Room:
    return demo.session.scalars(select(Room).where(Room.meeting_id == meeting.id)).one()


def _record(demo: Demo, record: dict[str, Any], *, closed: bool) -> None:
    """The questions of one meeting, with their votes, fates and written answers."""
    meeting = meeting_of(record["cohort"], record["module"])
    room = _room(demo, meeting)
    room.state = RoomState.CLOSED if closed else RoomState.OPEN
    room.opened_at = meeting.starts_at
    room.closed_at = meeting.ends_at if closed else None
    enrolled = demo.session.scalars(
        select(Enrolment.user_id).where(Enrolment.cohort_id == meeting.cohort_id).order_by(Enrolment.id)
    ).all()
    asked = [_question(demo, room, meeting, no, item) for no, item in enumerate(record["questions"], 1)]
    demo.session.flush()
    voters = [_voters(demo, enrolled, no, item) for no, item in enumerate(record["questions"])]
    for question, item, own in zip(asked, record["questions"], voters, strict=True):
        if (target := item.get("merged_into")) is not None:
            question.merged_into_id = question.merged_with_id = asked[target].id
            question.merged_from = QuestionState.OPEN
            its_asker = demo.people[record["questions"][target]["asker"]].id
            voters[target] |= (own | {demo.people[item["asker"]].id}) - {its_asker}
    for question, people in zip(asked, voters, strict=True):
        question.score = len(people)
        demo.session.add_all(QuestionVote(question_id=question.id, user_id=user, value=1, n=1) for user in people)
    room.last_no = len(asked)
    settle(demo.session, room, record, asked)
    promise(demo.session, room, record)
    chain.bring_in(demo.session, room)


def _polls(demo: Demo, record: dict[str, Any]) -> None:
    """What the host of the live room has prepared, and what the room has answered already."""
    meeting = meeting_of(record["cohort"], record["module"])
    enrolled = select(Enrolment.user_id).where(Enrolment.cohort_id == meeting.cohort_id).order_by(Enrolment.id)
    voters = demo.session.scalars(enrolled).all()
    for position, item in enumerate(record["polls"], 1):
        add_poll(demo.session, _room(demo, meeting), position, item, voters)


def _voters(demo: Demo, enrolled: Any, no: int, item: dict[str, Any]) -> set[int]:
    others = [user for user in enrolled if user != demo.people[item["asker"]].id]
    turned = others[no % len(others):] + others[: no % len(others)]
    return set(turned[: item["voters"]])


def _question(demo: Demo, room: Room, meeting: Meeting, no: int, item: dict[str, Any]) -> Question:
    def at(minute: float | None) -> dt.datetime | None:
        return None if minute is None else min(meeting.starts_at + dt.timedelta(minutes=minute), demo.now)

    asker = demo.people[item["asker"]]
    visibility = VISIBILITY[item["visibility"]]
    anonymous = visibility is Visibility.NONE
    question = Question(
        room_id=room.id,
        no=no,
        body=item["text"],
        visibility=visibility,
        asker_id=None if anonymous else asker.id,
        asker_hash=room.asker_mark(asker.pid) if anonymous else None,
        state=QuestionState(item["state"]),
        reason=item.get("reason") or "",
        asked_at=at(item["minute"]),
        answering_at=at(item.get("answering_at")),
        answered_at=at(item.get("answered_at")),
    )
    if written := item.get("answer_written"):
        after = meeting.ends_at + dt.timedelta(hours=18)
        question.answers = [Answer(author_id=meeting.mentor_id, body=written, at=min(after, demo.now))]
    demo.session.add(question)
    return question


def _live(demo: Demo, live: dict[str, Any]) -> None:
    """What goes on in the live room beside its questions: an announcement, hands, captions."""
    meeting = meeting_of(live["cohort"], live["module"])
    room = _room(demo, meeting)
    host = meeting.mentor_id or demo.people[live["hands"][0]].id
    said = [Announcement(room_id=room.id, author_id=host, body=text) for text in live["announcements"]]
    hands = [Hand(room_id=room.id, no=no, user_id=demo.people[who].id) for no, who in enumerate(live["hands"], 1)]
    lines = [
        Caption(room_id=room.id, no=no, cid=f"demo-{no:04}", body=text, author_id=host, at=demo.now)
        for no, text in enumerate(live["captions"], 1)
    ]
    demo.session.add_all([*said, *hands, *lines])


def _close_other_rooms(demo: Demo) -> None:
    """Rooms of meetings that are over and have no record in the file are closed too."""
    rows = demo.session.execute(
        select(Room, Meeting).join(Meeting, Meeting.id == Room.meeting_id).where(
            Meeting.state == MeetingState.ENDED, Room.state == RoomState.PLANNED
        )
    )
    for room, meeting in rows:
        room.state, room.opened_at, room.closed_at = RoomState.CLOSED, meeting.starts_at, meeting.ends_at
