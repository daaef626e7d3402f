from __future__ import annotations

from flask import Blueprint

pages = Blueprint("accounts_manage", __name__)
