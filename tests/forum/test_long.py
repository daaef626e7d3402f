"""A very long room: its page begins with the first questions, a link brings more."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import insert

from forum.models import Question, QuestionState, Visibility
from forum.views.base import STEP
from tests.forum.conftest import Table

NUMBER = STEP + 5


@pytest.fixture
def long(table: Table) -> Table:
    with table.world.session() as session:
        common = {"room_id": table.room_id, "visibility": Visibility.NAME, "state": QuestionState.OPEN}
        rows = [
            common | {"no": n, "pid": uuid.uuid4(), "body": f"Ερώτηση {n};", "asker_id": table.alice.id}
            for n in range(1, NUMBER + 1)
        ]
        session.execute(insert(Question), rows)
        session.commit()
    return table


@pytest.mark.parametrize(
    ("query", "shown"), [("", STEP), ("?most=200", NUMBER), ("?most=-1", STEP), ("?most=x", STEP), ("?most=²", STEP)]
)
def test_a_long_list_begins_with_its_first_rows(long: Table, query: str, shown: int) -> None:
    page = long.world.client(long.host).get(f"/rooms/{long.code}{query}").text
    listed = page.split("data-list", 1)[1].split("</ul>", 1)[0]
    assert listed.count('<li class="q') == shown
    assert f"data-count>{NUMBER}<" in page
    link = page.split("data-more", 1)[0].rsplit("<p", 1)[1]
    assert link.startswith(" hidden") == (shown == NUMBER)
    assert f"most={(200 if shown == NUMBER else STEP) + STEP}" in link


def test_a_short_list_of_unanswered_has_no_link(table: Table) -> None:
    table.asked()
    page = table.world.client(table.host).get(f"/rooms/{table.code}?order=open").text
    assert page.split("data-more", 1)[0].rsplit("<p", 1)[1].startswith(" hidden")
