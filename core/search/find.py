"""Finding: everything about who may see what and which words must be there is asked of the index itself.

At most MOST documents of a kind are fetched; where there are more, those that say the words in the title or often come
first. What was fetched is ranked here, alike on every database.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select, text

from core.db import UtcDateTime, db
from core.search.excerpt import Piece, excerpt
from core.search.index import kinds
from core.search.reader import Reader
from core.search.tables import SearchAudience, SearchDocument
from core.search.words import Query, union

MOST = 300  # documents of a kind that are fetched and counted
PAGE = 20
FEW = 12  # audiences
GLANCE = 3  # of each kind, when all are looked at

Words = Sequence[Sequence[str]]  # for each word the marks that stand for it


@dataclass(frozen=True)
class Asked:
    """What is looked for, and what it is narrowed to. THEME and COHORT are numbers in their tables."""

    text: str
    kind: str = ""
    theme: int | None = None
    cohort: int | None = None
    language: str = ""
    since: dt.datetime | None = None
    page: int = 1


@dataclass(frozen=True)
class Hit:
    """A document that was found. `endpoint` and `values` lead to it; `at` is the second its words are spoken.

    `listen` is the way to where it is spoken, when that is another one.
    """

    document: SearchDocument
    endpoint: str
    values: dict[str, Any]
    title: dict[str, list[Piece]]
    excerpt: list[Piece]
    at: float | None = None
    listen: tuple[str, dict[str, Any]] | None = None


@dataclass(frozen=True)
class Group:
    """The hits of a kind on this page; `total` counts at most MOST, `more` when there are more."""

    kind: str
    hits: list[Hit]
    total: int
    more: bool
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Found:
    """What was found, by kind. `how`: "all" words as they sound, by their "roots", "some" of them, or "nothing"."""

    groups: list[Group]
    how: str

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def more(self) -> bool:
        return any(group.more for group in self.groups)


@dataclass(frozen=True)
class _Candidate:
    id: int
    kind: str
    score: float


def find(asked: Asked, reader: Reader) -> Found:
    """What READER may see of what is ASKED. One to three statements, one more for what is shown."""
    query = Query.of(asked.text)
    seen = None if reader.sees_everything else _seen(reader)
    if not query.strict or seen == []:
        return Found([], "nothing")
    both = query.both()
    attempts: list[tuple[str, Sequence[Words], Words]] = [
        ("all", [query.strict], query.strict),
        ("roots", [both], both),
        ("some", query.some(), both),
    ]
    for how, ways, words in attempts:
        if ways and (found := _ranked(asked, seen, ways, words)):
            marks = union(query.strict) if how == "all" else query.marks
            return Found(_grouped(asked, reader, found, marks), how)
    return Found([], "nothing")


def _seen(reader: Reader) -> list[int]:
    """The audiences that READER is part of."""
    every = db.session.execute(select(SearchAudience.id, SearchAudience.circles).order_by(SearchAudience.id))
    return [number for number, circles in every if reader.may(circles.split())]


def _ranked(
    asked: Asked, seen: Sequence[int] | None, ways: Sequence[Words], words: Words
) -> dict[str, list[_Candidate]]:
    """The best MOST + 1 of each kind in order. WAYS are alternatives, each a list of words that must be there."""
    wanted = [asked.kind] if asked.kind else kinds()
    rows = _fetched(asked, seen, [(kind, ways) for kind in wanted])
    full = [kind for kind in wanted if sum(row.kind == kind for row in rows) > MOST]
    if full:
        rows += _fetched(asked, seen, [(kind, [better]) for kind in full for better in _better(words)])
    best = {row.id: _Candidate(row.id, row.kind, _score(row.words, words)) for row in rows}
    ranked: dict[str, list[_Candidate]] = {}
    for candidate in sorted(best.values(), key=lambda one: (-one.score, -one.id)):
        ranked.setdefault(candidate.kind, []).append(candidate)
    return {kind: ranked[kind][: MOST + 1] for kind in wanted if kind in ranked}


def _better(words: Words) -> list[Words]:
    """Ways of asking that only the best answer: all words in the title, all often, one of them very often."""
    often: list[Words] = [[[mark + one for one in word] for word in words] for mark in ("^", "++", "+")]
    if len(words) > 1:
        often.append([*words, [mark for word in often[1] for mark in word]])
    return often


def _score(said: str, words: Words) -> float:
    """What a document is worth: each word counts more in the title and often, less when only its root is there."""
    said = f" {said} "
    worth = sum(
        max((_worth(said, mark) * 0.97**place for place, mark in enumerate(word)), default=0.0) for word in words
    )
    return worth / (1 + 0.1 * math.log1p(len(said) / 2000))


def _worth(said: str, mark: str) -> float:
    if f" {mark} " not in said:
        return 0.0
    if mark.startswith("~"):
        return 0.5
    often = 0.9 if f" ++{mark} " in said else 0.6 if f" +{mark} " in said else 0.0
    return 1 + often + (2.5 if f" ^{mark} " in said else 0)


# The index


def _fetched(
    asked: Asked, seen: Sequence[int] | None, wanted: Iterable[tuple[str, Sequence[Words]]]
) -> list[Any]:
    """(id, kind, words) of at most MOST + 1 documents for each (kind, alternatives): in one statement.

    Few audiences are asked of the index: they are rare. Of many each document is asked as it comes: they are common,
    and an index is slow at "one of two hundred".
    """
    postgres = db.session.get_bind().dialect.name == "postgresql"
    one = _ON_POSTGRESQL if postgres else _ON_SQLITE
    write = (_TSQUERY if postgres else _FTS5).write
    narrow = " AND d.moment >= :since" if asked.since else ""
    many = seen is not None and len(seen) > FEW
    narrow += " AND d.audience IN :seen" if many else ""
    parts: list[str] = []
    values: dict[str, Any] = {"most": MOST + 1}
    for number, (kind, ways) in enumerate(wanted):
        values[f"q{number}"] = write(_demands(asked, None if many else seen, kind), ways)
        parts.append(one.format(number=number, narrow=narrow))
    statement = text(" UNION ALL ".join(parts))
    if asked.since:
        statement = statement.bindparams(since=UtcDateTime().process_bind_param(asked.since, None))
    if many:
        statement = statement.bindparams(bindparam("seen", seen, expanding=True))
    return list(db.session.execute(statement, values))


# What was typed is bound, never written into a statement.
_ON_SQLITE = (
    "SELECT * FROM (SELECT d.id, d.kind, d.words FROM search_words w CROSS JOIN search_documents d ON d.id = w.rowid "
    "WHERE search_words MATCH :q{number}{narrow} LIMIT :most)"
)
_ON_POSTGRESQL = (
    "(SELECT d.id, d.kind, d.words FROM search_documents d "
    "WHERE array_to_tsvector(string_to_array(d.words, ' ')) @@ CAST(:q{number} AS tsquery){narrow} LIMIT :most)"
)


def _demands(asked: Asked, seen: Sequence[int] | None, kind: str) -> list[list[str]]:
    """What a document must be besides saying the words: of this kind, for these audiences, narrowed to this."""
    demands = [[f"@kind:{kind}"]]
    if asked.theme:
        demands.append([f"@theme:{asked.theme}"])
    if asked.cohort:
        demands.append([f"@cohort:{asked.cohort}"])
    if asked.language:
        demands.append([f"@{asked.language}"])
    if seen is not None:
        demands.append([f"={number}" for number in seen])
    return demands


@dataclass(frozen=True)
class _Grammar:
    """How a database writes boolean searches."""

    quote: str
    either: str
    both: str

    def any_of(self, marks: Iterable[str]) -> str:
        literals = (self.quote + mark.replace(self.quote, "").replace("\\", "") + self.quote for mark in marks)
        return "(" + self.either.join(literals) + ")"

    def all_of(self, words: Words) -> str:
        return "(" + self.both.join(map(self.any_of, words)) + ")"

    def write(self, demands: Words, ways: Sequence[Words]) -> str:
        """All DEMANDS, and one of the WAYS."""
        return self.all_of(demands) + self.both + "(" + self.either.join(map(self.all_of, ways)) + ")"


_FTS5 = _Grammar('"', " OR ", " AND ")
_TSQUERY = _Grammar("'", " | ", " & ")


# What is shown


def _grouped(
    asked: Asked, reader: Reader, found: dict[str, list[_Candidate]], marks: Iterable[str]
) -> list[Group]:
    shown, groups = [], []
    for kind, ranked in found.items():
        total = min(len(ranked), MOST)
        size = PAGE if asked.kind else GLANCE
        pages = max(1, -(-total // size)) if asked.kind else 1
        page = min(max(1, asked.page), pages)
        here = ranked[:total][(page - 1) * size : page * size]
        shown += here
        groups.append((Group(kind, [], total, len(ranked) > MOST, page, pages), here))
    documents = {
        row.id: row
        for row in db.session.scalars(select(SearchDocument).where(SearchDocument.id.in_([one.id for one in shown])))
    }
    wanted = frozenset(marks)
    return [
        replace(group, hits=[_hit(documents[one.id], reader, wanted) for one in here if one.id in documents])
        for group, here in groups
    ]


def _hit(document: SearchDocument, reader: Reader, marks: frozenset[str]) -> Hit:
    links = [link for link in document.links if reader.may(link[2])]
    (endpoint, values, _circles, at), spoken = links[0], next((link for link in links if link[3] is not None), None)
    pieces, offset = excerpt(document.text, marks)
    if document.lines:
        at = next((second for begin, second in reversed(document.lines) if begin <= (offset or 0)), at)
        values = {**values, "t": int(at or 0)}
    listen = (spoken[0], spoken[1]) if spoken and spoken is not links[0] else None
    titles = {code: excerpt(getattr(document, f"title_{code}"), marks, 400)[0] for code in ("el", "en")}
    return Hit(document, endpoint, values, titles, pieces, spoken[3] if at is None and spoken else at, listen)
