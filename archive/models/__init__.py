"""Tables of the archive, by noun: the recording, uploads, files, words, chapters, moments, feeds, and who watched."""

from __future__ import annotations

from archive.models.asset import Asset, AssetRole, AssetState
from archive.models.caption import CaptionSource, CaptionState, CaptionVersion
from archive.models.chapter import Chapter
from archive.models.edit import RecordingEdit, RecordingOriginal
from archive.models.feed import PrivateFeed
from archive.models.moment import AnswerElsewhere, RecordingAnchor, RecordingQuestion
from archive.models.recording import Recording, RecordingState, RecordingVisibility
from archive.models.upload import Upload, UploadState
from archive.models.watching import WatchPosition

__all__ = [
    "AnswerElsewhere",
    "Asset",
    "AssetRole",
    "AssetState",
    "CaptionSource",
    "CaptionState",
    "CaptionVersion",
    "Chapter",
    "PrivateFeed",
    "Recording",
    "RecordingAnchor",
    "RecordingEdit",
    "RecordingOriginal",
    "RecordingQuestion",
    "RecordingState",
    "RecordingVisibility",
    "Upload",
    "UploadState",
    "WatchPosition",
]
