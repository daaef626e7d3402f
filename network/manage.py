from __future__ import annotations

from flask import Blueprint

pages = Blueprint("network_manage", __name__)
