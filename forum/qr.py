"""QR codes as one path of an inline SVG, without styles of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import segno


@dataclass(frozen=True)
class Drawing:
    """A square of SIZE modules and the path of the dark ones."""

    size: int
    path: str


@lru_cache(maxsize=256)
def qr_path(text: str) -> Drawing:
    """The QR code of TEXT, dark modules as horizontal runs."""
    code = segno.make(text, error="m", micro=False)
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        for dark, group in groupby(row, bool):
            width = len(list(group))
            if dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Drawing(len(code.matrix), "".join(runs))
