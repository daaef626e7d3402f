"""Similar questions: are the right ones found among labelled pairs, and how long does it take among 20,000?

`similar.txt` holds questions of our modules, the same asked by others, and others that only resemble them. It was
written before anything was tuned. A suggestion counts as right only if it is the question the pair names: of a text
that only resembles one, every suggestion is wrong.

The search has four numbers (NUMBERS). `crosswise` says what choosing them this way gives for questions nobody chose
by: five sixths of the known questions choose, the last sixth is measured, in turn, in five orders.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from forum.likeness import ANOTHER, Weights, agreement, likeness, read, shares
from forum.queries.memory import Match, Source, best

PAIRS = Path(__file__).with_name("similar.txt")
READINGS = Path(__file__).resolve().parent.parent / "seeds" / "modules"
SHOWN = 3
INDEXED = int(os.environ.get("INDEXED", "20000"))
ROOMS = 100
FIRST = 1_000_000  # number of the first row: the demonstration has some of its own
ASKING = ("Πώς", "Πότε", "Ποιος", "Πόσο", "Γιατί", "Μπορούμε να ρωτήσουμε αν")


@dataclass(frozen=True)
class Pair:
    """What somebody typed, the known question it was written for, and whether it asks the same."""

    typed: str
    known: int
    same: bool


def labelled() -> tuple[list[str], list[Pair]]:
    """The known questions and the pairs."""
    known: list[str] = []
    pairs: list[Pair] = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        kind, text = line[:1], line[2:]
        if kind == "=":
            known.append(text)
        elif kind in {"+", "-"}:
            pairs.append(Pair(text, len(known) - 1, kind == "+"))
    return known, pairs


@dataclass
class Quality:
    """What became of the pairs of one half."""

    same: int = 0
    found: int = 0  # right ones among the first three
    shown: int = 0  # suggestions made, for all texts
    mistaken: int = 0  # pairs that only resemble, and were suggested

    @property
    def recall(self) -> float:
        return self.found / self.same

    @property
    def precision(self) -> float:
        """Right suggestions among all, also those for texts that have no right one."""
        return self.found / max(1, self.shown)

    @property
    def pairs(self) -> float:
        """The pairs that are the same among the pairs that were suggested."""
        return self.found / max(1, self.found + self.mistaken)

    def add(self, other: Quality) -> None:
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)

    def take(self, pair: Pair, suggested: list[int]) -> None:
        hit = pair.known in suggested
        self.shown += len(suggested)
        self.same += pair.same
        self.found += pair.same and hit
        self.mistaken += hit and not pair.same


def weights_of(known: list[str]) -> Weights:
    """How rare each word is among the known questions."""
    frequent: dict[str, int] = {}
    for text in known:
        for meaning in read(text).meanings:
            frequent[meaning] = frequent.get(meaning, 0) + 1
    return Weights(len(known), frequent)


def among_the_known() -> dict[str, Quality]:
    """{half: its quality}, every known question in the way of each; no database."""
    known, pairs = labelled()
    weights = weights_of(known)

    def suggest(text: str) -> list[int]:
        typed = read(text)
        matches = [
            Match(Source.EARLIER, likeness(typed, read(other), weights), question=number)  # type: ignore[arg-type]
            for number, other in enumerate(known)
        ]
        return [match.question for match in best(matches, SHOWN)]  # type: ignore[misc]

    found = {"even": Quality(), "odd": Quality()}
    for pair in pairs:
        found["odd" if pair.known % 2 else "even"].take(pair, suggest(pair.typed))
    return found


# What may be chosen: the weight of what was typed, of agreeing, from where on, and how near to the best.
NUMBERS = tuple(product((0.65, 0.8), (1.0, 1.06), (0.34, 0.36, 0.38), (0.95, 0.98)))
Numbers = tuple[float, float, float, float]
FOLDS, ORDERS, WANTED = 6, 5, 0.815  # recall that the choice must keep


def crosswise() -> Quality:
    """The quality for questions that had no part in choosing the numbers."""
    known, pairs = labelled()
    compared = _compared(known, pairs)
    suggested = {numbers: _suggested(compared, numbers) for numbers in NUMBERS}

    def measured(numbers: Numbers, questions: set[int]) -> Quality:
        quality = Quality()
        for pair, found in zip(pairs, suggested[numbers], strict=True):
            if pair.known in questions:
                quality.take(pair, found)
        return quality

    def worth(quality: Quality) -> tuple[bool, float]:
        enough = quality.recall >= WANTED
        return enough, quality.precision if enough else quality.recall

    whole = Quality()
    for order in range(ORDERS):
        questions = random.Random(order).sample(range(len(known)), len(known))
        for fold in range(FOLDS):
            aside = set(questions[fold::FOLDS])
            best_one = max(NUMBERS, key=lambda numbers: worth(measured(numbers, set(questions) - aside)))
            whole.add(measured(best_one, aside))
    return whole


Compared = list[list[tuple[float, float, int]]]


def _compared(known: list[str], pairs: list[Pair]) -> Compared:
    """For each pair, for each known question: what of each the other says too, and whether they agree."""
    standing, weights = [read(text) for text in known], weights_of(known)
    typed = [read(pair.typed) for pair in pairs]
    return [[(*shares(one, other, weights), agreement(one, other)) for other in standing] for one in typed]


def _suggested(compared: Compared, numbers: Numbers) -> list[list[int]]:
    """For each pair what would be suggested with these NUMBERS."""
    weight, agreeing, least, beside = numbers
    factor = {1: agreeing, 0: 1.0, -1: ANOTHER}
    found = []
    for row in compared:
        alike = [(weight * there + (1 - weight) * back) * factor[agrees] for there, back, agrees in row]
        ranked = sorted(range(len(alike)), key=lambda number: -alike[number])[:SHOWN]
        needed = max(least, beside * alike[ranked[0]])
        found.append([number for number in ranked if alike[number] >= needed])
    return found


def noise(number: int) -> list[str]:
    """NUMBER questions made of our modules' own sentences: they share the words of the real ones."""
    chance = random.Random(7)
    words = re.findall(r"[^\W\d_]{2,}", " ".join(path.read_text(encoding="utf-8") for path in READINGS.glob("*.md")))
    words = [word for word in words if not word.isascii()]
    made = []
    for _ in range(number):
        start, length = chance.randrange(len(words) - 12), chance.randint(4, 10)
        made.append(f"{chance.choice(ASKING)} {' '.join(words[start : start + length])};")
    return made


def in_the_database() -> list[float]:
    """Seconds of each search among INDEXED questions of one module, by the product's own way.

    Only time is judged: what fills the table is cut from our modules' own sentences and often says the same.
    """
    from core.db import db
    from forum import queries

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"INSTANCE_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/similar.db"}
        app, room_id = filled()
        took = []
        for pair in labelled()[1]:
            before = time.perf_counter()
            with app.test_request_context():
                queries.similar(room_id, pair.typed)
                db.session.remove()
            took.append(time.perf_counter() - before)
        return took[1:]  # the first one prepares the statements


def filled() -> tuple[Any, int]:
    """One module taught a hundred times: the application, and a room that is open now."""
    from app import create_app
    from bench.world import earlier_rooms
    from core.db import db
    from forum.models import Question, QuestionState, QuestionTerm, Visibility
    from forum.models.memory import terms_of

    app = create_app()
    known, _pairs = labelled()
    texts = known + noise(INDEXED - len(known))
    with app.app_context():
        asker, here, rooms = earlier_rooms(ROOMS)
        rows = [
            {"id": FIRST + n, "room_id": rooms[n % ROOMS], "no": n, "body": text, "visibility": Visibility.NAME,
             "asker_id": asker, "state": QuestionState.ANSWERED, "rev": 1, "score": 0, "reason": ""}
            for n, text in enumerate(texts, 1)
        ]  # fmt: skip
        db.session.execute(insert(Question), rows)
        terms = [term for row in rows for term in terms_of(row["id"], row["room_id"], row["body"])]
        db.session.execute(insert(QuestionTerm), terms)
        db.session.commit()
        print(f"{len(rows):,} questions, {len(terms):,} words", flush=True)
        return app, here


def table(found: dict[str, Quality]) -> str:
    """The figures as lines of text."""
    lines = [f"{'half':12}{'same':>7}{'recall@3':>10}{'precision':>11}{'of pairs':>10}"]
    for half, one in found.items():
        lines.append(f"{half:12}{one.same:7}{one.recall:10.3f}{one.precision:11.3f}{one.pairs:10.3f}")
    return "\n".join(lines)


def main() -> None:
    """Print the table and the times."""
    print(table(among_the_known() | {"crosswise": crosswise()}))
    took = sorted(in_the_database())
    p95, last = took[int(0.95 * len(took))], took[-1]
    print(f"a search: p50 {statistics.median(took) * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms, longest {last * 1e3:.0f} ms")
