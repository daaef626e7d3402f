from __future__ import annotations

from flask import Blueprint

pages = Blueprint("forum", __name__)
