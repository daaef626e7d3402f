"""Marking a self-check: nothing of it is stored, and nothing is told before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mark:
    """How a question went: the choice made (None: none yet) and whether it is the right one."""

    chosen: int | None
    right: bool


def mark(questions: list[dict[str, Any]], answers: Mapping[str, str]) -> list[Mark]:
    """Marks of QUESTIONS for ANSWERS, a posted form {"q0": "2"}; an answer that is no choice counts as none."""
    marks = []
    for number, question in enumerate(questions):
        given = answers.get(f"q{number}", "")
        chosen = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else None
        if chosen is not None and chosen >= len(question["choices"]):
            chosen = None
        marks.append(Mark(chosen, chosen is not None and chosen == question["answer"]))
    return marks
