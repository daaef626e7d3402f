"""A recording as a podcast tells of it: words and addresses for templates/archive/feed.xml."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import url_for

from archive.licences import Licence, licence_of
from archive.models import Asset, AssetRole, Recording
from archive.queries import recordings as find
from core.i18n import local

PODCASTS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the namespace of podcast:guid, the same for everybody
CHAPTERS = "application/json+chapters"
Address = Callable[[Recording, str], str]  # of a part of a recording, by its name: "sound.m4a", "chapters.json"


@dataclass(frozen=True)
class Channel:
    """The head of a feed."""

    title: str
    about: str
    link: str  # of the page that shows the same
    address: str  # of the feed itself
    language: str
    private: bool = False

    @property
    def guid(self) -> uuid.UUID:
        """The same wherever the feed is moved within its host: made of the address without its scheme."""
        parts = urlsplit(self.address)
        query = f"?{parts.query}" if parts.query else ""
        return uuid.uuid5(PODCASTS, f"{parts.netloc}{parts.path}{query}".rstrip("/"))


@dataclass(frozen=True)
class Episode:
    """An item of a feed. Sizes in bytes, DURATION in whole seconds, CAPTIONS: [(language, address)]."""

    guid: str
    title: str
    about: str
    link: str
    published: str
    duration: int
    file: str
    bytes: int
    mimetype: str
    picture: str
    chapters: str
    captions: list[tuple[str, str]]
    mentor: str
    licence: Licence


def watched(recording: Recording, *, cut: bool) -> Asset | None:
    """The film that everybody gets: CUT, only the one without what was removed."""
    return find.asset(recording, AssetRole.MP4, part="cut") if cut else find.played(recording)


def heard(recording: Recording, *, cut: bool) -> Asset | None:
    """What a feed gives: the sound alone when there is one, else the film. The sound is never CUT."""
    if cut:
        return watched(recording, cut=True)
    return find.asset(recording, AssetRole.AUDIO) or find.played(recording)


def ending(asset: Asset) -> str:
    return asset.key.rsplit(".", 1)[1]


def episode(recording: Recording, address: Address, *, has_moments: bool, cut: bool) -> Episode | None:
    """RECORDING as an item; None when it has no file to give."""
    file = heard(recording, cut=cut)
    if file is None:
        return None
    name = f"{'sound' if file.role is AssetRole.AUDIO else 'film'}.{ending(file)}"
    version, mentor = recording.meeting.module_version, recording.meeting.mentor
    return Episode(
        guid=str(recording.pid),
        title=local(recording, "title"),
        about=local(version, "summary") or local(version, "title"),
        link=url_for("archive.recording", pid=recording.pid, _external=True),
        published=format_datetime(recording.published_at or recording.meeting.starts_at),
        duration=int(recording.duration or 0),
        file=address(recording, name),
        bytes=file.bytes,
        mimetype=file.mimetype,
        picture=address(recording, "poster.jpg") if find.has_poster(recording) else "",
        chapters=address(recording, "chapters.json") if has_moments and not cut else "",
        captions=[(a.language, address(recording, f"{a.language}.vtt")) for a in find.captions(recording)],
        mentor=mentor.name if mentor else "",
        licence=licence_of(recording.licence),
    )
