"""What was asked before: found while somebody types, shown only to whom it may be shown, counted when it is enough."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy import delete, select

from accounts.models import User
from core.db import db
from core.errors import DomainError, Forbidden, NotFound
from forum.models import Question, QuestionEndorsement, QuestionTerm, Room, RoomState
from forum.queries import seat
from forum.services import memory
from mentors.models import CohortState, EnrolPolicy
from tests.core.test_migrations import FOLDER
from tests.forum.conftest import Table, lay_table, statements_of
from tests.world import World

ASKED = "Πώς εγγράφεται μια ΚοινΣΕπ στο μητρώο;"
TYPED = "pos eggrafetai i koinsep sto mhtrwo"


def look(table: Table, user: User, body: str = TYPED, **wanted: Any) -> list[dict[str, Any]]:
    with table.world.app.test_request_context(headers={"Accept-Language": "en"}):
        reader = db.session.get(User, user.id)
        return memory.look(seat(table.room_id, user.id), reader, body, **wanted)["similar"]


def earlier(table: Table, body: str = ASKED, answer: str = "Με αίτηση.", **facts: Any) -> Table:
    """The same module in another cohort: one question, answered in writing, and the room closed."""
    world = table.world
    with world.app.app_context():
        course = db.session.get(type_of_course(), table.cohort.course_version_id).course_id
    lead = world.organisation(name_el="Δήμος Λιόδεντρου")
    before = lay_table(world, lead=lead, course=CourseOf(course, table.cohort.course_version_id), **facts)
    question = before.asked(body=body)
    if answer:
        before.act(before.host, "question:answer", qid=question["id"], body=answer)
    before.act(before.host, "room:close")
    return before


def type_of_course() -> Any:
    from courses.models import CourseVersion

    return CourseVersion


class CourseOf:
    """What `World.cohort` asks of a course."""

    def __init__(self, number: int, current_id: int) -> None:
        self.id, self.current_id = number, current_id


def test_greeklish_finds_the_question_of_this_room(table: Table) -> None:
    question = table.asked(body=ASKED)

    (found,) = look(table, table.host)

    assert (found["source"], found["id"], found["said"]) == ("room", question["id"], "In this room, question 1")
    assert found["own"] is False
    assert look(table, table.alice)[0]["said"] == "You asked it, question 1"


def test_short_and_foreign_texts_find_nothing(table: Table) -> None:
    table.asked(body=ASKED)
    assert look(table, table.alice, "πώς εγγρ") == []
    assert look(table, table.alice, "Πότε βρέχει στα βουνά της Ηπείρου;") == []
    assert look(table, table.alice, "και το να θα με σε;!") == []


def test_what_waits_or_was_refused_is_never_suggested(table: Table) -> None:
    waiting = table.ask(table.alice, body=ASKED)
    assert look(table, table.host) == []
    table.moderate("dismiss", waiting, reason="Εκτός.")
    assert look(table, table.host) == []
    again = table.asked(body=ASKED)
    assert [match["id"] for match in look(table, table.host)] == [again["id"]]
    table.act(table.alice, "question:withdraw", qid=again["id"])
    assert look(table, table.host) == []


def test_an_answer_of_an_earlier_cohort_without_names(table: Table) -> None:
    before = earlier(table)

    (found,) = look(table, table.alice)

    assert found["source"] == "earlier"
    assert found["said"].startswith("Answered before: ")
    assert found["answer"] == "Με αίτηση."
    told = str(found)
    assert before.alice.family_name not in told
    assert before.alice.given_name not in told


@pytest.mark.parametrize(
    "facts", [{"state": CohortState.CANCELLED}, {"state": CohortState.DRAFT}, {"enrol_policy": EnrolPolicy.INVITE}]
)
def test_other_cohorts_are_silent_when_they_were_not_for_everybody(table: Table, facts: dict[str, Any]) -> None:
    before = earlier(table)
    assert look(table, table.alice)
    with table.world.session() as session:
        cohort = session.get(type(before.cohort), before.cohort.id)
        for name, value in facts.items():
            setattr(cohort, name, value)
        cohort.cancel_reason = "Λίγοι."
        cohort.published_at = None if facts.get("state") is CohortState.DRAFT else cohort.published_at

    assert look(table, table.alice) == []


def test_an_open_room_elsewhere_and_an_unanswered_question_stay_there(table: Table) -> None:
    before = earlier(table, answer="")
    assert look(table, table.alice) == []
    with table.world.session() as session:
        session.get(Room, before.room_id).state = RoomState.OPEN
    table_question = before.asked(body=ASKED)
    before.act(before.host, "question:answer", qid=table_question["id"], body="Με αίτηση.")
    assert look(table, table.alice) == []


def test_another_module_has_nothing_to_say(table: Table, world: World) -> None:
    other = lay_table(world)
    question = other.asked(body=ASKED)
    other.act(other.host, "question:answer", qid=question["id"], body="Με αίτηση.")
    other.act(other.host, "room:close")
    assert look(table, table.alice) == []


def test_a_stranger_and_a_projector_may_not_look(table: Table) -> None:
    table.asked(body=ASKED)
    with table.world.app.test_request_context(), pytest.raises(Forbidden):
        memory.look(seat(table.room_id, table.stranger.id), None, TYPED)
    with table.world.app.test_request_context(), pytest.raises(Forbidden):
        memory.look(replace(seat(table.room_id, table.alice.id), role="projector"), None, TYPED)


def test_only_moderators_ask_it_of_a_question(table: Table) -> None:
    first, second = table.asked(body=ASKED), table.ask(table.alice, body="eggrafi koinsep sto mhtroo pos ginetai")
    assert [match["id"] for match in look(table, table.host, "", qid=second["id"])] == [first["id"]]
    with pytest.raises(Forbidden):
        look(table, table.alice, "", qid=second["id"])
    with pytest.raises(NotFound):
        look(table, table.host, "", qid="0" * 8 + "-0000-0000-0000-" + "0" * 12)


def test_under_load_it_is_let_go(table: Table) -> None:
    table.asked(body=ASKED)
    memory.shed(True)
    try:
        assert look(table, table.alice) == []
    finally:
        memory.shed(False)
    assert look(table, table.alice)


def test_words_follow_the_text(table: Table) -> None:
    question = table.ask(table.alice, body=ASKED)
    table.act(table.alice, "question:edit", qid=question["id"], rev=question["rev"], body="Ποιος πληρώνει το ρεύμα;")

    with table.world.session() as session:
        kept = set(session.scalars(select(QuestionTerm.term)))

    assert kept == {"plir", "revm"}


def test_covered_counts_once(table: Table) -> None:
    before = earlier(table)
    (found,) = look(table, table.alice)
    assert found["covered"] == 0

    for _ in range(2):
        table.act(table.alice, "question:covered", source="earlier", id=found["id"])

    assert look(table, table.alice)[0]["covered"] == 1
    with table.world.session() as session:
        (kept,) = session.scalars(select(QuestionEndorsement))
        assert (kept.user_id, kept.room_id) == (table.alice.id, table.room_id)
    record, thanked = f"/rooms/{before.code}/record", "It was enough for 1 person"
    assert thanked in table.world.client(before.host).get(record).text
    assert thanked not in table.world.client(before.alice).get(record).text


def test_what_covers_must_be_answered_and_visible(table: Table, world: World) -> None:
    own = table.asked(body=ASKED)
    waiting = table.ask(table.alice, body="Πόσο κοστίζει η ίδρυση;")
    for question, refusal in ((own, "locked"), (waiting, "not_found")):
        with pytest.raises(DomainError) as refused:
            table.act(table.host, "question:covered", source="room", id=question["id"])
        assert refused.value.code == refusal
    elsewhere = lay_table(world).asked(body=ASKED)
    with pytest.raises(NotFound):
        table.act(table.alice, "question:covered", source="earlier", id=elsewhere["id"])


def test_the_clip_is_for_those_who_may_watch(table: Table) -> None:
    from archive.models import Recording, RecordingState, RecordingVisibility

    before = earlier(table, answer="")
    with table.world.session() as session:
        room = session.get(Room, before.room_id)
        room.state = RoomState.OPEN
    question = before.asked(body=ASKED)
    question = before.moderate("answering", question)
    before.moderate("answered", question)
    before.act(before.host, "room:close")
    assert look(table, table.alice) == []
    with table.world.session() as session:
        recording = Recording(
            meeting_id=before.meeting_id, title_el="Β", state=RecordingState.PLAYABLE, duration=7200,
            visibility=RecordingVisibility.COHORT,
            starts_at=dt.datetime.fromisoformat(question["from"]) - dt.timedelta(seconds=4350),
        )
        session.add(recording)
        session.flush()
        number = recording.id
    assert look(table, table.alice) == []
    with table.world.session() as session:
        session.get(Recording, number).visibility = RecordingVisibility.PUBLIC

    (found,) = look(table, table.alice)

    assert found["said"].endswith("at 1:12:30")
    assert found["url"].endswith("?t=4350")


def test_slips_that_resemble_others_say_so_and_stay_apart(table: Table) -> None:
    first = table.ask(table.alice, body=ASKED)
    second = table.ask(table.alice, body=TYPED)
    table.ask(table.alice, body="Ποιος πληρώνει το πετρέλαιο;")
    host = table.inside(table.host)

    answer = host("question:similar", {"qid": second["id"]})["r"]

    assert answer["twins"]["said"] == "1 like it"
    assert [(twin["id"], twin["sure"]) for twin in answer["twins"]["list"]] == [(first["id"], "almost the same")]
    page = table.world.client(table.host).get(f"/rooms/{table.code}/host").text
    assert page.count("slip--group") == 2
    with table.world.session() as session:
        assert {question.state for question in session.query(Question)} == {"pending"}


def test_an_answer_that_is_there_is_sent_again(table: Table) -> None:
    earlier(table)
    slip = table.ask(table.alice, body=TYPED)
    client, path = table.world.client(table.host), f"/rooms/{table.code}"
    page = client.get(f"{path}/host?known={slip['id']}").text
    (source,) = re.findall(r'name="source" value="(earlier:[0-9a-f-]+)"', page)

    moved = client.post(f"{path}/questions/{slip['id']}/known", data={"source": source, "rev": slip["rev"]})

    assert moved.status_code == 303
    assert re.search(r'<textarea[^>]*id="answer"[^>]*>Με αίτηση\.</textarea>', client.get(moved.location).text)
    with table.world.session() as session:
        (passed,) = session.query(Question).filter_by(room_id=table.room_id)
        assert (passed.body, passed.state) == (TYPED, "open")
    again = table.ask(table.alice, body=TYPED)
    for other in (table.alice, table.stranger):
        refused = table.world.client(other).post(f"{path}/questions/{again['id']}/known", data={"source": source})
        assert refused.status_code == (403 if other is table.alice else 404)


def queries_of(table: Table) -> int:
    with table.world.app.test_request_context():
        place, reader = seat(table.room_id, table.alice.id), db.session.get(User, table.alice.id)
        with statements_of(table.world.app) as seen:
            memory.look(place, reader, TYPED)
    return len(seen)


def test_the_number_of_queries_does_not_grow(table: Table) -> None:
    earlier(table)
    one = queries_of(table)
    for _ in range(2):
        earlier(table)
    assert len(look(table, table.alice)) == 3
    assert queries_of(table) == one == 9


def test_without_script_the_page_shows_what_was_asked_before(table: Table) -> None:
    question, client = table.ask(table.host, body=ASKED), table.world.client(table.alice)

    page = client.post(f"/rooms/{table.code}/similar", data={"body": TYPED, "vis": "mods"}).text

    assert f'value="room:{question["id"]}"' in page
    assert TYPED in page
    assert "In this room, question 1" in page
    assert "Nobody has asked this before" in client.post(
        f"/rooms/{table.code}/similar", data={"body": "Πότε βρέχει στα βουνά;", "vis": "name"}
    ).text.replace("hidden>Nobody", "")
    with table.world.session() as session:
        assert session.query(Question).count() == 1


def test_without_script_an_old_answer_can_be_enough(table: Table) -> None:
    earlier(table)
    (found,) = look(table, table.alice)
    client = table.world.client(table.alice)

    answer = client.post(f"/rooms/{table.code}/covered", data={"source": f"earlier:{found['id']}"})

    assert answer.status_code == 303
    assert look(table, table.alice)[0]["covered"] == 1
    stranger = table.world.client(table.stranger)
    assert stranger.post(f"/rooms/{table.code}/similar", data={"body": TYPED}).status_code == 404
    assert stranger.post(f"/rooms/{table.code}/covered", data={"source": f"earlier:{found['id']}"}).status_code == 404


def test_by_socket(table: Table) -> None:
    table.ask(table.host, body=ASKED)
    alice = table.inside(table.alice)

    ack = alice("question:similar", {"body": TYPED})

    assert [match["said"] for match in ack["r"]["similar"]] == ["In this room, question 1"]
    assert alice.frames() == []


def test_the_index_is_made_anew(table: Table) -> None:
    table.asked(body=ASKED)
    with table.world.session() as session:
        before = set(session.scalars(select(QuestionTerm.term)))
        session.execute(delete(QuestionTerm))

    assert table.world.app.test_cli_runner().invoke(args=["forum", "index"]).output == "1 questions\n"

    with table.world.session() as session:
        assert set(session.scalars(select(QuestionTerm.term))) == before


def test_the_migration_reads_the_words_of_what_was_asked(table: Table) -> None:
    table.asked(body=ASKED)
    with table.world.session() as session:
        before = set(session.scalars(select(QuestionTerm.term)))
    with table.world.app.app_context():
        stamp(directory=FOLDER, revision="head")
        downgrade(directory=FOLDER, revision="room_chain")
        upgrade(directory=FOLDER)

    with table.world.session() as session:
        assert set(session.scalars(select(QuestionTerm.term))) == before != set()
