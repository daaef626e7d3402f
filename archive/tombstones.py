"""Pages that say 410: a recording that was taken back, a cited moment that was removed; since when, and why."""

from __future__ import annotations

from flask import render_template

from archive.citations import Source, plain
from archive.models import Recording
from archive.services.cited import Tombstone


def withdrawn(recording: Recording, source: Source | None) -> tuple[str, int]:
    """RECORDING was taken back; its citation SOURCE stays readable."""
    cited = plain(source) if source else ""
    return render_template("archive/withdrawn.html", recording=recording, cited=cited), 410


def removed(recording: Recording, tomb: Tombstone, second: float) -> tuple[str, int]:
    """SECOND of RECORDING isn't there any more."""
    return render_template("archive/removed.html", recording=recording, tomb=tomb, second=second), 410
