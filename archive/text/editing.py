"""Changing captions line by line: what the editor's buttons do, as functions of lists. Nothing here is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive import timecodes
from archive.captions import Cue, exact, faults, words

GAP = 2.0  # seconds of a new line
ROWS = 40  # lines on a page of the editor


@dataclass(frozen=True)
class Row:
    """A line as it stands in the form: times as somebody wrote them."""

    start: str
    end: str
    text: str


def row(cue: Cue) -> Row:
    return Row(timecodes.write(cue.start), timecodes.write(cue.end), cue.text)


def cue(given: Row) -> Cue | None:
    """The line GIVEN says, None when its times can't be read."""
    start, end = timecodes.parse(given.start.replace(",", ".")), timecodes.parse(given.end.replace(",", "."))
    return None if start is None or end is None else Cue(exact(start), exact(end), words(given.text))


def split(rows: Sequence[Row], index: int) -> list[Row]:
    """The row INDEX in two: its words at the blank nearest their middle, its time by their letters."""
    line = cue(rows[index])
    if line is None or len(pieces := _halves(line.text)) < 2:
        return list(rows)
    middle = exact(line.start + (line.end - line.start) * len(pieces[0]) / (len(pieces[0]) + len(pieces[1])))
    two = [row(Cue(line.start, middle, pieces[0])), row(Cue(middle, line.end, pieces[1]))]
    return [*rows[:index], *two, *rows[index + 1 :]]


def _halves(text: str) -> list[str]:
    if "\n" in text:
        return text.split("\n", 1)
    blanks = [at for at, letter in enumerate(text) if letter == " "]
    if not blanks:
        return [text]
    at = min(blanks, key=lambda blank: abs(blank - len(text) / 2))
    return [text[:at], text[at + 1 :]]


def join(rows: Sequence[Row], index: int) -> list[Row]:
    """The row INDEX and the one after it as one."""
    if index + 1 >= len(rows):
        return list(rows)
    one, other = rows[index], rows[index + 1]
    return [*rows[:index], Row(one.start, other.end, f"{one.text}\n{other.text}".strip()), *rows[index + 2 :]]


def drop(rows: Sequence[Row], index: int) -> list[Row]:
    return [*rows[:index], *rows[index + 1 :]]


def add(rows: Sequence[Row], index: int) -> list[Row]:
    """An empty row after the row INDEX (-1: before all), in the gap that is there."""
    before = cue(rows[index]) if 0 <= index < len(rows) else None
    after = cue(rows[index + 1]) if index + 1 < len(rows) else None
    start = before.end if before else 0.0
    end = after.start if after and after.start > start else start + GAP
    return [*rows[: index + 1], row(Cue(start, end, "")), *rows[index + 1 :]]


def shift(cues: Sequence[Cue], by: float) -> list[Cue]:
    """All CUES BY seconds later (earlier when negative); what would begin before 0 keeps its end."""
    return [replace(one, start=max(0.0, exact(one.start + by)), end=exact(one.end + by)) for one in cues]


def swap(cues: Sequence[Cue], wanted: str, instead: str) -> tuple[list[Cue], int]:
    """CUES with INSTEAD wherever WANTED stands, letter by letter, and how often it stood there."""
    count = sum(one.text.count(wanted) for one in cues)
    return [replace(one, text=words(one.text.replace(wanted, instead))) for one in cues], count


def merge(base: Sequence[Cue], theirs: Sequence[Cue], mine: Sequence[Cue]) -> list[Cue] | None:
    """Both changes of BASE in one; None when they touch the same line or lines side by side."""
    ours = _changes(base, mine)
    for begin, end, new in _changes(base, theirs):
        if (begin, end, new) in ours:
            continue
        if any(begin <= their_end and their_begin <= end for their_begin, their_end, _new in ours):
            return None
        ours.append((begin, end, new))
    merged = list(base)
    for begin, end, new in sorted(ours, key=lambda change: change[0], reverse=True):
        merged[begin:end] = new
    return None if faults(merged, float("inf")) else merged


def _changes(old: Sequence[Cue], new: Sequence[Cue]) -> list[tuple[int, int, list[Cue]]]:
    """[(from, to, the lines there instead)] that make NEW of OLD.

    Lines stand in the order of their times, so those in both are found in one walk, however many there are.
    """
    both = set(old) & set(new)
    if [one for one in old if one in both] != [one for one in new if one in both]:
        return [(0, len(old), list(new))]
    found, at, there = [], 0, 0
    while at < len(old) or there < len(new):
        end, until = _next(old, at, both), _next(new, there, both)
        if end > at or until > there:
            found.append((at, end, list(new[there:until])))
        at, there = end + 1, until + 1
    return found


def _next(lines: Sequence[Cue], at: int, both: set[Cue]) -> int:
    """The first place from AT on where one of BOTH stands."""
    while at < len(lines) and lines[at] not in both:
        at += 1
    return at


def compared(old: Sequence[Cue], new: Sequence[Cue]) -> list[tuple[str, Cue]]:
    """What changed from OLD to NEW: [("gone" | "new" | "same", line)], with one line of the same around each change."""
    found: list[tuple[str, Cue]] = []
    done = 0  # lines of OLD that are told
    for begin, end, instead in _changes(old, new):
        found += [("same", one) for one in old[max(done, begin - 1) : begin]]
        found += [("gone", one) for one in old[begin:end]]
        found += [("new", one) for one in instead]
        found += [("same", one) for one in old[end : end + 1]]
        done = end + 1
    return found
