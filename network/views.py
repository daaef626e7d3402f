from __future__ import annotations

from flask import Blueprint

pages = Blueprint("network", __name__)
