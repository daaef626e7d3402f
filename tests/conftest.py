"""A fresh database file for each test, the cast, and clients that each are one browser.

Never hold an application context open around a client: it would make every client the same
person (Flask 3.1, Flask-Login 0.6.3). Use `world.session()` to look into the database.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from tests.browser import CHROMIUM, FLAGS
from tests.world import World

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
# A PostgreSQL server for the tests; TEST_DATABASE=postgresql runs the whole suite on it.
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "")
POSTGRES = POSTGRES_URL if os.environ.get("TEST_DATABASE") == "postgresql" else ""


# Every test leaves an application behind: looking through all that lives as often as usual is half of the suite's time.
gc.set_threshold(50_000, 10, 20)

# Half of a page's first answer is compiling its templates, and every test has an application of its own.
COMPILED = FileSystemBytecodeCache()


# Two thirds of an application's start is compiling what builds its routes' addresses: the same in every test.
BUILDERS: dict[tuple[str, str, bool], Any] = {}
COMPILE = Rule._compile_builder


def _builder(rule: Rule, append_unknown: bool = True) -> Any:
    key = (rule.rule, repr(rule.defaults), append_unknown)
    if key not in BUILDERS:
        BUILDERS[key] = COMPILE(rule, append_unknown)
    return BUILDERS[key]


Rule._compile_builder = _builder  # type: ignore[method-assign]

# And a sixth of what tests do is writing the same statements down as SQL: kept by dialect, and so for all applications.
DIALECT: dict[str, sa.Dialect] = {}
STATEMENTS = LRUCache(2000)

# On SQLite alone: the matrices of who may do what, what ffmpeg makes of hostile files, each point of finalising a file.
ONCE = ("test_permission_matrix.py", "forum/test_matrix.py", "archive/test_hostile.py", "test_killed_while_finalising")


def _asks_the_database(item: pytest.Item) -> bool:
    once = item.get_closest_marker("browser") or any(part in item.nodeid for part in ONCE)
    return not once and "database_url" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks the suite's database: all else ran on SQLite and would run the same again.

    So would pages in a browser and what ONCE names: the services they call have tests of their own.
    """
    if POSTGRES:
        kept = [item for item in items if _asks_the_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


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
        # An application that a test makes for itself leaves no open connection behind.
        "SQLALCHEMY_ENGINE_OPTIONS": {"poolclass": sa.NullPool} if POSTGRES else {},
        "MEDIA_DIR": str(tmp_path / "media"),
        # However full the disk is on which the tests run
        "DISK_FLOOR_BYTES": 0,
        "DISK_FLOOR_PERCENT": 0,
        "WORK_FLOOR_BYTES": 0,
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


@dataclass(frozen=True)
class Template:
    """A filled database to begin tests from: a SQLite file to copy, or on PostgreSQL its rows to put back."""

    path: Path | None
    rows: dict[str, list[dict[str, Any]]]


def make_template(folder: Path, fill: Callable[[Flask], None] = lambda _app: None) -> Template:
    """A database with every table, filled by FILL."""
    from app import create_app
    from core.db import db

    path = None if POSTGRES else folder / "template.db"
    app = create_app(_settings(folder, f"sqlite:///{path}" if path else _cleared(Template(None, {}))))
    with app.app_context():
        db.create_all()
    fill(app)
    if live := app.extensions.pop("forum.live", None):
        live.stop()
    with app.app_context():
        with db.engine.connect() as connection:
            if path:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            tables = [] if path else db.metadata.tables.values()
            rows = {t.name: [dict(row) for row in connection.execute(t.select()).mappings()] for t in tables}
        db.session.remove()
        db.engine.dispose()
    return Template(path, {name: found for name, found in rows.items() if found})


@contextmanager
def copy_of(template: Template, folder: Path) -> Iterator[str]:
    """The address of a database that holds what TEMPLATE holds."""
    if template.path is None:
        yield _cleared(template)
        return
    shutil.copy(template.path, folder / "test.db")
    yield f"sqlite:///{folder / 'test.db'}"


@cache
def _server(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


def _cleared(template: Template) -> str:
    """The address of this process's database on the server, with TEMPLATE's rows and nothing else.

    Emptied by DELETE: making a database anew for each test costs the server half a second.
    """
    from core.db import Base

    name = f"test_{os.getpid()}"
    url = f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
    with _server(POSTGRES).execution_options(isolation_level="AUTOCOMMIT").connect() as server:
        if not server.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            server.execute(sa.text(f'CREATE DATABASE "{name}"'))
        server.execute(sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                       {"name": name})
    names = set(Base.metadata.tables)
    with _server(url).connect() as connection:
        found = set(sa.inspect(connection).get_table_names())
        if "alembic_version" in found:  # a test of migrations was here and left what it left
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            connection.commit()
        if not names <= found or "alembic_version" in found:
            Base.metadata.create_all(_server(url))
        empty = "; ".join(f'DELETE FROM "{name}"' for name in names)  # noqa: S608 - names of ours
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {empty}")  # no order among tables
        # Numbers begin anew; past those of the template's rows when it has some.
        connection.execute(
            sa.text("SELECT setval(oid::regclass, :n, false) FROM pg_class WHERE relkind = 'S'"),
            {"n": 100_000 if template.rows else 1},
        )
        for name, rows in template.rows.items():
            connection.execute(Base.metadata.tables[name].insert(), rows)
        connection.commit()
    return url


@pytest.fixture(scope="session")
def template_db(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """An empty database with every table."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite file with every table, whichever database the suite runs on: for servers that tests start."""
    import app as _every_model  # noqa: F401 - the tables are known once their packages are loaded
    from core.db import Base

    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def database_url(tmp_path: Path, template_db: Template) -> Iterator[str]:
    """SQLite in a file; PostgreSQL instead when the suite runs on it."""
    with copy_of(template_db, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, for every test of this process that needs a browser."""
    need(CHROMIUM is not None, "Chromium")
    from playwright.sync_api import sync_playwright  # only here: most runs of one area need no browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    from app import create_app
    from core.db import db

    # Disposed of below, so it may keep its connections: a new one for each question costs the server a process.
    application = create_app(_settings(tmp_path, database_url) | {"SQLALCHEMY_ENGINE_OPTIONS": {}})
    application.jinja_env.bytecode_cache = COMPILED
    with application.app_context():
        if db.engine.name not in DIALECT:
            db.engine.connect().close()  # from which it learns the server's version
            DIALECT[db.engine.name] = db.engine.dialect
        db.engine.dialect = DIALECT[db.engine.name]
        db.engine._compiled_cache = STATEMENTS
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
