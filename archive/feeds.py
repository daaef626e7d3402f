"""Podcast feeds: public ones by theme, course, cohort and organisation, and a person's own behind its token."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from archive import delivery
from archive.beside import asked_in
from archive.episodes import CHAPTERS, Channel, ending, episode, watched
from archive.media import edited
from archive.models import AssetRole, Recording
from archive.queries import feeds as find
from archive.queries.chapters import chapters_of
from archive.queries.edits import cuts_of
from archive.queries.recordings import asset
from archive.services import feeds as act
from archive.text.chapters import podcast
from archive.views import pages
from core.db import utcnow
from core.errors import NotFound
from core.i18n import LOCALES, local
from core.limits import limiter, writes

KINDS = {
    "theme": ("title", "about", "courses.theme"),
    "course": ("title", "summary", "courses.course"),
    "cohort": ("title", "summary", "mentors.cohort"),
    "organisation": ("name", "about", "network.organisation"),
}
_bodies: dict[str, tuple[str, dt.datetime]] = {}  # by address: the hash of what it said last, and since when
MOST_BODIES = 1000


@pages.get("/recordings/feeds")
def feeds() -> str:
    """The feeds that have something in them, and the way to one's own."""
    return render_template("archive/feeds.html", shelves=find.shelves(), signed_in=actor() is not None)


@pages.get("/feeds/recordings.xml")
@limiter.exempt
def feed() -> Response:
    """Everything that is public."""
    with force_locale(_language()):
        channel = Channel(
            gettext("Recordings"),
            gettext("Meetings of the MENTORS programme to watch again: every question at the second it was answered."),
            url_for("archive.recordings", _external=True),
            request.url,
            _language(),
        )
        return _kept(_written(channel, find.public_episodes(), _public))


@pages.get("/feeds/<any(theme, course, cohort, organisation):kind>/<slug>.xml")
@limiter.exempt
def feed_of(kind: str, slug: str) -> Response:
    """What is public of one theme, course, cohort or organisation."""
    scope = find.scope_or_404(kind, slug)
    title, about, page = KINDS[kind]
    with force_locale(_language()):
        channel = Channel(
            local(scope.thing, title),
            local(scope.thing, about) or local(scope.thing, title),
            url_for(page, slug=slug, _external=True),
            request.url,
            _language(),
        )
        return _kept(_written(channel, find.public_episodes(scope.condition), _public))


def _language() -> str:
    """A podcast program has no reader: Greek, unless the address says otherwise."""
    wanted = request.args.get("lang", "")
    return wanted if wanted in LOCALES else LOCALES[0]


def _public(recording: Recording, name: str) -> str:
    return url_for("archive.feed_file", pid=recording.pid, name=name, _external=True)


def _written(channel: Channel, recordings: Any, address: Any) -> str:
    tied = find.with_chapters(recordings)
    cuts = cuts_of([one.id for one in recordings])
    found = [episode(one, address, has_moments=one.id in tied, cut=bool(cuts[one.id].spans)) for one in recordings]
    return render_template("archive/feed.xml", channel=channel, episodes=[one for one in found if one])


def _answer(body: str, cache: str) -> Response:
    answer = Response(body, content_type="application/rss+xml; charset=utf-8")
    answer.headers["Cache-Control"] = cache
    return answer


def _kept(body: str) -> Response:
    """BODY with its validators: programs ask every hour and get an empty 304 while nothing changed."""
    answer = _open(_answer(body, "public, max-age=300"))
    seal = hashlib.sha256(body.encode()).hexdigest()
    before, since = _bodies.get(request.url, ("", None))
    if before != seal or since is None:
        now = utcnow().replace(microsecond=0)
        # Never the second of what was said before: a date alone must tell them apart.
        since = max(now, since + dt.timedelta(seconds=1)) if since else now
        if len(_bodies) >= MOST_BODIES:
            _bodies.clear()
        _bodies[request.url] = (seal, since)
    answer.set_etag(seal[:32])
    answer.last_modified = since
    answer.make_conditional(request)
    return answer


def _open(answer: Response) -> Response:
    """What is public may be read from pages of other sites: players on the web need that."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@pages.get("/feeds/<uuid:pid>/<name>")
@limiter.exempt
def feed_file(pid: uuid.UUID, name: str) -> Response:
    """A part of a public recording, as feeds name it: sound.m4a, film.mp4, poster.jpg, el.vtt, chapters.json."""
    return _open(_part(find.public_episode_or_404(pid), name, public=True))


def _part(recording: Recording, name: str, *, public: bool) -> Response:
    cut = bool(cuts_of([recording.id])[recording.id].spans)
    if name == "chapters.json" and not cut:  # they count on the whole film
        return Response(_chapters(recording), content_type=CHAPTERS)
    stem, _, wanted = name.rpartition(".")
    sound = None if cut else asset(recording, AssetRole.AUDIO)
    parts = {"sound": sound, "film": watched(recording, cut=cut),
             "poster": asset(recording, AssetRole.POSTER)}
    found = parts[stem] if stem in parts else asset(recording, AssetRole.CAPTIONS, stem)
    if found is None or ending(found) != wanted:
        raise NotFound
    return edited(found, public=public) if cut and stem not in parts else delivery.send(found, public)


def _chapters(recording: Recording) -> bytes:
    """The chapters that people made; without them the questions are."""
    if made := chapters_of(recording):
        return podcast(made, recording.duration or 0, recording.language)
    return json.dumps(asked_in(recording), ensure_ascii=False).encode()


@pages.get("/feeds/mine/<token>.xml")
@limiter.exempt
def own_feed(token: str) -> Response:
    """The recordings of one person's cohorts, for the podcast program that was given this address."""
    user = find.owner_or_404(token)

    def address(recording: Recording, name: str) -> str:
        return url_for("archive.own_file", token=token, pid=recording.pid, name=name, _external=True)

    with force_locale(user.locale):
        link = url_for("archive.recordings", _external=True)
        about = gettext("The recordings of your cohorts. The address is yours alone: don't pass it on.")
        channel = Channel(gettext("My recordings"), about, link, request.url, user.locale, private=True)
        return _answer(_written(channel, find.own_episodes(user), address), "private, no-store")


@pages.get("/feeds/mine/<token>/<uuid:pid>/<name>")
@limiter.exempt
def own_file(token: str, pid: uuid.UUID, name: str) -> Response:
    """A part of a recording in somebody's private feed; who they are and what they may watch is asked every time."""
    answer = _part(find.own_episode_or_404(find.owner_or_404(token), pid), name, public=False)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.get("/me/feed")
@signed_in
def my_feed() -> Response:
    """One's own feed: its address, or how to make one."""
    feed = find.feed_of(actor())  # type: ignore[arg-type] # signed_in
    token = act.token(feed) if feed else None
    address = url_for("archive.own_feed", token=token, _external=True) if token else ""
    answer = Response(render_template("archive/my_feed.html", feed=feed, address=address))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/me/feed")
@writes
@signed_in
def make_feed() -> Any:
    act.make(actor())  # type: ignore[arg-type] # signed_in
    return redirect(url_for("archive.my_feed"), 303)


@pages.post("/me/feed/revoke")
@writes
@signed_in
def revoke_feed() -> Any:
    act.revoke(actor())  # type: ignore[arg-type] # signed_in
    flash(gettext("The address is no longer good. Programs that have it get nothing more."), "ok")
    return redirect(url_for("archive.my_feed"), 303)
