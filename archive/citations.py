"""A recording, or a moment of it, as other people's works cite it: plain text, BibTeX, RIS and CSL-JSON.

Times are seconds of the original file, which is never rewritten, and its SHA-256 stands beside them: whatever is made
of the original later, a citation means the same words.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.i18n import timecode


@dataclass(frozen=True)
class Source:
    """What is cited. AUTHOR is (family, given) or None; SECOND and END of the original, None for the whole."""

    key: str  # of the BibTeX entry
    title: str
    author: tuple[str, str] | None
    publisher: str
    series: str
    held: dt.date
    address: str
    language: str
    licence: str
    sha256: str
    second: float | None = None
    words: str = ""  # what is quoted: the question that is answered there
    transcript: int = 0  # the version of its captions that people read now, 0 without any

    @property
    def moment(self) -> str:
        return timecode(self.second) if self.second is not None else ""

    @property
    def note(self) -> str:
        """Which file it is, and which text of what is said in it."""
        text = f"transcript version {self.transcript}" if self.transcript else ""
        return "; ".join(filter(None, (f"SHA-256 {self.sha256}", text, self.licence)))


def plain(source: Source) -> str:
    """One line of text, as people paste it into a footnote."""
    author = f"{source.author[0]}, {source.author[1]}. " if source.author else ""
    words = f"«{source.words}» " if source.words else ""
    moment = f", {source.moment}" if source.moment else ""
    return (
        f"{author}{words}{source.title}{moment}. {source.series}. {source.publisher}, {source.held.isoformat()}. "
        f"{source.address} (SHA-256 {source.sha256[:16]}, {source.licence})"
    )


def bibtex(source: Source) -> str:
    """A @misc entry; UTF-8, with the characters that mean something to TeX escaped."""
    author = f"{source.author[0]}, {source.author[1]}" if source.author else source.publisher
    note = "; ".join(filter(None, (source.moment, source.words, source.note)))
    fields = {
        "author": author,
        "title": source.title,
        "howpublished": "Video recording",
        "series": source.series,
        "publisher": source.publisher,
        "year": str(source.held.year),
        "month": str(source.held.month),
        "note": note,
        "language": source.language,
    }
    lines = [f"  {name} = {{{_tex(value)}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{source.key},", *lines, f"  url = {{{source.address}}}", "}", ""])


_TEX = re.compile(r"[\\{}$&#%_~^]")


def _tex(text: str) -> str:
    return _TEX.sub(lambda found: f"\\char{ord(found.group())}{{}}", " ".join(text.split()))


def ris(source: Source) -> str:
    """The tagged form that reference managers read; lines end with CR LF."""
    rows = [
        ("TY", "VIDEO"),
        ("TI", source.title),
        ("AU", f"{source.author[0]}, {source.author[1]}" if source.author else ""),
        ("T2", source.series),
        ("PB", source.publisher),
        ("PY", str(source.held.year)),
        ("DA", source.held.strftime("%Y/%m/%d")),
        ("LA", source.language),
        ("UR", source.address),
        ("SP", source.moment),
        ("AB", source.words),
        ("N1", source.note),
    ]
    return "\r\n".join(f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value) + "\r\nER  - \r\n"


def csl(source: Source) -> str:
    """CSL-JSON, a list of one item."""
    item: dict[str, Any] = {
        "id": source.key,
        "type": "motion_picture",
        "title": source.title,
        "collection-title": source.series,
        "publisher": source.publisher,
        "issued": {"date-parts": [[source.held.year, source.held.month, source.held.day]]},
        "URL": source.address,
        "language": source.language,
        "note": source.note,
    }
    if source.author:
        item["author"] = [{"family": source.author[0], "given": source.author[1]}]
    if source.moment:
        item["locator"] = source.moment
        item["label"] = "timestamp"
    if source.words:
        item["abstract"] = source.words
    return json.dumps([item], ensure_ascii=False, indent=2)


# {ending of the address: (how it is written, its type)}
STYLES: dict[str, tuple[Callable[[Source], str], str]] = {
    "txt": (plain, "text/plain; charset=utf-8"),
    "bib": (bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (csl, "application/vnd.citationstyles.csl+json; charset=utf-8"),
}
