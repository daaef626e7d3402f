"""Tables of the archive, by noun: the recording, its uploads, its files, its moments, its feeds, and who watched."""

from __future__ import annotations

from archive.models.asset import Asset, AssetRole, AssetState
from archive.models.feed import PrivateFeed
from archive.models.moment import RecordingAnchor
from archive.models.recording import Recording, RecordingState, RecordingVisibility
from archive.models.upload import Upload, UploadState
from archive.models.watching import WatchPosition

__all__ = [
    "Asset",
    "AssetRole",
    "AssetState",
    "PrivateFeed",
    "Recording",
    "RecordingAnchor",
    "RecordingState",
    "RecordingVisibility",
    "Upload",
    "UploadState",
    "WatchPosition",
]
