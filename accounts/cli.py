"""`flask accounts …`: how the first administrator of a deployment comes to exist."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from flask_security import hash_password

from accounts.models import PlatformRole
from accounts.queries import user_by_email
from accounts.services import create_person
from core.db import db

MIN_PASSWORD = 10
group = AppGroup("accounts", help="People.")


@group.command("create-admin")
@click.option("--email", prompt="E-mail")
@click.option("--given-name", prompt="First name")
@click.option("--family-name", prompt="Last name")
@click.password_option(help=f"At least {MIN_PASSWORD} characters.")
def create_admin(email: str, given_name: str, family_name: str, password: str) -> None:
    """Make an administrator with a confirmed address."""
    if len(password) < MIN_PASSWORD:
        raise click.ClickException(f"The password needs at least {MIN_PASSWORD} characters.")
    if user_by_email(email) is not None:
        raise click.ClickException("This address has an account already.")
    create_person(email, hash_password(password), given_name, family_name, PlatformRole.ADMIN)
    db.session.commit()
    click.echo(f"{email} is an administrator. They can sign in now.")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
