"""The public directory of organisations."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from core.pages import page_number
from core.text import clean
from network import queries
from network.forms import KINDS

pages = Blueprint("network", __name__)


@pages.get("/organisations")
def organisations() -> Any:
    """All organisations, by kind or by words of their name."""
    kind, words = request.args.get("kind", ""), clean(request.args.get("q", ""))[:100]
    listing = queries.organisations(kind, words, page_number())
    return render_template("network/organisations.html", listing=listing, kind=kind, words=words, kinds=KINDS)


@pages.get("/organisations/<slug>")
def organisation(slug: str) -> Any:
    """One organisation; the packages above add their part (slot "organisation.more")."""
    return render_template(
        "network/organisation.html", organisation=queries.organisation_or_404(slug), kinds=KINDS
    )
