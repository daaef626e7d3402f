"""Public recordings in pages of other sites: oEmbed, and the player alone for a frame."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Response, abort, current_app, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from accounts.permissions import actor
from archive import addresses, timecodes
from archive.episodes import watched
from archive.licences import licence_of
from archive.models import AssetRole, Recording
from archive.queries import feeds as public
from archive.queries import recordings as find
from archive.queries.edits import cuts_of
from archive.views import pages, picture_of, tracks_of
from core import headers
from core.errors import NotFound, require
from core.i18n import local
from core.limits import limiter

WIDTH, HEIGHT = 640, 460  # CSS pixels of the frame: the picture, its controls and a line with the title
SMALLEST = (240, 180)
POSTER_WIDTH = 960  # pixels at most


@pages.get("/recordings/<uuid:pid>/embed")
@limiter.exempt
def embed(pid: uuid.UUID) -> str:
    """The player alone. Other sites may frame it; it needs no cookie and says nothing of who watches."""
    found = public.public_episode_or_404(pid)
    cut = bool(cuts_of([found.id])[found.id].spans)
    media = watched(found, cut=cut)
    require(media is not None, NotFound)
    headers.allow_styles("media-chrome")
    headers.allow_frames()
    start = timecodes.parse(request.args.get("t", "")) or 0
    return render_template(
        "archive/embed.html",
        recording=found,
        media=media,
        poster=find.asset(found, AssetRole.POSTER),
        tracks=tracks_of(found),
        picture={} if cut else picture_of(found),
        start=min(start, found.duration or 0),
        addresses=addresses,
    )


@pages.get("/oembed")
@limiter.exempt
def oembed() -> Response:
    """What oEmbed tells of the recording at `url`: 404 for what isn't there, 401 for what isn't for everybody."""
    written = request.args.get("format", "json")
    if written not in {"json", "xml"}:
        abort(501)
    facts = _facts(_recording(request.args.get("url", "")))
    answer = Response(_xml(facts), content_type="text/xml; charset=utf-8") if written == "xml" else _json(facts)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _json(facts: dict[str, Any]) -> Response:
    return Response(current_app.json.dumps(facts), content_type="application/json; charset=utf-8")


def _recording(address: str) -> Recording:
    """The public recording that ADDRESS leads to."""
    try:
        parts = urlsplit(address)
        endpoint, values = current_app.url_map.bind(request.host).match(parts.path)
    except (ValueError, HTTPException) as error:
        raise NotFound from error
    if parts.netloc != request.host or endpoint not in {"archive.recording", "archive.embed"}:
        raise NotFound
    found = find.recording_or_404(values["pid"], actor())
    if not find.is_public(found):
        abort(401)
    return found


def _facts(found: Recording) -> dict[str, Any]:
    width = max(SMALLEST[0], min(WIDTH, request.args.get("maxwidth", WIDTH, type=int)))
    height = max(SMALLEST[1], min(round(width * HEIGHT / WIDTH), request.args.get("maxheight", HEIGHT, type=int)))
    mentor, licence = found.meeting.mentor, licence_of(found.licence)
    frame = Markup(
        '<iframe src="{}" width="{}" height="{}" title="{}" allow="fullscreen; picture-in-picture" allowfullscreen '
        'loading="lazy"></iframe>'
    )
    told = {
        "version": "1.0",
        "type": "video",
        "title": local(found, "title"),
        "provider_name": gettext("Mentors"),
        "provider_url": url_for("home.index", _external=True),
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": str(frame.format(url_for(".embed", pid=found.pid, _external=True), width, height,
                                 local(found, "title"))),
        "license": str(licence.name),
    }
    return told | _thumbnail(found) | ({"author_name": mentor.name} if mentor else {}) | (
        {"license_url": licence.address} if licence.address else {}
    )


def _thumbnail(found: Recording) -> dict[str, Any]:
    """The poster with its size, which oEmbed asks for: it was made from the original's picture."""
    original, poster = find.asset(found, AssetRole.ORIGINAL), find.asset(found, AssetRole.POSTER)
    picture = (original.facts or {}).get("video") if original else None
    if not poster or not picture or not picture.get("width"):
        return {}
    width = min(POSTER_WIDTH, picture["width"])
    return {
        "thumbnail_url": addresses.of(found, poster, _external=True),
        "thumbnail_width": width,
        "thumbnail_height": round(width * picture["height"] / picture["width"]),
    }


def _xml(facts: dict[str, Any]) -> bytes:
    root = ET.Element("oembed")
    for name, value in facts.items():
        ET.SubElement(root, name).text = str(value)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
