"""The staff's side: describe, send, check, caption, place the questions, publish."""

from __future__ import annotations

from archive.manage import chapters, edits, moments, recordings, sending, steps, text
from archive.manage.recordings import pages

__all__ = ["chapters", "edits", "moments", "pages", "recordings", "sending", "steps", "text"]
