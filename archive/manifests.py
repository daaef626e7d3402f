"""A recording's manifest: what its folder holds, in a form from which the database's rows can be made again.

    {"format": 1,
     "recording": {"pid", "title_el", "title_en", "language", "licence", "duration", "meeting": its pid, …},
     "files": [{"role", "language", "part", "version", "state", "key", "mimetype", "bytes", "sha256", "facts",
                "created_at", "checked_at", "parent": the original's sha256 or null, "blocks": […] of the original}],
     "kept": {"created_by": a pid or null, "anchors": [{"question": pid or null, "seconds", "by": pid, "at"}],
              "asked": [{"question": pid, "seconds"}], "chapters": [{"seconds", "title_el", "title_en"}],
              "edits", "captions", "originals": [what HISTORY names, "by": pid or null, "at"]}}

Times are ISO 8601 in UTC; blocks are the SHA-256 of each 8 MiB. What is under "kept" isn't shown to readers. Who
watched how far isn't in it: that is theirs, not the recording's.
"""

from __future__ import annotations

import datetime as dt
import enum
import json
import uuid
from typing import Any

from archive.models import Asset, AssetRole, CaptionVersion, Recording, RecordingEdit, RecordingOriginal

FORMAT = 1
BLOCK = 8 << 20
RECORDING = (
    "pid", "title_el", "title_en", "language", "licence", "state", "visibility", "reason", "duration", "starts_at",
    "created_at", "published_at", "withdrawn_at", "withdrawn_reason", "withdrawn_from",
)  # fmt: skip
FILE = (
    "role", "language", "part", "version", "state", "key", "mimetype", "bytes", "sha256", "facts", "created_at",
    "checked_at",
)  # fmt: skip
CHAPTER = ("seconds", "title_el", "title_en")
# {name: (its table, the columns, the one of the moment)}: what people have done to it, of which nothing is ever changed
HISTORY: dict[str, tuple[Any, tuple[str, ...], str]] = {
    "edits": (RecordingEdit, ("first", "last", "reason"), "at"),
    "captions": (
        CaptionVersion, ("language", "no", "follows", "source", "state", "text", "lines", "sha256"), "at"
    ),
    "originals": (
        RecordingOriginal, ("sha256", "duration", "said", "answered", "removed", "reason"), "replaced_at"
    ),
}  # fmt: skip
SOURCES = frozenset({AssetRole.ORIGINAL, AssetRole.CAPTIONS})  # what nothing else of ours could be made into again


def key_of(pid: uuid.UUID) -> str:
    """Where the manifest of the recording PID lies."""
    return f"{pid}/manifest.json"


def plain(value: Any) -> Any:
    """VALUE as JSON has it."""
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat()
        case enum.Enum():
            return value.value
        case uuid.UUID():
            return str(value)
    return value


def described(recording: Recording) -> dict[str, Any]:
    """What is said of RECORDING itself."""
    return {name: plain(getattr(recording, name)) for name in RECORDING}


def filed(asset: Asset, original: Asset, blocks: list[str]) -> dict[str, Any]:
    """What is said of a file; BLOCKS are those of the ORIGINAL."""
    said = {name: plain(getattr(asset, name)) for name in FILE}
    said["parent"] = None if asset.role in SOURCES else original.sha256
    return said | ({"blocks": blocks} if asset is original else {})


def dumped(manifest: dict[str, Any]) -> bytes:
    """MANIFEST as it is kept: the same facts give the same bytes."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
