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
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.journeys.conftest import ROOT
from tests.journeys.shots import MAIN, MORE, Readers, Shot

pytestmark = pytest.mark.browser

WAYS = {"el": ("light", 1440), "en": ("dark", 360)}
STATUSES = {"not-found": {404}, "sign-in-refused": {200, 401, 422}, "recovery": {200, 302}}
OWN_LANGUAGE = {"projector": "el"}  # a wall speaks the language of the meeting
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
  h1: [...document.querySelectorAll("h1")].filter(heading => heading.checkVisibility()).length,
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


class Watch:
    """What a page complains of, and whom it asks for anything. One for each page, as listeners stay."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.own = (site, "data:", "blob:", site.replace("http", "ws"))
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that is a refusal answers 4xx, which the browser writes down as an error.
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def _see(self, request: Request) -> None:
        if not request.url.startswith(self.own):
            self.complaints.append(f"asks {request.url}")


def facts(page: Page, locale: str) -> list[str]:
    """What is wrong with the frame of the page, which should be in LOCALE."""
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


@pytest.fixture(scope="session")
def readers(chromium: Browser, shared_site: str) -> Iterator[Readers]:
    found = Readers(chromium, shared_site)
    yield found
    found.close()


@pytest.fixture(scope="session")
def watches() -> dict[BrowserContext, Watch]:
    """A page for each reader, kept: a new one for each address costs as much as reading it."""
    return {}


@pytest.mark.parametrize("locale", WAYS)
@pytest.mark.parametrize("shot", MAIN + MORE, ids=lambda shot: shot.name)
def test_page(shot: Shot, locale: str, readers: Readers, watches: dict[BrowserContext, Watch]):
    scheme, width = WAYS[locale]
    context = readers.context(shot.email, locale, scheme)
    if context not in watches:
        watches[context] = Watch(context.new_page(), readers.site)
    watch = watches[context]
    page = watch.page
    page.set_viewport_size({"width": width, "height": 800})
    status = readers.show(page, shot)

    wrong = [] if status in STATUSES.get(shot.name, {200}) else [f"status {status}"]
    wrong += facts(page, OWN_LANGUAGE.get(shot.name, locale))
    wrong += [f"untranslated: {text}" for text in page.evaluate(WORDS, locale) if text in untranslated(locale)]
    page.evaluate(AXE_SCRIPT)
    wrong += [f"{rule} at {places}" for impact, rule, places in page.evaluate(RUN_AXE) if impact in GRAVE]
    wrong += sideways(page, (360, 320) if locale == "en" else (width,))
    page.goto("about:blank")
    wrong += watch.complaints
    watch.complaints.clear()

    assert wrong == []
