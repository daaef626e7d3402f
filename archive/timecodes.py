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


def write(seconds: float) -> str:
    """SECONDS so that `parse` gives them back: 1:02:03.25, 0:05."""
    full, thousandths = divmod(round(seconds * 1000), 1000)
    hours, rest = divmod(full, 3600)
    fraction = f".{thousandths:03}".rstrip("0") if thousandths else ""
    clock = f"{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{clock}{fraction}" if hours else f"{clock}{fraction}"
