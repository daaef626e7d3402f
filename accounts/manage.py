"""Who holds a role for the whole platform: administrators only."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from accounts import queries, services
from accounts.forms import ROLE_WORDS, RoleForm
from accounts.guards import only
from accounts.models import PlatformRole
from accounts.permissions import actor, is_admin
from core.errors import DomainError
from core.limits import writes
from core.pages import page_number

pages = Blueprint("accounts_manage", __name__, url_prefix="/admin/roles")


@pages.get("/")
@only(is_admin)
def index() -> str:
    return _page(RoleForm())


def _page(form: RoleForm) -> str:
    page = queries.people_with_roles(page_number())
    return render_template("accounts/roles.html", form=form, page=page, role_names=ROLE_WORDS)


@pages.post("/")
@writes
@only(is_admin)
def grant() -> Response | tuple[str, int]:
    form = RoleForm()
    if form.validate():
        try:
            user = services.grant(actor(), form.email.data, PlatformRole(form.role.data))
        except DomainError as error:
            form.email.errors = [str(error.message)]
        else:
            flash(gettext("%(name)s has the role now.", name=user.name), "ok")
            return redirect(url_for("accounts_manage.index"), 303)
    return _page(form), 422


@pages.post("/<uuid:pid>/<role>/revoke")
@writes
@only(is_admin)
def revoke(pid: UUID, role: str) -> Response:
    user = queries.user_by_pid(pid)
    if user is None or role not in set(PlatformRole):
        abort(404)
    services.revoke(actor(), user, PlatformRole(role))
    flash(gettext("%(name)s no longer has the role.", name=user.name), "ok")
    return redirect(url_for("accounts_manage.index"), 303)
