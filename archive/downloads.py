"""What may be taken away of a recording, with its size said before."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from archive import addresses
from archive.formats import size_words
from archive.forms import NAMES
from archive.licences import licence_of
from archive.models import AssetRole, Recording
from archive.queries import recordings as find
from archive.queries.edits import cuts_of


def may_take(recording: Recording, *, manages: bool) -> bool:
    """Whether the files of RECORDING may be passed on to its reader: its licence says so, or they manage it.

    Of one of which a part was removed only the film without it: the files have it still.
    """
    return manages or (licence_of(recording.licence).shared and not is_cut(recording))


def is_cut(recording: Recording) -> bool:
    """Whether a part of RECORDING was removed."""
    return bool(cuts_of([recording.id])[recording.id].spans)


def files(recording: Recording, *, manages: bool) -> list[tuple[str, str, str]]:
    """(label, address, size) of each file of RECORDING that its reader may keep."""
    played, original = find.played(recording), find.asset(recording, AssetRole.ORIGINAL)
    rows = [
        (gettext("The recording, as it plays here"), played),
        (gettext("The sound alone"), find.asset(recording, AssetRole.AUDIO)),
        (gettext("The sound alone, small, for poor lines"), find.asset(recording, AssetRole.LOW)),
        (gettext("The original file"), original if original is not played else None),
    ]
    if not may_take(recording, manages=manages):
        cut = find.asset(recording, AssetRole.MP4, part="cut")
        rows = [(gettext("The film without what was removed"), cut if licence_of(recording.licence).shared else None)]
    return [
        (label, addresses.of(recording, asset, download=1), size_words(asset.bytes)) for label, asset in rows if asset
    ]


def texts(recording: Recording) -> list[tuple[str, str, str]]:
    """(label, address, size) of what was said: everybody who may watch may keep it, for some people it is the sound."""
    rows = []
    for asset in find.captions(recording):
        language, size = str(NAMES[asset.language]), size_words(asset.bytes)
        address = addresses.of(recording, asset, download=1)
        rows.append((gettext("Captions in %(language)s", language=language), address, size))
        for label, kind, times in _written(language):
            address = url_for(
                "archive.transcript", pid=recording.pid, language=asset.language, kind=kind, times=times
            )
            rows.append((label, address, f"≈ {size}"))
    return rows


def _written(language: str) -> list[tuple[str, str, str | None]]:
    """(label, kind, `times`) of the other ways to keep what was said."""
    return [
        (gettext("Captions for other players (SRT), %(language)s", language=language), "srt", None),
        (gettext("The text with its times, %(language)s", language=language), "txt", None),
        (gettext("The text alone, %(language)s", language=language), "txt", "0"),
    ]
