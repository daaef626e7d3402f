"""Chapters as files: a WebVTT track for players, JSON for podcast programs; and what could be one."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from archive.captions import exact, stamp, words
from archive.models import AssetRole, Recording
from archive.queries.record import Record
from archive.queries.recordings import asset

NEAR = 5.0  # seconds: a suggestion this close to a chapter is that chapter


class Titled(Protocol):
    """A chapter, kept or suggested."""

    @property
    def seconds(self) -> Any: ...
    @property
    def title_el(self) -> Any: ...
    @property
    def title_en(self) -> Any: ...


@dataclass(frozen=True)
class Suggestion:
    """What could be a chapter. SOURCE: "file", "plan" or "question"; SAID helps to recognise it and is not kept."""

    seconds: float
    title_el: str
    title_en: str
    source: str
    said: str = ""

    @property
    def key(self) -> str:
        """What names it in a form, as long as nothing moves."""
        return f"{self.source}-{round(self.seconds * 1000)}"


def suggested(recording: Recording, record: Record, chapters: Sequence[Titled]) -> list[Suggestion]:
    """What is said in the file, in the module's plan and by the answered questions, and isn't a chapter yet."""
    taken = [chapter.seconds for chapter in chapters]
    found = [*_in_file(recording), *_in_plan(recording), *_questions(record)]
    free = [one for one in found if all(abs(one.seconds - second) > NEAR for second in taken)]
    inside = [one for one in free if 0 <= one.seconds < (recording.duration or 0)]
    return sorted(inside, key=lambda one: one.seconds)


def _in_file(recording: Recording) -> Iterator[Suggestion]:
    original = asset(recording, AssetRole.ORIGINAL)
    for known in original.facts.get("chapters", []) if original else []:
        title = words(str(known["title"]))[:200]
        if title:
            yield Suggestion(exact(float(known["start"])), title, "", "file")


def _in_plan(recording: Recording) -> Iterator[Suggestion]:
    """The parts of the module's plan, from when the meeting begins; from the first second when that isn't known."""
    begun = recording.starts_at
    at = (recording.meeting.starts_at - begun).total_seconds() if begun else 0.0
    for part in recording.meeting.module_version.plan or []:
        title = part.get("title") or {}
        if title.get("el") and part["minutes"]:
            yield Suggestion(max(0.0, exact(at)), title["el"][:200], title.get("en", "")[:200], "plan")
        at += part["minutes"] * 60


def _questions(record: Record) -> Iterator[Suggestion]:
    """Numbers, not words: who asked may take the words back, a chapter would keep them."""
    for moment in record.placed:
        no = moment.question.no
        yield Suggestion(
            exact(moment.start or 0), f"Ερώτηση {no}", f"Question {no}", "question", moment.question.body
        )


def title(chapter: Titled, language: str) -> str:
    """Its title in LANGUAGE, else in Greek."""
    return str((chapter.title_en if language == "en" else "") or chapter.title_el)


def spans(chapters: Sequence[Titled], duration: float) -> Iterator[tuple[Titled, float]]:
    """Each chapter and the second at which it ends."""
    ends = [chapter.seconds for chapter in chapters[1:]] + [duration]
    for chapter, end in zip(chapters, ends, strict=True):
        if end > chapter.seconds:
            yield chapter, end


def track(chapters: Sequence[Titled], duration: float, language: str) -> bytes:
    """CHAPTERS as WebVTT, for <track kind="chapters">."""
    blocks = ["WEBVTT\n"]
    for chapter, end in spans(chapters, duration):
        said = html.escape(" ".join(title(chapter, language).split()), quote=False)
        blocks.append(f"{stamp(chapter.seconds)} --> {stamp(end)}\n{said}\n")
    return "\n".join(blocks).encode()


def podcast(chapters: Sequence[Titled], duration: float, language: str) -> bytes:
    """CHAPTERS as Podcasting 2.0 writes them (JSON chapters 1.2.0)."""
    rows = [
        {"startTime": chapter.seconds, "endTime": end, "title": title(chapter, language)}
        for chapter, end in spans(chapters, duration)
    ]
    return json.dumps({"version": "1.2.0", "chapters": rows}, ensure_ascii=False).encode()
