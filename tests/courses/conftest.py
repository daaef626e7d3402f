"""What the curriculum's tests share: a complete text, forms as a browser posts them, a counter of queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core.db import db
from courses.content import CourseText, ModuleText
from tests.world import CHECK, PLAN, World

TEXT = ModuleText(
    title_el="Η αγορά της πλατείας",
    title_en="The market in the square",
    summary_el="Πώς στήνεται μια αγορά.",
    outcomes_el=["Ένα.", "Δύο.", "Τρία."],
    plan=PLAN,
    opening_questions_el=["Ποιος πουλά εδώ;"],
    reading_el="## Αρχή\n\nΚείμενο.",
    self_check=CHECK,
)
COURSE = CourseText(
    title_el="Τρία βράδια", summary_el="Περίληψη.", description_el="Περιγραφή.", for_whom_el="Για όλους."
)


def text(**facts: Any) -> ModuleText:
    return replace(TEXT, **facts)


def course_text(parts: list[int], **facts: Any) -> CourseText:
    return replace(COURSE, parts=parts, **facts)


def posted(**facts: Any) -> dict[str, Any]:
    """The form of TEXT as a browser sends it, with FACTS instead."""
    form: dict[str, Any] = {
        "act": "save",
        "revision": "1",
        "title_el": TEXT.title_el,
        "title_en": TEXT.title_en,
        "summary_el": TEXT.summary_el,
        "outcomes_el": "\n".join(TEXT.outcomes_el),
        "opening_questions_el": "\n".join(TEXT.opening_questions_el),
        "reading_el": TEXT.reading_el,
    }
    for i, part in enumerate(PLAN):
        form |= {f"plan-{i}-kind": part["kind"], f"plan-{i}-minutes": str(part["minutes"])}
        form |= {f"plan-{i}-title_{code}": words for code, words in part["title"].items()}
    for i, row in enumerate(CHECK):
        form[f"self_check-{i}-answer"] = str(row["answer"])
        for name in ("question", "why"):
            form |= {f"self_check-{i}-{name}_{code}": words for code, words in row[name].items()}
        for j, choice in enumerate(row["choices"]):
            form |= {f"self_check-{i}-choices-{j}-{code}": words for code, words in choice.items()}
    return form | facts


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    """A request's context, for services and queries without a browser."""
    with app.test_request_context():
        yield
        db.session.rollback()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the database was asked inside the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT")):
            seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture
def agenda(world: World) -> Any:
    """A theme with one topic: (theme, topic)."""
    theme = world.theme(slug="agri-food")
    return theme, world.topic(theme)
