"""What accounts show in the account's menu."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext

from accounts.models import User
from accounts.permissions import is_admin
from core.slots import fills


@fills("account.menu")
def roles_in_menu(user: User) -> list[tuple[str, str]]:
    return [(gettext("Roles"), url_for("accounts_manage.index"))] if is_admin(user) else []
