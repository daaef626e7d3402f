"""What a first visit weighs on a phone: the front page, then the catalogue, as Chromium receives them.

Counted on the wire, compressed, headers included; the second page finds in the cache what the first one brought.
`python -m bench weight` prints the table.
"""

from __future__ import annotations

import shutil
from collections import Counter
from typing import Any

from bench.product import Product, product

MOST = 150 * 1024  # bytes of the first page and of both together
PHONE = {"width": 360, "height": 740}
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PATHS = ("/", "/modules")


class Visit:
    """Bytes by kind, page by page."""

    def __init__(self, page: Any) -> None:
        self.bytes: dict[str, Counter[str]] = {}
        self.now: Counter[str] = Counter()
        self._kinds: dict[str, str] = {}
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._session.on("Network.responseReceived", self._begun)
        self._session.on("Network.loadingFinished", self._finished)

    def begin(self, path: str) -> None:
        self.now = self.bytes[path] = Counter()

    def _begun(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"].lower()

    def _finished(self, event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:
            self.now[self._kinds.get(event["requestId"], "other")] += int(event["encodedDataLength"])


def visit(ours: Product, program: str, locale: str) -> dict[str, Counter[str]]:
    """Open the pages one after the other in a browser that has seen none of them."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        page = browser.new_page(viewport=PHONE, device_scale_factor=3, locale=locale, is_mobile=True)
        seen = Visit(page)
        for path in PATHS:
            seen.begin(path)
            page.goto(ours.url + path, wait_until="networkidle")
        browser.close()
    return seen.bytes


def run() -> dict[str, dict[str, Counter[str]]] | None:
    """Figures by language; None without Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return None
    with product() as ours:
        return {language: visit(ours, program, language) for language in ("el", "en")}


def table(found: dict[str, dict[str, Counter[str]]] | None) -> str:
    """The figures as lines of text."""
    if found is None:
        return "Not weighed: Chromium is not on PATH."
    kinds = ("document", "stylesheet", "script", "font", "image")
    lines = [f"{'kB':16}{''.join(f'{kind:>12}' for kind in kinds)}{'other':>12}{'together':>12}"]
    for language, pages in found.items():
        for path, counted in pages.items():
            together = sum(counted.values())
            rest = together - sum(counted[kind] for kind in kinds)
            cells = [*(counted[kind] for kind in kinds), rest, together]
            lines.append(f"{language} {path:13}{''.join(f'{cell / 1024:12.1f}' for cell in cells)}")
        both = sum(sum(counted.values()) for counted in pages.values())
        lines.append(f"{language} both: {both / 1024:.1f} kB of {MOST / 1024:.0f}")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table(run()))
