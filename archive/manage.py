from __future__ import annotations

from flask import Blueprint

pages = Blueprint("archive_manage", __name__)
