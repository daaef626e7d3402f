"""Recordings as people find and watch them."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from typing import Any

import click
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import force_locale

from accounts.guards import signed_in
from accounts.permissions import actor
from archive import addresses, citations, downloads, proofs, structured, timecodes, timeline, tombstones
from archive.captions import marked
from archive.edits import Span, to_film
from archive.forms import NAMES, PositionForm
from archive.heat import heat
from archive.licences import licence_of
from archive.models import Asset, AssetRole, Recording
from archive.queries import asking, keeping, record
from archive.queries import recordings as find
from archive.queries.captions import shown_no
from archive.queries.chapters import chapters_of
from archive.queries.since import answered_since
from archive.services import cited, edits, uploads, watching
from core import headers
from core.errors import NotFound
from core.forms import InvalidInput
from core.i18n import athens, local, locale_code
from core.limits import limiter
from core.pagecache import kept
from core.pages import page_number
from core.text import clean, slugify

pages = Blueprint("archive", __name__)


@pages.get("/recordings")
@kept
def recordings() -> str:
    """Public recordings and those of one's own cohorts."""
    user = actor()
    filters = find.Filters(request.args.get("theme", "")[:80], request.args.get("organisation", "")[:80])
    return render_template(
        "archive/recordings.html",
        listing=find.recordings(user, filters, page_number()),
        filters=filters,
        themes=[(t.slug, local(t, "title")) for t in find.themes_with_recordings(user)],
        organisations=[(o.slug, local(o, "name")) for o in find.organisations_with_recordings(user)],
        manages=find.manages_any(user),
        find=find,
    )


@pages.get("/recordings/<uuid:pid>")
def recording(pid: uuid.UUID) -> Any:
    """The player, the questions at their moments, the transcript and the files; at `t`, of the original `of`."""
    try:
        found = find.recording_or_404(pid, actor())
    except find.Withdrawn as gone:
        return tombstones.withdrawn(gone.recording, _source(gone.recording, None))
    second = timecodes.parse(request.args.get("t", ""))
    where = second if second is None else cited.resolve(found, second, request.args.get("of", "")[:64])
    if isinstance(where, cited.Tombstone):
        return tombstones.removed(found, where, second or 0.0)
    if where != second:  # the same words, in the file of now
        return redirect(url_for(".recording", pid=pid, t=int(where or 0)))
    return watch_page(found)


def watch_page(found: Recording, status: int = 200, **typed: Any) -> Any:
    """The page of FOUND; TYPED is a question that was refused, with its `error`."""
    user = actor()
    beside = record.record_beside(found)
    place = find.position(found, user)
    asked_for = timecodes.parse(request.args.get("t", ""))
    start = min(asked_for if asked_for is not None else place.seconds if place else 0, found.duration or 0)
    until = timecodes.parse(request.args.get("until", ""))
    text = find.caption_for(found, locale_code())
    wanted = clean(request.args.get("q", "")[:80])
    manages = find.manages_recording(user, found)
    if find.played(found):
        headers.allow_styles("media-chrome")
    until = min(until, found.duration or 0) if until is not None and until > start else None
    film = find.asset(found, AssetRole.MP4, part="cut") if beside.cuts.spans else None
    page = render_template(
        "archive/recording.html",
        recording=found,
        record=beside,
        line=timeline.draw(found, beside),
        tracks=tracks_of(found),
        picture=picture_of(found),
        text=text,
        transcript=[(cue, marked(cue.text, wanted)) for cue in edits.shown(text)] if text else [],
        chapters=chapters_of(found),
        wanted=wanted,
        downloads=downloads.files(found, manages=manages) + downloads.texts(found),
        takes=downloads.may_take(found, manages=manages),
        licence=licence_of(found.licence),
        structured=structured.video_object(found, beside) if find.is_public(found) else None,
        proofs=proofs.rows(found),
        compared=keeping.last_checked(found),
        has_poster=find.has_poster(found),
        asked=asked_for is not None,
        start=start,
        until=until,
        film_start=round(to_film(film.facts["kept"], start), 3) if film else start,
        film_end=round(to_film(film.facts["kept"], until), 3) if film and until else until,
        removed=_passed_over(found, film, beside),
        film=film,
        resumed=asked_for is None and start > 0,
        manages=manages,
        signed_in=user is not None,
        asking=asking.asking(found, user) if find.played(found) else None,
        since=answered_since(found, beside, user),
        heat=heat(beside, found.duration or 0),
        cuts=beside.cuts,
        cid=uuid.uuid4().hex,
        typed=typed,
        find=find,
    )
    return page, status


def _passed_over(found: Recording, film: Asset | None, beside: record.Record) -> Sequence[Span]:
    """What the player passes over: what was removed, up to where the FILM goes on."""
    if film is None:
        return beside.cuts.spans
    edges = [0.0, *(edge for span in film.facts["kept"] for edge in span), found.duration or 0]
    return [(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True) if last - first > 0.05]


def picture_of(found: Recording) -> dict[str, Any]:
    """What the player may need beside the file: its HLS, of how many renditions, and small pictures."""
    master, stills = find.asset(found, AssetRole.PLAYLIST), find.asset(found, AssetRole.STORYBOARD_TRACK)
    return {
        "hls": addresses.of(found, master) if master else "",
        "rungs": sum(one.role is AssetRole.STREAM for one in found.assets),
        "stills": addresses.of(found, stills) if stills else "",
    }


def tracks_of(found: Recording) -> list[tuple[str, Any, str]]:
    """(language, its name, address) of the captions, the reader's own first."""
    own = sorted(find.captions(found), key=lambda asset: asset.language != locale_code())
    return [(a.language, NAMES[a.language], addresses.of(found, a)) for a in own]


@pages.get("/recordings/<uuid:pid>/cite.<written>")
def cite(pid: uuid.UUID, written: str) -> Response:
    """The citation of the recording, or of its moment `t`, in one of the styles."""
    found = find.recording_or_404(pid, actor())
    source = _source(found, timecodes.parse(request.args.get("t", "")))
    if written not in citations.STYLES or source is None:
        raise NotFound
    write, kind = citations.STYLES[written]
    answer = Response(write(source), content_type=kind)
    answer.headers["Content-Disposition"] = f'inline; filename="{source.key}.{written}"'
    return answer


def _source(found: Recording, second: float | None) -> citations.Source | None:
    """What is cited; with SECOND the question that is being answered then. None before there is a file."""
    original, lead = find.asset(found, AssetRole.ORIGINAL), find.lead_of(found)
    if original is None:
        return None
    second = min(second, found.duration or 0) if second is not None else None
    held, mentor = athens(found.meeting.starts_at).date(), found.meeting.mentor
    asked = record.at_second(found, second) if second is not None else None
    with force_locale(found.language):
        return citations.Source(
            key=f"mentores-{slugify(local(found, 'title'))[:40] or 'recording'}-{held.isoformat()}",
            title=local(found, "title"),
            author=(mentor.family_name, mentor.given_name) if mentor else None,
            publisher=local(lead, "name") if lead else "ΜΕΝΤΟΡΕΣ",
            series=local(found.meeting.cohort, "title"),
            held=held,
            address=_cited_address(found, second, original.sha256),
            language=found.language,
            licence=found.licence,
            sha256=original.sha256,
            second=second,
            words=asked.body if asked else "",
            transcript=shown_no(find.caption_for(found, found.language)),
        )


def _cited_address(found: Recording, second: float | None, sha256: str) -> str:
    """Where it is found again: its moment names the file that it is a moment of."""
    if second is None:
        return url_for(".recording", pid=found.pid, _external=True)
    return url_for(".recording", pid=found.pid, t=int(second), of=sha256[: addresses.SHOWN], _external=True)


@pages.post("/recordings/<uuid:pid>/position")
@signed_in
@limiter.limit("30 per minute")
def position(pid: uuid.UUID) -> Any:
    """Where the player is and what it played; sent every ten seconds and when the page goes away."""
    user = actor()
    found = find.recording_or_404(pid, user)
    form = PositionForm()
    if not form.validate() or not math.isfinite(form.seconds.data or 0):
        raise InvalidInput(form.errors and next(iter(form.errors.values()))[0])
    share = watching.watch(user, found, form.seconds.data, form.pieces())  # type: ignore[arg-type] # signed_in
    return {"seen": round(share, 3)}


@pages.cli.command("sweep")
def sweep() -> None:
    """Drop uploads that nobody went on with for a week."""
    click.echo(uploads.sweep())
