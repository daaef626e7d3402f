"""Every page, as the role that sees it: nothing for axe to find, nothing to scroll sideways, nothing untranslated.

Each page is read twice: in Greek by day at 1440 px, in English by night at 360 px (and measured at 320).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import ROOT
from tests.journeys.shots import MAIN, MORE, Readers, Shot

pytestmark = pytest.mark.browser

WAYS = {"el": ("light", 1440), "en": ("dark", 360)}
STATUSES = {"not-found": {404}, "sign-in-refused": {200, 401, 422}, "recovery": {200, 302}}
GRAVE = {"serious", "critical"}
GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
LATIN_WORD = re.compile("[A-Za-z]{3,}")

RUN_AXE = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
  });
  return found.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.target.join(" ")).slice(0, 4)]);
}"""
FACTS = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  h1: document.querySelectorAll("h1").length,
})"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
# What a reader of the page's own language reads; words marked as another language's are meant to be in it.
WORDS = """language => {
  const seen = new Set();
  const own = node => (node.closest("[lang]") || document.documentElement).lang === language;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.data.replace(/\\s+/g, " ").trim();
    if (text && own(node.parentElement) && node.parentElement.checkVisibility()) seen.add(text);
  }
  for (const node of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      const text = (node.getAttribute(name) || "").trim();
      if (text && own(node)) seen.add(text);
    }
  }
  return [...seen];
}"""


@cache
def untranslated(locale: str) -> frozenset[str]:
    """What must not be read in LOCALE: the English of the catalogue in Greek pages, the Greek in English ones."""
    pairs = [
        (str(message.id), str(message.string))
        for path in Path(ROOT / "translations" / "el").glob("*.po")
        for message in read_po(io.BytesIO(path.read_bytes()), locale="el")
        if message.id and isinstance(message.id, str) and message.string and message.id != message.string
    ]
    if locale == "el":
        return frozenset(english for english, _ in pairs if LATIN_WORD.search(english))
    return frozenset(greek for _, greek in pairs if GREEK.search(greek))


@pytest.fixture(scope="session")
def readers(chromium: Browser, site: str) -> Iterator[Readers]:
    found = Readers(chromium, site)
    yield found
    found.close()


class Watch:
    """What a page complains of while it is open, and whom it asks for anything."""

    def __init__(self, page: Page, site: str) -> None:
        self.complaints: list[str] = []
        own = (site, "data:", "blob:", site.replace("http", "ws"))
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(own) or self.complaints.append(f"asks {asked.url}"))

    def _hear(self, kind: str, text: str) -> None:
        # A page that is a refusal answers 4xx, which the browser writes down as an error.
        if kind == "error" and "status of 40" not in text and "status of 422" not in text:
            self.complaints.append(text)


def facts(page: Page, locale: str) -> list[str]:
    """What is wrong with the frame of the page."""
    found: dict[str, Any] = page.evaluate(FACTS)
    wrong = [] if found["lang"] == locale else [f"lang={found['lang']}"]
    wrong += [] if found["title"].strip() else ["no title"]
    return wrong + ([] if found["h1"] == 1 else [f"{found['h1']} h1"])


def sideways(page: Page, widths: tuple[int, ...]) -> list[str]:
    wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        if (over := page.evaluate(SIDEWAYS)) > 0:
            wrong.append(f"{over} px too wide at {width}")
    return wrong


@pytest.mark.parametrize("locale", WAYS)
@pytest.mark.parametrize("shot", MAIN + MORE, ids=lambda shot: shot.name)
def test_page(shot: Shot, locale: str, readers: Readers):
    scheme, width = WAYS[locale]
    page = readers.context(shot.email, locale, scheme).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    watch = Watch(page, readers.site)
    status = readers.show(page, shot)

    wrong = facts(page, locale) + ([] if status in STATUSES.get(shot.name, {200}) else [f"status {status}"])
    words = page.evaluate(WORDS, locale)
    wrong += [f"untranslated: {text}" for text in words if text in untranslated(locale)]
    page.evaluate(AXE_SCRIPT)
    wrong += [f"{rule} at {places}" for impact, rule, places in page.evaluate(RUN_AXE) if impact in GRAVE]
    wrong += sideways(page, (360, 320) if locale == "en" else (width,))
    page.close()

    assert wrong + watch.complaints == []
