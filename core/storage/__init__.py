"""Files that are too large for the database, addressed by keys: in a folder, or in S3 where the settings name a bucket.

A key is a relative path of our own making ("<recording>/original/<sha256>.mp4"), never a name
somebody typed. Every backend keeps the same keys.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from core.storage.contract import BLOCK, Kept, Storage
from core.storage.folder import Folder

__all__ = ["BLOCK", "Folder", "Kept", "Storage", "mirror", "origin", "storage"]


def storage() -> Storage:
    """The media of this application."""
    settings = current_app.config
    return _bucket(settings["S3_BUCKET"]) if settings["S3_BUCKET"] else Folder(Path(settings["MEDIA_DIR"]))


def mirror() -> Storage | None:
    """The second place for originals, None when the settings name none."""
    settings = current_app.config
    if settings["MIRROR_BUCKET"]:
        return _bucket(settings["MIRROR_BUCKET"])
    return Folder(Path(settings["MIRROR_DIR"])) if settings["MIRROR_DIR"] else None


def origin(settings: Any) -> str:
    """The scheme and host that media come from when it isn't this site, else nothing."""
    address = urlsplit(settings["S3_ENDPOINT"])
    return f"{address.scheme}://{address.netloc}" if settings["S3_BUCKET"] else ""


def _bucket(name: str) -> Storage:
    settings = current_app.config
    facts = [settings[f"S3_{fact}"] for fact in ("ENDPOINT", "REGION", "ACCESS_KEY", "SECRET_KEY")]
    return _opened(name, settings["MEDIA_DIR"], *facts)


@lru_cache(maxsize=8)
def _opened(name: str, folder: str, *facts: str) -> Storage:
    from core.storage.s3 import Bucket, Service  # its library is an extra that only this needs

    return Bucket(name, Path(folder), Service(*facts))
