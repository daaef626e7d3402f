"""What of an event is proven, and how: its canonical form, the link to the one before, and names kept apart.

The names of people are never in what is proven: they stand beside the event and may be taken away later
(somebody wants their name off a question, the room is archived) without breaking the chain.
docs/live-protocol.md tells everybody how to recompute it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

START = "0" * 64  # stands before the first event of a stream
# In an event's data, people's names stand under these keys and under no others; and what else tells who somebody is.
NAME_KEYS = frozenset({"by", "who", "place", "first"})


def split_names(data: Any, place: str = "") -> tuple[Any, dict[str, Any]]:
    """(DATA with null for every name, {where it stood: name}), for example {"answers/0/by": "Άννα Π."}."""
    names: dict[str, Any] = {}
    if isinstance(data, dict):
        bare: Any = {}
        for key, value in data.items():
            if key in NAME_KEYS and isinstance(value, str | bool):
                names[f"{place}{key}"], bare[str(key)] = value, None
            else:
                bare[str(key)], more = split_names(value, f"{place}{key}/")
                names |= more
        return bare, names
    if isinstance(data, list | tuple):
        rows = [split_names(value, f"{place}{at}/") for at, value in enumerate(data)]
        for _bare, more in rows:
            names |= more
        return [bare for bare, _more in rows], names
    return data, names


def put_names(data: Any, names: dict[str, Any] | None) -> Any:
    """DATA with its NAMES where they stood; what was taken away stays null. Changes DATA."""
    for place, name in (names or {}).items():
        *way, key = place.split("/")
        here = data
        for step in way:
            here = here[int(step) if isinstance(here, list) else step]
        here[key] = name
    return data


def canonical(place: tuple[str, str, int], kind: str, data: Any, at: dt.datetime) -> str:
    """An event as the proof writes it. PLACE is the room's code, the stream and the event's number.

    JSON in one line without blanks, keys sorted; the time in UTC with microseconds.
    """
    told = [*place, kind, data, at.astimezone(dt.UTC).isoformat(timespec="microseconds")]
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(before: str, written: str) -> str:
    """The hash of an event WRITTEN canonically, after the one whose hash is BEFORE: 64 hexadecimal digits."""
    return hashlib.sha256((before + written).encode()).hexdigest()


def without_names_of(pid: str, data: Any, names: dict[str, Any]) -> dict[str, Any]:
    """NAMES of an event without what they say of the question PID, wherever in its DATA it stands."""
    kept = {}
    for place, name in names.items():
        *way, _key = place.split("/")
        here = data
        for step in way:
            here = here[int(step) if isinstance(here, list) else step]
        if here.get("id") != pid or place.endswith("who"):
            kept[place] = name
    return kept
