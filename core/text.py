"""Greek text: folding for comparison, slugs, and the cleaning every input passes."""

from __future__ import annotations

import re
import unicodedata

# ELOT 743, simplified for addresses: digraphs first, then letters.
_DIGRAPHS = {"ου": "ou", "αυ": "av", "ευ": "ev", "μπ": "b", "ντ": "nt", "γγ": "ng", "γκ": "gk", "τζ": "tz"}
_LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        ["a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "t", "y", "f", "ch",
         "ps", "o"],
        strict=True,
    )
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# With the halves of characters that JSON can carry and no database can store.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def fold(text: str) -> str:
    """TEXT for comparing and sorting: lower case, no accents, final sigma as sigma."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.lower().replace("ς", "σ")


def clean(text: str) -> str:
    """TEXT as we store it: NFC (U+037E becomes «;»), no control or direction characters, no outer blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # First out, then together: what stood between a letter and its accent may have parted them.
    return unicodedata.normalize("NFC", _CONTROL.sub("", _INVISIBLE.sub("", text))).strip()


def slugify(text: str, limit: int = 60) -> str:
    """A Latin address of TEXT: «Τμήμα Ανεμόραχης» → "tmima-anemorachis"."""
    folded = fold(text)
    for greek, latin in _DIGRAPHS.items():
        folded = folded.replace(greek, latin)
    latin = "".join(_LETTERS.get(c, c) for c in folded)
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:limit].rstrip("-")
