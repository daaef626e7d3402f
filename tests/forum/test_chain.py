"""The chain over the log: anybody can recompute it, any changed row is found, names can go without breaking it."""

from __future__ import annotations

import hashlib
import json

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text, update

from core.db import db
from forum.models import Question, Room, RoomEvent, Stream
from forum.models.chain import put_names, split_names
from forum.queries.chain import fault_in, rooms_to_verify
from tests.core.test_migrations import FOLDER, empty
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled
from tests.world import World

__all__ = ["empty"]


def a_meeting(table: Table) -> None:
    """A few questions with names, votes and an answer."""
    for i in range(3):
        question = table.asked(body=f"Ερώτηση {i};")
        table.act(enrolled(table, f"Φ{i}"), "question:vote", qid=question["id"], val=1)
    table.act(table.host, "question:answer", qid=question["id"], body="Έτσι.")
    table.moderate("dismiss", table.ask(table.alice, body="Εκτός;"), reason="Εκτός θέματος.")


def verify(world: World, *code: str) -> tuple[int, str]:
    result = world.app.test_cli_runner().invoke(args=["forum", "verify", *code])
    return result.exit_code, result.output


def recomputed(code: str, stream: str, events: list[tuple[int, str, object, str]]) -> str:
    """The whole recipe, from docs/live-protocol.md, without a line of ours."""
    head = "0" * 64
    for seq, kind, data, at in events:
        told = [code, stream, seq, kind, data, at]
        written = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        head = hashlib.sha256((head + written).encode()).hexdigest()
    return head


def test_the_chain_by_hand(table: Table) -> None:
    a_meeting(table)
    room = table.room()
    with table.world.session() as session:
        for stream, head in ((Stream.PUB, room.pub_hash), (Stream.MOD, room.mod_hash)):
            rows = session.execute(
                select(RoomEvent.seq, RoomEvent.type, RoomEvent.data, RoomEvent.at)
                .where(RoomEvent.room_id == room.id, RoomEvent.stream == stream)
                .order_by(RoomEvent.seq)
            )
            told = [(seq, kind, data, at.isoformat(timespec="microseconds")) for seq, kind, data, at in rows]
            assert len(told) >= 4
            assert recomputed(room.code, stream.value, told) == head


def test_verify_says_that_all_is_well(table: Table) -> None:
    a_meeting(table)
    room = table.room()
    assert verify(table.world) == (0, f"ok: 1 rooms, {room.pub_seq + room.mod_seq} events\n")
    assert verify(table.world, table.code.lower())[0] == 0
    assert verify(table.world, "ZZZZZZ") == (1, "Error: no room ZZZZZZ\n")


def test_any_single_changed_row_is_found(table: Table) -> None:
    a_meeting(table)
    with table.world.session() as session:
        keys = session.execute(select(RoomEvent.stream, RoomEvent.seq, RoomEvent.type, RoomEvent.data)).all()
        for stream, seq, kind, data in keys:
            for lie in ({"type": f"{kind}x"}, {"data": {**data, "no": 99}}):
                here = (RoomEvent.stream == stream, RoomEvent.seq == seq)
                session.execute(update(RoomEvent).where(*here).values(**lie))
                (room,) = rooms_to_verify()
                assert str(fault_in(room)) == f"{table.code}: {stream.value} {seq}: this event isn't what was written"
                session.execute(update(RoomEvent).where(*here).values(type=kind, data=data))
        assert fault_in(room) is None


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM room_events WHERE stream = 'pub' AND seq = 2", "pub 2: this event is missing"),
        ("DELETE FROM room_events WHERE stream = 'mod' AND seq = 9", "mod 9: the log ends here, the room says 9"),
        ("UPDATE rooms SET pub_hash = mod_hash", "pub 4: the chain doesn't end where the room says"),
        ("UPDATE rooms SET last_no = 5", "question 5 is gone"),
        ("UPDATE questions SET no = 7 WHERE no = 4", "question 4 is gone"),
        ("UPDATE rooms SET last_no = 3", "question 4 was never given this number"),
        ("UPDATE rooms SET pub_seq = 3, pub_hash = (SELECT hash FROM room_events WHERE seq = 3 AND stream = 'pub')",
         "pub 4: the room says that the log ends at 3"),
    ],
)
def test_what_was_taken_out_is_found(table: Table, damage: str, said: str) -> None:
    a_meeting(table)
    with table.world.session() as session:
        session.execute(text(damage))
    assert verify(table.world) == (1, f"{table.code}: {said}\n")


def test_a_question_that_was_put_in_past_the_room_is_found(table: Table) -> None:
    a_meeting(table)
    with table.world.session() as session:
        facts = {"room_id": table.room_id, "no": 5, "body": "Κρυφά;", "visibility": "mods", "state": "open"}
        session.add(Question(**facts, asker_id=table.alice.id))
        session.get_one(Room, table.room_id).last_no = 5
    assert verify(table.world) == (1, f"{table.code}: question 5 is in no event\n")


def test_no_name_is_in_what_is_proven_and_everybody_still_reads_it(table: Table) -> None:
    a_meeting(table)
    with table.world.session() as session:
        told = json.dumps(session.scalars(select(RoomEvent.data)).all(), ensure_ascii=False)
        assert ("Ερώτηση 1;" in told, "Αλίκη" in told, "Βασίλης" in told) == (True, False, False)
        names = session.scalars(select(RoomEvent.names).where(RoomEvent.names.is_not(None))).all()
        assert {"by": "Αλίκη Ε.", "first": False, "who": "Βασίλης Ε.", "answers/0/by": "Βασίλης Ε."} in names
    hello = table.socket(table.alice).hello(table.code, resume={"pub": [table.room().epoch, 0]})["r"]
    assert [event["d"].get("by") for event in hello["events"][:3]] == ["Αλίκη Ε."] * 3
    assert hello["events"][3]["d"]["answers"][0]["by"] == "Βασίλης Ε."


def test_names_split_and_join() -> None:
    answer = {"by": "Βασίλης", "body": "by"}
    data = {"id": "a", "by": "Άννα", "who": None, "answers": [answer], "by_hand": "όχι", "n": (1, 2)}
    bare, names = split_names(data)
    bare_answer = {"by": None, "body": "by"}
    assert bare == {"id": "a", "by": None, "who": None, "answers": [bare_answer], "by_hand": "όχι", "n": [1, 2]}
    assert names == {"by": "Άννα", "answers/0/by": "Βασίλης"}
    assert put_names(bare, names) == {**data, "n": [1, 2]}


OLD = {"id": "x", "by": "Άννα Π.", "answers": [{"by": "Βάσω Κ.", "body": "Έτσι."}], "no": 1}
BARE = {"id": "x", "by": None, "answers": [{"by": None, "body": "Έτσι."}], "no": 1}
ROOM = {
    "id": 1, "code": "ABCDEF", "meeting_id": 1, "state": "open", "moderation": "pre", "epoch": "e", "pub_seq": 0,
    "mod_seq": 2, "last_no": 1,
}


BEFORE = ScriptDirectory(FOLDER).get_revision("room_chain").down_revision
AT = "2026-01-02 03:04:05.678901+00:00"
ROWS = "INSERT INTO room_events (room_id, stream, seq, type, data, at) VALUES (:room, 'mod', :seq, 't', :data, :at)"


def put_old_rows() -> None:
    """A room of the first schema with two events; the meeting it belongs to doesn't matter here."""
    with db.engine.begin() as connection:
        postgres = connection.dialect.name == "postgresql"
        connection.exec_driver_sql("SET session_replication_role = replica" if postgres else "PRAGMA foreign_keys=OFF")
        connection.execute(sa.table("rooms", *map(sa.column, ROOM)).insert(), ROOM)
        for seq, data in ((1, OLD), (2, {"state": "open"})):
            row = {"room": 1, "seq": seq, "data": json.dumps(data), "at": AT if postgres else AT.removesuffix("+00:00")}
            connection.execute(text(ROWS), row)


def test_rows_that_were_there_are_chained_and_go_back(empty: Flask) -> None:
    with empty.app_context():
        upgrade(directory=FOLDER, revision=BEFORE)
        put_old_rows()
        upgrade(directory=FOLDER)
        (room,) = rooms_to_verify()
        assert str(fault_in(room)) == "ABCDEF: question 1 is gone"  # no row of it was put; the chain is whole
        assert room.mod_hash == recomputed(
            "ABCDEF",
            "mod",
            [(1, "t", BARE, "2026-01-02T03:04:05.678901+00:00"), (2, "t", {"state": "open"}, AT.replace(" ", "T"))],
        )
        db.session.remove()
        downgrade(directory=FOLDER, revision=BEFORE)
        with db.engine.connect() as connection:
            rows = connection.execute(text("SELECT data FROM room_events ORDER BY seq")).scalars().all()
        assert [json.loads(row) if isinstance(row, str) else row for row in rows] == [OLD, {"state": "open"}]
