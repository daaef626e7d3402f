"""`flask search rebuild`, `flask search check`."""

from __future__ import annotations

import sys

import click
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.search.index import after_flush, check, rebuild


def init_app(app: Flask) -> None:
    if not event.contains(Session, "after_flush", after_flush):
        event.listen(Session, "after_flush", after_flush)

    @app.cli.group("search")
    def group() -> None:
        """The index of the site's search."""

    @group.command("rebuild")
    @click.argument("kind", required=False)
    def rebuild_command(kind: str | None) -> None:
        """Make it anew, or one KIND of it. Nothing is missing from it meanwhile."""
        for name, documents in rebuild(kind).items():
            click.echo(f"{name:<14} {documents}")

    @group.command("check")
    def check_command() -> None:
        """Count what should be in it and what is; ends with 1 when they differ."""
        wrong = False
        for name, wanted, there, waiting in check():
            wrong |= wanted != there
            click.echo(f"{name:<14} {there} of {wanted}" + (f", {waiting} waiting for the worker" if waiting else ""))
        sys.exit(1 if wrong else 0)
