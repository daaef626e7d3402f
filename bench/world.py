"""A throwaway programme for the benchmarks: the demonstration, a finished room of 50 questions, a crowd of voters.

`INSTANCE_DIR=… python -m bench.world VOTERS` makes it and prints one line of JSON: addresses and cookies.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

import seed
from accounts.models import User
from app import create_app
from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility
from archive.pipeline.files import digest
from core.db import db, utcnow
from core.storage import storage
from courses.models import Module
from forum.models import PUBLIC_STATES, Moderation, Question, QuestionState, Room, RoomState, Visibility
from learning.models import Enrolment, EnrolmentState
from mentors.models import Cohort, CohortState, Meeting
from seeds import programme

QUESTIONS = 50
DRAFTS = 9
FILM = 64 << 20  # bytes
BODY = "Πώς μοιράζονται τα έξοδα του συνεταιρισμού όταν ένα μέλος αποχωρεί στη μέση της χρονιάς; ({})"


def make(voters: int) -> dict[str, Any]:
    """Fill the empty database; inside an application context."""
    db.create_all()
    programme.people()
    seed.curriculum(programme.by_key("thaleia"))
    programme.cohorts()
    crowd = _crowd(voters)
    live, ended = _live_room(crowd), _record()
    learner = db.session.scalars(
        select(User).join(Enrolment, Enrolment.user_id == User.id).where(Enrolment.state == EnrolmentState.ENROLLED)
    ).first()
    module = db.session.scalars(select(Module.slug).order_by(Module.id)).first()
    film = _film(ended)
    db.session.commit()
    assert learner is not None
    return {
        "recording": f"/recordings/{film.pid}",
        "film": f"/recordings/{film.pid}/media/play",
        "module": f"/modules/{module}",
        "record": f"/rooms/{ended.code}/record",
        "learner": learner.fs_uniquifier,
        "room": live.code,
        "question": str(
            db.session.scalars(
                select(Question.pid).where(Question.room_id == live.id, Question.no == live.last_no)
            ).one()
        ),
        "voters": [user.fs_uniquifier for user in crowd],
        "host": programme.by_key("stelios").fs_uniquifier,
        "drafts": _drafts(programme.by_key("stelios"), ended.meeting_id),
    }


def earlier_rooms(number: int) -> tuple[int, int, list[int]]:
    """(somebody, an open room, NUMBER closed rooms of other cohorts on the same module)."""
    db.create_all()
    programme.people()
    seed.curriculum(programme.by_key("thaleia"))
    programme.cohorts()
    room = _live_room([])
    meeting = db.session.get_one(Meeting, room.meeting_id)
    cohort = db.session.get_one(Cohort, meeting.cohort_id)
    cohorts = [
        Cohort(
            slug=f"earlier-{n}",
            course_version_id=cohort.course_version_id,
            state=CohortState.COMPLETED,
            title_el=f"Τμήμα {n}",
            enrol_closes_at=cohort.starts_at,
            starts_at=cohort.starts_at,
            ends_at=cohort.ends_at,
            seats=20,
        )
        for n in range(number)
    ]
    db.session.add_all(cohorts)
    db.session.flush()
    facts = {"module_version_id": meeting.module_version_id, "starts_at": meeting.starts_at, "ends_at": meeting.ends_at}
    meetings = [Meeting(cohort_id=one.id, position=1, **facts) for one in cohorts]
    db.session.add_all(meetings)
    db.session.flush()
    closed = db.session.scalars(select(Room).where(Room.meeting_id.in_([one.id for one in meetings]))).all()
    for one in closed:
        one.state, one.closed_at = RoomState.CLOSED, utcnow()
    db.session.commit()
    return programme.by_key("thaleia").id, room.id, [one.id for one in closed]


def _crowd(size: int) -> list[User]:
    now = utcnow()
    crowd = [
        User(email=f"voter{n}@example.org", given_name="Ψήφος", family_name=f"Νο{n}", confirmed_at=now)
        for n in range(size)
    ]
    db.session.add_all(crowd)
    db.session.flush()
    return crowd


def _live_room(crowd: list[User]) -> Room:
    """The open room of the running cohort, with a question to vote on, everybody of CROWD enrolled."""
    room = db.session.scalars(
        select(Room)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Cohort.state == CohortState.RUNNING, Meeting.ends_at > utcnow())
        .order_by(Meeting.starts_at)
    ).first()
    assert room is not None
    meeting = db.session.get_one(Meeting, room.meeting_id)
    cohort = db.session.get_one(Cohort, meeting.cohort_id)
    cohort.seats, cohort.taken = cohort.seats + len(crowd), cohort.taken + len(crowd)
    room.state, room.opened_at = RoomState.OPEN, room.opened_at or utcnow()
    room.moderation, room.question_cap = Moderation.OFF, 10
    room.last_no += 1
    asker = db.session.scalars(select(User).order_by(User.id)).first()
    assert asker is not None
    db.session.add(
        Question(
            room_id=room.id,
            no=room.last_no,
            body=BODY.format(room.last_no),
            visibility=Visibility.NAME,
            asker_id=asker.id,
            state=QuestionState.OPEN,
        )
    )
    if crowd:
        db.session.execute(
            insert(Enrolment),
            [{"user_id": user.id, "cohort_id": cohort.id, "state": EnrolmentState.ENROLLED} for user in crowd],
        )
    return room


def _record() -> Room:
    """The closed room of the latest finished meeting that has one, filled up to QUESTIONS answered questions."""
    room = db.session.scalars(
        select(Room)
        .join(Meeting, Meeting.id == Room.meeting_id)
        .join(Cohort, Cohort.id == Meeting.cohort_id)
        .where(Cohort.state == CohortState.COMPLETED, Room.state == RoomState.CLOSED, Room.last_no > 0)
        .order_by(Meeting.starts_at.desc())
    ).first()
    assert room is not None
    begun = room.opened_at or utcnow()
    public = select(Question.id).where(Question.room_id == room.id, Question.state.in_(PUBLIC_STATES))
    have = len(db.session.scalars(public).all())
    asker = db.session.scalars(select(User).order_by(User.id)).first()
    for n in range(QUESTIONS - have):
        room.last_no += 1
        answering = begun + dt.timedelta(minutes=2 * n)
        db.session.add(
            Question(
                room_id=room.id,
                no=room.last_no,
                body=BODY.format(room.last_no),
                visibility=Visibility.NAME,
                asker_id=asker and asker.id,
                state=QuestionState.ANSWERED,
                score=n % 7,
                answering_at=answering,
                answered_at=answering + dt.timedelta(seconds=90),
            )
        )
    return room


def _drafts(staff: User, meeting_id: int) -> list[str]:
    """Recordings that wait for their files: their public ids."""
    drafts = [Recording(meeting_id=meeting_id, title_el=f"Λήψη {n}", created_by_id=staff.id) for n in range(DRAFTS)]
    db.session.add_all(drafts)
    db.session.commit()
    return [str(draft.pid) for draft in drafts]


def _film(room: Room) -> Recording:
    """A public recording of ROOM's meeting whose file is large and empty: what counts is how it is sent."""
    made = storage().scratch() / "film"
    with made.open("wb") as file:
        file.truncate(FILM)
    recording = Recording(
        meeting_id=room.meeting_id,
        title_el="Ταινία",
        state=RecordingState.PLAYABLE,
        visibility=RecordingVisibility.PUBLIC,
        duration=7200.0,
        published_at=utcnow(),
    )
    db.session.add(recording)
    db.session.flush()
    key = f"{recording.pid}/original/film.mp4"
    about = {"key": key, "mimetype": "video/mp4", "bytes": FILM, "sha256": digest(made)}
    storage().adopt(made, key)
    db.session.add(Asset(recording_id=recording.id, role=AssetRole.ORIGINAL, **about))
    return recording


def cookie(app: Flask, uniquifier: str | None) -> str:
    """The Cookie header of whoever signed in as UNIQUIFIER (nobody when None) and reads Greek."""
    # As every reader has it after their first page: nothing in it changes any more.
    facts: dict[str, Any] = {"locale": "el", "_fresh": False, "csrf_token": "0" * 40}
    if uniquifier:
        facts["_user_id"] = uniquifier
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(facts)}"


def main() -> None:
    """Make it and say where everything is."""
    app = create_app()
    with app.app_context():
        facts = make(int(sys.argv[1]))
    facts["learner"] = cookie(app, facts["learner"])
    facts["host"] = cookie(app, facts["host"])
    facts["anonymous"] = cookie(app, None)
    facts["voters"] = [cookie(app, person) for person in facts["voters"]]
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
