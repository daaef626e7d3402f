"""A fresh database file for each test, the cast, and clients that each are one browser.

Never hold an application context open around a client: it would make every client the same
person (Flask 3.1, Flask-Login 0.6.3). Use `world.session()` to look into the database.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.world import World

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
# A PostgreSQL server for the tests; TEST_DATABASE=postgresql runs the whole suite on it.
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")
POSTGRES = POSTGRES_URL if os.environ.get("TEST_DATABASE") == "postgresql" else ""


def need(condition: bool, what: str) -> None:
    """Skip when something is absent; with REQUIRE_ALL=1 that is a failure."""
    if condition:
        return
    if REQUIRE_ALL:
        pytest.fail(f"{what} is required (REQUIRE_ALL=1) but absent")
    pytest.skip(f"{what} is absent")


def _settings(tmp_path: Path, url: str) -> dict[str, Any]:
    return {
        "TESTING": True,
        "SECRET_KEY": "tests",
        "SECURITY_PASSWORD_SALT": "tests",
        "TOTP_SECRET": "tests",
        "WTF_CSRF_ENABLED": False,
        "RATELIMIT_ENABLED": False,
        "SQLALCHEMY_DATABASE_URI": url,
        "MEDIA_DIR": str(tmp_path / "media"),
        "INSTANCE_DIR": str(tmp_path),
        "BASE_URL": "http://localhost",
        "REDIS_URL": "",
        "MAIL_SERVER": "",
        "SECURITY_PASSWORD_HASH": "plaintext",
        "SECURITY_PASSWORD_SCHEMES": ["plaintext"],
        "SECURITY_HASHING_SCHEMES": ["hex_md5"],
        "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
    }


@pytest.fixture(scope="session")
def template_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every table, copied for each test."""
    from app import create_app
    from core.db import db

    folder = tmp_path_factory.mktemp("template")
    app = create_app(_settings(folder, f"sqlite:///{folder / 'empty.db'}"))
    with app.app_context():
        db.create_all()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "empty.db"


@pytest.fixture
def database_url(tmp_path: Path, template_db: Path) -> Iterator[str]:
    """SQLite in a file; PostgreSQL instead when TEST_POSTGRES_URL names a server."""
    if not POSTGRES:
        shutil.copy(template_db, tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    name = f"test_{uuid.uuid4().hex}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{_postgres_template(admin)}"'))
    yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


def _postgres_template(admin: sa.Engine) -> str:
    """A database with every table, made once for each process of the test run."""
    name = f"template_{os.getpid()}"
    with admin.connect() as connection:
        if connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :n"), {"n": name}):
            return name
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    from core.db import Base

    engine = sa.create_engine(POSTGRES.rsplit("/", 1)[0] + f"/{name}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return name


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    from app import create_app
    from core.db import db

    application = create_app(_settings(tmp_path, database_url))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    """Makes people, organisations, modules, cohorts … in the database of this test."""
    return World(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of nobody."""
    return app.test_client()
