"""Front page, dashboard, the two other pillars, what stands behind the programme, language and health."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from accounts.guards import signed_in
from accounts.permissions import actor
from core.addresses import leads_inside
from core.db import db
from core.i18n import LOCALES
from core.limits import limiter
from home import queries

pages = Blueprint("home", __name__)


@pages.get("/")
def index() -> str:
    return render_template("home/index.html", front=queries.front(actor()))


@pages.get("/me")
@signed_in
def dashboard() -> str:
    user = actor()
    assert user is not None  # noqa: S101 - signed_in
    return render_template("home/dashboard.html", mine=queries.dashboard(user), user=user)


@pages.get("/think-tank")
def think_tank() -> str:
    return render_template("home/think_tank.html", front=queries.think_tank(actor()))


@pages.get("/market")
def market() -> str:
    return render_template("home/market.html", organisations=queries.organisations())


@pages.get("/about")
def about() -> str:
    return render_template("home/about.html", themes=queries.themes())


@pages.get("/privacy")
def privacy() -> str:
    return render_template("home/privacy.html")


@pages.get("/accessibility")
def accessibility() -> str:
    return render_template("home/accessibility.html")


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
