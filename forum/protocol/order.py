"""In which order questions stand. static/js/state-questions.js has the same orders for what changes on a page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import sqrt
from typing import Any

ORDERS = ("voices", "fair", "new", "open")
UNANSWERED = {"open", "answering", "later"}
LAST = {"answered": 1, "merged": 2}
HEARD = {"answering", "answered"}

Shown = dict[str, Any]  # a question's payload with `n`, its voices


def in_order(questions: Iterable[Shown], order: str) -> list[Shown]:
    """Questions as a list shows them: by voices, by turns, newest first, or the unanswered by voices.

    For moderators, who know `downs`, also "best": by Wilson's lower bound.
    """
    listed = list(questions)
    if order == "new":
        return sorted(listed, key=lambda q: -q["no"])
    if order == "fair":
        return by_turns(listed)
    if order == "best":
        return sorted(listed, key=lambda q: (LAST.get(q["state"], 0), -wilson(q["n"], q["downs"]), *_by_voices(q)))
    shown = [q for q in listed if q["state"] in UNANSWERED] if order == "open" else listed
    return sorted(shown, key=lambda q: (LAST.get(q["state"], 0), *_by_voices(q)))


def wilson(up: int, down: int) -> float:
    """The lower bound of Wilson's interval at 95 %: a few voices alone don't beat many with one «not for now»."""
    n = up + down
    if not n:
        return 0.0
    share, z2 = up / n, 1.96**2
    return (share + z2 / (2 * n) - 1.96 * sqrt((share * (1 - share) + z2 / (4 * n)) / n)) / (1 + z2 / n)


def by_turns(questions: list[Shown]) -> list[Shown]:
    """The unanswered so that each place has its turn, then the rest.

    In every turn one question of each place, a place that was heard more waits as many turns; within a turn the
    most asked, then who asks for the first time, then the earlier. Only what everybody sees goes into it, so that
    anybody can check it. Questions without a place take turns together, as one place.
    """
    heard = Counter(q["place"] for q in questions if q["state"] in HEARD)
    waiting: dict[str | None, list[Shown]] = defaultdict(list)
    for question in sorted((q for q in questions if q["state"] in UNANSWERED), key=_by_voices):
        waiting[question["place"]].append(question)
    turns = [(heard[place] + turn, q) for place, queue in waiting.items() for turn, q in enumerate(queue)]
    first = [q for _turn, q in sorted(turns, key=lambda pair: (pair[0], *_by_voices(pair[1])))]
    return first + sorted((q for q in questions if q["state"] not in UNANSWERED), key=_by_voices)


def _by_voices(question: Shown) -> tuple[int, bool, int]:
    return -question["n"], not question["first"], question["no"]
