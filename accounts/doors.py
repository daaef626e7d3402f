"""What stands around Flask-Security's own pages: limits, doors that stay shut, a double sign-up."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from flask import Flask, abort, redirect, request, session, url_for
from sqlalchemy.exc import IntegrityError

from core.addresses import leads_inside
from core.db import db
from core.limits import limiter
from core.text import fold

View = Callable[..., Any]

# Slow guessing down, and keep us from sending letters to whoever a stranger names.
RATES = {
    "login": "10 per minute; 60 per hour",
    "two_factor_token_validation": "10 per minute; 40 per hour",
    "mf_recovery": "10 per minute; 40 per hour",
    "verify": "10 per minute; 60 per hour",
    "change_password": "10 per minute; 60 per hour",
    "reset_password": "10 per minute; 60 per hour",
    "two_factor_setup": "10 per minute; 60 per hour",
    "two_factor_setup_validate": "10 per minute; 60 per hour",
    "mf_recovery_codes": "10 per minute; 60 per hour",
    "register": "10 per minute; 30 per hour",
    "forgot_password": "5 per minute; 20 per hour",
    "send_confirmation": "5 per minute; 20 per hour",
    "change_email": "5 per minute; 20 per hour",
}
# Only an app makes numbers here and recovery codes are linked: nothing to choose, nobody to write to.
SHUT = ("two_factor_rescue", "tf_select")


def _account() -> str:
    """Counted for the account that is named, from wherever the guesses come."""
    return f"account {fold(request.form.get('email', '').strip())}"


def _failed(response: Any) -> bool:
    """A sign-in that went through answers with a redirect."""
    return bool(response.status_code == 200)


@cache
def _limited(endpoint: str, view: View) -> View:
    """VIEW with its limits, made once: the limiter counts a view twice that is decorated twice."""
    if endpoint == "login":
        view = limiter.shared_limit(
            "40 per hour", scope="sign-in to an account", key_func=_account, methods=["POST"], deduct_when=_failed
        )(view)
    return limiter.shared_limit(RATES[endpoint], scope=endpoint, methods=["POST"])(view)


@cache
def _sign_up(view: View) -> View:
    """VIEW that takes a double click well and remembers where the person was going.

    All of it is the same for an address that has an account and for one that has none.
    """

    @wraps(view)
    def sign_up() -> Any:
        try:
            page = view()
        except IntegrityError:  # the same form a moment earlier: its message is on the way
            db.session.rollback()
            page = None
        if isinstance(page, str) or session.get("_user_id"):
            return page
        target = request.form.get("next", "")
        if leads_inside(target):
            session["after_sign_up"] = target
        return redirect(url_for("accounts.check_mail"), 303)

    return sign_up


def _shut(**_args: Any) -> Any:
    abort(404)


def init_app(app: Flask) -> None:
    """Replace the library's views in APP by guarded ones."""
    views = app.view_functions
    views["security.register"] = _sign_up(views["security.register"])
    for name in RATES:
        views[f"security.{name}"] = _limited(name, views[f"security.{name}"])
    for name in SHUT:
        views[f"security.{name}"] = _shut
