"""Files that are too large for the database, addressed by keys: in a folder, or wherever the settings say.

A key is a relative path of our own making ("<recording>/original/<sha256>.mp4"), never a name
somebody typed. Every backend keeps the same keys.
"""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from core.storage.contract import BLOCK, Kept, Storage
from core.storage.folder import Folder

__all__ = ["BLOCK", "Folder", "Kept", "Storage", "storage"]


def storage() -> Storage:
    """The media of this application."""
    return Folder(Path(current_app.config["MEDIA_DIR"]))
