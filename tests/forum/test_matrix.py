"""The matrix of the room's commands, carried out as every role; its routes are in tests/test_permission_matrix.py."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from core.live import NAMESPACE, socketio
from forum import services
from forum.models import PollAnswer
from tests.forum.conftest import Table, cid, lay_table
from tests.forum.matrix import ROOM_ROLES, SOCKET_MATRIX
from tests.world import World


@pytest.fixture
def cast(world: World) -> tuple[Table, dict[str, Any], dict[str, Any]]:
    """A table, somebody for each role, and a question of another learner that was let through."""
    lead = world.organisation()
    table = lay_table(world, lead=lead)
    chara, learner = world.chara(), world.person("Λένα")
    world.member(chara, lead)
    world.enrol(learner, table.cohort)
    people = {
        "nobody": None,
        "stranger": table.stranger,
        "learner": learner,
        "mentor": table.host,
        "coordinator": chara,
        "author": world.author(),
        "staff": world.stelios(),
        "admin": world.admin(),
        "projector": None,
    }
    table.things = {
        "aid": table.act(table.host, "room:announce", body="Αρχίζουμε.")["announcement"]["id"],
        "kid": table.act(table.host, "caption:key")["kid"],
        "nid": table.act(table.host, "note:send", body="Έτοιμοι;")["note"]["id"],
    }
    table.act(table.host, "check:ask")
    return table, people, table.asked()


# Where a poll stands before each of its commands, and what the command says of it.
POLLS: dict[str, tuple[str, dict[str, Any]]] = {
    "poll:vote": ("open", {"round": 1, "choice": [0]}),
    "poll:move": ("draft", {"to": "up"}),
    "poll:delete": ("draft", {"rev": 1}),
    "poll:open": ("draft", {"rev": 1}),
    "poll:close": ("open", {"rev": 2}),
    "poll:reveal": ("closed", {"rev": 3}),
    "poll:again": ("closed", {"rev": 3}),
    "poll:show": ("open", {"on": 1}),
    "poll:hands": ("open", {"option": 0, "count": 3}),
    "poll:pick": ("open", {"on": 1}),
}


KINDS = {"poll:pick": "text", "poll:reveal": "quiz"}


def poll_payload(command: str, table: Table, question: dict[str, Any]) -> dict[str, Any]:
    """COMMAND about a poll of its own, standing where the command begins."""
    if command == "poll:save":
        return {"cid": cid(), "kind": "yesno", "body": "Συμφωνείτε;"}
    if command == "poll:take":
        return {"cid": cid(), "qid": question["id"]}
    state, said = POLLS[command]
    poll = table.poll(state, kind=KINDS.get(command, "peer"), right=[0])
    if command == "poll:pick":
        table.choose(table.alice, poll, "Μια λέξη")
        said = said | {"answer": answer_number(table)}
    return said | {"pid": poll["id"]} | ({} if command == "poll:vote" else {"cid": cid()})


def answer_number(table: Table) -> int:
    with table.world.session() as session:
        return session.scalar(select(func.max(PollAnswer.id)))


def payload(command: str, table: Table, question: dict[str, Any], key: str | None) -> dict[str, Any]:
    if command.startswith("poll:"):
        return poll_payload(command, table, question)
    qid = {"qid": question["id"]}
    return {
        "room:hello": {"v": 1, "code": table.code} | ({"key": key} if key else {}),
        "room:sync": {"epoch": "x", "from": 0},
        "question:ask": {"cid": cid(), "body": "Πώς;", "vis": "name"},
        "question:vote": qid | {"val": 1, "n": 1},
        "question:after": {"cid": cid(), "body": "Και μετά;", "vis": "name"},
        "question:also": qid | {"val": 1},
        "question:edit": qid | {"cid": cid(), "rev": 2, "body": "Αλλιώς;"},
        "question:withdraw": qid | {"cid": cid()},
        "question:similar": {"body": "Πώς εγγράφεται;"},
        "question:covered": {"cid": cid(), "source": "faq", "id": question["id"]},
        "question:moderate": qid | {"cid": cid(), "rev": 2, "op": "spotlight"},
        "question:answer": qid | {"cid": cid(), "body": "Έτσι."},
        "answer:accept": qid | {"cid": cid(), "answer": "00000000-0000-4000-8000-000000000000", "on": 1},
        "room:close": {"cid": cid(), "rest": "mentor"},
        "question:assign": qid | {"cid": cid(), "to": "mentor"},
        "question:cannot": qid | {"cid": cid(), "reason": "Όχι."},
        "question:anonymise": qid | {"cid": cid()},
        "promise:make": {"cid": cid(), "body": "Θα το στείλουμε."},
        "promise:done": {"cid": cid(), "id": question["id"], "on": 1},
        "question:report": qid | {"cid": cid(), "reason": "Προσβάλλει."},
        "question:bulk": {"cid": cid(), "qs": [f"{question['id']}:2"], "op": "tag", "tags": []},
        "room:settings": {"cid": cid(), "cap": 5},
        "room:undo": {"cid": cid(), "act": 999},
        "hand": {"up": 1},
        "pulse": {"level": "clear"},
        "react": {"k": "thanks"},
        "room:announce": {"cid": cid(), "body": "Διάλειμμα."},
        "room:unannounce": {"cid": cid(), "aid": table.things["aid"]},
        "room:caption": {"cid": cid(), "body": "Καλησπέρα."},
        "caption:revoke": {"cid": cid(), "kid": table.things["kid"]},
        "note:send": {"cid": cid(), "body": "Πιο αργά."},
        "note:read": {"nid": table.things["nid"]},
        "breakout:open": {"cid": cid(), "groups": 3, "minutes": 10},
        "breakout:extend": {"cid": cid(), "minutes": 2},
        "breakout:sit": {},
        "breakout:bring": {"cid": cid(), "body": "Τι βρήκαμε;"},
        "screen:blank": {"cid": cid(), "on": 1},
        "screen:captions": {"cid": cid(), "on": 1},
        "screen:due": {},
        "room:ping": {},
    }.get(command, {"cid": cid()})  # and those that say nothing more


@pytest.mark.parametrize("command", SOCKET_MATRIX)
def test_command(cast: Any, command: str) -> None:
    table, people, question = cast
    with table.world.app.app_context():
        key = services.projector_key(table.room())
    order = [role for role in ROOM_ROLES if SOCKET_MATRIX[command][role] != "ok"]
    found = {}
    for role in order + [role for role in ROOM_ROLES if role not in order]:
        socket = table.socket(people[role])
        mine = key if role == "projector" else None
        if command != "room:hello":
            socket("room:hello", payload("room:hello", table, question, mine))
        ack = socket(command, payload(command, table, question, mine))
        found[role] = "ok" if ack["ok"] else ack["err"]
    assert found == SOCKET_MATRIX[command]


def test_no_command_is_missing_from_the_matrix() -> None:
    registered = {name for name, _handler, namespace in socketio.handlers if namespace == NAMESPACE}
    assert registered - {"connect", "disconnect", "*"} == set(SOCKET_MATRIX)
