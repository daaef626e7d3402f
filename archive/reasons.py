"""Why a file is refused, as codes: shared by the probe's own process and the pages (archive/verdicts.py)."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    EMPTY = "empty"
    ALTERED = "altered"  # its SHA-256 here isn't the one of the sender's browser
    NOT_MEDIA = "not_media"
    NO_STREAM = "no_stream"
    INCOMPLETE = "incomplete"
    CUT = "cut"  # ends at, should end at: seconds
    TAIL = "tail"  # all but the last moments is there
    DAMAGED = "damaged"  # at: seconds
    SHORT = "short"
    LONG = "long"  # seconds
    PIXELS = "pixels"  # width, height
    TIMEOUT = "timeout"
    UNPLAYABLE = "unplayable"
