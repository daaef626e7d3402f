"""`flask translations`: one small Greek catalogue for each area, merged when compiled.

translations/el/<area>.po is what a translator edits; `compile` merges them all into
translations/el/LC_MESSAGES/messages.mo, which is built by the install step, never committed.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask.cli import AppGroup

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations" / "el"
AREAS = ("core", "layout", "accounts", "network", "courses", "mentors", "learning", "forum", "archive", "home")
# What an area's messages are extracted from, besides its own package and templates.
EXTRA = {
    "layout": ("templates/layout", "templates/components", "templates/errors"),
    "accounts": ("accounts", "templates/accounts", "templates/security"),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}

group = AppGroup("translations", help="The Greek catalogue.")


def sources(area: str) -> list[Path]:
    """The folders whose messages belong to AREA."""
    named = EXTRA.get(area) or (area, f"templates/{area}")
    return [ROOT / folder for folder in named if (ROOT / folder).is_dir()]


def extract(area: str) -> Catalog:
    """The messages that the code and templates of AREA use."""
    catalog = Catalog(project="mentors", locale="el", charset="utf-8", fuzzy=False)
    options = {
        "**.html": {"silent": "false", "trimmed": "true", "extensions": "jinja2.ext.do"},
        "**.txt": {"silent": "false"},
    }
    for folder in sources(area):
        found = extract_from_dir(str(folder), METHODS, options, keywords=KEYWORDS, comment_tags=("Translators:",))
        for _path, _line, message, comments, context in found:
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def load(area: str) -> Catalog:
    """The Greek catalogue of AREA as it stands in its file."""
    path = FOLDER / f"{area}.po"
    return read_po(io.BytesIO(path.read_bytes()), locale="el") if path.exists() else Catalog(locale="el")


def update_area(area: str) -> None:
    """Bring the catalogue of AREA up to its sources: new messages empty, unused ones out."""
    catalog = load(area)
    catalog.update(extract(area), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    buffer = io.BytesIO()
    write_po(buffer, catalog, no_location=True, omit_header=False, sort_output=True, width=110, include_previous=False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{area}.po").write_bytes(buffer.getvalue())


def compile_all() -> None:
    """Merge every area into the one catalogue that the site reads."""
    merged = Catalog(locale="el", charset="utf-8")
    for path in sorted(FOLDER.glob("*.po")):
        for message in read_po(io.BytesIO(path.read_bytes()), locale="el"):
            said = all(message.string) if isinstance(message.string, tuple) else message.string
            if message.id and said and message.id not in merged:
                merged.add(message.id, message.string, context=message.context)
    target = FOLDER / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_mo(buffer, merged)
    target.write_bytes(buffer.getvalue())


@group.command("update")
@click.argument("areas", nargs=-1)
def update_command(areas: tuple[str, ...]) -> None:
    """Bring the catalogues of AREAS (all, when none is named) up to the code."""
    for area in areas or AREAS:
        update_area(area)


@group.command("compile")
def compile_command() -> None:
    """Merge and compile the catalogues."""
    compile_all()


def missing() -> list[str]:
    """What stops the Greek from being complete: «area: message» for each message without Greek."""
    found = []
    for area in AREAS:
        catalog = load(area)
        for message in extract(area):
            if not message.id:
                continue
            have = catalog.get(message.id, message.context)
            strings = have.string if have and isinstance(have.string, tuple) else (have.string if have else "",)
            if have is None or have.fuzzy or not all(strings):
                found.append(f"{area}: {message.id}")
    return found


def main() -> None:
    """`python -m core.translations`: compile; with --check say what has no Greek and fail."""
    if "--check" in sys.argv:
        if gaps := missing():
            sys.exit("\n".join(["Without Greek:", *gaps]))
        return
    compile_all()


def init_app(app: Flask) -> None:
    app.cli.add_command(group)


if __name__ == "__main__":
    main()
