"""The playlist of all renditions, made of those that are there."""

from __future__ import annotations

from pathlib import Path

from archive.models import Asset, AssetRole, AssetState, Recording
from archive.pipeline.files import Made, discard, keep, recording_with_files, workspace

VERSION = 1


def refresh(recording_id: int) -> None:
    """Write it anew when the renditions are others than those it names."""
    recording = recording_with_files(recording_id)
    if is_ready(recording):
        return
    there, old = renditions(recording), _now(recording)
    if not there:
        discard(recording, old)
        return
    text = written(there)
    with workspace(f"{recording.pid}-master") as folder:
        path = Path(folder / "master.m3u8")
        path.write_text(text)
        keep(recording, [Made(AssetRole.PLAYLIST, path, facts={"text": text})], VERSION, old)


def _now(recording: Recording) -> list[Asset]:
    return [asset for asset in recording.assets if asset.role == AssetRole.PLAYLIST and not asset.part]


def is_ready(recording: Recording) -> bool:
    """Whether it names the renditions that are there."""
    there, old = renditions(recording), _now(recording)
    good = [asset for asset in old if asset.state == AssetState.READY and asset.facts == {"text": written(there)}]
    return good == old and bool(good) == bool(there)


def renditions(recording: Recording) -> list[Asset]:
    """Playlists that can be played, the lightest first."""
    usable = (AssetState.READY, AssetState.STALE)
    streams = {a.part for a in recording.assets if a.role == AssetRole.STREAM and a.state in usable}
    found = [a for a in recording.assets if a.role == AssetRole.PLAYLIST and a.part in streams and a.state in usable]
    return sorted(found, key=lambda asset: asset.facts.get("bits", 0))


def written(playlists: list[Asset]) -> str:
    """The text; renditions lie beside it under their part's name."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for asset in playlists:
        facts = [f"BANDWIDTH={max(1, asset.facts.get('bits', 0))}"]
        if asset.facts.get("width"):
            facts.append(f"RESOLUTION={asset.facts['width']}x{asset.facts['height']}")
        lines += [f"#EXT-X-STREAM-INF:{','.join(facts)}", f"{asset.part}.m3u8"]
    return "\n".join(lines) + "\n"
