"""A counter for each area, raised in the same transaction as any change of its tables.

Whoever keeps something derived from an area (a rendered page) compares two numbers instead of
asking everything again. No service has to remember it: the counters hang on the engine, so ORM
flushes, bulk statements and the live room's writer are all seen.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, String, Table, event, select, update
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, db

_TOUCHED = "areas_touched"


class Revision(db.Model):  # type: ignore[name-defined]
    __tablename__ = "revisions"
    area: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int]


def _area_of(table: Table) -> str:
    """The area of TABLE: the package of the model it belongs to, told once for each table."""
    if "area" not in table.info:
        owners = {m.local_table: m.class_.__module__.partition(".")[0] for m in Base.registry.mappers}
        # A table of pairs belongs to the area that keeps its first side.
        first = next((key.column.table for column in table.columns for key in column.foreign_keys), None)
        table.info["area"] = owners.get(table) or (owners.get(first) if first is not None else None) or "core"
    return str(table.info["area"])


@event.listens_for(Engine, "before_execute")
def _note(connection: Connection, statement: Any, *_rest: Any) -> None:
    if getattr(statement, "is_dml", False) and isinstance(statement.table, Table):
        area = _area_of(statement.table)
        if area != "core":
            connection.info.setdefault(_TOUCHED, set()).add(area)


@event.listens_for(Engine, "commit")
def _raise_counters(connection: Connection) -> None:
    # In the order of their names: two transactions never wait for each other crosswise.
    for area in sorted(connection.info.pop(_TOUCHED, ())):
        raised = connection.execute(update(Revision).where(Revision.area == area).values(n=Revision.n + 1))
        if raised.rowcount == 0:
            _begin(connection, area)


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    connection.info.pop(_TOUCHED, None)


def _begin(connection: Connection, area: str) -> None:
    """The first change of AREA ever; somebody else's first at the same moment is as good."""
    from sqlalchemy.dialects import postgresql, sqlite  # here: needed once in a database's life

    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = dialect.insert(Revision).values(area=area, n=1)
    connection.execute(first.on_conflict_do_update(index_elements=["area"], set_={"n": Revision.n + 1}))


@cache
def areas() -> dict[str, str]:
    """The area of every table, by the table's name."""
    return {table.name: _area_of(table) for table in Base.metadata.tables.values() if table.name != "revisions"}


_CURRENT = str(select(Revision.area, Revision.n))


def current() -> dict[str, int]:
    """The counter of every area that ever changed. Asked for each page, so past the toolkit."""
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(_CURRENT)
        return dict(cursor.fetchall())
    finally:
        connection.close()
