"""How well the index finds what people type: recall and precision over the passages of our own modules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from core import search
from core.db import db
from core.markdown import plain
from core.search import Asked, Document, Link, Reader
from courses.seeding import SEEDS, read_module

FILE = Path(__file__).with_name("retrieval.yaml")
SHORTEST = 40  # characters; less is a heading


def passages() -> list[str]:
    """The paragraphs of every module, in order."""
    texts = [read_module(path)[1] for path in sorted((SEEDS / "modules").glob("*.md"))]
    return [line for text in texts for line in plain(text.reading_el).split("\n") if len(line) >= SHORTEST]


def queries(group: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load(FILE.read_text("utf-8"))[group])


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).lower()


def gold(says: list[str], texts: list[str]) -> set[int]:
    """The numbers of the passages that say every one of SAYS."""
    wanted = [re.compile(rf"(?<!\w)(?:{_bare(pattern)})(?!\w)") for pattern in says]
    return {number for number, text in enumerate(texts) if all(one.search(_bare(text)) for one in wanted)}


@contextmanager
def filled(app: Flask, texts: list[str]) -> Iterator[None]:
    """Each passage in the index, as a document of its own of a kind that only is here."""
    def documents(key: int) -> Iterator[Document]:
        yield Document(part=0, title_el="", text=texts[key - 1], links=(Link("home.index", {}),))

    search.register("passage", lambda: range(1, len(texts) + 1), documents)
    with app.app_context():
        search.rebuild("passage")
        db.session.remove()
    yield
    del search.index._sources["passage"]


@dataclass(frozen=True)
class Result:
    """What came of one query: numbers of passages."""

    typed: str
    right: set[int]
    found: set[int]

    @property
    def recall(self) -> float:
        return len(self.right & self.found) / len(self.right)

    @property
    def precision(self) -> float:
        return len(self.right & self.found) / len(self.found) if self.found else 0.0


def asked(app: Flask, group: str, texts: list[str]) -> list[Result]:
    """Every query of GROUP, asked as anybody would; all pages of what is found."""
    results = []
    with app.app_context():
        for query in queries(group):
            found: set[int] = set()
            for page in range(1, 16):
                groups = search.find(Asked(query["typed"], kind="passage", page=page), Reader()).groups
                if not groups or groups[0].page != page:
                    break
                found |= {hit.document.key - 1 for hit in groups[0].hits}
            results.append(Result(query["typed"], gold(query["says"], texts), found))
        db.session.remove()
    return results


def mean(results: list[Result], name: str) -> float:
    return sum(getattr(result, name) for result in results) / len(results)
