"""The record of a finished room: fates, filters, pages, links, files to take along, and the proof."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from sqlalchemy import insert, update

from core.db import utcnow
from forum.models import Question, Room
from tests.forum.conftest import Table
from tests.forum.test_closing import close
from tests.forum.test_sockets import enrolled
from tests.forum.test_views import queries_of


def record(table: Table, user: Any, query: str = "") -> str:
    page = table.world.client(user).get(f"/rooms/{table.code}/record{query}")
    assert page.status_code == 200
    return page.text


def evening(table: Table) -> dict[str, dict[str, Any]]:
    """A question for each fate, by its first word."""
    with table.world.session() as session:
        session.get_one(Room, table.room_id).opened_at = utcnow()
    words = ("Ζωντανά", "Γραπτά", "Μέντορα", "Χωρίς")
    found = {word: table.asked(enrolled(table, word), body=f"{word};") for word in words}
    table.moderate("answered", table.moderate("answering", found["Ζωντανά"]))
    table.act(table.host, "question:answer", qid=found["Γραπτά"]["id"], body="=Έτσι.")
    found["Εκτός"] = table.moderate("dismiss", table.ask(table.alice, body="Εκτός;"), reason="Εκτός θέματος.")
    found["Κρυφά"] = table.asked(table.alice, body="Κρυφά;", vis="none")
    close(table, rest="mentor")
    table.act(table.host, "question:cannot", qid=found["Χωρίς"]["id"], reason="Αλλάζει ο νόμος.")
    return found


@pytest.mark.parametrize(
    ("fate", "shown"),
    [
        ("", {"Ζωντανά", "Γραπτά", "Μέντορα", "Χωρίς", "Κρυφά"}),
        ("?fate=live", {"Ζωντανά"}),
        ("?fate=written", {"Γραπτά"}),
        ("?fate=mentors", {"Μέντορα", "Χωρίς", "Κρυφά"}),
        ("?fate=nonsense", {"Ζωντανά", "Γραπτά", "Μέντορα", "Χωρίς", "Κρυφά"}),
    ],
)
def test_every_question_with_its_fate_and_only_those_chosen(table: Table, fate: str, shown: set[str]) -> None:
    asked = evening(table)
    page = record(table, table.host, fate)
    assert {word for word in asked if f">{word};</p>" in page} == shown
    assert ("Αλλάζει ο νόμος." in page) == ("Χωρίς" in shown)


def test_the_receipt_stands_on_the_record(table: Table) -> None:
    evening(table)
    page = record(table, table.alice)
    told = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page))
    assert told == {
        "were asked": "6", "were answered in the meeting": "1", "were answered in writing": "1",
        "are with the mentors": "2", "stay without an answer, with a reason": "1",
        "didn't pass, with a reason": "1", "vanished": "0",
    }


def test_what_i_asked_here_stands_there_for_me_alone(table: Table) -> None:
    evening(table)
    mine, theirs = record(table, table.alice), record(table, enrolled(table))
    for words in ("What I asked here", "Εκτός θέματος.", "no e-mail can reach you", "Take my name off"):
        assert words in mine
        assert words not in theirs


def test_my_name_comes_off_from_the_record(table: Table) -> None:
    asked = evening(table)
    at = f"/rooms/{table.code}/questions/{asked['Εκτός']['id']}/anonymise"
    stranger, other, alice = (table.world.client(one) for one in (table.stranger, enrolled(table), table.alice))
    assert [client.post(at).status_code for client in (stranger, other)] == [404, 404]
    done = alice.post(at, data={"back": "record"})
    assert (done.status_code, done.location) == (303, f"/rooms/{table.code}/record?q={asked['Εκτός']['id']}")
    assert "Εκτός;" not in alice.get("/me/questions").text


def test_promises_stay_on_the_record_until_they_are_kept(table: Table) -> None:
    table.act(table.host, "promise:make", body="Θα σταλεί το υπόδειγμα.", to="mentor", due="2030-03-12")
    close(table)
    page = record(table, table.alice)
    assert "Θα σταλεί το υπόδειγμα." in page
    assert "until 12 March" in page
    assert table.host.name not in page.partition('id="promises"')[2].partition("</section>")[0]
    host = table.world.client(table.host)
    (address,) = re.findall(r'action="([^"]+/done)"', host.get(f"/rooms/{table.code}/record").text)
    assert host.post(address, data={"on": "1"}).status_code == 303
    assert "Kept on" in record(table, table.alice)
    assert table.world.client(table.alice).post(address, data={"on": ""}).status_code == 403
    made = host.post(f"/rooms/{table.code}/promises", data={"body": "Κι άλλο ένα.", "to": "mentor"})
    assert (made.status_code, "Κι άλλο ένα." in record(table, table.alice)) == (303, True)


def many(table: Table, number: int) -> None:
    """NUMBER questions written past the room, only to be read."""
    facts = {"room_id": table.room_id, "visibility": "name", "asker_id": table.alice.id, "state": "open", "rev": 1}
    rows = [{**facts, "no": no, "body": f"Ερώτηση {no};"} for no in range(1, number + 1)]
    with table.world.session() as session:
        session.execute(insert(Question), rows)
        session.execute(update(Room).values(last_no=number, state="closed", opened_at=utcnow(), closed_at=utcnow()))


def test_three_thousand_questions_in_pages_with_the_same_few_queries(table: Table) -> None:
    many(table, 3000)
    at = f"/rooms/{table.code}/record"
    assert queries_of(table, table.host, at) == 20
    page = record(table, table.host)
    assert page.count('class="q__text') == 50
    with table.world.session() as session:
        pid = session.query(Question.pid).filter_by(no=2777).scalar()
    linked = record(table, table.host, f"?q={pid}")
    assert f'id="q-{pid}"' in linked
    assert f"/record?q={pid}#q-{pid}" in linked
    assert linked.count('class="q__text') == 50


def test_files_are_for_those_who_run_the_room(table: Table) -> None:
    evening(table)
    for kind in ("csv", "json", "md"):
        at = f"/rooms/{table.code}/export.{kind}"
        found = [table.world.client(user).get(at).status_code for user in (table.host, table.alice, table.stranger)]
        assert found == [200, 403, 404]
    assert table.world.client(table.host).get(f"/rooms/{table.code}/export.xml").status_code == 404


def test_the_json_has_offsets_fates_and_only_names_that_were_meant_to_be_read(table: Table) -> None:
    evening(table)
    told = table.world.client(table.host).get(f"/rooms/{table.code}/export.json").json
    rows = {row["question"]: row for row in told["questions"]}
    assert told["receipt"]["asked"] == len(rows) == 6
    assert told["proof"]["pub"] == table.room().pub_hash
    assert (rows["Ζωντανά;"]["by"], rows["Κρυφά;"]["by"]) == ("Ζωντανά Ε.", None)
    assert rows["Εκτός;"] | {"fate": "dismissed", "reason": "Εκτός θέματος."} == rows["Εκτός;"]
    assert re.fullmatch(r"\d:\d\d:\d\d", rows["Ζωντανά;"]["answering"])
    assert re.fullmatch(r"\d:\d\d", rows["Κρυφά;"]["asked"])
    assert rows["Μέντορα;"]["due"]


def test_the_table_computes_nothing_and_the_text_reads_well(table: Table) -> None:
    table.asked(body="=HYPERLINK(1)")
    evening(table)
    host = table.world.client(table.host)
    sheet = host.get(f"/rooms/{table.code}/export.csv")
    assert sheet.data.startswith(b"\xef\xbb\xbfno,question,by,")
    assert "'=HYPERLINK(1)" in sheet.text
    assert not re.search(r"(^|,)\"?[=+@-]", sheet.text, re.MULTILINE)
    text = host.get(f"/rooms/{table.code}/export.md").text
    assert text.startswith("# Ενότητα ")
    for words in ("## 2. Ζωντανά;", "> =Έτσι.", "> Βασίλης Ε.", "Why: Εκτός θέματος.", table.room().pub_hash):
        assert words in text


def test_anybody_recomputes_the_download(table: Table) -> None:
    evening(table)
    told = table.world.client(table.alice).get(f"/rooms/{table.code}/chain.json").json
    head = "0" * 64
    for event in told["events"]:
        line = [told["room"], told["stream"], event["seq"], event["type"], event["data"], event["at"]]
        written = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = hashlib.sha256((head + written).encode()).hexdigest()
    assert head == told["head"] == table.room().pub_hash
    assert head[:12] in record(table, table.alice)
    assert "Ζωντανά;" in json.dumps(told, ensure_ascii=False)
    assert "Ζωντανά Ε." not in json.dumps(told, ensure_ascii=False)


def test_the_log_of_moderators_is_for_moderators_and_of_closed_rooms_only(table: Table) -> None:
    at = f"/rooms/{table.code}/chain.json"
    assert table.world.client(table.host).get(at).status_code == 404
    evening(table)
    mod = f"{at}?stream=mod"
    found = [table.world.client(user).get(mod).status_code for user in (table.host, table.alice, table.stranger)]
    assert found == [200, 404, 404]
    assert "Εκτός θέματος." not in table.world.client(table.alice).get(at).text


def test_the_proof_is_explained_to_everybody(table: Table) -> None:
    page = table.world.client(None).get("/rooms/proof").text
    assert "How it works" in page
    assert "hashlib.sha256" in page


def test_the_screen_shows_the_receipt_and_nothing_else_at_the_end(table: Table) -> None:
    evening(table)
    page = table.world.client(table.host).get(f"/rooms/{table.code}/screen").text
    scene = page.partition('id="closed"')[2].partition("</section>")[0]
    shown = re.findall(r'data-fate="(\w+)"(?: data-always)?><dt>[^<]+</dt><dd>(\d+)</dd>', scene)
    assert dict(shown) == {
        "asked": "6", "answered": "2", "mentors": "2", "cannot": "1", "dismissed": "1", "vanished": "0"
    }
    assert "Εκτός" not in page


def test_the_page_for_paper_has_every_question_once(table: Table) -> None:
    answered = table.asked(body="Πόσα μέλη;")
    table.act(table.host, "question:answer", qid=answered["id"], body="Πέντε, λέει ο νόμος.")
    table.moderate("dismiss", table.ask(table.alice, body="Εκτός;"), reason="Δεν είναι του θέματος.")
    table.act(table.host, "room:close")
    page = table.world.client(table.host).get(f"/rooms/{table.code}/paper").text
    for words in ("<b>1.</b> Πόσα μέλη;", "Πέντε, λέει ο νόμος.", "<b>2.</b> Εκτός;", "Δεν είναι του θέματος."):
        assert page.count(words) == 1
    assert [table.world.client(who).get(f"/rooms/{table.code}/paper").status_code
            for who in (table.alice, table.stranger)] == [403, 404]
