"""The standing texts: what this is, privacy, accessibility. Markdown: home/standing/<name>.<language>.md.

Whoever runs an installation puts words of their own into INSTANCE_DIR/texts under the same name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from markupsafe import Markup

from core.i18n import locale_code
from core.markdown import render

FOLDER = Path(__file__).parent / "standing"


@dataclass(frozen=True)
class Text:
    """A page of words: its title, the sentence under it, the rest as safe HTML."""

    title: str
    lede: str
    body: Markup


def standing(name: str) -> Text:
    """The text NAME in the reader's language: "# title", a first paragraph, the rest."""
    filename = f"{name}.{locale_code()}.md"
    own = Path(current_app.config["INSTANCE_DIR"], "texts", filename)
    words = (own if own.is_file() else FOLDER / filename).read_text("utf-8")
    title, _, rest = words.partition("\n")
    lede, _, body = rest.strip().partition("\n\n")
    return Text(title.removeprefix("# ").strip(), " ".join(lede.split()), render(body))
