"""What moderators set: moderation, the cap, anonymity and its delay, the list of words; and who learns what of it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from core.db import utcnow
from core.errors import DomainError
from forum import services
from forum.models import Question
from forum.services import entry
from forum.services.blocklist import blocked, platform_words
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def setting(table: Table, **wishes: Any) -> dict[str, Any]:
    return table.act(table.host, "room:settings", **wishes)["settings"]


def refusal(table: Table, user: Any, command: str, **args: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        table.act(user, command, **args)
    return refused.value


def test_each_stream_learns_what_it_may(table: Table) -> None:
    host, alice = table.inside(table.host), table.inside(table.alice)
    now = setting(table, moderation="post", cap=5, anonymous="0", blocked="ξόρκι, κατάρα", tags="νομικά\nκόστος")
    assert (now["cap"], now["anonymous"], now["blocked"]) == (5, False, ["ξόρκι", "κατάρα"])
    told = alice.heard()[0]["l"][0]
    assert told["t"] == "room.settings"
    public = {"moderation": "post", "cap": 5, "anonymous": False, "reactions": True, "tags": ["νομικά", "κόστος"]}
    assert told["d"] == public | {"order": "voices", "places": 0}
    assert host.heard()[0]["l"][0]["d"] == now
    setting(table, blocked="ξόρκι")
    assert alice.heard() == []  # nothing of what they know changed
    assert "ξόρκι" not in json.dumps(table.socket(table.alice).hello(table.code), ensure_ascii=False)


@pytest.mark.parametrize("wish", [{"cap": 0}, {"cap": 11}, {"moderation": "none"}, {"anonymous": "maybe"}, {"x": 1}])
def test_settings_that_are_none(table: Table, wish: dict[str, Any]) -> None:
    assert refusal(table, table.host, "room:settings", **wish).code == "invalid"


def test_as_many_open_questions_as_the_host_allows(table: Table) -> None:
    setting(table, cap=2)
    first = table.ask(table.alice, vis="name", body="Α;")
    table.asked(vis="none", body="Β;")
    refused = refusal(table, table.alice, "question:ask", body="Γ;", vis="mods")
    assert (refused.code, "Take one back" in str(refused.message)) == ("cap", True)
    table.act(table.alice, "question:withdraw", qid=first["id"])
    table.ask(table.alice, body="Γ;")
    for i in range(4):
        table.ask(table.host, body=f"Της αίθουσας {i};")


def test_reactions_can_be_off(table: Table) -> None:
    alice = table.inside(table.alice)
    assert alice("react", k="thanks")["ok"]
    setting(table, reactions=False)
    assert alice("react", k="thanks")["err"] == "closed"


def test_only_with_a_name(table: Table) -> None:
    setting(table, anonymous=False)
    assert refusal(table, table.alice, "question:ask", body="Κρυφά;", vis="none").code == "forbidden"
    assert table.ask(table.alice, vis="mods")["state"] == "pending"


def test_after_the_fact_everybody_sees_it_until_a_moderator_has_looked(table: Table) -> None:
    setting(table, moderation="post", delay=False)
    question = table.ask(table.alice)
    assert question["state"] == "open"
    assert table.now(question)["watch"] == "post"
    assert table.moderate("approve", table.now(question))["watch"] is None


def test_a_word_of_the_list_goes_to_the_moderators_first(table: Table) -> None:
    setting(table, moderation="off", delay=False, blocked="ξόρκι")
    texts = ("Τι ΞΟΡΚΙ;", "ti xorki einai afto")
    held = [table.ask(enrolled(table, f"Π{i}"), body=body) for i, body in enumerate(texts)]
    assert [(q["state"], table.now(q)["watch"]) for q in held] == [("pending", "words")] * 2
    passed = table.ask(table.alice, body="Τα ξόρκια;")
    changed = table.act(table.alice, "question:edit", qid=passed["id"], rev=1, body="Το ξόρκι;")["q"]
    assert changed["state"] == "pending"
    assert table.moderate("approve", table.now(changed))["watch"] is None
    setting(table, allowed="ξόρκι")
    assert table.ask(table.alice, body="Το ξόρκι;")["state"] == "open"
    setting(table, allowed="", blocklist=False)
    assert table.ask(table.alice, body="Ένα ξόρκι;")["state"] == "open"


def test_the_platforms_list_is_short_and_hits_no_word_of_ours(table: Table) -> None:
    assert 10 < len(platform_words()) < 40
    assert blocked("Είσαι ηλίθιος", platform_words())
    assert blocked("eisai vlakas", platform_words())
    for text in ("Το μαλακό τυρί πού πωλείται;", "Ιδιωτικός χώρος ή κοινός;", "Ο σταθμός των μωρών;", "Βλαστάρια;"):
        assert not blocked(text, platform_words()), text
    for page in (Path(__file__).parents[2] / "seeds").rglob("*.yaml"):
        assert not blocked(page.read_text(encoding="utf-8"), platform_words()), page


def due(table: Table, seconds: int) -> None:
    with table.world.session() as session:
        session.execute(update(Question).values(publish_at=utcnow() + dt.timedelta(seconds=seconds)))
        session.commit()


def release(table: Table) -> None:
    with table.world.app.app_context():
        services.live(table.world.app).release()


def test_an_anonymous_question_waits_for_its_moment_unseen(table: Table) -> None:
    setting(table, moderation="off")
    host, other = table.inside(table.host), table.inside(enrolled(table))
    question = table.ask(table.alice, vis="none", body="Κρυφή ώρα;")
    assert (question["state"], question["no"]) == ("pending", None)
    with table.world.session() as session:
        row = session.scalars(select(Question)).one()
        assert 5 <= (row.publish_at - row.asked_at).total_seconds() <= 31
    hellos = [table.socket(user).hello(table.code)["r"] for user in (table.host, table.alice)]
    assert [q["id"] for q in hellos[1]["me"]["mine"]] == [question["id"]]
    release(table)
    assert (host.heard(), other.heard()) == ([], [])
    assert "Κρυφή ώρα" not in json.dumps(hellos[0], ensure_ascii=False)
    table.ask(enrolled(table, "Νίκος"), body="Μεταξύ;")
    due(table, -1)
    services.live(table.world.app).stop()  # the server ends and begins anew
    del table.world.app.extensions["forum.live"]
    entry.watch = entry.Watching()
    release(table)
    shown = [e["d"] for m in other.heard() for e in m["l"] if e["t"] == "question.published"]
    assert [(q["no"], q["body"], q["by"]) for q in shown] == [(1, "Μεταξύ;", "Νίκος Ε."), (2, "Κρυφή ώρα;", None)]
    release(table)
    assert other.heard() == []


def test_what_waits_for_its_moment_is_changed_taken_back_and_never_lost(table: Table) -> None:
    setting(table, moderation="off")
    host = table.inside(table.host)
    first, second = (table.ask(table.alice, vis="none", body=body) for body in ("Α;", "Β;"))
    table.act(table.alice, "question:withdraw", qid=first["id"])
    table.act(table.alice, "question:edit", qid=second["id"], rev=1, body="Γ;")
    assert host.heard() == []
    assert refusal(table, table.host, "question:moderate", qid=second["id"], rev=2, op="approve").code == "not_found"
    table.act(table.host, "room:close")
    assert next((e["t"], e["d"].get("body")) for m in host.heard() for e in m["l"]) == ("question.published", "Γ;")


def test_moderated_meanwhile_it_waits_for_a_moderator(table: Table) -> None:
    setting(table, moderation="off")
    question = table.ask(table.alice, vis="none")
    setting(table, moderation="pre")
    due(table, -1)
    release(table)
    assert table.now(question)["state"] == "pending"
