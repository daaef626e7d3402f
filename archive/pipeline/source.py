"""What the derived files are made of: the file that plays, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive.models import Asset, AssetRole, Recording
from archive.queries.recordings import asset, played

LONGEST_GOP = 12  # seconds between key frames; with more a player can't seek in copied segments


@dataclass(frozen=True)
class Source:
    """The played file: its picture {"codec", "width", "height", …} or None, its sound's codec or "", and its size."""

    recording_id: int
    key: str
    bytes: int
    duration: float
    video: dict[str, Any] | None
    audio: str
    gop: float  # the longest stretch without a key frame, in seconds

    @property
    def height(self) -> int:
        return int((self.video or {}).get("height", 0))

    @property
    def streams(self) -> bool:
        """Whether its picture and sound can be cut into pieces of fragmented MP4 as they are."""
        known = self.video is not None and self.video["codec"] == "h264" and self.audio in {"aac", "mp3", ""}
        return known and self.gop <= LONGEST_GOP


def source(recording: Recording) -> Source | None:
    """None while nothing plays."""
    found = played(recording)
    if found is None:
        return None
    facts = _facts(recording, found)
    return Source(
        recording_id=recording.id,
        key=found.key,
        bytes=found.bytes,
        duration=recording.duration or 1,
        video=facts.get("video"),
        audio=(facts.get("audio") or {}).get("codec", ""),
        gop=facts.get("gop", 0),
    )


def _facts(recording: Recording, found: Asset) -> dict[str, Any]:
    """What an older version of ours made says nothing of itself: it has what the original had, as H.264 and AAC."""
    if found.role == AssetRole.ORIGINAL or found.facts:
        return dict(found.facts)
    original = asset(recording, AssetRole.ORIGINAL)
    facts = original.facts if original else {}
    video, audio = facts.get("video"), facts.get("audio")
    return {"video": video and video | {"codec": "h264"}, "audio": audio and {"codec": "aac"}, "gop": 10}
