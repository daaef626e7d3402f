from __future__ import annotations

from flask import Blueprint

pages = Blueprint("archive", __name__)
