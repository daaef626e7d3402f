"""What holds for every template, style sheet and script, whoever writes it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
MARKS = {"semicolon", "mark", "table-empty"}
ICONS = set(json.loads((ROOT / "static" / "img" / "icons.json").read_text(encoding="utf-8"))) | MARKS
GREEK = re.compile(r"[\u0370-\u03ff]")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_is_short_and_holds_no_inline_code(path: Path):
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 120
    assert not re.search(r"\sstyle=|<style|\son\w+=\"|<script(?![^>]*(?:\ssrc=|ld\+json))|\|\s*safe\b", text)


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_icon_a_template_names_is_drawn(path: Path):
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:icon|draw)\(\s*\"([a-z-]+)\"", text))

    assert named <= ICONS


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_a_sheet_is_short_layered_and_asks_nobody_else(path: Path):
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 300
    assert "http" not in text
    assert "@layer" in text or path.name == "fonts.css"


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_colours_of_areas_are_tokens(path: Path):
    """Only the certificate (paper), the player (film) and the QR code have grounds of their own."""
    if path.name in {"tokens.css", "themes.css", "print.css", "certificate.css", "archive.css", "projector.css"}:
        return
    text = path.read_text(encoding="utf-8")

    assert len(re.findall(r"#[0-9a-f]{3,6}\b", text)) <= 4


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_is_short_and_says_nothing_itself(path: Path):
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 200
    assert not GREEK.search(text)
    assert "innerHTML" not in text or "data-preview" in text


def test_every_class_of_a_theme_has_its_colours_and_rosette():
    slugs = set(re.findall(r"\.theme-([a-z-]+)", (ROOT / "static/css/themes.css").read_text(encoding="utf-8")))
    rosettes = set(re.findall(r"rosette-([a-z-]+)", (ROOT / "static/img/sprite.svg").read_text(encoding="utf-8")))

    assert slugs == rosettes
    assert len(slugs) == 9


def test_the_lock_names_hashes_and_no_addresses():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert "resolved" not in text
    assert all(package.get("integrity") for path, package in packages.items() if path)
