"""The FAQ of a module: begun from a room, revised without losing anything, judged, suggested while it holds."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core.db import db, utcnow
from core.errors import Conflict, Forbidden, NotFound
from courses.models import Module
from forum import queries
from forum.models import FaqEntry, FaqOpinion, FaqRevision, FaqState, Question
from forum.queries import seat
from forum.services import faq, memory
from forum.services.faq import Wording
from tests.forum.conftest import Table, lay_table, statements_of

ASKED = "Πώς εγγράφεται η ΚοινΣΕπ μας στο μητρώο;"
TYPED = "pos eggrafetai mia koinsep sto mhtrwo"
TODAY = dt.date(2026, 1, 10)


def wording(**facts: Any) -> Wording:
    said = {"question": "Πώς εγγράφεται μια ΚοινΣΕπ στο μητρώο;", "answer": "Με ηλεκτρονική αίτηση."}
    return Wording(**(said | {"valid_as_of": TODAY, "legal_basis": "ν. 4430/2016"} | facts))


def answered(table: Table, body: str = ASKED, vis: str = "name") -> dict[str, Any]:
    question = table.asked(body=body, vis=vis)
    return table.act(table.host, "question:answer", qid=question["id"], body="Με αίτηση.")["q"]


def promoted(table: Table, body: str = ASKED, vis: str = "name", **facts: Any) -> FaqEntry:
    question = answered(table, body, vis)
    with table.world.app.test_request_context():
        user = db.session.get(User, table.host.id)
        found = queries.answered_question(queries.room_or_404(table.code, user)[0], question["id"])
        return faq.promote(user, found, wording(**facts))


def as_user(table: Table, user: User, act: Any, *args: Any) -> Any:
    with table.world.app.test_request_context(headers={"Accept-Language": "en"}):
        return act(db.session.get(User, user.id), *args)


def entry_of(table: Table, entry: FaqEntry) -> FaqEntry:
    return db.session.get(FaqEntry, entry.id)


def look(table: Table, user: User) -> list[dict[str, Any]]:
    with table.world.app.test_request_context(headers={"Accept-Language": "en"}):
        return memory.look(seat(table.room_id, user.id), db.session.get(User, user.id), TYPED)["similar"]


def slug_of(table: Table) -> str:
    with table.world.session() as session:
        return session.scalars(select(Module.slug)).first()


def test_a_question_becomes_an_entry_once_with_its_lineage(table: Table) -> None:
    question = answered(table)
    client = table.world.client(table.host)
    path = f"/rooms/{table.code}/questions/{question['id']}/promote"
    form = client.get(path).text
    assert "Με αίτηση." in form
    data = {"question": "Πώς εγγράφεται μια ΚοινΣΕπ;", "answer": "Ηλεκτρονικά.", "valid_as_of": "2026-01-10",
            "review_by": "2099-01-10", "legal_basis": "ν. 4430/2016"}

    first, second = client.post(path, data=data), client.post(path, data=data)

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    with table.world.session() as session:
        (entry,) = session.scalars(select(FaqEntry))
        (revision,) = session.scalars(select(FaqRevision))
        assert session.get(Question, entry.question_id).body == ASKED
        assert (entry.origin_el, entry.answered_by) == (table.cohort.title_el, table.host.short_name)
        assert entry.asked_by == ""
        assert (revision.number, revision.question, revision.editor_id) == (1, data["question"], table.host.id)


def test_what_is_not_answered_is_not_promoted(table: Table) -> None:
    question = table.asked(body=ASKED)
    path = f"/rooms/{table.code}/questions/{question['id']}/promote"
    assert table.world.client(table.host).get(path).status_code == 409
    assert table.world.client(table.alice).get(path).status_code == 403
    assert table.world.client(table.stranger).get(path).status_code == 404


def test_strangers_read_it_without_the_askers_name(table: Table) -> None:
    entry = promoted(table)
    page = table.world.client(table.stranger).get(f"/faq/{entry.pid}").text

    assert "Με ηλεκτρονική αίτηση." in page
    assert "somebody of the cohort" in page
    assert table.alice.family_name not in page
    assert table.alice.short_name not in page
    assert ASKED not in page


def test_only_the_asker_decides_about_their_name(table: Table) -> None:
    entry = promoted(table)
    for other in (table.host, table.stranger):
        assert table.world.client(other).post(f"/faq/{entry.pid}/credit", data={"named": "1"}).status_code == 404
    alice = table.world.client(table.alice)
    alice.post(f"/faq/{entry.pid}/credit", data={"named": "1"})
    assert table.alice.short_name in table.world.client(None).get(f"/faq/{entry.pid}").text
    alice.post(f"/faq/{entry.pid}/credit", data={"named": "0"})
    assert table.alice.short_name not in table.world.client(None).get(f"/faq/{entry.pid}").text


def test_nobody_can_claim_an_anonymous_question(table: Table) -> None:
    entry = promoted(table, vis="none")
    assert table.world.client(table.alice).post(f"/faq/{entry.pid}/credit", data={"named": "1"}).status_code == 404


def test_a_change_is_one_more_revision(table: Table) -> None:
    entry = promoted(table)
    with table.world.app.test_request_context():
        host = db.session.get(User, table.host.id)
        faq.revise(host, entry_of(table, entry), wording(answer="Μόνο με κωδικούς.", note="Άλλαξε ο νόμος"), 1)
        faq.revise(host, entry_of(table, entry), wording(answer="Μόνο με κωδικούς."), 1)  # the second click
        with pytest.raises(Conflict):
            faq.revise(host, entry_of(table, entry), wording(answer="Άλλο."), 1)

    with table.world.session() as session:
        said = session.execute(select(FaqRevision.number, FaqRevision.answer).order_by(FaqRevision.number)).all()
        assert [tuple(row) for row in said] == [(1, "Με ηλεκτρονική αίτηση."), (2, "Μόνο με κωδικούς.")]
    page = table.world.client(None).get(f"/faq/{entry.pid}").text
    assert "Άλλαξε ο νόμος" in page


def test_a_revision_is_never_rewritten(table: Table) -> None:
    promoted(table)
    with table.world.app.app_context():
        revision = db.session.scalars(select(FaqRevision)).one()
        revision.answer = "Άλλο"
        with pytest.raises(RuntimeError):
            db.session.commit()
        db.session.rollback()
        db.session.add(FaqRevision(entry_id=revision.entry_id, number=1, question="α", answer="β",
                                   valid_as_of=TODAY, editor_id=table.host.id))
        with pytest.raises(IntegrityError):
            db.session.commit()


def test_who_keeps_it(table: Table) -> None:
    entry = promoted(table)
    keepers = (table.host, table.world.stelios(), table.world.author())
    for user in keepers:
        assert table.world.client(user).get(f"/faq/{entry.pid}/edit").status_code == 200
    other_host = lay_table(table.world).host
    for user in (table.alice, table.stranger, other_host):
        assert table.world.client(user).get(f"/faq/{entry.pid}/edit").status_code == 403
        with pytest.raises(Forbidden):
            as_user(table, user, lambda who: faq.revise(who, entry_of(table, entry), wording(answer="Άλλο."), 1))


def test_while_it_stands_it_is_suggested_and_then_no_more(table: Table) -> None:
    entry = promoted(table)
    (found,) = [match for match in look(table, table.alice) if match["source"] == "faq"]
    assert (found["id"], found["answer"]) == (str(entry.pid), "Με ηλεκτρονική αίτηση.")
    for facts in ({"state": FaqState.REVIEW}, {"state": FaqState.RETIRED}, {"review_by": TODAY + dt.timedelta(days=1)}):
        with table.world.app.test_request_context():
            kept = entry_of(table, entry)
            faq.revise(db.session.get(User, table.host.id), kept, wording(**facts), kept.rev)
        assert [match["source"] for match in look(table, table.alice)] == ["room"]
        page = table.world.client(None, "el").get(f"/faq/{entry.pid}")
        assert page.status_code == (404 if facts.get("state") is FaqState.RETIRED else 200)
        assert ("αναθεωρείται" in page.text) == (page.status_code == 200)


def test_an_expired_entry_silences_its_question_elsewhere_too(table: Table) -> None:
    from tests.forum.test_memory import CourseOf, type_of_course

    promoted(table, review_by=TODAY + dt.timedelta(days=1))
    table.act(table.host, "room:close")
    with table.world.app.app_context():
        course = db.session.get(type_of_course(), table.cohort.course_version_id)
    later = lay_table(table.world, course=CourseOf(course.course_id, course.id))
    assert look(later, later.alice) == []


def test_covered_by_an_entry_counts_once_and_readers_see_it(table: Table) -> None:
    entry = promoted(table)
    for _ in range(2):
        table.act(table.alice, "question:covered", source="faq", id=str(entry.pid))
    assert "It was enough for 1 person" in table.world.client(None).get(f"/faq/{entry.pid}").text
    other = lay_table(table.world)
    with pytest.raises(NotFound):
        other.act(other.alice, "question:covered", source="faq", id=str(entry.pid))


def test_one_opinion_each_and_for_one_revision(table: Table) -> None:
    entry = promoted(table)
    stranger = table.world.client(table.stranger)
    assert table.world.client(None).post(f"/faq/{entry.pid}/opinion", data={"holds": "0"}).status_code == 401
    stranger.post(f"/faq/{entry.pid}/opinion", data={"holds": "1"})
    stranger.post(f"/faq/{entry.pid}/opinion", data={"holds": "0"})
    with table.world.session() as session:
        assert [opinion.holds for opinion in session.scalars(select(FaqOpinion))] == [False]
    assert "1 says no" in stranger.get(f"/faq/{entry.pid}").text
    with table.world.app.test_request_context():
        faq.revise(db.session.get(User, table.host.id), entry_of(table, entry), wording(answer="Νέα."), 1)
    assert "0 say no" in stranger.get(f"/faq/{entry.pid}").text


def test_what_must_be_looked_at_again(table: Table) -> None:
    day = utcnow().date()
    promoted(table, valid_as_of=day - dt.timedelta(days=9), review_by=day + dt.timedelta(days=9), question="Σύντομα;")
    promoted(table, body="Άλλη ερώτηση;", question="Αργότερα;", review_by=day + dt.timedelta(days=99))
    for user, status in ((table.host, 200), (table.world.stelios(), 200), (table.alice, 403), (table.stranger, 403)):
        page = table.world.client(user).get("/faq/review")
        assert page.status_code == status
        assert ("Σύντομα;" in page.text) == (status == 200)
        assert "Αργότερα;" not in page.text
    other_host = table.world.client(lay_table(table.world).host).get("/faq/review")
    assert "Σύντομα;" not in other_host.text


def test_readers_search_in_latin_letters(table: Table) -> None:
    promoted(table)
    promoted(table, body="Ποιος πληρώνει το ρεύμα;", question="Ποιος πληρώνει το ρεύμα;")
    page = table.world.client(table.stranger).get(f"/modules/{slug_of(table)}/faq?q=eggrafh koinsep").text
    assert re.findall(r'<h2 class="q__text"><a [^>]*>([^<]*)', page) == ["Πώς εγγράφεται μια ΚοινΣΕπ στο μητρώο;"]


def test_the_modules_page_is_kept_while_people_vote(table: Table) -> None:
    promoted(table)
    client, path = table.world.client(None), f"/modules/{slug_of(table)}"
    assert "Πώς εγγράφεται μια ΚοινΣΕπ στο μητρώο;" in client.get(path).text
    other = table.asked(body="Άλλη;")
    table.act(table.host, "question:vote", qid=other["id"], val=1)
    assert statements(table, lambda: client.get(path)) == 0  # kept
    promoted(table, body="Ποιος πληρώνει;", question="Ποιος πληρώνει;")
    assert "Ποιος πληρώνει;" in client.get(path).text


def statements(table: Table, act: Any) -> int:
    with statements_of(table.world.app) as seen:
        act()
    return len(seen)


@pytest.mark.parametrize(("path", "number"), [("/modules/{slug}/faq?n={n}", 9), ("/faq/review?n={n}", 9)])
def test_lists_ask_the_same_few_things_however_long(table: Table, path: str, number: int) -> None:
    client = table.world.client(table.host)

    def asked(n: int) -> int:
        for i in range(n):
            promoted(table, body=f"Ερώτηση {i};", question=f"Ερώτηση {i};", review_by=TODAY + dt.timedelta(days=1))
        return statements(table, lambda: client.get(path.format(slug=slug_of(table), n=n)))

    asked(1)
    assert asked(1) == asked(3) == number
