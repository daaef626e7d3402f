"""A person's own account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from flask_security import logout_user
from werkzeug.wrappers import Response

from accounts import services
from accounts.forms import ProfileForm
from accounts.guards import signed_in
from accounts.permissions import actor
from core.limits import writes

pages = Blueprint("accounts", __name__)


@pages.get("/sign-up/sent")
def check_mail() -> str:
    """After sign-up: what happens next."""
    return render_template("accounts/check_mail.html")


@pages.get("/confirmed")
def confirmed() -> Response:
    """After the link of the e-mail: sign-in, and from there to where the person was going."""
    return redirect(url_for("security.login", next=session.pop("after_sign_up", None)))


@pages.get("/me/second-factor/set")
@signed_in
def second_step() -> Response:
    """After the second step was turned on or off: whoever has it needs recovery codes."""
    user = actor()
    assert user is not None  # noqa: S101 - signed_in
    without_codes = user.tf_primary_method and not user.mf_recovery_codes
    return redirect(url_for("security.mf_recovery_codes" if without_codes else "accounts.profile"))


@pages.get("/me/account")
@signed_in
def profile() -> str:
    return render_template("accounts/profile.html", form=ProfileForm(obj=actor()), user=actor())


@pages.post("/me/account")
@writes
@signed_in
def save_profile() -> str | Response | tuple[str, int]:
    user = actor()
    assert user is not None  # noqa: S101 - signed_in
    form = ProfileForm()
    if not form.validate():
        return render_template("accounts/profile.html", form=form, user=user), 422
    services.update_profile(
        user, form.given_name.data, form.family_name.data, form.latin_name.data or "", form.locale.data
    )
    session["locale"] = user.locale
    flash(gettext("Saved."), "ok")
    return redirect(url_for("accounts.profile"), 303)


@pages.post("/me/sign-out-everywhere")
@writes
@signed_in
def sign_out_everywhere() -> Response:
    user = actor()
    assert user is not None  # noqa: S101 - signed_in
    services.sign_out_everywhere(user)
    logout_user()
    flash(gettext("You are signed out on every device."), "ok")
    return redirect(url_for("security.login"), 303)
