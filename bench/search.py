"""Searching what is said in 720,000 cues, on SQLite and PostgreSQL: how long does a ranked answer take?

500 evenings of two hours, a cue every five seconds, joined as the archive joins them (about half a minute together),
and twenty questions of each evening's room. The words are those of our modules in their own frequencies (Zipf), a
smaller vocabulary than speech has: every word is commoner than it would be. A third of the evenings are public, a third
of their cohort, a third unpublished. Queries of one to three words, drawn by frequency, one in ten in Latin letters,
asked by nobody, a learner, a coordinator of forty cohorts and staff; whole answers are timed, excerpts too.

CUES=72000 makes a tenth. PostgreSQL is asked where TEST_POSTGRES_URL is set.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.text import fold, slugify

CUES = int(os.environ.get("CUES", "720000"))
EVENING = 1440  # cues
QUESTIONS = 20  # of each evening
COHORT = 5  # evenings of each cohort
QUERIES = 400
GOAL = 150.0  # ms, p95
READINGS = Path(__file__).resolve().parent.parent / "seeds" / "modules"


class Speech:
    """Talk made of our modules' words, as often as they are said there."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        texts = (path.read_text(encoding="utf-8").partition("\n---\n")[2] for path in sorted(READINGS.glob("*.md")))
        counted: dict[str, int] = {}
        for word in re.findall(r"[^\W\d_]{2,}", " ".join(texts)):
            counted[word] = counted.get(word, 0) + 1
        self.words = list(counted)
        self.weights = list(accumulate(counted.values()))

    def say(self, number: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=number))

    def queries(self) -> Iterator[str]:
        """What people type: one to three words that say something, some in Latin letters."""
        from core.search import Query

        while True:
            typed = " ".join(self.say(1) for _ in range(self.chance.choice((1, 1, 2, 2, 3))))
            if len(Query.of(typed).strict) == len(typed.split()):
                how = self.chance.random()
                yield slugify(typed).replace("-", " ") if how < 0.1 else fold(typed) if how < 0.6 else typed


def rows(speech: Speech, audiences: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The documents of every evening, as the archive and the rooms make them."""
    from archive.captions import Cue
    from archive.search import joined, together
    from core.search import Document, Link
    from core.search.index import circles_of, row

    def made(kind: str, evening: int, document: Document) -> dict[str, Any]:
        return row(kind, evening, document, audiences.setdefault(circles_of(document), len(audiences) + 1))

    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for evening in range(CUES // EVENING):
        cohort = evening // COHORT + 1
        circle = ("public", f"watch:{cohort}", f"keep:{cohort}")[evening % 3]
        facts = {"theme": evening % 9 + 1, "cohort": cohort, "moment": moment + dt.timedelta(days=evening)}
        cues = (Cue(at * 5.0, at * 5.0 + 4.8, speech.say(10)) for at in range(EVENING))
        for part, group in enumerate(together(cues)):
            text, places = joined(group)
            link = Link("archive.recording", {"pid": str(evening)}, frozenset({circle}), group[0].start)
            yield made("cue", evening, Document(part, "", text, (link,), place_el="Βραδιά", lines=places, **facts))
        for part in range(QUESTIONS):
            link = Link("forum.record", {"code": "ABCDEF"}, frozenset({circle, f"room:{cohort}"}))
            yield made("question", evening, Document(part, speech.say(12), speech.say(40), (link,), **facts))


def readers() -> dict[str, Any]:
    """Who asks."""
    from core.search import EVERYTHING, PUBLIC, Reader

    def of(*cohorts: int, parts: tuple[str, ...]) -> Reader:
        return Reader(frozenset({PUBLIC, *(f"{part}:{number}" for part in parts for number in cohorts)}))

    return {
        "nobody": Reader(),
        "learner": of(3, 17, parts=("watch", "room")),
        "coordinator": of(*range(20, 60), parts=("watch", "room", "keep", "run")),
        "staff": Reader(frozenset({EVERYTHING})),
    }


def application(url: str, folder: str) -> Any:
    from app import create_app

    return create_app({
        "SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench", "SECURITY_PASSWORD_SALT": "bench", "REDIS_URL": "",
        "INSTANCE_DIR": folder, "MEDIA_DIR": folder, "TESTING": True,
    })  # fmt: skip


@contextmanager
def databases() -> Iterator[dict[str, Any]]:
    """An empty application on each database, by its name."""
    from core.db import db

    server, name = os.environ.get("TEST_POSTGRES_URL", ""), f"bench_search_{os.getpid()}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT") if server else None
    with tempfile.TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{folder}/bench.db"}
        if admin is not None:
            with admin.connect() as connection:
                connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
            urls["PostgreSQL"] = f"{server.rsplit('/', 1)[0]}/{name}"
        apps = {kind: application(url, folder) for kind, url in urls.items()}
        try:
            for app in apps.values():
                with app.app_context():
                    db.create_all()
            yield apps
        finally:
            for app in apps.values():
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
            if admin is not None:
                with admin.connect() as connection:
                    connection.execute(sa.text(f'DROP DATABASE "{name}"'))
                admin.dispose()


def fill(apps: dict[str, Any], speech: Speech) -> int:
    """The same documents into every database; how many."""
    from core.db import db
    from core.search import SearchAudience, SearchDocument
    from core.search.tables import _POSTGRESQL

    audiences: dict[str, int] = {}
    made, number = rows(speech, audiences), 0
    engines = []
    for app in apps.values():
        with app.app_context():
            engines.append(db.engine)
    connections = [engine.connect() for engine in engines]
    for connection in connections:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("DROP INDEX search_words"))
    while batch := list(islice(made, 5000)):
        number += len(batch)
        for connection in connections:
            connection.execute(sa.insert(SearchDocument), batch)
    for connection in connections:
        known = [{"id": number, "circles": circles} for circles, number in audiences.items()]
        connection.execute(sa.insert(SearchAudience), known)
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(_POSTGRESQL))
        connection.execute(sa.text("ANALYZE"))
        connection.commit()
        connection.close()
    return number


def ask(app: Any, queries: list[str]) -> dict[str, list[float]]:
    """Milliseconds of every query by who asked, after one round that isn't counted."""
    from core import search
    from core.db import db
    from core.search import Asked

    took: dict[str, list[float]] = {}
    people = readers()
    with app.app_context():
        for typed in queries[:40]:
            search.find(Asked(typed), people["nobody"])
        for number, typed in enumerate(queries):
            who = list(people)[number % len(people)]
            begun = time.perf_counter()
            search.find(Asked(typed, kind="cue" if number % 3 == 0 else ""), people[who])
            took.setdefault(who, []).append(1000 * (time.perf_counter() - begun))
        db.session.remove()
    return took


def line(name: str, took: list[float]) -> str:
    cuts = statistics.quantiles(took, n=20)
    return f"  {name:<24} p50 {cuts[9]:7.1f}  p95 {cuts[18]:7.1f}  worst {max(took):7.1f} ms"


def main() -> None:
    """Fill both databases, ask both the same."""
    with suppress(OSError):
        os.nice(10)
    speech = Speech(random.Random(20261127))
    with databases() as apps:
        begun = time.perf_counter()
        number = fill(apps, speech)
        print(f"{CUES:,} cues in {number:,} documents, made in {time.perf_counter() - begun:.0f} s")
        queries = list(islice(speech.queries(), QUERIES))
        for name, app in apps.items():
            took = ask(app, queries)
            everybody = [one for times in took.values() for one in times]
            print(line(name, everybody), "(goal: p95", f"{GOAL:.0f} ms)")
            for who, times in took.items():
                print(line(f"  {who}", times))


if __name__ == "__main__":
    main()
