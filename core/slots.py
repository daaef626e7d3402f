"""Places in a page that a package above may fill, so that imports only go down.

The page of a cohort belongs to `mentors`, but the seat, the room and the recording on it
belong to packages above. The page names a slot; they fill it:

    @fills("cohort.act")
    def enrol_box(cohort): return render_template("learning/_enrol.html", ...)

In the template: `{% for part in slot("cohort.act", cohort) %}{{ part }}{% endfor %}`.
A filler for a list gets the whole list and returns {id: Markup}, so a list stays one query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_fillers: dict[str, list[Callable[..., Any]]] = defaultdict(list)


def fills(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as a filler of the slot NAME."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        if function not in _fillers[name]:
            _fillers[name].append(function)
        return function

    return register


def slot(name: str, *args: Any) -> list[Any]:
    """What every filler of NAME gives for ARGS, empty ones left out."""
    return [part for part in (fill(*args) for fill in _fillers[name]) if part]
