"""Moderating without a line of script: forms, their pages, and what comes back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forum.protocol import in_order
from tests.forum.conftest import Table
from tests.forum.test_merging import vote
from tests.forum.test_sockets import enrolled
from tests.forum.test_views import browser, queries_of

JSON = {"Accept": "application/json"}


def at(table: Table, path: str = "") -> str:
    return f"/rooms/{table.code}{path}"


def test_join_by_the_page_with_the_voices_of_both(table: Table) -> None:
    vera, nikos = enrolled(table), enrolled(table, "Νίκος")
    first, second = table.asked(body="Πρώτη;"), table.asked(nikos, body="Δεύτερη;")
    for person, question in ((vera, first), (vera, second), (nikos, first)):
        vote(table, person, question)
    host = browser(table, table.host)
    page = host.get(at(table, f"/questions/{second['id']}/merge"))
    assert "1 + 2 → 2" in page.text
    data = host.get(at(table, f"/questions/{second['id']}/merge"), headers=JSON).json
    assert [(one["no"], one["n"], one["joined"]) for one in data["choices"]] == [(1, 2, 2)]
    form = {"op": "merge", "into": first["id"], "rev": "2"}
    assert host.post(at(table, f"/questions/{second['id']}/moderate"), data=form).status_code == 303
    page = browser(table, nikos).get(at(table)).text
    assert "Joined with question" in page
    assert browser(table, vera).get(at(table)).text.count('aria-pressed="true" data-metoo') == 1


def test_words_tags_and_bans_by_forms(table: Table) -> None:
    question, host = table.asked(body="ΤΙ ΓΙΝΕΤΑΙ"), browser(table, table.host)
    act = at(table, f"/questions/{question['id']}/moderate")
    host.post(act, data={"op": "edit", "body": "Τι γίνεται;", "rev": "2"})
    host.post(act, data={"op": "tag", "tags": ["νομικά", ""], "rev": "3"})
    host.post(act, data={"op": "ban", "rev": "4"})
    page = host.get(at(table, f"/host?about={question['id']}")).text
    assert "ΤΙ ΓΙΝΕΤΑΙ" in page
    assert re.search(r'<dialog class="about" id="about"[^>]* open>', page)
    mine = browser(table, table.alice).get(at(table)).text
    assert "The host has taken your voice" in mine
    assert "Yours were:" in mine
    other = browser(table, enrolled(table))
    assert "edited by a moderator" in other.get(at(table)).text
    assert "ΤΙ ΓΙΝΕΤΑΙ" not in other.get(at(table)).text
    assert "Τι γίνεται;" in other.get(at(table, "?tag=νομικά")).text
    table.asked(enrolled(table, "Νίκος"), body="Χωρίς ετικέτα;")
    assert "Χωρίς ετικέτα;" not in other.get(at(table, "?tag=νομικά")).text


def test_report_and_not_for_now_by_forms(table: Table) -> None:
    question, vera = table.asked(), browser(table, enrolled(table))
    assert 'id="about" data-about' in vera.get(at(table, f"?about={question['id']}")).text
    assert vera.post(at(table, f"/questions/{question['id']}/voice"), data={"down": "1"}).status_code == 303
    done = vera.post(at(table, f"/questions/{question['id']}/report"), data={"reason": "Διαφήμιση."})
    assert done.location == at(table, f"#q-{question['id']}")
    page = browser(table, table.host).get(at(table, f"/host?about={question['id']}")).text
    assert "Διαφήμιση." in page
    assert table.now(question)["reports"] == ["Διαφήμιση."]
    assert "Διαφήμιση." not in vera.get(at(table)).text


def test_several_and_undo_by_forms(table: Table) -> None:
    questions = [table.ask(enrolled(table, f"Π{i}"), body=f"{i};") for i in range(2)]
    host = browser(table, table.host)
    assert 'data-undo data-left="" hidden' in host.get(at(table, "/host")).text
    form = {"op": "approve", "qs": [f"{q['id']}:1" for q in questions], "reason": "It was answered already."}
    assert host.post(at(table, "/bulk"), data=form).status_code == 303
    page = host.get(at(table, "/host")).text
    assert "Let through: questions 1, 2" in page
    act = re.search(r'name="act" value="(\d+)"', page)[1]
    assert host.post(at(table, "/undo"), data={"act": act}).status_code == 303
    assert [table.now(q)["state"] for q in questions] == ["pending", "pending"]
    assert 'data-undo data-left="" hidden' in host.get(at(table, "/host")).text


def test_the_history_says_who_and_what(table: Table) -> None:
    question = table.moderate("edit", table.asked(body="Πριν;"), body="Μετά;")
    host = browser(table, table.host)
    page = host.get(at(table, "/history")).text
    assert "Put in other words: question 1" in page
    assert "<del>Πριν;</del> <ins>Μετά;</ins>" in page
    acts = host.get(at(table, "/history"), headers=JSON).json["acts"]
    assert [(act["what"], act["who"]) for act in acts] == [
        ("Put in other words: question 1", "Βασίλης Ε."),
        ("Let through: question 1", "Βασίλης Ε."),
    ]
    assert question["edited"] is True


def test_settings_by_their_page(table: Table) -> None:
    host = browser(table, table.host)
    page = host.get(at(table, "/settings")).text
    assert '<option value="pre" selected>' in page
    form = {"moderation": "off", "cap": "4", "anonymous": "0", "delay": "1", "reactions": "1", "blocklist": "1"}
    done = host.post(at(table, "/settings"), data=form | {"blocked": "ξόρκι", "allowed": "", "tags": "α, β"})
    assert (done.status_code, done.location) == (303, at(table, "/host"))
    room = table.room()
    assert (room.question_cap, room.anonymous, room.blocked_words, room.tags) == (4, False, ["ξόρκι"], ["α", "β"])
    bad = host.post(at(table, "/settings"), data=form | {"tags": ", ".join(str(i) for i in range(13))})
    assert bad.status_code == 422
    assert "At most 12 are allowed." in bad.text
    assert "hidden disabled>Nobody can know" in browser(table, table.alice).get(at(table)).text


@pytest.mark.parametrize("path", ["/host", "/history", "/merge"])
def test_pages_ask_the_same_few_things_however_long_the_list(table: Table, path: str) -> None:
    def asked(n: int) -> int:
        for i in range(n):
            question = table.asked(enrolled(table, f"Φ{i}"), body=f"Ερώτηση {i};")
            vote(table, table.alice, question)
            table.act(enrolled(table, f"Κ{i}"), "question:report", qid=question["id"], reason="Όχι.")
        address = at(table, f"/questions/{first['id']}/merge" if path == "/merge" else path)
        table.world.client(table.host).get(address)  # what is kept between pages is there now
        return queries_of(table, table.host, address)

    first = table.asked()
    assert asked(1) == asked(3) <= 24


def test_best_is_by_wilson() -> None:
    facts: dict[str, Any] = {"state": "open", "first": False, "place": None}
    votes = {1: (2, 0), 2: (30, 3), 3: (30, 40), 4: (0, 0)}
    shown = [facts | {"no": no, "n": up, "downs": down} for no, (up, down) in votes.items()]
    assert [q["no"] for q in in_order(shown, "best")] == [2, 1, 3, 4]
