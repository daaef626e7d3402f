"""A public recording as search engines read it: schema.org, each question a part of the film with its own address."""

from __future__ import annotations

from typing import Any

from flask import url_for

from archive import addresses
from archive.licences import licence_of
from archive.models import AssetRole, Recording
from archive.queries import recordings as find
from archive.queries.record import Record
from core.i18n import local


def video_object(recording: Recording, record: Record) -> dict[str, Any]:
    """The JSON-LD of RECORDING, with a Clip for each question that has its second."""
    page = url_for("archive.recording", pid=recording.pid, _external=True)
    version, mentor = recording.meeting.module_version, recording.meeting.mentor
    film, poster = None if record.cuts.spans else find.played(recording), find.asset(recording, AssetRole.POSTER)
    told = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": local(recording, "title"),
        "description": local(version, "summary") or local(recording, "title"),
        "url": page,
        "uploadDate": (recording.published_at or recording.created_at).isoformat(),
        "duration": f"PT{int(recording.duration or 0)}S",
        "inLanguage": recording.language,
        "embedUrl": url_for("archive.embed", pid=recording.pid, _external=True),
        "contentUrl": addresses.of(recording, film, _external=True) if film else None,
        "thumbnailUrl": addresses.of(recording, poster, _external=True) if poster else None,
        "license": licence_of(recording.licence).address or None,
        "creator": {"@type": "Person", "name": mentor.name} if mentor else None,
        "hasPart": [_clip(moment, page) for moment in record.placed],
    }
    return {name: value for name, value in told.items() if value}


def _clip(moment: Any, page: str) -> dict[str, Any]:
    clip = {
        "@type": "Clip",
        "name": moment.question.body[:200],
        "startOffset": int(moment.start),
        "url": f"{page}?t={int(moment.start)}",
    }
    return clip | ({"endOffset": int(moment.start + moment.length)} if moment.length else {})
