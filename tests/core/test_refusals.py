"""Pages that refuse: what was typed stands on them, and nothing that others may not read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core.errors import Conflict
from tests.world import World

TEXT = "Γραμμένο με κόπο, <b>μισή ώρα</b> τώρα."


@pytest.fixture
def guarded(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.mark.parametrize(("locale", "sentence"), [
    ("el", "Αυτά είχατε γράψει. Αντιγράψτε τα πριν συνεχίσετε."),
    ("en", "This is what you had written. Copy it before you go on."),
])
def test_a_form_without_its_token_gives_the_text_back(guarded: Flask, world: World, locale: str, sentence: str):
    alice = world.client(world.alice(), locale)

    answer = alice.post("/me/account", data={"given_name": TEXT, "password": "μυστικό που δεν γυρίζει πίσω"})

    assert answer.status_code == 400
    assert sentence in answer.text
    assert "Γραμμένο με κόπο, &lt;b&gt;" in answer.text
    assert "μυστικό" not in answer.text


def test_a_form_is_good_as_long_as_its_session(app: Flask):
    assert app.config["WTF_CSRF_TIME_LIMIT"] is None


@pytest.mark.parametrize("address", ["/modules/a%00b", "/modules?q=a%00", "/modules?a%00=1", "/cohorts/%00"])
def test_a_nul_in_an_address_is_refused(client: Any, address: str):
    assert client.get(address).status_code == 400


def test_two_who_write_the_same_at_once_are_told(app: Flask, client: Any):
    from sqlalchemy.exc import IntegrityError

    @app.get("/twice")
    def twice() -> None:
        raise IntegrityError("INSERT", {}, ValueError("UNIQUE constraint failed: organisations.slug"))

    assert client.get("/twice").status_code == 409


def test_a_fault_tells_the_reader_nothing_of_itself(app: Flask, client: Any, capsys: pytest.CaptureFixture[str]):
    @app.get("/falls")
    def falls() -> None:
        raise RuntimeError("secret plan")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get("/falls")

    assert answer.status_code == 500
    assert "secret plan" not in answer.text
    assert "Traceback" not in answer.text


def test_an_error_of_the_database_names_nobody(app: Flask):
    from sqlalchemy import text

    from core.db import db

    with app.app_context(), pytest.raises(Exception, match="hidden") as caught:
        db.session.execute(text("INSERT INTO nowhere VALUES (:email)"), {"email": "alice@example.org"})
    assert "alice@example.org" not in str(caught.value)


def test_metrics_are_not_told_through_a_proxy(client: Any):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_a_refusal_that_would_lose_words_shows_them_instead_of_going_back(app: Flask, client: Any):
    @app.post("/refuses")
    def refuses() -> None:
        raise Conflict

    from_here = {"Referer": "http://localhost/modules"}
    assert client.post("/refuses", headers=from_here, data={"x": "short"}).status_code == 303
    answer = client.post("/refuses", headers=from_here, data={"x": TEXT})
    assert answer.status_code == 409
    assert "Γραμμένο με κόπο" in answer.text
