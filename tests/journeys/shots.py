"""`make shots` writes the ten main pages to docs/screenshots; `python -m tests.journeys.shots --all FOLDER` every page.

--all takes each page at 360, 768 and 1440 px, in Greek and English, light and dark: to be looked at, not committed.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from seeds.programme import PASSWORD
from tests.journeys.conftest import CHROMIUM, FLAGS, ROOT, free_port, start_site, stop_site

DOCS = ROOT / "docs" / "screenshots"
TALLEST = 2400  # px of a picture for the docs; the rest of a long page is cut off
RUNNING, UPCOMING = "/cohorts/exi-vradia-petrinos-kampos", "/cohorts/ypalliloi-anemorachi"


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it. `find` is a link on PATH to follow: addresses with codes aren't known before."""

    name: str
    path: str
    email: str = ""
    find: str = ""


MAIN = (
    Shot("home", "/"),
    Shot("module", "/modules/koino-reyma"),
    Shot("cohorts", "/cohorts"),
    Shot("cohort", UPCOMING),
    Shot("dashboard", "/me", "alice@example.org"),
    Shot("room", RUNNING, "alice@example.org", "a[href^='/rooms/']:not([href$='/record'])"),
    Shot("console", RUNNING, "vasilis@example.org", "a[href^='/rooms/']:not([href$='/record'])"),
    Shot("recording", "/recordings", find="main h2 a[href^='/recordings/'], main h3 a[href^='/recordings/']"),
    Shot("desk", "/coordinate", "chara@petrinos-kampos.example"),
    Shot("author", "/author", "thaleia@programme.example"),
)
MORE = (
    Shot("modules", "/modules"),
    Shot("themes", "/themes"),
    Shot("theme", "/themes/agri-food"),
    Shot("courses", "/courses"),
    Shot("course", "/courses/exi-vradia"),
    Shot("recordings", "/recordings"),
    Shot("mentors", "/mentors"),
    Shot("mentor", "/mentors/vasilis-petropoulis"),
    Shot("organisations", "/organisations"),
    Shot("organisation", "/organisations/liodentro"),
    Shot("think-tank", "/think-tank"),
    Shot("market", "/market"),
    Shot("about", "/about"),
    Shot("privacy", "/privacy"),
    Shot("join", "/join"),
    Shot("sign-in", "/sign-in"),
    Shot("sign-up", "/sign-up"),
    Shot("forgotten", "/forgotten"),
    Shot("not-found", "/nothing-here"),
    Shot("account", "/me/account", "alice@example.org"),
    Shot("second-factor", "/me/second-factor", "alice@example.org"),
    Shot("learning", "/me/learning", "alice@example.org"),
    Shot("record", "/cohorts/trihmero-liodentro", "alice@example.org", "a[href$='/record']"),
    Shot("edit-module", "/author/modules/koino-reyma", "thaleia@programme.example"),
    Shot("upload", "/recordings/manage", "stelios@programme.example"),
    Shot("roles", "/admin/roles/", "irini@programme.example"),
)


def _sign_in(page: Page, site: str, email: str) -> None:
    page.goto(f"{site}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/me")


def take(browser: Browser, site: str, shot: Shot, width: int, locale: str, scheme: str) -> Image.Image:
    """The picture of one page."""
    language = {"el": "el-GR", "en": "en-GB"}[locale]
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=language)
    page = context.new_page()
    if shot.email:
        _sign_in(page, site, shot.email)
        if locale == "en":
            page.locator("form[action$='/language'] button[value=en]").first.evaluate("button => button.click()")
            page.wait_for_load_state()
    page.goto(site + shot.path)
    if shot.find:
        target = str(page.locator(shot.find).first.get_attribute("href"))
        page.goto(site + target + ("/host" if shot.name == "console" else ""))
    page.wait_for_timeout(900)
    whole = shot.name not in {"room", "console"}
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    context.close()
    return picture


def _plan(everything: bool) -> Iterator[tuple[Shot, int, str, str]]:
    if not everything:
        for shot in MAIN:
            yield shot, 360 if shot.name == "room" else 1440, "el", "light"
        yield MAIN[0], 360, "el", "dark"
        yield MAIN[7], 360, "en", "light"
        return
    for shot in MAIN + MORE:
        for width in (360, 768, 1440):
            yield shot, width, "el", "light"
        yield shot, 1440, "en", "dark"
        yield shot, 360, "en", "dark"


def main() -> None:
    everything = "--all" in sys.argv
    target = Path(sys.argv[-1]) if everything else DOCS
    target.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        process = start_site(Path(folder), port, "--prepare")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for shot, width, locale, scheme in _plan(everything):
            picture = take(browser, f"http://127.0.0.1:{port}", shot, width, locale, scheme)
            tone = "" if scheme == "light" else "-dark"
            picture = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
            picture.save(target / f"{shot.name}-{locale}-{width}{tone}.webp", quality=62, method=6)
        browser.close()
        stop_site(process)


if __name__ == "__main__":
    main()
