"""Markdown to HTML: the one place where text becomes markup."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

# "js-default" escapes raw HTML and refuses javascript:, vbscript: and data: links.
_parser = MarkdownIt("js-default", {"linkify": False, "typographer": False})
# A wide table scrolls in a frame of its own, not the page.
_parser.add_render_rule("table_open", lambda *_: '<div class="table-wrap"><table>')
_parser.add_render_rule("table_close", lambda *_: "</table></div>")


@lru_cache(maxsize=512)
def render(text: str, top: int = 2) -> Markup:
    """Safe HTML of the Markdown TEXT. Its headings (# and ##) start at h2, as the page owns h1, or at h<TOP>."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, max(2, int(token.tag[1])) + top - 2)}"
    return Markup(_parser.renderer.render(tokens, _parser.options, {}))  # noqa: S704 - escaped by the parser


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """The words of the Markdown TEXT without its signs, a line for each paragraph, item or cell."""
    lines = (
        "".join(part.content if part.type in {"text", "code_inline"} else " " for part in token.children or [])
        for token in _parser.parse(text)
        if token.type == "inline"
    )
    return "\n".join(line for line in lines if line.strip())
