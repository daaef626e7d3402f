"""What cohorts show on pages of packages below, and the desk in the account's menu."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from accounts.models import User
from core.slots import fills
from mentors import queries
from mentors.permissions import has_desk


@fills("module.more")
def cohorts_that_teach(module: Any) -> str:
    """Cohorts of a module, under its page."""
    return render_template("mentors/_module_cohorts.html", cohorts=queries.cohorts_teaching(module.id))


@fills("organisation.more")
def cohorts_of_organisation(organisation: Any) -> str:
    return render_template(
        "mentors/_organisation_cohorts.html", cohorts=queries.cohorts_by_organisation(organisation.id)
    )


@fills("account.menu")
def desk_in_menu(user: User) -> list[tuple[str, str]]:
    return [(_("Cohorts I run"), url_for("mentors_manage.index"))] if has_desk(user) else []
