"""What can be found: documents, and the things they come from.

The index is FTS5 on SQLite and GIN over a tsvector on PostgreSQL. Both are made of the column `words` and follow it by
themselves: by triggers, or as an expression.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import DDL, BigInteger, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import PK, Json, Long, db, utcnow
from core.search.reader import PUBLIC

INDEX = "search_words"  # of SQLite's tables and triggers, and of PostgreSQL's index


@dataclass(frozen=True)
class Link:
    """A way to a document, for people of some CIRCLES: what url_for takes, and the second it begins at."""

    endpoint: str
    values: dict[str, Any]
    circles: frozenset[str] = frozenset({PUBLIC})
    seconds: float | None = None


@dataclass(frozen=True)
class Document:
    """Something to be found. PART is its number within its thing, for good.

    The title is searched and shown; PLACE (where it stands) is only shown. LINES say at which second the words from an
    offset of TEXT on are spoken: then the first link leads to the second of what was found.
    """

    part: int
    title_el: str
    text: str
    links: tuple[Link, ...]
    title_en: str = ""
    place_el: str = ""
    place_en: str = ""
    languages: frozenset[str] = frozenset({"el"})
    theme: int | None = None
    cohort: int | None = None
    moment: dt.datetime = field(default_factory=utcnow)
    lines: tuple[tuple[int, float], ...] = ()


class SearchAudience(db.Model):  # type: ignore[name-defined]
    """Those who may see a document: the circles, in order. There are a few for each cohort."""

    __tablename__ = "search_audiences"
    id: Mapped[PK]
    circles: Mapped[str] = mapped_column(String(400), unique=True)


class SearchDocument(db.Model):  # type: ignore[name-defined]
    __tablename__ = "search_documents"
    id: Mapped[PK]
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[int] = mapped_column(BigInteger)  # of its thing, in the area's own table
    part: Mapped[int] = mapped_column(BigInteger)
    title_el: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    place_el: Mapped[str] = mapped_column(Text)
    place_en: Mapped[str] = mapped_column(Text)
    moment: Mapped[dt.datetime]
    audience: Mapped[int] = mapped_column(server_default=text("0"))  # number of the SearchAudience, 0: nobody
    links: Mapped[Json]  # [[endpoint, values, [circle, …], seconds or null], …]
    lines: Mapped[Json]  # [[offset in the text, second], …]
    text: Mapped[Long]
    words: Mapped[Long]  # core/search/words.py
    __table_args__ = (UniqueConstraint("kind", "key", "part"),)


class SearchThing(db.Model):  # type: ignore[name-defined]
    """A thing that documents are made of: how often it changed, and up to which change it is indexed."""

    __tablename__ = "search_things"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(default=1)
    done: Mapped[int] = mapped_column(default=0)


# The migration says the same in its own words: what it made then must not change with this.
_SQLITE = """
CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_documents', content_rowid='id', detail=none,
 columnsize=0, tokenize="ascii tokenchars '=^~@!+:'")
--
CREATE TRIGGER search_words_in AFTER INSERT ON search_documents BEGIN
 INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END
--
CREATE TRIGGER search_words_out AFTER DELETE ON search_documents BEGIN
 INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
END
--
CREATE TRIGGER search_words_change AFTER UPDATE OF words ON search_documents BEGIN
 INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', old.id, old.words);
 INSERT INTO search_words(rowid, words) VALUES (new.id, new.words);
END
"""
_POSTGRESQL = "CREATE INDEX search_words ON search_documents USING gin (array_to_tsvector(string_to_array(words, ' ')))"


def _only(dialect: str, statement: str) -> Any:
    ddl: Any = DDL
    return ddl(statement).execute_if(dialect=dialect)


_table = SearchDocument.__table__
for _statement in _SQLITE.split("--"):
    event.listen(_table, "after_create", _only("sqlite", _statement.strip()))
event.listen(_table, "after_create", _only("postgresql", _POSTGRESQL))
event.listen(_table, "before_drop", _only("sqlite", "DROP TABLE IF EXISTS search_words"))


def beside_models(name: str | None, kind: str, _parents: Any = None) -> bool:
    """For comparing schema and models: everything but what the search keeps beside its tables."""
    return not (kind in {"table", "index"} and (name or "").startswith(INDEX))
