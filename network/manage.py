"""Staff open organisations and name who acts for them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from accounts.guards import only
from accounts.permissions import actor
from core.errors import NotFound
from core.limits import writes
from network import queries, services
from network.forms import KINDS, PARTS, MemberForm, OrganisationForm
from network.models import Organisation
from network.permissions import can_manage_organisations

pages = Blueprint("network_manage", __name__, url_prefix="/staff/organisations")


@pages.get("")
@only(can_manage_organisations)
def index() -> Any:
    return render_template(
        "network/manage/index.html", organisations=queries.all_organisations(), kinds=KINDS
    )


@pages.route("/new", methods=["GET", "POST"])
@only(can_manage_organisations)
@writes
def new() -> Any:
    form = OrganisationForm()
    if form.validate_on_submit():
        organisation = services.open_organisation(actor(), form.data)
        flash(_("The organisation is open. Say who acts for it."), "ok")
        return redirect(url_for("network_manage.edit", slug=organisation.slug), 303)
    return render_template("network/manage/new.html", form=form), 422 if form.errors else 200


@pages.route("/<slug>", methods=["GET", "POST"])
@only(can_manage_organisations)
@writes
def edit(slug: str) -> Any:
    organisation = queries.organisation_or_404(slug)
    form = OrganisationForm(obj=organisation)
    if form.validate_on_submit():
        services.edit_organisation(actor(), organisation, form.data)
        flash(_("Saved."), "ok")
        return redirect(url_for("network_manage.edit", slug=slug), 303)
    return _edit_page(organisation, form, MemberForm(formdata=None))


@pages.post("/<slug>/members")
@only(can_manage_organisations)
@writes
def add_member(slug: str) -> Any:
    organisation = queries.organisation_or_404(slug)
    form = MemberForm()
    if form.validate_on_submit():
        try:
            services.add_member(actor(), organisation, form.email.data, form.part.data)
        except services.UnknownPerson as error:
            form.email.errors = [str(error.message)]
        else:
            flash(_("They act for the organisation from now on."), "ok")
            return redirect(url_for("network_manage.edit", slug=slug, _anchor="members"), 303)
    return _edit_page(organisation, OrganisationForm(formdata=None, obj=organisation), form)


@pages.post("/<slug>/members/<uuid:pid>/remove")
@only(can_manage_organisations)
@writes
def remove_member(slug: str, pid: uuid.UUID) -> Any:
    organisation = queries.organisation_or_404(slug)
    person = next((m.user for m in queries.members_of(organisation) if m.user.pid == pid), None)
    if person is None:
        raise NotFound
    services.remove_member(actor(), organisation, person)
    flash(_("%(name)s no longer acts for it.", name=person.name), "ok")
    return redirect(url_for("network_manage.edit", slug=slug, _anchor="members"), 303)


def _edit_page(organisation: Organisation, form: OrganisationForm, member_form: MemberForm) -> Any:
    page = render_template(
        "network/manage/edit.html",
        organisation=organisation,
        form=form,
        member_form=member_form,
        members=queries.members_of(organisation),
        parts=PARTS,
    )
    return page, 422 if form.errors or member_form.errors else 200
