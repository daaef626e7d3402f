"""The world that the permission matrix walks through: one of everything, and a browser for each role."""

from __future__ import annotations

import copy
import datetime as dt
from types import SimpleNamespace
from typing import Any

from flask.testing import FlaskClient

from accounts.models import User
from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility, Upload
from archive.services import feeds, manifest
from core.db import db, utcnow
from core.jobs import Job, JobState
from forum.models import (
    Announcement,
    CaptionKey,
    FaqEntry,
    FaqRevision,
    Hand,
    Note,
    Poll,
    PollKind,
    PollOption,
    PollState,
    Question,
    QuestionState,
    Room,
    RoomState,
    UnderstoodCheck,
    Visibility,
)
from mentors.models import Cohort, CohortState, Mentor
from tests.matrix import ROLES
from tests.world import World


class MatrixWorld:
    """Objects by the names that rows use, made in WORLD's database."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.things: dict[str, Any] = {}
        self._people()
        self._curriculum()
        self._cohorts()
        self._rooms()
        self._faq()
        self._recordings()
        self._feed()

    def _people(self) -> None:
        makers = {
            "stranger": self.world.stranger,
            "learner": self.world.alice,
            "mentor": self.world.vasilis,
            "coordinator": self.world.chara,
            "author": self.world.author,
            "staff": self.world.stelios,
            "admin": self.world.admin,
        }
        self.people: dict[str, Any] = {role: make() for role, make in makers.items()}
        other = self.world.person("Παναγιώτης")
        self.things["person"] = other
        self.things["enrolled_person"] = self.world.person("Ελένη")
        host = self.people["mentor"]
        profile = Mentor(slug="vasilis", user_id=host.id, headline_el="Μηχανικός")
        self.things["mentor"] = self.world.add(profile)
        self.things["organisation"] = self.world.organisation(slug="dimos")
        self.things["other_organisation"] = self.world.organisation(slug="allos-dimos")
        self.things["membership"] = self.world.member(self.people["coordinator"], self.things["organisation"])

    def _curriculum(self) -> None:
        world = self.world
        self.things["theme"] = world.theme(slug="green-economy")
        self.things["module"] = world.module(self.things["theme"], slug="enotita")
        self.things["draft_module"] = world.module(self.things["theme"], published=False, slug="schedio")
        self.things["course"] = world.course([self.things["module"]])
        self.things["draft_course"] = world.course([self.things["module"]], published=False)

    def _cohorts(self) -> None:
        facts = {"course": self.things["course"], "lead": self.things["organisation"], "host": self.people["mentor"]}
        states = {
            "cohort": CohortState.PUBLISHED,
            "draft_cohort": CohortState.DRAFT,
            "running_cohort": CohortState.RUNNING,
            "cancelled_cohort": CohortState.CANCELLED,
        }
        for name, state in states.items():
            starts = dt.timedelta(minutes=-30) if name == "running_cohort" else dt.timedelta(days=7)
            cohort = self.world.cohort(**facts, state=state, starts=starts, slug=name.replace("_", "-"))
            self.things[name] = cohort
            self.things[name.replace("cohort", "meeting")] = self.world.meetings(cohort)[0]
        for name in ("cohort", "running_cohort"):
            self.world.enrol(self.people["learner"], self.things[name])
            self.things["enrolment"] = self.world.enrol(self.things["enrolled_person"], self.things[name])
        self.things["cohort"] = self.world.get(Cohort, self.things["cohort"].id)

    def _rooms(self) -> None:
        with self.world.session() as session:
            for name, state in (("room", RoomState.OPEN), ("closed_room", RoomState.CLOSED)):
                meeting = self.things["running_meeting" if name == "room" else "meeting"]
                room = session.query(Room).filter_by(meeting_id=meeting.id).one()
                room.state, room.opened_at = state, utcnow()
                room.closed_at = utcnow() if state is RoomState.CLOSED else None
                question = Question(
                    room_id=room.id,
                    no=1,
                    body="Ποιος πληρώνει;",
                    visibility=Visibility.NAME,
                    asker_id=self.things["enrolled_person"].id,
                    state=QuestionState.OPEN,
                    rev=2,
                    answering_at=utcnow() if state is RoomState.CLOSED else None,
                )
                room.last_no = 1
                poll = Poll(room_id=room.id, position=1, kind=PollKind.SINGLE, body="Ποιο;", state=PollState.OPEN)
                poll.options = [PollOption(position=i, text=text) for i, text in enumerate("ΑΒ")]
                session.add_all([question, poll])
                if name == "room":
                    self._life(session, room)
                session.flush()
                self.things[name] = room
                self.things[name.replace("room", "poll")] = poll
                self.things[name.replace("room", "question")] = question
            session.commit()
            session.expunge_all()

    def _life(self, session: Any, room: Room) -> None:
        """A hand, a check, an announcement, a note and a caption key of the open room."""
        asker, host, now = self.things["enrolled_person"].id, self.people["mentor"].id, utcnow()
        self.things["announcement"] = Announcement(room_id=room.id, author_id=host, body="Διάλειμμα δέκα λεπτών.")
        self.things["note"] = Note(room_id=room.id, author_id=asker, body="Πιο αργά, παρακαλώ.")
        self.things["caption_key"] = CaptionKey(
            room_id=room.id, maker_id=host, made_at=now, expires_at=now + dt.timedelta(hours=1)
        )
        session.add_all([self.things[name] for name in ("announcement", "note", "caption_key")])
        session.add_all([Hand(room_id=room.id, no=1, user_id=asker), UnderstoodCheck(room_id=room.id, no=1)])
    def _faq(self) -> None:
        day = utcnow().date()
        with self.world.session() as session:
            entry = FaqEntry(module_id=self.things["module"].id)
            session.add(entry)
            session.flush()
            session.add(
                FaqRevision(
                    entry_id=entry.id,
                    number=1,
                    question="Ποιος πληρώνει;",
                    answer="Ο δήμος.",
                    valid_as_of=day,
                    editor_id=self.people["mentor"].id,
                )
            )
            session.commit()
            self.things["entry"] = entry
            session.expunge_all()

    def _recordings(self) -> None:
        with self.world.session() as session:
            for name, visibility in (
                ("recording", RecordingVisibility.COHORT),
                ("public_recording", RecordingVisibility.PUBLIC),
                ("private_recording", RecordingVisibility.PRIVATE),
                ("draft_recording", RecordingVisibility.COHORT),
            ):
                draft = name == "draft_recording"
                recording = Recording(
                    meeting_id=self.things["meeting"].id,
                    title_el=f"Μαγνητοσκόπηση {name}",
                    state=RecordingState.DRAFT if draft else RecordingState.PLAYABLE,
                    visibility=visibility,
                    duration=None if draft else 60.0,
                    created_by_id=self.people["staff"].id,
                )
                session.add(recording)
                session.flush()
                if not draft:
                    session.add(self._file(recording, AssetRole.ORIGINAL, f"{name}.mp4"))
                    session.add(self._file(recording, AssetRole.PLAYLIST, "master.m3u8"))
                    session.add(self._file(recording, AssetRole.STREAM, "src.m4s", "src"))
                    session.add(self._file(recording, AssetRole.STORYBOARD, "000.webp", "000"))
                    session.add(self._file(recording, AssetRole.STORYBOARD_TRACK, "track.vtt"))
                self.things[name] = recording
            upload = Upload(
                recording_id=self.things["draft_recording"].id,
                owner_id=self.people["staff"].id,
                length=10,
                filename="video.mp4",
                expires_at=utcnow() + dt.timedelta(days=1),
            )
            job = Job(
                kind="archive.poster",
                key=f"{self.things['recording'].pid}::1",
                payload={"recording_id": self.things["recording"].id},
                state=JobState.FAILED,
                reason="poison",
                error="Broken: no picture\nno picture",
            )
            session.add_all([upload, job])
            session.commit()
            self.things["upload"], self.things["job"] = upload, job
            session.expunge_all()
        with self.world.app.app_context():
            manifest.write_all()

    def _feed(self) -> None:
        """The learner's private feed: whoever has its token reads it."""
        with self.world.app.app_context():
            feed = feeds.make(db.session.get_one(User, self.people["learner"].id))
            self.things["own_feed"] = SimpleNamespace(token=feeds.token(feed))

    def _file(self, recording: Recording, role: AssetRole, name: str, part: str = "") -> Asset:
        from core.storage import storage

        key = f"{recording.pid}/original/{name}"
        with self.world.app.app_context():
            storage().write(key, b"0123456789")
        return Asset(
            recording_id=recording.id,
            role=role,
            part=part,
            key=key,
            mimetype="video/mp4",
            bytes=10,
            sha256=f"{recording.id:064}",
        )

    def moved_to(self, world: World) -> MatrixWorld:
        """The same things in a copy of their database, which WORLD's application opens."""
        moved = copy.copy(self)
        moved.world = world
        return moved

    def value(self, name: str) -> Any:
        """`cohort.slug` of the thing so named; `=1` is the text itself."""
        if name.startswith("="):
            return name[1:]
        thing, _, attribute = name.partition(".")
        found = self.people[thing.removeprefix("role_")] if thing.startswith("role_") else self.things[thing]
        return getattr(found, attribute)

    def browser(self, role: str) -> FlaskClient:
        assert role in ROLES
        return self.world.client(self.people.get(role))


