"""The database handle, the column types every model uses, and the SQLite settings.

Relationships are written `lazy="raise_on_sql"`: a query says what it loads, so an N+1
cannot be written by accident. Datetimes are UTC and aware; a naive one raises.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, Enum, MetaData, String, Text, event, types
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def utcnow() -> dt.datetime:
    """Now, aware, in UTC, to the microsecond."""
    return dt.datetime.now(dt.UTC)


class UtcDateTime(types.TypeDecorator[dt.datetime]):
    """An aware datetime, stored in UTC on every database. A naive value raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, _dialect: Any) -> dt.datetime | None:
        if value is None:
            return None
        # SQLite gives it bare; PostgreSQL in the zone of its session.
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def enum_type(cls: type, **options: Any) -> Enum:
    """A StrEnum stored by its value, with a CHECK, the same on SQLite and PostgreSQL."""
    return Enum(
        cls,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        validate_strings=True,
        create_constraint=True,
        length=40,
        **options,
    )


# Column types by meaning
PK = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[uuid.UUID, mapped_column(types.Uuid, unique=True, default=uuid.uuid4)]
Slug = Annotated[str, mapped_column(String(80), unique=True)]
Short = Annotated[str, mapped_column(String(200))]
Long = Annotated[str, mapped_column(Text)]
Json = Annotated[Any, mapped_column(JSON)]


class Base(DeclarativeBase):
    """Every table: named constraints, aware datetimes."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={dt.datetime: UtcDateTime()},
    )


db = SQLAlchemy(
    model_class=Base,
    # An object stays readable after commit: nothing is loaded behind a template's back.
    session_options={"expire_on_commit": False},
    # An error names its statement, never the people in it: it ends in the log.
    engine_options={"hide_parameters": True},
)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL with full sync: acknowledged means stored, and readers never wait for a writer."""
    if type(connection).__module__.partition(".")[0] not in {"sqlite3", "pysqlite2"}:
        return
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.close()
