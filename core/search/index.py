"""Keeping the index: what areas register, what follows a change, building it anew, counting it.

A change takes the thing's documents out in its own transaction, so that nothing stale is ever found, and adds a job
that brings them back as they are then. The job writes only if the thing didn't change again meanwhile (`n`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.db import db
from core.jobs import Job, task
from core.search.reader import EVERYTHING
from core.search.tables import Document, SearchAudience, SearchDocument, SearchThing
from core.search.words import indexed

LANGUAGES = ("el", "en")
_CIRCLE = re.compile(r"[a-z]+(:\d+)?")
_TOUCHED = "search.touched"
_AS_THEY_ARE = ("title_el", "title_en", "place_el", "place_en", "moment", "text")


@dataclass(frozen=True)
class Source:
    """An area's part: the keys of its things, and the documents of one (none when it can't be found by anybody)."""

    keys: Callable[[], Iterable[int]]
    documents: Callable[[int], Iterable[Document]]


Keys = Callable[[Session, Any], Iterable[int]]
_sources: dict[str, Source] = {}
_followers: dict[str, dict[str, Keys]] = {}
_watches: dict[type[Any], dict[tuple[str, str], Keys]] = {}


def register(kind: str, keys: Callable[[], Iterable[int]], documents: Callable[[int], Iterable[Document]]) -> None:
    """Documents of KIND come from here; each link of theirs says for whom it is."""
    _sources[kind] = Source(keys, documents)


def kinds() -> list[str]:
    return list(_sources)


def watch(kind: str, model: type[Any], keys: Keys) -> None:
    """A row of MODEL that the session writes touches the things KEYS(session, row) of KIND."""
    _watches.setdefault(model, {})[kind, f"{keys.__module__}.{keys.__qualname__}"] = keys


def follow(kind: str, follower: str, keys: Keys) -> None:
    """What is said of a thing of KIND is also said in the things KEYS(session, its key) of FOLLOWER."""
    _followers.setdefault(kind, {})[follower] = keys


def changed(row: Any, *names: str) -> bool:
    """Whether one of these columns of ROW was changed in this flush: for `watch`."""
    state: Any = inspect(row)
    return any(state.attrs[name].history.has_changes() for name in names)


def after_flush(session: Session, _context: Any) -> None:
    """What the flush wrote touches what is made of it. Called for every session of the application."""
    rows = (*session.new, *session.dirty, *session.deleted)
    met = {
        (kind, key)
        for row in rows
        for (kind, _name), keys in _watches.get(type(row), {}).items()
        for key in keys(session, row)
    }
    for kind, key in sorted(met):
        touch(kind, key, session)


def touch(kind: str, key: int, session: Session | None = None) -> None:
    """The thing changed: out of the index in this transaction, back in by a job. What follows it stays in meanwhile."""
    session = session or db.session()
    _change(session, kind, key)
    for follower, keys in _followers.get(kind, {}).items():
        for other in sorted(keys(session, key)):
            _change(session, follower, other, out=False)


def _change(session: Session, kind: str, key: int, out: bool = True) -> None:
    connection = session.connection()
    transaction = session.get_nested_transaction() or session.get_transaction()
    before, touched = session.info.get(_TOUCHED, (None, set()))
    touched = touched if before is transaction else set()
    if (kind, key, out) in touched:
        return
    n = _raise(connection, kind, key)
    if out:
        connection.execute(delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.key == key))
    job = {"kind": "search.index", "key": f"{kind}:{key}:{n}", "payload": {"kind": kind, "key": key}}
    connection.execute(insert(Job), [job])
    session.info[_TOUCHED] = (transaction, {*touched, (kind, key, out)})


def _raise(connection: Connection, kind: str, key: int) -> int:
    """The number of this change; the row stays locked until the transaction ends."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = dialect.insert(SearchThing).values(kind=kind, key=key, n=1, done=0)
    raised = first.on_conflict_do_update(index_elements=["kind", "key"], set_={"n": SearchThing.n + 1})
    return int(connection.execute(raised.returning(SearchThing.n)).scalar_one())


@task("search.index")
def _again(kind: str, key: int) -> None:
    index_thing(kind, key)


def index_thing(kind: str, key: int) -> int:
    """Make the documents of a thing as it is now and commit; how many. Not if it changes meanwhile: a job follows."""
    db.session.expunge_all()  # as it is in the database, whatever was read before
    found = db.session.execute(
        select(SearchThing.n).where(SearchThing.kind == kind, SearchThing.key == key)
    ).scalar_one_or_none()
    n = _raise(db.session.connection(), kind, key) if found is None else found
    documents = list(_sources[kind].documents(key)) if kind in _sources else []
    numbers = {circles: _audience(circles) for circles in {circles_of(document) for document in documents}}
    rows = [row(kind, key, document, numbers[circles_of(document)]) for document in documents]
    here = (SearchThing.kind == kind, SearchThing.key == key)
    claimed = db.session.execute(update(SearchThing).where(*here, SearchThing.n == n).values(done=n))
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        db.session.rollback()
        return 0
    db.session.execute(delete(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.key == key))
    if rows:
        db.session.execute(insert(SearchDocument), rows)
    db.session.commit()
    return len(rows)


def circles_of(document: Document) -> str:
    """Everybody who may see it, as an audience is written."""
    circles = sorted({circle for link in document.links for circle in link.circles})
    if not circles or EVERYTHING in circles or any(not _CIRCLE.fullmatch(circle) for circle in circles):
        raise ValueError(f"circles: {circles}")
    return " ".join(circles)


def _audience(circles: str) -> int:
    """The number of this audience; it is made when nobody had it yet."""
    known = select(SearchAudience.id).where(SearchAudience.circles == circles)
    connection = db.session.connection()
    if (number := connection.scalar(known)) is None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(SearchAudience).values(circles=circles).on_conflict_do_nothing())
        number = connection.scalars(known).one()
    return number


def row(kind: str, key: int, document: Document, audience: int) -> dict[str, Any]:
    """A row of the index; AUDIENCE is the number of `circles_of` it."""
    facts = [f"@kind:{kind}", *(f"@{language}" for language in sorted(document.languages))]
    facts += [f"@theme:{document.theme}"] if document.theme else []
    facts += [f"@cohort:{document.cohort}"] if document.cohort else []
    marks = indexed(f"{document.title_el}\n{document.title_en}", document.text)
    return {
        "kind": kind,
        "key": key,
        "part": document.part,
        **{name: getattr(document, name) for name in _AS_THEY_ARE},
        "audience": audience,
        "links": json.loads(json.dumps([[x.endpoint, x.values, sorted(x.circles), x.seconds] for x in document.links])),
        "lines": [list(line) for line in document.lines],
        "words": " ".join([*facts, f"={audience}", *marks]),
    }


def rebuild(kind: str | None = None) -> dict[str, int]:
    """Make the documents of every thing anew and drop those of things that are gone; {kind: documents}."""
    made = {}
    for name in [kind] if kind else kinds():
        keys = set(_sources[name].keys())
        known = set(db.session.scalars(select(SearchThing.key).where(SearchThing.kind == name)))
        made[name] = sum(index_thing(name, key) for key in sorted(keys | known))
    return made


@task("search.rebuild")
def _all_again() -> None:
    rebuild()


def check() -> list[tuple[str, int, int, int]]:
    """(kind, documents there should be, documents there are, things whose job is still to run) of every kind."""
    there = dict(
        db.session.execute(select(SearchDocument.kind, func.count()).group_by(SearchDocument.kind)).all()
    )
    waiting: dict[str, int] = dict(
        db.session.execute(
            select(SearchThing.kind, func.count()).where(SearchThing.done < SearchThing.n).group_by(SearchThing.kind)
        ).all()
    )
    return [
        (
            name,
            sum(len(list(source.documents(key))) for key in source.keys()),  # noqa: SIM118 - a source, no dictionary
            there.get(name, 0),
            waiting.get(name, 0),
        )
        for name, source in _sources.items()
    ]
