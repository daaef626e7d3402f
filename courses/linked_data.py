"""What search engines read about modules and courses: schema.org in JSON-LD.

A script element of this type holds data: browsers never run it, so the content policy lets it stand.
"""

from __future__ import annotations

from typing import Any

from flask import url_for

from core.i18n import local
from courses.models import MODULE_MINUTES, CourseVersion, ModuleVersion


def module(version: ModuleVersion) -> dict[str, Any]:
    """A LearningResource of two hours."""
    return {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": local(version, "title"),
        "description": local(version, "summary"),
        "url": url_for("courses.module", slug=version.module.slug, _external=True),
        "version": str(version.number),
        "timeRequired": f"PT{MODULE_MINUTES}M",
        "inLanguage": ["el", "en"] if version.reading_en else ["el"],
        "teaches": local(version, "outcomes"),
        "about": [local(topic, "title") for topic in version.module.topics],
        "isAccessibleForFree": True,
    }


def course(version: CourseVersion) -> dict[str, Any]:
    """A Course with its modules as parts."""
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": local(version, "title"),
        "description": local(version, "summary"),
        "url": url_for("courses.course", slug=version.course.slug, _external=True),
        "provider": {"@type": "Organization", "name": "Συνεργατική Κοινωνία"},
        "isAccessibleForFree": True,
        "hasPart": [
            {"@type": "LearningResource", "name": local(part.module_version, "title")} for part in version.parts
        ],
    }
