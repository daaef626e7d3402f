"""Front page, dashboard, the two other pillars, what stands behind the programme, language and health."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from accounts.guards import signed_in
from accounts.permissions import actor, is_staff
from core.addresses import leads_inside
from core.db import db, utcnow
from core.i18n import LOCALES
from core.limits import limiter
from core.pagecache import kept
from core.pages import page_number
from courses.queries import themes
from home import queries
from home import search as finding
from home.texts import standing
from home.when import going_on, greeting, today, when
from network.forms import KINDS

pages = Blueprint("home", __name__)
pages.add_app_template_global(when, "when")
pages.add_app_template_test(today, "today")
pages.add_app_template_test(going_on, "going_on")


@pages.get("/")
@kept
def index() -> str:
    now = utcnow()
    return render_template("home/index.html", front=queries.front(now), now=now, kinds=KINDS)


@pages.get("/me")
@kept
@signed_in
def dashboard() -> str:
    user, now = actor(), utcnow()
    assert user is not None  # noqa: S101 - signed_in
    return render_template(
        "home/dashboard.html",
        user=user,
        now=now,
        greeting=greeting(now),
        mine=queries.dashboard(user, now),
        desk=queries.desk(user),
        staff=is_staff(user),
    )


@pages.get("/think-tank")
@kept
def think_tank() -> str:
    return render_template("home/think_tank.html", shelves=queries.shelves())


@pages.get("/market")
@kept
def market() -> str:
    return render_template("home/market.html", organisations=queries.organisations(), kinds=KINDS)


@pages.get("/about")
@kept
def about() -> str:
    return render_template("home/about.html", text=standing("about"), themes=themes())


@pages.get("/privacy")
def privacy() -> str:
    return render_template("home/standing.html", text=standing("privacy"))


@pages.get("/accessibility")
def accessibility() -> str:
    return render_template("home/standing.html", text=standing("accessibility"))


@pages.get("/search")
@limiter.limit("40 per minute")
def search() -> Response:
    """The whole site's search, for what the reader may see. Not for other searches to index."""
    wanted, user = finding.Wanted.of(request.args), actor()
    choices, among = themes(), finding.cohorts(user)
    page = render_template(
        "home/search.html",
        wanted=wanted,
        found=finding.found(wanted, choices, among, user, page_number()),
        filters=finding.filters(wanted, choices, among),
        kinds=finding.KINDS,
    )
    return Response(page, headers={"X-Robots-Tag": "noindex"}, mimetype="text/html")


@pages.post("/language")
def language() -> BaseResponse:
    """Keep the chosen language in the session and go back to where the person was."""
    chosen = request.form.get("locale", "")
    if chosen in LOCALES:
        session["locale"] = chosen
        session.permanent = True
    target = request.form.get("next", "")
    return redirect(target if leads_inside(target) else url_for("home.index"), 303)


@pages.get("/healthz")
@limiter.exempt
def healthz() -> Response | tuple[Response, int]:
    """200 when the database answers, 503 when not."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the answer is the same
        return Response("database unreachable\n", mimetype="text/plain"), 503
    return Response("ok\n", mimetype="text/plain")
