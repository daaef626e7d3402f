"""A step makes some files of a recording that plays; how all of them run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.models import Asset, AssetRole, AssetState, Recording, RecordingState
from archive.pipeline.files import Made, keep, recording_with_files, workspace
from archive.pipeline.source import Source, source
from core.jobs import Lane
from core.storage import storage


@dataclass(frozen=True)
class Step:
    """NAME is the end of its job's kind. A new VERSION makes its files anew; the old ones are served until then.

    MAKE(source, its file, a folder of one's own) gives the finished files; OWNS says which of a recording's files are
    this step's; WANTED whether there is anything to make of a source.
    """

    name: str
    version: int
    owns: Callable[[Asset], bool]
    wanted: Callable[[Source], bool]
    make: Callable[[Source, Path, Path], list[Made]]
    lane: Lane = Lane.FAST

    @property
    def kind(self) -> str:
        return f"archive.{self.name}"

    def files(self, recording: Recording) -> list[Asset]:
        """What it has made of RECORDING."""
        return [asset for asset in recording.assets if self.owns(asset)]

    def is_ready(self, recording: Recording) -> bool:
        """Whether all its files are there and of its version."""
        made = self.files(recording)
        return bool(made) and all(a.state == AssetState.READY and a.version == self.version for a in made)

    def is_wanted(self, recording: Recording) -> bool:
        """Whether there is something to make of RECORDING."""
        found = source(recording)
        return recording.state == RecordingState.PLAYABLE and found is not None and self.wanted(found)

    def run(self, recording_id: int) -> None:
        """Make its files unless they are there. Raises what archive/pipeline/ffmpeg.py raises."""
        recording = recording_with_files(recording_id)
        found = source(recording)
        if found is None or not self.is_wanted(recording) or self.is_ready(recording):
            return
        with workspace(f"{recording.pid}-{self.name}") as folder:
            with storage().local(found.key) as path:
                made = self.make(found, path, folder)
            again = recording_with_files(recording_id)
            if made and again.state == RecordingState.PLAYABLE:
                keep(again, made, self.version, self.files(again))


def role(*roles: AssetRole) -> Callable[[Asset], bool]:
    """Owns the files of these ROLES."""
    return lambda asset: asset.role in roles


def parts(*names: str) -> Callable[[Asset], bool]:
    """Owns the renditions of these NAMES with their playlists."""
    return lambda asset: asset.role in {AssetRole.STREAM, AssetRole.PLAYLIST} and asset.part in names
