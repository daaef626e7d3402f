"""`flask recordings …`: looking after what is kept."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from core.storage import storage

commands = AppGroup("recordings", help="Look after the files of recordings.")


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
    app.cli.add_command(commands)
