"""The rows of the matrix, asked by real browsers; and that no route is missing from it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import url_for

from mentors.models import CohortState
from tests.courses.matrix import MATRIX
from tests.matrix import ROLES, Row
from tests.world import World


@pytest.fixture
def things(world: World) -> dict[str, Any]:
    theme = world.theme(slug="agri-food")
    module = world.module(theme)
    return {
        "theme": theme,
        "module": module,
        "draft_module": world.module(theme, published=False),
        "course": world.course([module]),
        "draft_course": world.course([module], published=False),
    }


def person(world: World, role: str, course: Any) -> Any:
    if role == "nobody":
        return None
    if role == "mentor":
        host = world.vasilis()
        world.cohort(course, host=host, state=CohortState.RUNNING)
        return host
    if role == "learner":
        alice = world.alice()
        world.enrol(alice, world.cohort(course))
        return alice
    if role == "coordinator":
        chara, lead = world.chara(), world.organisation()
        world.member(chara, lead)
        world.cohort(course, lead=lead)
        return chara
    return {"stranger": world.stranger, "author": world.author, "staff": world.stelios, "admin": world.admin}[role]()


def value(things: dict[str, Any], name: str) -> Any:
    if name.startswith("="):
        return name[1:]
    thing, _, attribute = name.partition(".")
    return getattr(things[thing], attribute)


def address(world: World, row: Row, things: dict[str, Any]) -> str:
    with world.app.test_request_context():
        return url_for(row.endpoint, **{key: value(things, name) for key, name in row.args.items()})


@pytest.mark.parametrize("role", ROLES)
def test_every_route_answers_each_role_as_the_matrix_says(world: World, things: dict[str, Any], role: str) -> None:
    client = world.client(person(world, role, things["course"]))
    got, expected = {}, {}
    for row in MATRIX:
        url = address(world, row, things)
        answer = client.open(url, method=row.method, data=dict(row.data), headers={"Accept": "text/html"})
        got[row.method, url] = answer.status_code
        expected[row.method, url] = row.status(role)
    assert got == expected


def test_no_route_is_missing_from_the_matrix(world: World) -> None:
    routes = {
        (rule.endpoint, method)
        for rule in world.app.url_map.iter_rules()
        if rule.endpoint.startswith(("courses.", "courses_manage."))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == {(row.endpoint, row.method) for row in MATRIX}
