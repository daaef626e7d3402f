"""Captions: typed and sent by a program with a key; the key that is wrong, expired or taken back; the transcript."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from core.db import utcnow
from core.errors import DomainError
from forum.models import Caption, CaptionKey, Room
from forum.services.captions import secret
from mentors.models import CohortTeam
from tests.forum.conftest import Table, cid
from tests.forum.test_sockets import enrolled


def key_of(table: Table) -> str:
    kid = table.act(table.host, "caption:key")["kid"]
    with table.world.app.test_request_context(), table.world.session() as session:
        return secret(session.scalars(select(CaptionKey)).all()[-1]) if kid else ""


def feed(table: Table, **fields: Any) -> Any:
    return table.world.client(None).post(f"/rooms/{table.code}/captions/feed", **fields)


def test_lines_come_in_order_to_everybody_and_once(table: Table) -> None:
    alice, host, key = table.inside(table.alice), table.inside(table.host), cid()
    assert host("room:caption", cid=key, body="Καλησπέρα.")["r"] == {"no": 1}
    assert host("room:caption", cid=key, body="Καλησπέρα.")["r"] == {"no": 1}
    assert host("room:caption", cid=key, body="Άλλο.")["err"] == "invalid"
    host("room:caption", body="Ξεκινάμε με το παράδειγμα.")
    ticks = [line for tick in alice.heard("tick") for line in tick.get("cc", [])]
    assert ticks == [[1, "Καλησπέρα."], [2, "Ξεκινάμε με το παράδειγμα."]]
    hello = table.socket(table.alice).hello(table.code)["r"]
    assert hello["ticks"][0]["cc"] == ticks, "whoever comes later sees the last lines"


def test_a_program_writes_with_a_key(table: Table) -> None:
    key = key_of(table)
    bearer = {"Authorization": f"Bearer {key}", "Content-Type": "text/plain; charset=utf-8"}
    assert feed(table, data="Πρώτη γραμμή".encode(), headers=bearer).json == {"no": 1}
    assert feed(table, data={"body": "Δεύτερη", "key": key, "seq": "7"}).json == {"no": 2}
    assert feed(table, data={"body": "Δεύτερη", "key": key, "seq": "7"}).json == {"no": 2}, "sent twice, shown once"
    answer = feed(table, data="Τρίτη".encode(), query_string={"key": key}, content_type="text/plain")
    assert (answer.status_code, answer.json) == (201, {"no": 3})
    assert feed(table, data={"body": " ", "key": key}).status_code == 422
    assert feed(table, data={"body": "x" * 9000, "key": key}).status_code == 413


def test_a_key_that_is_guessed_expired_revoked_or_of_another_room_opens_nothing(table: Table) -> None:
    from tests.forum.conftest import lay_table

    key, other = key_of(table), lay_table(table.world)
    said, mark = key.split(".")  # not the mark's last sign: two bits of it count for nothing
    for wrong in ("", "x", f"{said}.{mark[::-1]}", key_of(other), "W10.e30"):
        assert feed(table, data={"body": "Εισβολή", "key": wrong}).status_code == 404
    assert table.world.client(None).post("/rooms/AAAAAA/captions/feed", data={"key": key}).status_code == 404
    with table.world.session() as session:
        mine = session.scalars(select(CaptionKey).where(CaptionKey.room_id == table.room_id)).one()
        kid, made = str(mine.pid), mine.made_at
        mine.made_at, mine.expires_at = made - dt.timedelta(hours=13), utcnow() - dt.timedelta(seconds=1)
        session.commit()
    assert feed(table, data={"body": "Αργά", "key": key}).status_code == 404
    with table.world.session() as session:
        session.execute(update(CaptionKey).values(expires_at=utcnow() + dt.timedelta(hours=1)))
        session.commit()
    assert feed(table, data={"body": "Στην ώρα", "key": key}).status_code == 201
    table.act(table.host, "caption:revoke", kid=kid)
    assert feed(table, data={"body": "Μετά", "key": key}).status_code == 404


def test_a_key_ends_with_the_seat_of_its_maker(table: Table) -> None:
    key = key_of(table)
    with table.world.session() as session:
        session.query(CohortTeam).filter_by(user_id=table.host.id).delete()
        session.commit()
    assert feed(table, data={"body": "Ακόμη εδώ;", "key": key}).status_code == 404


def test_a_room_has_five_keys_at_most(table: Table) -> None:
    keys = [table.act(table.host, "caption:key")["kid"] for _ in range(5)]
    with pytest.raises(DomainError) as refused:
        table.act(table.host, "caption:key")
    assert refused.value.code == "locked"
    table.act(table.host, "caption:revoke", kid=keys[0])
    table.act(table.host, "caption:key")


def test_the_transcript_is_kept_and_goes_along(table: Table) -> None:
    began = utcnow() - dt.timedelta(minutes=70)
    with table.world.session() as session:
        session.get_one(Room, table.room_id).opened_at = began
        for no, (body, second) in enumerate((("Καλησπέρα <όλοι>", 3), ("Δεύτερη\nσειρά", 5), ("Τέλος", 3723)), 1):
            at = began + dt.timedelta(seconds=second)
            session.add(Caption(room_id=table.room_id, no=no, cid=cid(), body=body, author_id=table.host.id, at=at))
        session.commit()
    alice = table.world.client(table.alice)
    page = alice.get(f"/rooms/{table.code}/transcript").text
    assert re.findall(r'muted">([\d:]+)</span>', page) == ["0:03", "0:05", "1:02:03"]
    text = alice.get(f"/rooms/{table.code}/transcript?as=txt")
    assert text.text == "[00:00:03] Καλησπέρα <όλοι>\n[00:00:05] Δεύτερη σειρά\n[01:02:03] Τέλος\n"
    assert "attachment" in text.headers["Content-Disposition"]
    film = alice.get(f"/rooms/{table.code}/transcript?as=vtt").text
    assert film.startswith("WEBVTT\n\n1\n00:00:03.000 --> 00:00:05.000\nΚαλησπέρα &lt;όλοι&gt;\n\n2\n00:00:05.000 -->")
    assert table.world.client(table.stranger).get(f"/rooms/{table.code}/transcript").status_code == 404


def test_the_captioners_page_is_for_moderators_and_its_forms_work(table: Table) -> None:
    host = table.world.client(table.host)
    assert host.post(f"/rooms/{table.code}/captions", data={"body": "Από τη φόρμα"}).status_code == 303
    assert host.post(f"/rooms/{table.code}/captions/keys").status_code == 303
    page = host.get(f"/rooms/{table.code}/captions").text
    assert "Από τη φόρμα" in page
    shown = re.search(r'captions/feed\?key=([^"]+)"', page)
    assert shown
    assert feed(table, data={"body": "Από το πρόγραμμα", "key": shown[1]}).status_code == 201
    again = host.post(f"/rooms/{table.code}/captions", data={"body": "γ" * 501})
    assert (again.status_code, "γ" * 501 in again.text) == (422, True)
    for person, status in ((enrolled(table), 403), (table.stranger, 404)):
        assert table.world.client(person).get(f"/rooms/{table.code}/captions").status_code == status
