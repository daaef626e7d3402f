"""`make shots` writes the ten main pages to docs/screenshots; `python -m tests.journeys.shots --all FOLDER` every page.

--all takes each page at 360, 768 and 1440 px, in Greek and English, light and dark: to be looked at, not committed.
`--all FOLDER SITE` looks at a site that runs already. test_axe.py reads the same list.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from seeds.programme import PASSWORD
from tests.browser import CHROMIUM, FLAGS
from tests.journeys.conftest import ROOT, free_port, start_site, stop_site

DOCS = ROOT / "docs" / "screenshots"
TALLEST = 2400  # px of a picture for the docs; the rest of a long page is cut off
RUNNING, UPCOMING = "/cohorts/exi-vradia-petrinos-kampos", "/cohorts/ypalliloi-anemorachi"
DESK, NEXT_DESK = "/coordinate/exi-vradia-petrinos-kampos", "/coordinate/ypalliloi-anemorachi"
ROOM = "a[href^='/rooms/']:not([href$='/record'])"
RECORDING = "main a[href^='/recordings/']:not([href*='manage'], [href*='feed'])"
FAQ = "main a[href^='/faq/']"
DRAFT = "main form[action$='/draft'] button, main a[href$='/edit']"
# An empty form is sent as it stands, and answered with a page even where a script would answer in place.
PRESS = """thing => {
  if (thing.form) { thing.form.noValidate = true; thing.form.removeAttribute("data-in-place"); }
  thing.click();
}"""
ALICE, VASILIS, THALEIA = "alice@example.org", "vasilis@example.org", "thaleia@programme.example"
ROZA = "roza@example.org"
CHARA, ARIS = "chara@petrinos-kampos.example", "aris@anemorachi.example"
STELIOS, IRINI = "stelios@programme.example", "irini@programme.example"


@dataclass(frozen=True)
class Shot:
    """One page as one person sees it.

    Addresses with codes aren't known before: `find` holds links to follow from PATH, one after
    another, and endings to add to an address ("/host"). `press` is pressed at the end.
    """

    name: str
    path: str
    email: str = ""
    find: tuple[str, ...] = ()
    press: str = ""


MAIN = (
    Shot("home", "/"),
    Shot("module", "/modules/koino-reyma"),
    Shot("cohorts", "/cohorts"),
    Shot("cohort", UPCOMING),
    Shot("dashboard", "/me", ALICE),
    Shot("room", RUNNING, ALICE, (ROOM,)),
    Shot("console", RUNNING, VASILIS, (ROOM,)),
    Shot("recording", "/recordings", find=(RECORDING,)),
    Shot("desk", "/coordinate", CHARA),
    Shot("author", "/author", THALEIA),
)
MORE = (
    Shot("modules", "/modules"),
    Shot("modules-none", "/modules?q=xyzzy"),
    Shot("themes", "/themes"),
    Shot("theme", "/themes/agri-food"),
    Shot("courses", "/courses"),
    Shot("course", "/courses/exi-vradia"),
    Shot("self-check", "/modules/koino-reyma", press="form[action$='self-check'] button[type=submit]"),
    Shot("cohorts-none", "/cohorts?language=en"),
    Shot("faq", "/modules/koino-reyma/faq"),
    Shot("faq-none", "/modules/koino-reyma/faq?q=xyzzy"),
    Shot("faq-entry", "/modules/koino-reyma/faq", ALICE, (FAQ,)),
    Shot("faq-edit", "/modules/koino-reyma/faq", VASILIS, (FAQ, "/edit")),
    Shot("faq-review", "/faq/review", STELIOS),
    Shot("recordings", "/recordings"),
    Shot("recordings-none", "/recordings?theme=health"),
    Shot("mentors", "/mentors"),
    Shot("mentor", "/mentors/vasilis-petropoulis"),
    Shot("mentor-mine", "/mentors/vasilis-petropoulis", VASILIS),
    Shot("edit-mentor", "/mentors/vasilis-petropoulis/edit", VASILIS),
    Shot("new-mentor", "/mentors/new", STELIOS),
    Shot("organisations", "/organisations"),
    Shot("organisations-none", "/organisations?q=xyzzy"),
    Shot("organisation", "/organisations/liodentro"),
    Shot("think-tank", "/think-tank"),
    Shot("market", "/market"),
    Shot("about", "/about"),
    Shot("privacy", "/privacy"),
    Shot("accessibility", "/accessibility"),
    Shot("join", "/join"),
    Shot("sign-in", "/sign-in"),
    Shot("sign-in-refused", "/sign-in", press="main form button[type=submit]"),
    Shot("sign-up", "/sign-up"),
    Shot("sign-up-sent", "/sign-up/sent"),
    Shot("forgotten", "/forgotten"),
    Shot("confirm", "/confirm"),
    Shot("recovery", "/sign-in/recovery"),
    Shot("not-found", "/nothing-here"),
    Shot("cohort-mine", RUNNING, ALICE),
    Shot("leave", RUNNING + "/leave", ALICE),
    Shot("learning", "/me/learning", ALICE),
    Shot("record", "/cohorts/trihmero-liodentro", ALICE, ("a[href$='/record']",)),
    Shot("account", "/me/account", ALICE),
    Shot("password", "/me/password", ALICE),
    Shot("email", "/me/email", ALICE),
    Shot("second-factor", "/me/second-factor", ALICE),
    Shot("recovery-codes", "/me/recovery-codes", ALICE),
    Shot("polls", RUNNING, VASILIS, (ROOM, "a[href$='/polls']")),
    Shot("room-settings", RUNNING, VASILIS, (ROOM, "a[href$='/settings']")),
    Shot("room-history", RUNNING, VASILIS, (ROOM, "[data-history] a")),
    Shot("room-merge", RUNNING, VASILIS, (ROOM, "[data-rows=queue] a[href$='/merge']")),
    Shot("console-about", RUNNING, VASILIS, (ROOM, "[data-rows=queue] [data-about-link]")),
    Shot("question-about", RUNNING, ALICE, (ROOM, "[data-list] [data-about-link]:not([hidden])")),
    Shot("closing", RUNNING, VASILIS, (ROOM, "a[href$='/close']")),
    Shot("captioner", RUNNING, VASILIS, (ROOM, "a[href$='/captions']")),
    Shot("transcript", RUNNING, ALICE, (ROOM, "a[href$='/transcript']")),
    Shot("console-planned", RUNNING, VASILIS, ("li + li a[href^='/rooms/'][href$='/host'] >> nth=-1",)),
    Shot("record-runs", RUNNING, VASILIS, ("a[href$='/record']",)),
    Shot("paper", RUNNING, VASILIS, ("a[href$='/record']", "a[href$='/paper']")),
    Shot("inbox", "/inbox", ROZA),
    Shot("task", "/inbox", ROZA, ("main a[href^='/inbox/']",)),
    Shot("my-questions", "/me/questions", ALICE),
    Shot("proof", "/rooms/proof"),
    Shot("projector", RUNNING, VASILIS, (ROOM, "a[href*='/screen']")),
    Shot("dashboard-mentor", "/me", VASILIS),
    Shot("dashboard-stranger", "/me", "dimitris@example.org"),
    Shot("desk-cohort", DESK, CHARA),
    Shot("edit-cohort", DESK + "/edit", CHARA),
    Shot("meetings", NEXT_DESK + "/meetings", ARIS),
    Shot("cancel-cohort", NEXT_DESK + "/cancel", ARIS),
    Shot("new-cohort", "/coordinate/new", CHARA),
    Shot("roster", RUNNING + "/people", CHARA),
    Shot("remove", RUNNING + "/people", STELIOS, ("main a[href$='/remove']",)),
    Shot("author-module", "/author/modules/koino-reyma", THALEIA),
    Shot("author-course", "/author/courses/exi-vradia", THALEIA),
    Shot("edit-module", "/author/modules/koino-reyma", THALEIA, press=DRAFT),
    Shot("edit-course", "/author/courses/exi-vradia", THALEIA, press=DRAFT),
    Shot("new-module", "/author/modules/new", THALEIA),
    Shot("new-course", "/author/courses/new", THALEIA),
    Shot("recordings-desk", "/recordings/manage", STELIOS),
    Shot("upload", "/recordings/manage/new", STELIOS),
    Shot("manage-recording", "/recordings", STELIOS, (RECORDING, "/manage")),
    Shot("captions-editor", "/recordings", STELIOS, (RECORDING, "/captions/el/edit")),
    Shot("captions-versions", "/recordings", STELIOS, (RECORDING, "/captions/el/versions")),
    Shot("captions-version", "/recordings", STELIOS, (RECORDING, "/captions/el/versions/1")),
    Shot("chapters", "/recordings", STELIOS, (RECORDING, "/chapters")),
    Shot("steps-of", "/recordings", STELIOS, (RECORDING, "/steps")),
    Shot("steps", "/recordings/operations", STELIOS),
    Shot("feeds", "/recordings/feeds"),
    Shot("my-feed", "/me/feed", ALICE),
    Shot("offline", "/recordings", ALICE, (RECORDING, "/offline")),
    Shot("embed", "/recordings", find=(RECORDING, "/embed")),
    Shot("search", "/search?q=ενέργεια"),
    Shot("search-none", "/search?q=xyzzy"),
    Shot("organisations-desk", "/staff/organisations", STELIOS),
    Shot("edit-organisation", "/staff/organisations/liodentro", STELIOS),
    Shot("new-organisation", "/staff/organisations/new", STELIOS),
    Shot("roles", "/admin/roles/", IRINI),
)


class Readers:
    """The people of a site, each signed in once for each language and ground."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site
        self.contexts: dict[tuple[str, str, str], BrowserContext] = {}
        self.addresses: dict[tuple[str, str, tuple[str, ...]], str] = {}

    def context(self, email: str, locale: str, scheme: str) -> BrowserContext:
        key = (email, locale, scheme)
        if key not in self.contexts:
            language = {"el": "el-GR", "en": "en-GB"}[locale]
            context = self.browser.new_context(color_scheme=scheme, locale=language, reduced_motion="reduce")
            context.set_default_timeout(20_000)
            if email:
                self._sign_in(context, email, locale)
            self.contexts[key] = context
        return self.contexts[key]

    def _sign_in(self, context: BrowserContext, email: str, locale: str) -> None:
        page = context.new_page()
        page.goto(f"{self.site}/sign-in")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/me")
        chosen = page.locator(f"form[action$='/language'] button[value={locale}]")
        if chosen.count():  # the page offers the other language
            with page.expect_navigation():
                chosen.first.evaluate("button => button.click()")
        page.close()

    def find(self, page: Page, shot: Shot) -> str:
        """The address of SHOT, found once with PAGE."""
        key = (shot.email, shot.path, shot.find)
        if key not in self.addresses:
            address = self.site + shot.path
            for step in shot.find:
                if step.startswith("/"):
                    address += step
                else:
                    page.goto(address)
                    address = str(page.locator(step).first.evaluate("link => link.href"))
            self.addresses[key] = address
        return self.addresses[key]

    def show(self, page: Page, shot: Shot) -> int:
        """Bring SHOT up in PAGE; the status it answered with."""
        answer = page.goto(self.find(page, shot))
        if shot.press:
            with page.expect_navigation() as moved:
                page.locator(shot.press).first.evaluate(PRESS)
            answer = moved.value
        return answer.status if answer else 0

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


def take(readers: Readers, shot: Shot, width: int, locale: str, scheme: str) -> Image.Image:
    """The picture of one page."""
    page = readers.context(shot.email, locale, scheme).new_page()
    page.set_viewport_size({"width": width, "height": 800})
    readers.show(page, shot)
    page.wait_for_timeout(500)
    whole = shot.name not in {"room", "console", "projector", "console-about", "question-about"}
    picture = Image.open(io.BytesIO(page.screenshot(full_page=whole)))
    page.close()
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


def _write(browser: Browser, site: str, target: Path, everything: bool) -> None:
    readers = Readers(browser, site)
    for shot, width, locale, scheme in _plan(everything):
        picture = take(readers, shot, width, locale, scheme)
        tone = "" if scheme == "light" else "-dark"
        picture = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
        picture.save(target / f"{shot.name}-{locale}-{width}{tone}.webp", quality=62, method=4 if everything else 6)
    readers.close()


def main() -> None:
    everything = "--all" in sys.argv
    words = sys.argv[2:]
    target = Path(words[0]) if everything else DOCS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port = free_port()
        process = None if len(words) > 1 else start_site(Path(folder), port, "--prepare")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        _write(browser, words[1] if len(words) > 1 else f"http://127.0.0.1:{port}", target, everything)
        browser.close()
        if process:
            stop_site(process)


if __name__ == "__main__":
    main()
