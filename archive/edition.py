"""The offline edition: a folder with a page, the sound and small pictures of a recording, its text and questions.

It works without a server and without a line: nothing in it is fetched from anywhere.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from archive.licences import licence_of
from archive.models import Asset, AssetRole, Recording
from archive.queries import recordings as find
from archive.queries.record import Record
from archive.services import edits
from core.storage import storage

STATIC = Path(__file__).resolve().parent.parent / "static"
OURS = {"edition.css": ("css/tokens.css", "css/edition.css"), "edition.js": ("js/edition.js",)}
DAY = (1980, 1, 1, 0, 0, 0)  # of every file in it: the same edition made twice is the same to the byte
_STILL = re.compile(r"(\d+):(\d\d):(\d\d\.\d{3}) --> .*\n([\w-]+)\.webp\S*#xywh=(\d+),(\d+),(\d+),(\d+)")


@dataclass(frozen=True)
class Told:
    """What its page tells: the questions of the room, and chapters with `seconds` and a title."""

    record: Record
    chapters: Sequence[Any]
    language: str


@dataclass(frozen=True)
class Parts:
    """The files that an edition is made of. TEXT: its captions."""

    sound: Asset
    sheets: Sequence[Asset]
    track: Asset | None
    text: Asset | None


def parts_of(recording: Recording, language: str) -> Parts | None:
    """What the edition of RECORDING in LANGUAGE would be made of; None without its sound alone."""
    sound = find.asset(recording, AssetRole.LOW) or find.asset(recording, AssetRole.AUDIO)
    if sound is None:
        return None
    track = find.asset(recording, AssetRole.STORYBOARD_TRACK)
    sheets = [one for one in recording.assets if one.role is AssetRole.STORYBOARD] if track else []
    return Parts(sound, sorted(sheets, key=lambda one: one.part), track, find.caption_for(recording, language))


def weight(parts: Parts) -> int:
    """About how many bytes the edition will have."""
    return parts.sound.bytes + sum(sheet.bytes for sheet in parts.sheets) + (parts.text.bytes if parts.text else 0)


def write(target: Path, recording: Recording, parts: Parts, told: Told) -> None:
    """Put the edition into the zip file TARGET."""
    sound = f"sound.{parts.sound.key.rsplit('.', 1)[1]}"
    page = _page(recording, parts, told, sound)
    with zipfile.ZipFile(target, "w") as file:
        _add_text(file, "index.html", page)
        for name, sources in OURS.items():
            _add_text(file, name, "".join((STATIC / source).read_text(encoding="utf-8") for source in sources))
        _add(file, sound, parts.sound)
        for sheet in parts.sheets:
            _add(file, f"pictures/{sheet.part}.webp", sheet)


def _add_text(file: zipfile.ZipFile, name: str, text: str) -> None:
    file.writestr(zipfile.ZipInfo(name, DAY), text, zipfile.ZIP_DEFLATED)


def _add(file: zipfile.ZipFile, name: str, asset: Asset) -> None:
    """The bytes as they are, block by block: sound and pictures are compressed already."""
    about = zipfile.ZipInfo(name, DAY)
    about.file_size = asset.bytes
    with file.open(about, "w") as out:
        for block in storage().open(asset.key):
            out.write(block)


def _page(recording: Recording, parts: Parts, told: Told, sound: str) -> str:
    application = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - leaves this context
    stills = _stills(parts.track)
    with application.test_request_context(base_url=application.config["BASE_URL"]), force_locale(told.language):
        return render_template(
            "archive/edition.html",
            recording=recording,
            record=told.record,
            sound=sound,
            mimetype=parts.sound.mimetype,
            stills=json.dumps(stills),
            size=stills[0][4:] if stills else None,
            lines=edits.shown(parts.text) if parts.text else [],
            text_language=parts.text.language if parts.text else "",
            chapters=told.chapters,
            licence=licence_of(recording.licence),
        )


def _stills(track: Asset | None) -> list[list[Any]]:
    """[second, sheet, x, y, width, height] of each small picture."""
    if track is None:
        return []
    text = b"".join(storage().open(track.key)).decode()
    return [
        [int(h) * 3600 + int(m) * 60 + float(s), sheet, *map(int, place)]
        for h, m, s, sheet, *place in _STILL.findall(text)
    ]
