"""What proves to anybody that the files of a recording are those that were recorded."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from archive.forms import NAMES
from archive.models import Asset, AssetRole, AssetState, Recording

# Of the manifest's "recording": what only those who manage it see
PRIVATE = ("visibility", "reason", "withdrawn_at", "withdrawn_reason", "withdrawn_from")


def rows(recording: Recording) -> list[tuple[str, str, bool]]:
    """(what it is, its SHA-256, whether it was whole when last compared) of the files that people download."""
    named = [(asset, _label(asset)) for asset in recording.assets]
    shown = [(label, asset.sha256, asset.state is not AssetState.CORRUPT) for asset, label in named if label]
    return sorted(shown)


def _label(asset: Asset) -> str:
    match asset.role:
        case AssetRole.ORIGINAL:
            return gettext("The original file")
        case AssetRole.MP4 if not asset.part:
            return gettext("The recording, as it plays here")
        case AssetRole.CAPTIONS:
            return gettext("Captions in %(language)s", language=NAMES[asset.language])
    return ""


def shown(manifest: dict[str, Any]) -> dict[str, Any]:
    """MANIFEST as readers get it."""
    recording = {name: value for name, value in manifest["recording"].items() if name not in PRIVATE}
    return {"format": manifest["format"], "recording": recording, "files": manifest["files"]}
