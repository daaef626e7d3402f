"""Every route, for every role, answers what the matrix says; a route that isn't in the matrix fails.

The matrix of each area stands in tests/<area>/matrix.py; docs/permissions.md is written from it.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import url_for

from tests.conftest import Template, copy_of, make_template
from tests.matrix import AUTH, HIDDEN, NO, ROLES, Row
from tests.matrix_world import MatrixWorld
from tests.permissions_page import AREAS, PAGE, page
from tests.world import World

ROWS: list[Row] = [row for area in AREAS for row in importlib.import_module(f"tests.{area}.matrix").MATRIX]
READING = [row for row in ROWS if row.method in {"GET", "HEAD", "OPTIONS"}]
WRITING = [row for row in ROWS if row not in READING]
REFUSED = {AUTH, NO, HIDDEN}
HEARD = [(row, role) for row in WRITING for role in ROLES if row.status(role) not in REFUSED]


def named(row: Row) -> str:
    return f"{row.method}-{row.endpoint}-{row.note or 'plain'}"[:80]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Template, Path, MatrixWorld]:
    """The world of the matrix, made once: its database, its folder of media, its objects."""
    folder = tmp_path_factory.mktemp("matrix")
    worlds: list[MatrixWorld] = []
    template = make_template(folder, lambda app: worlds.append(MatrixWorld(World(app))))
    return template, folder / "media", worlds[0]


@pytest.fixture
def database_url(made: tuple[Template, Path, MatrixWorld], tmp_path: Path) -> Iterator[str]:
    """A copy of the matrix' world for this test alone."""
    template, media, _ = made
    shutil.copytree(media, tmp_path / "media")
    with copy_of(template, tmp_path) as url:
        yield url


@pytest.fixture
def things(made: tuple[Template, Path, MatrixWorld], world: World) -> MatrixWorld:
    return made[2].moved_to(world)


def status(things: MatrixWorld, row: Row, role: str) -> int:
    """What the browser of ROLE gets from the route of ROW."""
    with things.world.app.test_request_context():
        address = url_for(row.endpoint, **{name: things.value(value) for name, value in row.args.items()})
    data = {name: things.value(v) if isinstance(v, str) and "." in v and v.split(".")[0] in things.things else v
            for name, v in row.data.items()}
    headers = {"Accept": "text/html", **getattr(row, "headers", {})}
    answer = things.browser(role).open(address, method=row.method, data=data or None, headers=headers)
    answer.close()
    return answer.status_code


def test_every_route_is_in_the_matrix(world: World):
    known = {(row.endpoint, row.method) for row in ROWS}
    missing = [
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if (rule.endpoint, method) not in known
    ]
    assert missing == []


def test_the_matrix_names_only_routes_that_exist(world: World):
    routes = {(rule.endpoint, method) for rule in world.app.url_map.iter_rules() for method in rule.methods or set()}
    assert [(row.endpoint, row.method) for row in ROWS if (row.endpoint, row.method) not in routes] == []


@pytest.mark.parametrize("row", READING, ids=named)
def test_reading(things: MatrixWorld, row: Row):
    got = {role: status(things, row, role) for role in ROLES}

    assert got == {role: row.status(role) for role in ROLES}


@pytest.mark.parametrize("row", WRITING, ids=named)
def test_writing_of_others(things: MatrixWorld, row: Row):
    """Those who may not: one after the other, since nothing of it is written."""
    others = [role for role in ROLES if row.status(role) in REFUSED]

    assert {role: status(things, row, role) for role in others} == {role: row.status(role) for role in others}


@pytest.mark.parametrize(("row", "role"), HEARD, ids=[f"{named(row)}-{role}" for row, role in HEARD])
def test_writing(things: MatrixWorld, row: Row, role: str):
    assert status(things, row, role) == row.status(role)


def test_the_page_of_permissions_is_current():
    assert Path(PAGE).read_text(encoding="utf-8") == page(), "run: python -m tests.permissions_page"
