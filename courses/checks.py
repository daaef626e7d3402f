"""What must be right before a draft can be published, all of it in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from courses.content import CourseText, ModuleText
from courses.models import MODULE_MINUTES, SegmentKind

OUTCOMES = 3  # at least


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way; `field` is the anchor of its place in the form."""

    field: str
    sentence: str


def module_problems(text: ModuleText, topics: int) -> list[Problem]:
    """What keeps TEXT of a module with so many TOPICS from being published."""
    return [*_words(text), *_plan(text), *_questions(text), *_self_check(text.self_check), *_topics(topics)]


def course_problems(text: CourseText, retired: int = 0) -> list[Problem]:
    """What keeps TEXT of a course from being published; RETIRED of its modules are no longer offered."""
    found = []
    if not text.summary_el:
        found.append(Problem("summary_el", gettext("The summary in Greek is missing.")))
    if not text.for_whom_el:
        found.append(Problem("for_whom_el", gettext("It doesn't say whom the course is for.")))
    if not text.description_el:
        found.append(Problem("description_el", gettext("The description in Greek is missing.")))
    if not text.parts:
        found.append(Problem("parts", gettext("The course has no module yet.")))
    if retired:
        found.append(
            Problem(
                "parts",
                ngettext(
                    "%(num)d module of the course is no longer offered. Put another in its place.",
                    "%(num)d modules of the course are no longer offered. Put others in their place.",
                    retired,
                ),
            )
        )
    return found


def _words(text: ModuleText) -> Iterator[Problem]:
    if not text.summary_el:
        yield Problem("summary_el", gettext("The summary in Greek is missing."))
    if len(text.outcomes_el) < OUTCOMES:
        yield Problem(
            "outcomes_el",
            gettext(
                "Say at least %(least)d things that people will be able to do; there are %(now)d.",
                least=OUTCOMES,
                now=len(text.outcomes_el),
            ),
        )
    if text.outcomes_en and len(text.outcomes_en) != len(text.outcomes_el):
        yield Problem("outcomes_en", gettext("The outcomes in English aren't as many as in Greek."))
    if not text.reading_el:
        yield Problem("reading_el", gettext("The text to read before the meeting is missing."))


def _plan(text: ModuleText) -> Iterator[Problem]:
    if text.minutes != MODULE_MINUTES:
        yield Problem(
            "plan",
            gettext("The plan adds up to %(now)d of %(all)d minutes.", now=text.minutes, all=MODULE_MINUTES),
        )
    for number, part in enumerate(text.plan, 1):
        if not part["title"]["el"]:
            yield Problem("plan", gettext("Part %(number)d of the plan has no title in Greek.", number=number))
        if not part["minutes"]:
            yield Problem("plan", gettext("Part %(number)d of the plan has no minutes.", number=number))
    if not any(part["kind"] == SegmentKind.QUESTIONS for part in text.plan):
        yield Problem("plan", gettext("The plan leaves no time for questions."))


def _questions(text: ModuleText) -> Iterator[Problem]:
    if not text.opening_questions_el:
        yield Problem("opening_questions_el", gettext("There is no question to open the discussion."))
    if text.opening_questions_en and len(text.opening_questions_en) != len(text.opening_questions_el):
        yield Problem("opening_questions_en", gettext("The opening questions in English aren't as many as in Greek."))


def _self_check(rows: list[dict[str, Any]]) -> Iterator[Problem]:
    if not rows:
        yield Problem("self_check", gettext("The self-check has no question."))
    for number, row in enumerate(rows, 1):
        if not row["question"]["el"]:
            yield Problem(
                "self_check", gettext("Question %(number)d of the self-check is empty in Greek.", number=number)
            )
        if len(row["choices"]) < 2 or not all(choice["el"] for choice in row["choices"]):
            yield Problem(
                "self_check",
                gettext("Question %(number)d of the self-check needs two or more choices in Greek.", number=number),
            )
        if row["answer"] is None or not 0 <= row["answer"] < len(row["choices"]):
            yield Problem("self_check", gettext("Question %(number)d has no right choice.", number=number))
        if not row["why"]["el"]:
            yield Problem("self_check", gettext("Question %(number)d doesn't say why it is so.", number=number))


def _topics(topics: int) -> Iterator[Problem]:
    if not topics:
        yield Problem("topics", gettext("Choose at least one topic of the agenda."))
