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
from core.search import beside_models

MENTOR = """
INSERT INTO users (id, pid, email, active, fs_uniquifier, given_name, family_name, locale, created_at)
VALUES (1, '0b5cd0f6-0b5c-4c3e-8d6b-0d3c7e1f2a10', 'anthi@example.org', true, 'u', 'Ανθή', 'Κ', 'el',
        '2026-01-01 10:00:00+00');
INSERT INTO themes (id, slug, number, title_el, title_en, about_el, about_en)
VALUES (1, 'agri-food', 4, 'α', 'a', '', '');
INSERT INTO mentors (id, slug, user_id, headline_el, headline_en, bio_el, bio_en)
VALUES (1, 'anthi', 1, 'Γεωπόνος', '', '', '');
INSERT INTO mentor_themes (mentor_id, theme_id) VALUES (1, 1)
"""
BESIDE = {"include_name": beside_models}  # the index of the search stands beside the models
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
        return {name for name in sa.inspect(db.engine).get_table_names() if beside_models(name, "table")}


def test_migrations_make_what_the_models_say(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER)
        with db.engine.connect() as connection:
            differences = compare_metadata(MigrationContext.configure(connection, opts=BESIDE), db.metadata)

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


def test_a_mentors_page_goes_up_and_down_with_what_it_says(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER, revision="0001")
        with db.engine.begin() as connection:
            for statement in MENTOR.split(";"):
                connection.execute(sa.text(statement))
        upgrade(directory=FOLDER, revision="mentor_pages")
        with db.engine.begin() as connection:
            links, revision = connection.execute(sa.text("SELECT CAST(links AS TEXT), revision FROM mentors")).one()
        downgrade(directory=FOLDER, revision="0001")
        with db.engine.begin() as connection:
            kept = connection.execute(
                sa.text("SELECT headline_el, theme_id FROM mentors JOIN mentor_themes ON mentor_id = mentors.id")
            ).all()
            columns = {column["name"] for column in sa.inspect(connection).get_columns("mentors")}
    assert (links, revision) == ("[]", 1)
    assert kept == [("Γεωπόνος", 1)]
    assert {"links", "revision"} & columns == set()


JOBS = """
INSERT INTO jobs (id, kind, key, payload, state, attempts, run_after, lease_until, error, created_at)
VALUES (101, 'mail', 'a', '{}', 'failed', 5, '2026-01-01 10:00:00+00', NULL, 'no', '2026-01-01 10:00:00+00'),
       (102, 'mail', 'b', '{}', 'queued', 0, '2026-01-01 10:00:00+00', NULL, NULL, '2026-01-01 10:00:00+00')
"""


def test_jobs_go_up_and_down_with_their_states(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER, revision="made_files")
        with db.engine.begin() as connection:
            connection.execute(sa.text(JOBS))
        upgrade(directory=FOLDER, revision="job_states")
        with db.engine.begin() as connection:
            found = "SELECT lane, state, reason, failures FROM jobs WHERE id > 100 ORDER BY id"
            up = connection.execute(sa.text(found)).all()
            connection.execute(sa.text("UPDATE jobs SET state = 'skipped' WHERE id = 101"))
            connection.execute(sa.text("UPDATE jobs SET state = 'waiting', lane = 'slow' WHERE id = 102"))
        downgrade(directory=FOLDER, revision="made_files")
        with db.engine.begin() as connection:
            down = connection.execute(sa.text("SELECT state, attempts FROM jobs WHERE id > 100 ORDER BY id")).all()
    assert up == [("fast", "failed", "exhausted", 5), ("fast", "queued", "", 0)]
    assert down == [("done", 5), ("queued", 0)]


def test_the_database_refuses_what_the_rules_forbid(empty: Flask):
    with empty.app_context():
        upgrade(directory=FOLDER)
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text("INSERT INTO themes (slug, number, title_el, title_en, about_el, about_en) "
                                       "VALUES ('a', 1, 'α', 'a', '', ''), ('a', 2, 'β', 'b', '', '')"))
