"""Markdown to HTML: the one place where text becomes markup."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

# "js-default" escapes raw HTML and refuses javascript:, vbscript: and data: links.
_parser = MarkdownIt("js-default", {"linkify": False, "typographer": False})


@lru_cache(maxsize=512)
def render(text: str) -> Markup:
    """Safe HTML of the Markdown TEXT. Headings start at h2: the page owns h1."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"} and token.tag == "h1":
            token.tag = "h2"
    return Markup(_parser.renderer.render(tokens, _parser.options, {}))  # noqa: S704 - escaped by the parser
