"""What a version says, apart from its life: the shape that forms fill, services save and history compares."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from courses.models import CourseVersion, ModuleVersion


@dataclass(frozen=True)
class ModuleText:
    """The content columns of a ModuleVersion; the shapes of the lists stand there."""

    title_el: str
    title_en: str = ""
    summary_el: str = ""
    summary_en: str = ""
    outcomes_el: list[str] = field(default_factory=list)
    outcomes_en: list[str] = field(default_factory=list)
    plan: list[dict[str, Any]] = field(default_factory=list)
    opening_questions_el: list[str] = field(default_factory=list)
    opening_questions_en: list[str] = field(default_factory=list)
    reading_el: str = ""
    reading_en: str = ""
    self_check: list[dict[str, Any]] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(part["minutes"] or 0 for part in self.plan)


@dataclass(frozen=True)
class CourseText:
    """The content columns of a CourseVersion; `parts` are ids of module versions in their order."""

    title_el: str
    title_en: str = ""
    summary_el: str = ""
    summary_en: str = ""
    description_el: str = ""
    description_en: str = ""
    for_whom_el: str = ""
    for_whom_en: str = ""
    parts: list[int] = field(default_factory=list)


def module_text(version: ModuleVersion) -> ModuleText:
    return ModuleText(**{f.name: getattr(version, f.name) for f in fields(ModuleText)})


def course_text(version: CourseVersion) -> CourseText:
    """The text of VERSION; its `parts` must be loaded."""
    columns = {f.name: getattr(version, f.name) for f in fields(CourseText) if f.name != "parts"}
    return CourseText(**columns, parts=[part.module_version_id for part in version.parts])


def checksum(text: ModuleText) -> str:
    """SHA-256 of TEXT, the same on every machine."""
    plain = json.dumps(asdict(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
