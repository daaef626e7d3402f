"""Counting what was chosen, as pure functions: the same rows for the console, phones, the projector and the record.

A result is {"n": how many answered, "rows": [[label, value, width, hands], …], "facts": {…}}. A label is an option's
position, a word, or [from, to] of a histogram; width is a percentage; hands were counted in a hall and are never part
of value. Facts are whole results of a kind: {"mean"}, {"median", "q1", "q3", "low", "high"}, {"of": places}.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from core.greek import fold, stem, transliterate
from forum.models import PollKind, Room

Counted = Sequence[tuple[list[Any], int]]  # (choice, how many chose it)
Result = dict[str, Any]
Rows = list[list[Any]]

SCALE = 5
POINTS = 100
CLOUD_WORDS = 60  # shown of a cloud
SINGLE_BINS, BINS = 10, 8
# What is counted by options and so can be counted by hands too.
BY_OPTION = {
    PollKind.SINGLE,
    PollKind.MULTIPLE,
    PollKind.YESNO,
    PollKind.SCALE,
    PollKind.QUIZ,
    PollKind.PEER,
}
# Whoever says yes to a word in a room hides it from the room's clouds: where its blocklist hooks in.
HIDDEN: list[Callable[[Room, str], object]] = []


def option_count(kind: PollKind, options: int) -> int:
    """How many options there are to choose from, of which OPTIONS are written down."""
    return {PollKind.YESNO: 2, PollKind.SCALE: SCALE}.get(kind, options)


def result_of(
    kind: PollKind, options: int, counted: Counted, hands: dict[int, int], room: Room | None = None
) -> Result:
    """The result of one round; what ROOM hides isn't in a cloud."""
    number = option_count(kind, options)
    if kind in BY_OPTION:
        result = _bars(number, counted, hands, one_each=kind is not PollKind.MULTIPLE)
        if kind is PollKind.SCALE:
            result["facts"] = _mean(result["rows"])
        return result
    if kind is PollKind.CLOUD:
        return {"n": _people(counted), "rows": _cloud(counted, room), "facts": {}}
    rows, facts = _COUNTERS[kind](number, counted)
    return {"n": _people(counted), "rows": rows, "facts": facts}


def _people(counted: Counted) -> int:
    return sum(people for _choice, people in counted)


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _bars(number: int, counted: Counted, hands: dict[int, int], *, one_each: bool) -> Result:
    chosen: Counter[int] = Counter()
    for choice, people in counted:
        for option in choice:
            chosen[option] += people
    n = _people(counted)
    # Of several options one person takes many: then the hall is at least as large as its fullest option.
    whole = n + (sum(hands.values()) if one_each else max(hands.values(), default=0))
    rows = [
        [option, chosen[option], _percent(chosen[option], whole), hands.get(option, 0)] for option in range(number)
    ]
    return {"n": n, "rows": rows, "facts": {"of": whole} if hands else {}}


def _mean(rows: Rows) -> dict[str, Any]:
    """The mean of a scale, from phones alone: hands are shown beside it."""
    people = sum(row[1] for row in rows)
    return {"mean": round(sum((row[0] + 1) * row[1] for row in rows) / people, 1)} if people else {}


def _cloud(counted: Counted, room: Room | None) -> Rows:
    """How many people said each word, in whatever form, accents or letters; shown as most of them spelled it."""
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for words, people in counted:
        for key, word in {_key(word): word for word in words}.items():
            spelled[key][word] += people
    words = [
        (min(spellings.items(), key=lambda told: (-told[1], told[0]))[0], spellings.total())
        for spellings in spelled.values()
        if room is None or not any(hidden(room, word) for word in spellings for hidden in HIDDEN)
    ]
    words.sort(key=lambda told: (-told[1], fold(told[0])))
    most = words[0][1] if words else 0
    return [[word, people, _percent(people, most), 0] for word, people in words[:CLOUD_WORDS]]


def _key(word: str) -> str:
    return stem(transliterate(fold(word))[0])


def _places(number: int, counted: Counted) -> tuple[Rows, dict[str, Any]]:
    """The average place of each option, the best first; the width is its share of Borda's points."""
    total: Counter[int] = Counter()
    for places, people in counted:
        for option, place in enumerate(places):
            total[option] += place * people
    people = _people(counted)
    if not people:
        return [[option, 0, 0.0, 0] for option in range(number)], {}
    rows = []
    for option in range(number):
        mean = total[option] / people
        rows.append([option, round(mean, 2), _percent(number - mean, number - 1) if number > 1 else 100.0, 0])
    return sorted(rows, key=lambda row: (row[1], row[0])), {}


def _shares(number: int, counted: Counted) -> tuple[Rows, dict[str, Any]]:
    """The average points of each option."""
    total: Counter[int] = Counter()
    for points, people in counted:
        for option, given in enumerate(points):
            total[option] += given * people
    people = _people(counted) or 1
    means = [round(total[option] / people, 1) for option in range(number)]
    return [[option, mean, _percent(mean, POINTS), 0] for option, mean in enumerate(means)], {}


def _estimate(_number: int, counted: Counted) -> tuple[Rows, dict[str, Any]]:
    """Median, quartiles and a histogram of what was estimated."""
    values = sorted(choice[0] for choice, people in counted for _one in range(people))
    if not values:
        return [], {}
    q1, median, q3 = (
        statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
    )
    facts = {"median": median, "q1": q1, "q3": q3, "low": values[0], "high": values[-1]}
    bins = _histogram(values)
    most = max(people for _span, people in bins)
    rows = [[span, people, _percent(people, most), 0] for span, people in bins]
    return rows, {name: round(value, 6) for name, value in facts.items()}


def _histogram(values: list[float]) -> list[tuple[list[float], int]]:
    """([from, to], how many) over all values; few different ones stand each alone."""
    single = Counter(values)
    if len(single) <= SINGLE_BINS:
        return [([value, value], people) for value, people in sorted(single.items())]
    low, high = values[0], values[-1]
    width = (high - low) / BINS
    filled: Counter[int] = Counter(min(BINS - 1, int((value - low) / width)) for value in values)
    return [([round(low + i * width, 6), round(low + (i + 1) * width, 6)], filled[i]) for i in range(BINS)]


def _nothing(_number: int, _counted: Counted) -> tuple[Rows, dict[str, Any]]:
    """Short texts aren't counted: moderators choose which are shown."""
    return [], {}


_COUNTERS: dict[PollKind, Callable[[int, Counted], tuple[Rows, dict[str, Any]]]] = {
    PollKind.NUMBER: _estimate,
    PollKind.RANKING: _places,
    PollKind.BUDGET: _shares,
    PollKind.TEXT: _nothing,
}
