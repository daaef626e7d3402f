"""`flask seed`: the real agenda, its modules and courses; with --demo also people who don't exist."""

from __future__ import annotations

from collections.abc import Iterator

import click
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from accounts.permissions import is_author
from accounts.queries import user_by_email
from core.db import db
from courses.seeding import load_agenda, load_courses, load_modules
from seeds import programme, recording


def curriculum(author: User) -> None:
    """The agenda, and its modules and courses published in AUTHOR's name. What is there already stays."""
    load_agenda()
    load_modules(author)
    load_courses(author)


def demo() -> None:
    """The curriculum and a small believable programme around it. Each step once, however often it is called."""
    programme.people()
    curriculum(programme.by_key("thaleia"))
    programme.cohorts()
    recording.load()


def wanted() -> bool:
    """Whether the database is empty, or a demonstration in it was never finished."""
    if db.session.scalar(select(User.id).limit(1)) is None:
        return True
    first = programme.source()["people"][0]["email"]
    return user_by_email(first) is not None and not recording.playable()


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
        if email in here and shown[person["role"]] <= 2:
            yield f"  {person['role']:<12} {email:<34} {person['given_name']} {person['family_name']}"


def init_app(app: Flask) -> None:
    @app.cli.command("seed")
    @click.option("--author", help="Address of the author or administrator in whose name it is published.")
    @click.option("--demo", "with_demo", is_flag=True, help="Also people, cohorts and a recording that are made up.")
    def command(author: str | None, with_demo: bool) -> None:
        """Fill the database with the agenda, its modules and courses."""
        if with_demo:
            demo()
        else:
            user = user_by_email(author or "")
            if not is_author(user) or user is None:
                raise click.UsageError("--author must be the address of an author or administrator.")
            curriculum(user)
        for line in who():
            click.echo(line)
