"""What tests are made of: the cast, and makers of everything they touch.

The cast: Αλίκη the learner, Βασίλης the mentor who hosts, Χαρά of the municipality, Στέλιος of
the staff, Αγγελική the author, Δανάη the administrator, and Δημήτρης the stranger who must see
nothing. Makers return objects that stay readable after their session is gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from accounts.models import PlatformRole, Role, User
from core.db import db, utcnow
from courses.models import (
    Course,
    CourseFormat,
    CoursePart,
    CourseVersion,
    Module,
    ModuleVersion,
    Theme,
    Topic,
    VersionState,
)
from learning.models import Enrolment, EnrolmentState
from mentors.models import (
    Cohort,
    CohortPartner,
    CohortState,
    CohortTeam,
    Meeting,
    PartnerPart,
    TeamPart,
)
from network.models import Membership, MembershipPart, Organisation, OrganisationKind

PASSWORD = "λουλάκι-και-ασβέστης"
PLAN = [
    {"kind": "talk", "minutes": 40, "title": {"el": "Εισήγηση", "en": "Talk"}},
    {"kind": "break", "minutes": 10, "title": {"el": "Διάλειμμα", "en": "Break"}},
    {"kind": "questions", "minutes": 70, "title": {"el": "Ερωτήσεις", "en": "Questions"}},
]
CHECK = [
    {
        "question": {"el": "Πόσα μέλη θέλει;", "en": "How many members?"},
        "choices": [{"el": "Πέντε", "en": "Five"}, {"el": "Δύο", "en": "Two"}],
        "answer": 0,
        "why": {"el": "Το λέει ο νόμος.", "en": "The law says so."},
    }
]


class World:
    """Makers bound to one application. Numbers make names unique."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._n = 0

    def number(self) -> int:
        self._n += 1
        return self._n

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session in a context of its own, committed at the end."""
        with self.app.app_context():
            yield db.session()
            db.session.commit()

    def add(self, thing: Any) -> Any:
        with self.session() as session:
            session.add(thing)
            session.commit()
            session.refresh(thing)
            session.expunge_all()
        return thing

    def get(self, model: type[Any], key: Any) -> Any:
        """The row as the database has it now."""
        with self.session() as session:
            thing = session.get(model, key)
            session.expunge_all()
            return thing

    # People

    def person(self, given: str = "Άννα", *roles: PlatformRole, **facts: Any) -> User:
        n = self.number()
        with self.session() as session:
            granted = []
            for name in roles:
                role = session.query(Role).filter_by(name=name).one_or_none() or Role(name=name)
                session.add(role)
                granted.append(role)
            user = User(
                email=facts.pop("email", f"person{n}@example.org"),
                password=facts.pop("password", PASSWORD),
                given_name=given,
                family_name=facts.pop("family", f"Επώνυμη{n}"),
                confirmed_at=utcnow(),
                roles=granted,
                **facts,
            )
            session.add(user)
            session.commit()
            session.expunge_all()
        return user

    def alice(self) -> User:
        return self.person("Αλίκη")

    def vasilis(self) -> User:
        return self.person("Βασίλης")

    def chara(self) -> User:
        return self.person("Χαρά")

    def stelios(self) -> User:
        return self.person("Στέλιος", PlatformRole.STAFF)

    def author(self) -> User:
        return self.person("Αγγελική", PlatformRole.AUTHOR)

    def admin(self) -> User:
        return self.person("Δανάη", PlatformRole.ADMIN)

    def stranger(self) -> User:
        return self.person("Δημήτρης")

    def client(self, user: User | None = None, locale: str = "en") -> FlaskClient:
        """A browser signed in as USER (nobody when None), reading LOCALE."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["locale"] = locale
            if user is not None:
                session["_user_id"] = user.fs_uniquifier
                session["_fresh"] = True
        return client

    # Organisations

    def organisation(self, kind: OrganisationKind = OrganisationKind.MUNICIPALITY, **facts: Any) -> Organisation:
        n = self.number()
        return self.add(
            Organisation(
                slug=facts.pop("slug", f"dimos-{n}"),
                kind=kind,
                name_el=facts.pop("name_el", f"Δήμος {n}"),
                name_en=f"Municipality {n}",
                **facts,
            )
        )

    def member(self, user: User, organisation: Organisation, part: MembershipPart = MembershipPart.COORDINATOR) -> Any:
        return self.add(Membership(user_id=user.id, organisation_id=organisation.id, part=part))

    # Curriculum

    def theme(self, **facts: Any) -> Theme:
        n = self.number()
        return self.add(
            Theme(
                slug=facts.pop("slug", f"theme-{n}"),
                number=n,
                title_el=facts.pop("title_el", f"Θεματική {n}"),
                title_en=f"Theme {n}",
                **facts,
            )
        )

    def topic(self, theme: Theme) -> Topic:
        n = self.number()
        return self.add(Topic(code=f"t{n}", theme_id=theme.id, position=n, title_el=f"Θέμα {n}", title_en=f"Topic {n}"))

    def module(self, theme: Theme | None = None, published: bool = True, **facts: Any) -> Module:
        """A module with one version; `module.current_id` is its published version, None for a draft."""
        n = self.number()
        theme = theme or self.theme(slug="agri-food" if n == 1 else f"theme-{n}")
        with self.session() as session:
            module = Module(slug=facts.pop("slug", f"enotita-{n}"), theme_id=theme.id)
            version = ModuleVersion(
                module=module,
                number=1,
                state=VersionState.PUBLISHED if published else VersionState.DRAFT,
                published_at=utcnow() if published else None,
                title_el=facts.pop("title_el", f"Ενότητα {n}"),
                title_en=facts.pop("title_en", f"Module {n}"),
                summary_el=f"Περίληψη {n}",
                summary_en=f"Summary {n}",
                outcomes_el=["Θα μπορείτε να μετράτε."],
                outcomes_en=["You will be able to count."],
                plan=PLAN,
                opening_questions_el=["Γιατί;"],
                opening_questions_en=["Why?"],
                reading_el=facts.pop("reading_el", "## Αρχή\n\nΚείμενο."),
                self_check=CHECK,
                **facts,
            )
            session.add_all([module, version])
            session.flush()
            if published:
                module.current_id = version.id
            session.commit()
            session.refresh(module)
            session.expunge_all()
        return module

    def course(self, modules: list[Module] | None = None, published: bool = True) -> Course:
        n = self.number()
        modules = modules or [self.module()]
        with self.session() as session:
            course = Course(slug=f"kyklos-{n}", format=CourseFormat.EVENING)
            version = CourseVersion(
                course=course,
                number=1,
                state=VersionState.PUBLISHED if published else VersionState.DRAFT,
                published_at=utcnow() if published else None,
                title_el=f"Κύκλος {n}",
                title_en=f"Course {n}",
                summary_el=f"Περίληψη κύκλου {n}",
                parts=[CoursePart(module_version_id=m.current_id, position=i) for i, m in enumerate(modules, 1)],
            )
            session.add_all([course, version])
            session.flush()
            if published:
                course.current_id = version.id
            session.commit()
            session.refresh(course)
            session.expunge_all()
        return course

    # Cohorts

    def cohort(
        self,
        course: Course | None = None,
        lead: Organisation | None = None,
        state: CohortState = CohortState.PUBLISHED,
        seats: int = 20,
        host: User | None = None,
        starts: dt.timedelta = dt.timedelta(days=7),
        **facts: Any,
    ) -> Cohort:
        """A cohort with one meeting a week from STARTS after now, two hours each."""
        n = self.number()
        course = course or self.course()
        lead = lead or self.organisation()
        with self.session() as session:
            parts = session.query(CoursePart).filter_by(course_version_id=course.current_id).order_by("position").all()
            first = utcnow() + starts
            hours = dt.timedelta(hours=2)
            cohort = Cohort(
                slug=facts.pop("slug", f"tmima-{n}"),
                course_version_id=course.current_id,
                state=state,
                title_el=facts.pop("title_el", f"Τμήμα {n}"),
                title_en=f"Cohort {n}",
                seats=seats,
                enrol_closes_at=facts.pop("enrol_closes_at", first + dt.timedelta(weeks=len(parts) - 1)),
                starts_at=first,
                ends_at=first + dt.timedelta(weeks=len(parts) - 1) + hours,
                partners=[CohortPartner(organisation_id=lead.id, part=PartnerPart.LEAD)],
                team=[CohortTeam(user_id=host.id, part=TeamPart.HOST)] if host else [],
                cancel_reason="Λίγοι." if state is CohortState.CANCELLED else "",
                meetings=[
                    Meeting(
                        module_version_id=part.module_version_id,
                        position=part.position,
                        starts_at=first + dt.timedelta(weeks=i),
                        ends_at=first + dt.timedelta(weeks=i) + hours,
                        conference_url="https://tele.example/αίθουσα",
                        mentor_id=host.id if host else None,
                    )
                    for i, part in enumerate(parts)
                ],
                **facts,
            )
            session.add(cohort)
            session.commit()
            session.expunge_all()
        return cohort

    def meetings(self, cohort: Cohort) -> list[Meeting]:
        with self.session() as session:
            found = session.query(Meeting).filter_by(cohort_id=cohort.id).order_by(Meeting.position).all()
            session.expunge_all()
            return found

    def enrol(self, user: User, cohort: Cohort, state: EnrolmentState = EnrolmentState.ENROLLED) -> Enrolment:
        with self.session() as session:
            enrolment = Enrolment(user_id=user.id, cohort_id=cohort.id, state=state)
            session.add(enrolment)
            if state is EnrolmentState.ENROLLED:
                session.get_one(Cohort, cohort.id).taken += 1
            session.commit()
            session.expunge_all()
        return enrolment
