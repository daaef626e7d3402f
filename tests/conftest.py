"""A fresh database file for each test, the cast, and clients that each are one browser.

Never hold an application context open around a client: it would make every client the same
person (Flask 3.1, Flask-Login 0.6.3). Use `world.session()` to look into the database.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from tests.world import World

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
# A PostgreSQL server for the tests; TEST_DATABASE=postgresql runs the whole suite on it.
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")
POSTGRES = POSTGRES_URL if os.environ.get("TEST_DATABASE") == "postgresql" else ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks the suite's database: all else ran on SQLite and would run the same again."""
    if POSTGRES:
        touching = [item for item in items if "database_url" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
        items[:] = touching


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


@event.listens_for(Engine, "connect")
def _hurry(connection: Any, _record: Any) -> None:
    """A test's database needn't outlive a power cut. Servers that tests start keep the real setting."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous=OFF")


def make_template(folder: Path, fill: Callable[[Flask], None] = lambda _app: None) -> str:
    """A database with every table, filled by FILL, to be copied for tests: a file's path, or a name in PostgreSQL."""
    from app import create_app
    from core.db import db

    name = str(folder / "template.db") if not POSTGRES else f"template_{uuid.uuid4().hex}"
    url = f"sqlite:///{name}"
    if POSTGRES:
        _on_server(f'CREATE DATABASE "{name}"')
        url = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    app = create_app(_settings(folder, url))
    with app.app_context():
        db.create_all()
    fill(app)
    with app.app_context():
        if not POSTGRES:
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
    return name


@contextmanager
def copy_of(template: str, folder: Path) -> Iterator[str]:
    """The address of a copy of TEMPLATE that is gone afterwards."""
    if not POSTGRES:
        shutil.copy(template, folder / "test.db")
        yield f"sqlite:///{folder / 'test.db'}"
        return
    name = f"test_{uuid.uuid4().hex}"
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.execute(sa.text(statement))


@pytest.fixture(scope="session")
def template_db(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database with every table, copied for each test."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file with every table, whichever database the suite runs on: for servers that tests start."""
    from core.db import Base

    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def database_url(tmp_path: Path, template_db: str) -> Iterator[str]:
    """SQLite in a file; PostgreSQL instead when the suite runs on it."""
    with copy_of(template_db, tmp_path) as url:
        yield url


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    from app import create_app
    from core.db import db

    application = create_app(_settings(tmp_path, database_url))
    yield application
    if live := application.extensions.pop("forum.live", None):
        live.stop()  # its writer and ticker would go on into the next test
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
