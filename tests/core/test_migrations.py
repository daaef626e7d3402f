"""The schema that migrations make is the one the models say, and it goes down as it came up."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade

from core.db import db

FOLDER = str(Path(__file__).resolve().parent.parent.parent / "migrations")


@pytest.fixture
def empty(app: Flask) -> Flask:
    """The application on a database without any table."""
    with app.app_context():
        db.drop_all()
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    return app


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return set(sa.inspect(db.engine).get_table_names())


def test_migrations_make_what_the_models_say(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER)
        with db.engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection), db.metadata)

    assert differences == []
    assert tables(empty) == {*db.metadata.tables, "alembic_version"}


def test_up_down_and_up_again(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER)
        downgrade(directory=FOLDER, revision="base")
    assert tables(empty) == {"alembic_version"}

    with empty.app_context():
        upgrade(directory=FOLDER)

    assert tables(empty) == {*db.metadata.tables, "alembic_version"}


def test_the_database_refuses_what_the_rules_forbid(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER)
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO themes (slug, number, title_el, title_en, about_el, about_en) "
                                       "VALUES ('a', 1, 'α', 'a', '', ''), ('a', 2, 'β', 'b', '', '')"))
