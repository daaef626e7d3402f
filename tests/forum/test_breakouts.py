"""Work in groups: who is there sits down evenly, the clock runs, each group brings one question back."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import pytest

from core.errors import DomainError
from forum.models import Breakout, BreakoutSeat
from forum.services import anonymity
from learning.models import Enrolment
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def opened(table: Table, groups: int = 3, minutes: int = 10, **facts: Any) -> dict[str, Any]:
    facts = {"called": "Ομάδα", "task": "Βρείτε ένα παράδειγμα."} | facts
    return table.act(table.host, "breakout:open", groups=groups, minutes=minutes, **facts)["breakout"]


def sits(table: Table, user: Any, **wanted: Any) -> int:
    return table.act(user, "breakout:sit", **wanted)["no"]


def refusal(table: Table, user: Any, command: str, **args: Any) -> str:
    with pytest.raises(DomainError) as refused:
        table.act(user, command, **args)
    return str(refused.value.message)


def test_who_is_there_sits_down_evenly_and_keeps_the_seat(table: Table) -> None:
    opened(table)
    people = [table.alice, *(enrolled(table, f"Π{i}") for i in range(6))]
    first = [sits(table, person) for person in people]
    assert sorted(Counter(first).values()) == [2, 2, 3]
    assert [sits(table, person) for person in people] == first  # asked again, it is the same seat
    assert sits(table, table.alice, no=first[0] % 3 + 1) == first[0] % 3 + 1  # chosen by oneself
    assert sits(table, table.alice) == first[0] % 3 + 1


def test_people_of_one_place_sit_together_until_it_is_full(table: Table) -> None:
    places = [table.world.organisation(), table.world.organisation()]
    people = [enrolled(table, f"Π{i}") for i in range(8)]
    with table.world.session() as session:
        for i, person in enumerate(people):
            seat = session.query(Enrolment).filter_by(user_id=person.id).one()
            seat.organisation_id = places[i % 2].id
        session.commit()
    opened(table, groups=2, deal="place")
    found = [sits(table, person) for person in people]
    assert sorted(Counter(found).values()) == [4, 4]
    assert len(set(found[::2])) == len(set(found[1::2])) == 1


def test_everybody_hears_of_it_and_each_of_their_own_seat_alone(table: Table) -> None:
    alice, other, host = table.inside(table.alice), table.inside(enrolled(table)), table.inside(table.host)
    opened(table, links=["https://example.org/a", "", "https://example.org/c"])
    event = alice.heard()[0]["l"][0]
    assert event["t"] == "room.breakout"
    assert [group["link"] for group in event["d"]["groups"]] == ["https://example.org/a", "", "https://example.org/c"]
    alice("breakout:sit")
    frames = {name: socket.frames() for name, socket in (("alice", alice), ("other", other), ("host", host))}
    assert [f["args"][0]["t"] for f in frames["alice"] if f["name"] == "me"] == ["group"]
    assert not [f for name in ("other", "host") for f in frames[name] if f["name"] == "me"]
    ticks = [f["args"][0]["bo"] for f in frames["host"] if f["name"] == "tick" and "bo" in f["args"][0]]
    assert sorted(n for _no, n in ticks[-1][1]) == [0, 0, 1]
    late = table.socket(table.alice).hello(table.code)["r"]
    assert late["me"]["group"]["no"] in {1, 2, 3}
    assert late["snapshot"]["breakout"]["open"] is True


def test_the_clock_is_prolonged_and_all_are_called_back(table: Table) -> None:
    ends = dt.datetime.fromisoformat(opened(table, minutes=5)["ends"])
    later = table.act(table.host, "breakout:extend", minutes=2)["breakout"]
    assert dt.datetime.fromisoformat(later["ends"]) - ends == dt.timedelta(minutes=2)
    for _click in range(2):
        assert table.act(table.host, "breakout:close")["breakout"]["open"] is False
    assert "no work in groups" in refusal(table, table.alice, "breakout:sit")
    assert [opened(table)["no"] for _anew in range(2)] == [2, 3]
    with table.world.session() as session:
        assert [one.closed_at is None for one in session.query(Breakout).order_by(Breakout.no)] == [False, False, True]


def test_a_group_brings_one_question_that_goes_the_way_of_all(table: Table) -> None:
    opened(table, groups=2)
    mate = enrolled(table)
    no = sits(table, table.alice)
    sits(table, mate, no=no)
    question = table.act(table.alice, "breakout:bring", body="Ποιος φυλάει τα κλειδιά;")["q"]
    assert (question["state"], question["by"]) == ("pending", f"Ομάδα {no}")
    assert "brought its question already" in refusal(table, mate, "breakout:bring", body="Κι άλλη;")
    assert "Take a seat" in refusal(table, enrolled(table, "Νίκος"), "breakout:bring", body="Εγώ;")
    table.act(table.host, "breakout:close")
    shown = table.moderate("approve", question)
    assert shown["by"] == f"Ομάδα {no}"
    assert table.now(shown)["hall"] is False
    snapshot = table.socket(mate).hello(table.code)["r"]["snapshot"]
    assert [group["brought"] for group in snapshot["breakout"]["groups"]] == [no == 1, no == 2]
    table.moderate("dismiss", shown, reason="Όχι.")
    assert table.act(mate, "breakout:bring", body="Αλλιώς;")["q"]["by"] == f"Ομάδα {no}"


def test_no_name_comes_out_when_the_sender_takes_theirs_off(table: Table) -> None:
    opened(table)
    sits(table, table.alice)
    question = table.moderate("approve", table.act(table.alice, "breakout:bring", body="Ποιος;")["q"])
    table.act(table.host, "room:close")
    assert table.act(table.alice, "question:anonymise", qid=question["id"])["q"]["by"] is None
    assert table.row(question).behalf == ""


def test_the_room_closes_the_groups_and_the_archive_forgets_who_sat_where(table: Table) -> None:
    opened(table)
    sits(table, table.alice)
    table.act(table.host, "room:close")
    with table.world.session() as session:
        assert session.query(Breakout).one().closed_at is not None
        assert session.query(BreakoutSeat).count() == 1
        anonymity.archive(session, session.get_one(type(table.room()), table.room_id))
        session.commit()
        assert session.query(BreakoutSeat).count() == 0


@pytest.mark.parametrize("links", ["javascript:alert(1)", "https://a b", "ftp://example.org"])
def test_a_link_leads_to_the_web_and_nowhere_else(table: Table, links: str) -> None:
    assert "https://" in refusal(table, table.host, "breakout:open", groups=2, minutes=5, links=links)


def test_all_of_it_by_plain_forms(table: Table) -> None:
    host, alice, at = table.world.client(table.host), table.world.client(table.alice), f"/rooms/{table.code}"
    form = {"groups": "2", "minutes": "10", "called": "Τραπέζι", "task": "Συζητήστε.", "links": "https://example.org/x\n"}
    assert host.post(f"{at}/groups", data=form | {"deal": "random"}).status_code == 303
    assert alice.post(f"{at}/groups/seat", data={"no": "1"}).status_code == 303
    page = alice.get(at).text
    assert re.search(r"data-groups-no>1<", page)
    assert 'href="https://example.org/x"' in page
    assert alice.post(f"{at}/groups/question", data={"body": "Τι βρήκαμε;"}).status_code == 303
    page = host.get(f"{at}/host").text
    assert "Τραπέζι 1" in page
    assert "<b data-group-n>1</b>" in page
    assert host.post(f"{at}/groups/extend", data={"minutes": "2"}).status_code == 303
    assert host.post(f"{at}/groups/close").status_code == 303
    assert table.world.client(table.stranger).post(f"{at}/groups/seat").status_code == 404
