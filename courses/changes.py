"""What changed from one version to the next, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, fields
from typing import Any

from flask_babel import gettext

from courses.content import CourseText, ModuleText

Lines = list[str]


@dataclass(frozen=True)
class Change:
    """One field that differs: its LABEL and its lines as (mark, text), mark "+", "-", " " or "…" (lines left out)."""

    label: str
    lines: list[tuple[str, str]]


def changes(before: ModuleText | CourseText, after: ModuleText | CourseText, names: dict[int, str]) -> list[Change]:
    """The fields in which AFTER differs from BEFORE. NAMES gives the titles of module versions by id."""
    labels = _labels()
    found = []
    for field in fields(after):
        old, new = (_lines(getattr(text, field.name), names) for text in (before, after))
        if old != new:
            found.append(Change(labels[field.name], _compare(old, new)))
    return found


def _compare(old: Lines, new: Lines, around: int = 2) -> list[tuple[str, str]]:
    """Removed, added and AROUND unchanged lines beside them."""
    result: list[tuple[str, str]] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(around):
        if result or group[0][1] > 0:
            result.append(("…", ""))
        for kind, a1, a2, b1, b2 in group:
            if kind == "equal":
                result += [(" ", line) for line in old[a1:a2]]
                continue
            result += [("-", line) for line in old[a1:a2]]
            result += [("+", line) for line in new[b1:b2]]
    return result


def _lines(value: Any, names: dict[int, str]) -> Lines:
    if isinstance(value, str):
        return value.split("\n") if value else []
    return [line for item in value for line in _item(item, names)]


def _item(item: Any, names: dict[int, str]) -> Lines:
    """An entry of a list in words: an outcome, a part of the plan, a question, a module."""
    if isinstance(item, int):
        return [names.get(item, "")]
    if isinstance(item, str):
        return [item]
    if "minutes" in item:
        return [f"{item['minutes']}′ {item['kind']}: {_pair(item['title'])}"]
    choices = [("✓ " if i == item["answer"] else "· ") + _pair(choice) for i, choice in enumerate(item["choices"])]
    return [_pair(item["question"]), *choices, _pair(item["why"])]


def _pair(words: dict[str, str]) -> str:
    return " / ".join(part for part in (words["el"], words["en"]) if part)


def _labels() -> dict[str, str]:
    labels: dict[str, str] = {
        "plan": gettext("Plan of the 120 minutes"),
        "self_check": gettext("Self-check"),
        "parts": gettext("Modules in order"),
    }
    pairs = {
        "title": gettext("Title"),
        "summary": gettext("Summary"),
        "outcomes": gettext("Outcomes"),
        "opening_questions": gettext("Opening questions"),
        "reading": gettext("Text to read"),
        "description": gettext("Description"),
        "for_whom": gettext("For whom"),
    }
    for name, label in pairs.items():
        labels[f"{name}_el"] = gettext("%(field)s, in Greek", field=label)
        labels[f"{name}_en"] = gettext("%(field)s, in English", field=label)
    return labels
