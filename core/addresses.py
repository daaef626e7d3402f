"""Addresses that a visitor hands in: where to go back to."""

from __future__ import annotations

from urllib.parse import urlsplit


def leads_inside(address: str) -> bool:
    """Whether ADDRESS is a path of this site. Browsers read a backslash as a slash and skip control signs."""
    if not address.startswith("/") or address[1:2] in {"/", "\\"} or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
