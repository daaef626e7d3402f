from __future__ import annotations

from flask import Blueprint

pages = Blueprint("courses_manage", __name__)
