"""`flask seed`: the real agenda, its modules and courses; with --demo also people who don't exist."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from core.db import db
from mentors.models import Cohort
from seeds import programme


def curriculum() -> None:
    """The nine themes and fifty topics of the agenda, the modules and the courses."""
    import courses.seeding

    courses.seeding.load_agenda()
    courses.seeding.load_modules()
    courses.seeding.load_courses()


def demo() -> None:
    """The curriculum and a small believable programme around it. Once: a second call does nothing."""
    from seeds import recording

    curriculum()
    if db.session.scalar(select(Cohort.id).limit(1)) is None:
        recording.load(programme.load())


def who() -> Iterator[str]:
    """The demonstration's people, one line each, when they are here."""
    known = {person["email"]: person for person in programme.source()["people"]}
    here = set(db.session.scalars(select(User.email).where(User.email.in_(known))))
    if not here:
        return
    yield f"  Password of everybody below: {programme.PASSWORD}"
    shown: dict[str, int] = {}
    for email, person in known.items():
        shown[person["role"]] = shown.get(person["role"], 0) + 1
        if email in here and shown[person["role"]] <= 2:  # noqa: PLR2004 - two of each kind are enough
            yield f"  {person['role']:<12} {email:<34} {person['given_name']} {person['family_name']}"


def init_app(app: Flask) -> None:
    @app.cli.command("seed")
    @click.option("--demo", "with_demo", is_flag=True, help="Also people, cohorts and a recording that are made up.")
    def command(with_demo: bool) -> None:
        """Fill the database with the agenda, its modules and courses."""
        demo() if with_demo else curriculum()
        for line in who():
            click.echo(line)
