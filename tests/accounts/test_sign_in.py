"""Signing in and out, and every way in that must stay shut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from accounts.models import User
from app import create_app
from core.limits import limiter
from tests.accounts.conftest import sign_in, signed_in
from tests.conftest import _settings
from tests.world import PASSWORD, World


def test_in_and_out(world: World) -> None:
    client = world.client()
    assert sign_in(client, world.alice()).location == "/me"
    assert signed_in(client)
    out = client.post("/sign-out")
    assert (out.status_code, out.location) == (302, "/")
    assert not signed_in(client)


def test_opening_the_address_of_sign_out_does_nothing(world: World) -> None:
    client = world.client()
    sign_in(client, world.alice())
    assert client.get("/sign-out").status_code == 405
    assert signed_in(client)


def test_a_wrong_password_and_a_wrong_address_are_answered_alike(world: World) -> None:
    alice = world.alice()
    client = world.client(locale="el")
    pages = [
        sign_in(client, alice.email, "κάτι άλλο εδώ").text.replace(alice.email, ""),
        sign_in(client, "nobody@example.org", "κάτι άλλο εδώ").text.replace("nobody@example.org", ""),
    ]
    errors = [page.partition('class="errors"')[2].partition("</div>")[0] for page in pages]
    assert errors[0] == errors[1]
    assert "Η διεύθυνση ή ο κωδικός δεν είναι σωστά" in errors[0]
    assert not signed_in(client)


def test_capitals_and_blanks_in_the_address_are_fine(world: World) -> None:
    world.person(email="aliki@example.org")
    assert sign_in(world.client(), " ALIKI@Example.org ").status_code == 302


def test_a_closed_account_stays_out(world: World) -> None:
    closed = world.person(active=False)
    page = sign_in(world.client(locale="el"), closed)
    assert page.status_code == 200
    assert "έχει κλείσει" in page.text


def test_labels_are_ours_in_both_languages(world: World) -> None:
    greek, english = (world.client(locale=code).get("/sign-in").text for code in ("el", "en"))
    assert "Ηλεκτρονική διεύθυνση" in greek
    assert "Να με θυμάται αυτή η συσκευή" in greek
    assert "E-mail" in english
    assert "Remember me on this device" in english
    assert "Email Address" not in english
    assert "Remember Me" not in english


@pytest.mark.parametrize("target", ["/cohorts/kampos", "/modules?theme=health"])
def test_the_way_goes_on(world: World, target: str) -> None:
    client = world.client()
    assert f'value="{target}"' in client.get("/sign-in", query_string={"next": target}).text
    assert sign_in(client, world.alice(), next=target).location == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "http://localhost@evil.example/",
        "https://localhost.evil.example",
    ],
)
def test_no_way_leads_outside(world: World, target: str) -> None:
    client = world.client()
    page = client.get("/sign-in", query_string={"next": target})
    assert target not in page.text.partition("<main")[2].partition("</main>")[0]
    facts = {"email": world.alice().email, "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", query_string={"next": target}, data=facts)
    assert answer.status_code == 302
    landing = urljoin("http://localhost/sign-in", str(answer.location).replace("\\", "/"))
    assert urlsplit(landing).netloc == "localhost"


def test_pages_for_members_ask_to_sign_in(world: World) -> None:
    answer = world.client().get("/me/account", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/me/account")


def test_a_session_planted_before_sign_in_gives_nobody_a_token(world: World) -> None:
    """Somebody who knew the anonymous session knows neither the new one nor its token."""
    client = world.client()
    client.get("/sign-in")
    with client.session_transaction() as session:
        planted = dict(session)
    sign_in(client, world.alice())
    client.get("/me/account")
    with client.session_transaction() as session:
        assert session["_user_id"]
        assert session["csrf_token"] != planted["csrf_token"]
    thief = world.app.test_client()
    with thief.session_transaction() as session:
        session.update(planted)
    assert not signed_in(thief)


def test_a_remembered_device_stays_in(world: World) -> None:
    client = world.client()
    sign_in(client, world.alice(), remember="y")
    client.delete_cookie("session")
    assert signed_in(client)


def test_a_remembered_device_ends_with_sign_out_everywhere(
    world: World, browser: Callable[[User], FlaskClient]
) -> None:
    alice = world.alice()
    phone = world.client()
    sign_in(phone, alice, remember="y")
    assert browser(alice).post("/me/sign-out-everywhere").location == "/sign-in"
    assert not signed_in(phone)
    phone.delete_cookie("session")
    assert not signed_in(phone)


def test_sign_out_everywhere_is_for_all_devices_of_one_person(
    world: World, browser: Callable[[User], FlaskClient]
) -> None:
    alice, stranger = world.alice(), world.stranger()
    phone, laptop, other = browser(alice), browser(alice), browser(stranger)
    laptop.post("/me/sign-out-everywhere")
    assert [signed_in(client) for client in (phone, laptop, other)] == [False, False, True]


def test_json_is_not_a_way_in(world: World) -> None:
    alice = world.alice()
    client = world.client()
    for body in ({"email": alice.email, "password": PASSWORD}, [1], "x"):
        assert client.post("/sign-in", json=body).status_code == 400
    page = client.post(
        "/sign-in?include_auth_token",
        data={"email": alice.email, "password": PASSWORD},
        headers={"Accept": "application/json"},
    )
    assert page.status_code == 302
    assert "token" not in page.text


def test_a_token_is_not_a_way_in(world: World) -> None:
    alice = world.alice()
    with world.session() as session:
        token = session.get_one(User, alice.id).get_auth_token()
    client = world.client()
    assert client.get("/me/password", headers={"Authentication-Token": token}).status_code == 302
    assert client.get(f"/me/password?auth_token={token}").status_code == 302


@pytest.mark.parametrize("path", ["/fs-static/x.css", "/sign-in/rescue", "/sign-in/select", "/login", "/us-signin"])
def test_the_library_has_no_pages_of_its_own(world: World, path: str) -> None:
    assert world.client().get(path).status_code == 404


def test_forged_posts_are_refused(app: Flask, world: World) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = world.client(world.alice())
    for path in ("/sign-in", "/sign-up", "/sign-out", "/forgotten", "/me/password", "/me/account", "/language"):
        assert client.post(path, data={}).status_code == 400, path
    assert signed_in(client)


@pytest.fixture
def limited(tmp_path: Path, database_url: str) -> Iterator[World]:
    """The world of an application that counts."""
    yield World(create_app(_settings(tmp_path, database_url) | {"RATELIMIT_ENABLED": True}))
    limiter.reset()


def test_the_eleventh_try_waits(limited: World) -> None:
    client = limited.client(locale="el")
    for _ in range(10):
        assert sign_in(client, "nobody@example.org", "μαντεύω λέξεις").status_code == 200
    page = sign_in(client, "nobody@example.org", "μαντεύω λέξεις")
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 60
    assert 'lang="el"' in page.text
    assert "Πολύ γρήγορα" in page.text
    assert client.get("/sign-in").status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/forgotten", "/confirm"])
def test_letters_to_an_address_have_a_limit(limited: World, path: str) -> None:
    client = limited.client()
    answers = [client.post(path, data={"email": "nobody@example.org"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_an_account_is_guarded_from_many_places(limited: World) -> None:
    alice, stranger = limited.alice(), limited.stranger()
    answers = []
    for place in range(41):
        client = limited.client()
        answers.append(
            client.post(
                "/sign-in",
                data={"email": alice.email, "password": "μαντεύω λέξεις"},
                environ_base={"REMOTE_ADDR": f"192.0.2.{place}"},
            ).status_code
        )
    assert answers == [200] * 40 + [429]
    assert sign_in(limited.client(), stranger).status_code == 302


def test_passwords_are_kept_with_argon2(tmp_path: Path, database_url: str) -> None:
    settings = _settings(tmp_path, database_url)
    world = World(
        create_app({name: value for name, value in settings.items() if not name.endswith(("_SCHEMES", "_HASH"))})
    )
    with world.app.app_context():
        kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    alice = world.person(password=kept)
    assert sign_in(world.client(), alice).status_code == 302
    assert sign_in(world.client(), alice, PASSWORD + "!").status_code == 200
