"""`flask recordings …`: looking after what is kept."""

from __future__ import annotations

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import event
from sqlalchemy.orm import Session

from archive.services import audit, garbage, manifest
from archive.services import rebuild as rebuilding
from core.storage import storage

commands = AppGroup("recordings", help="Look after the files of recordings.")


@commands.command("audit")
@click.option("--share", is_flag=True, help="Only today's share, as the worker does each day.")
def compare(share: bool) -> None:
    """Compare every file with its SHA-256; ends with 1 when something is lost."""
    found = audit.daily() if share else audit.everything()
    wrong = {"brought back": found.mended, "being made anew": found.remade, "lost": found.lost}
    click.echo(f"{found.compared} compared" + ("" if any(wrong.values()) else ", all whole"))
    for what, keys in wrong.items():
        for key in keys:
            click.echo(f"{what}: {key}")
    if found.lost:
        sys.exit(1)


@commands.command("rebuild")
def rebuild() -> None:
    """Make the rows of recordings that the database lacks from their manifests."""
    done = rebuilding.rebuild()
    click.echo(f"{done.made} made, {done.there} there already")
    for key, why in done.refused:
        click.echo(f"refused: {key}: {why}", err=True)
    if done.refused:
        sys.exit(1)


@commands.command("manifests")
def manifests() -> None:
    """Write every manifest that doesn't say what the database says."""
    click.echo(f"{manifest.write_all()} written")


@commands.command("sweep")
def sweep() -> None:
    """Delete files that no row speaks of, and what killed runs left; never an original."""
    for name in garbage.sweep():
        click.echo(name)


@commands.command("bucket")
def bucket() -> None:
    """Let the pages of BASE_URL read from the bucket by script."""
    from core.storage.s3 import Bucket  # its library is an extra

    place = storage()
    if not isinstance(place, Bucket):
        raise click.ClickException("S3_BUCKET is not set.")
    place.admit(current_app.config["BASE_URL"])
    click.echo(f"{place.name}: read by {current_app.config['BASE_URL']}")


def init_app(app: Flask) -> None:
    if not event.contains(Session, "after_flush", manifest.after_flush):
        event.listen(Session, "after_flush", manifest.after_flush)
    app.cli.add_command(commands)
