"""The routes that hand out files of recordings. Each asks every time whether the reader may watch."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from accounts.models import User
from accounts.permissions import actor
from archive import delivery, proofs
from archive.addresses import MASTER
from archive.captions import serialise
from archive.licences import licence_of
from archive.models import Asset, AssetRole, Recording
from archive.queries import recordings as find
from archive.queries.edits import cuts_of
from archive.services import manifest
from archive.services.edits import shown
from archive.views import pages
from core.errors import NotFound, require
from core.i18n import local
from core.limits import limiter
from core.text import slugify

# What may be asked for at /media/<role>; beside these "play" is whatever the player plays.
ROLES = {
    "original": AssetRole.ORIGINAL,
    "poster": AssetRole.POSTER,
    "audio": AssetRole.AUDIO,
    "low": AssetRole.LOW,
}


@pages.get("/recordings/<uuid:pid>/media/<role>")
@limiter.exempt
def media(pid: uuid.UUID, role: str) -> Response:
    """A file of the recording: role is play, original, poster, audio, low, or cut: without what was removed."""
    user = actor()
    found = find.recording_or_404(pid, user)
    if role == "cut":
        return _send(found, find.asset(found, AssetRole.MP4, part="cut"))
    whole = _whole(found, user)
    if role == "play":
        return _send(found, find.played(found) if whole else find.asset(found, AssetRole.MP4, part="gaps"))
    if role == "original":
        # What isn't to be passed on is watched here; the original stays with those who manage it.
        whole = whole and (licence_of(found.licence).shared or find.manages_recording(user, found))
    require(whole or role == "poster", NotFound)
    return _send(found, find.asset(found, ROLES[role]) if role in ROLES else None)


def _whole(found: Recording, user: User | None) -> bool:
    """Whether USER may have all of its seconds: nothing was removed, or they manage it."""
    return not cuts_of([found.id])[found.id].spans or find.manages_recording(user, found)


def _whole_or_404(pid: uuid.UUID) -> Recording:
    user = actor()
    found = find.recording_or_404(pid, user)
    require(_whole(found, user), NotFound)
    return found


@pages.get("/recordings/<uuid:pid>/captions/<language>.vtt")
@limiter.exempt
def track(pid: uuid.UUID, language: str) -> Response:
    """The captions in a language."""
    found = find.recording_or_404(pid, actor())
    asset = find.asset(found, AssetRole.CAPTIONS, language)
    if asset is not None and cuts_of([found.id])[found.id].spans:  # what was removed isn't read either
        return edited(asset, public=find.is_public(found))
    return _send(found, asset)


@pages.get("/recordings/<uuid:pid>/hls/<part>.m3u8")
@limiter.exempt
def playlist(pid: uuid.UUID, part: str) -> Response:
    """The playlist of a rendition, or `master`; what it names lies beside it."""
    found = _whole_or_404(pid)
    return _send(found, find.asset(found, AssetRole.PLAYLIST, part="" if part == MASTER else part))


@pages.get("/recordings/<uuid:pid>/hls/<part>.m4s")
@limiter.exempt
def stream(pid: uuid.UUID, part: str) -> Response:
    """A rendition: one file, read in ranges."""
    found = _whole_or_404(pid)
    return _send(found, find.asset(found, AssetRole.STREAM, part=part))


@pages.get("/recordings/<uuid:pid>/storyboard/track.vtt")
@limiter.exempt
def storyboard(pid: uuid.UUID) -> Response:
    """Which second is where on which sheet; the sheets lie beside it."""
    found = _whole_or_404(pid)
    return _send(found, find.asset(found, AssetRole.STORYBOARD_TRACK))


@pages.get("/recordings/<uuid:pid>/storyboard/<part>.webp")
@limiter.exempt
def sheet(pid: uuid.UUID, part: str) -> Response:
    """A sheet of small stills."""
    found = _whole_or_404(pid)
    return _send(found, find.asset(found, AssetRole.STORYBOARD, part=part))


def edited(asset: Asset, *, public: bool) -> Response:
    """The captions ASSET without what was removed; never kept, because what is removed may change."""
    answer = Response(serialise(shown(asset)), content_type="text/vtt; charset=utf-8")
    answer.headers["Cache-Control"] = "public, no-cache" if public else "private, no-cache"
    return answer


@pages.get("/recordings/<uuid:pid>/manifest.json")
def proof(pid: uuid.UUID) -> Any:
    """Every file with its SHA-256, that of the original in blocks of 8 MiB too: what anybody can compare."""
    kept = manifest.read(find.recording_or_404(pid, actor()).pid)
    if kept is None:
        raise NotFound
    return proofs.shown(kept)


def _send(found: Recording, asset: Asset | None) -> Response:
    if asset is None:
        raise NotFound
    ending = asset.key.rsplit(".", 1)[1]
    name = f"{slugify(local(found, 'title')) or 'recording'}{'-' + asset.language if asset.language else ''}.{ending}"
    return delivery.send(asset, find.is_public(found), name if "download" in request.args else "")
