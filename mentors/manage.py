from __future__ import annotations

from flask import Blueprint

pages = Blueprint("mentors_manage", __name__)
