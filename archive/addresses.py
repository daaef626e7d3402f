"""Where a file of a recording is read: an address that carries the file's hash, so that a copy never grows old."""

from __future__ import annotations

from typing import Any

from flask import url_for

from archive.models import Asset, AssetRole, Recording

SHOWN = 16  # digits of the hash
# {role: its endpoint, and what of the asset its address says}; of the others /media/<role>.
ENDPOINTS = {
    AssetRole.CAPTIONS: ("archive.track", "language"),
    AssetRole.PLAYLIST: ("archive.playlist", "part"),
    AssetRole.STREAM: ("archive.stream", "part"),
    AssetRole.STORYBOARD: ("archive.sheet", "part"),
    AssetRole.STORYBOARD_TRACK: ("archive.storyboard", ""),
}
MASTER = "master"  # the playlist that names the others: it has no part


def mark(asset: Asset) -> str:
    """What the address of ASSET says of its content."""
    return asset.sha256[:SHOWN]


def of(recording: Recording, asset: Asset, **more: Any) -> str:
    """The address of the file ASSET of RECORDING. What a playlist or a storyboard names lies beside it."""
    role = (asset.part or "play") if asset.role is AssetRole.MP4 else asset.role.value
    endpoint, named = ENDPOINTS.get(asset.role, ("archive.media", "role"))
    says = {"language": asset.language, "part": asset.part or MASTER, "role": role}
    values: dict[str, Any] = {"pid": recording.pid, "v": mark(asset)} | more
    return url_for(endpoint, **values | {name: value for name, value in says.items() if name == named})
