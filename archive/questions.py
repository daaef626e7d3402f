"""A recording's questions as tracks that players read: WebVTT metadata, and chapters as podcasts have them (JSON).

Both are made of the moments each time they are asked for: an anchor that moves moves them too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from textwrap import shorten
from typing import Any

from archive.captions import stamp
from archive.queries.record import Moment

CHAPTERS = "application/json+chapters; charset=utf-8"
LONGEST = 200  # letters of a chapter's title: players show a line
LAST = 60.0  # seconds of the last answer when nobody said when it ended


def spans(moments: Sequence[Moment], duration: float) -> list[tuple[Moment, float, float]]:
    """Each placed moment with its first and last second, in order; no end reaches into the next answer."""
    placed = sorted((m for m in moments if m.start is not None), key=lambda m: m.start or 0.0)
    starts = [moment.start or 0.0 for moment in placed]
    found = []
    for moment, (start, following) in zip(placed, pairwise([*starts, duration]), strict=True):
        end = moment.end if moment.end is not None else start + LAST
        last = min(end, following if following > start else end, duration)
        found.append((moment, start, max(last, start + 0.001)))
    return found


def track(moments: Sequence[Moment], duration: float) -> bytes:
    """The WebVTT metadata track: for each answer a cue whose text is {"no", "id", "question"} as JSON."""
    blocks = ["WEBVTT\n"]
    for moment, start, end in spans(moments, duration):
        asked = moment.question
        told = json.dumps({"no": asked.no, "id": str(asked.pid), "question": asked.body}, ensure_ascii=False)
        told = told.replace(">", "\\u003e")  # an arrow would begin another cue
        blocks.append(f"q{asked.no}\n{stamp(start)} --> {stamp(end)}\n{told}\n")
    return "\n".join(blocks).encode()


def chapters(moments: Sequence[Moment], duration: float, address: Callable[[int], str]) -> dict[str, Any]:
    """The same as JSON chapters 1.2; ADDRESS gives the page at a second. Times in seconds."""
    rows = [
        {
            "startTime": round(start, 3),
            "endTime": round(end, 3),
            "title": shorten(moment.question.body, LONGEST, placeholder="…"),
            "url": address(int(start)),
        }
        for moment, start, end in spans(moments, duration)
    ]
    return {"version": "1.2.0", "chapters": rows}
