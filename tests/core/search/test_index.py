"""The index follows what changes, in the same transaction, and forgets nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from core import jobs, search
from core.db import db
from core.search import Asked, Reader, SearchThing
from core.search.index import index_thing
from network.models import Organisation
from tests.world import World


def found(app: Flask, words: str, kind: str = "organisation") -> list[str]:
    with app.app_context():
        groups = search.find(Asked(words, kind=kind), Reader()).groups
        titles = [hit.document.title_el for group in groups for hit in group.hits]
        db.session.remove()
    return titles


def work(app: Flask) -> None:
    with app.app_context():
        jobs.run_all()
        db.session.remove()


def test_what_is_written_is_found_once_the_worker_has_run(app: Flask, world: World) -> None:
    world.organisation(name_el="Δήμος Ανεμόραχης")
    assert found(app, "ανεμοραχη") == []
    work(app)
    assert found(app, "ανεμοραχη") == ["Δήμος Ανεμόραχης"]


def test_what_changes_is_gone_at_once_and_comes_back_new(app: Flask, world: World) -> None:
    made = world.organisation(name_el="Δήμος Ανεμόραχης")
    work(app)
    with world.session() as session:
        session.get_one(Organisation, made.id).name_el = "Δήμος Λιόδεντρου"
    assert found(app, "ανεμοραχη") == []
    work(app)
    assert (found(app, "λιοδεντρο"), found(app, "ανεμοραχη")) == (["Δήμος Λιόδεντρου"], [])


def test_what_is_deleted_is_gone(app: Flask, world: World) -> None:
    made = world.organisation(name_el="Δήμος Ανεμόραχης")
    work(app)
    with world.session() as session:
        session.delete(session.get_one(Organisation, made.id))
    assert found(app, "ανεμοραχη") == []
    work(app)
    assert found(app, "ανεμοραχη") == []


def test_a_change_that_is_taken_back_changes_nothing(app: Flask, world: World) -> None:
    made = world.organisation(name_el="Δήμος Ανεμόραχης")
    work(app)
    with app.app_context():
        db.session.get_one(Organisation, made.id).name_el = "Αλλιώς"
        db.session.flush()
        db.session.rollback()
        db.session.remove()
    assert found(app, "ανεμοραχη") == ["Δήμος Ανεμόραχης"]


def test_one_transaction_makes_one_job_for_each_thing(app: Flask, world: World) -> None:
    with world.session() as session:
        made = Organisation(slug="d", kind="municipality", name_el="Δήμος", name_en="Municipality")
        session.add(made)
        for name in ("Δήμος Α", "Δήμος Β"):
            session.flush()
            made.name_el = name
    with world.session() as session:
        kinds = session.scalars(sa.select(jobs.Job.key).where(jobs.Job.kind == "search.index")).all()
    assert kinds == [f"organisation:{made.id}:1"]


def test_a_job_that_is_overtaken_by_a_change_writes_nothing(app: Flask, world: World) -> None:
    """The documents were read before the change: the change's own job makes them."""
    made = world.organisation(name_el="Δήμος Ανεμόραχης")
    read = search.index._sources["organisation"]

    def overtaken(key: int):
        documents = list(read.documents(key))
        with db.engine.begin() as connection:
            connection.execute(sa.update(SearchThing).values(n=SearchThing.n + 1))
        return documents

    search.register("organisation", read.keys, overtaken)
    try:
        with app.app_context():
            assert index_thing("organisation", made.id) == 0
            db.session.remove()
    finally:
        search.register("organisation", read.keys, read.documents)
    assert found(app, "ανεμοραχη") == []


def test_a_job_run_twice_makes_the_documents_once(app: Flask, world: World) -> None:
    made = world.organisation(name_el="Δήμος Ανεμόραχης")
    with app.app_context():
        assert [index_thing("organisation", made.id) for _ in range(2)] == [1, 1]
        db.session.remove()
    assert found(app, "ανεμοραχη") == ["Δήμος Ανεμόραχης"]


def test_rebuilding_makes_it_whole_and_checking_counts(app: Flask, world: World) -> None:
    world.organisation(name_el="Δήμος Ανεμόραχης")
    world.organisation(name_el="Δήμος Λιόδεντρου")
    with world.session() as session:
        session.execute(sa.delete(SearchThing))
    runner = app.test_cli_runner()
    before = runner.invoke(args=["search", "check"])
    assert (before.exit_code, "organisation   0 of 2" in before.output) == (1, True)
    assert "organisation   2" in runner.invoke(args=["search", "rebuild"]).output
    after = runner.invoke(args=["search", "check"])
    assert (after.exit_code, "organisation   2 of 2" in after.output) == (0, True)
    assert found(app, "λιοδεντρο") == ["Δήμος Λιόδεντρου"]


TRICKS = ["'", '"', "(", "a OR b", "* -", "x AND", "\\", "':* & !'", "NEAR(a b)", ":", "=public"]


@pytest.mark.parametrize("typed", TRICKS)
def test_no_typing_breaks_the_question(app: Flask, world: World, typed: str) -> None:
    world.organisation(name_el="Δήμος Ανεμόραχης")
    work(app)
    assert found(app, typed) == []
    assert found(app, f"{typed} ανεμοραχη") in ([], ["Δήμος Ανεμόραχης"])
