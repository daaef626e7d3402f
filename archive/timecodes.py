"""Moments as people write them in addresses and forms: 1h2m3s, 3723, 1:02:03, 62:03."""

from __future__ import annotations

import re

_LETTERS = re.compile(r"^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6}(?:\.\d{1,3})?)s?)?$")
_COLONS = re.compile(r"^(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d(?:\.\d{1,3})?)$")


def parse(text: str) -> float | None:
    """The seconds TEXT means, None when it means none."""
    text = text.strip().lower()
    found = _COLONS.match(text) or (_LETTERS.match(text) if text else None)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
