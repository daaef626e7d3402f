"""A person's own account, the roles of the platform, and the command that makes the first administrator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.core import _default_messages
from flask_socketio import SocketIOTestClient
from sqlalchemy import event

from accounts.models import PlatformRole, User
from accounts.words import MESSAGES
from core.db import db
from core.live import NAMESPACE, socketio
from core.translations import load
from forum.services import presence
from tests.accounts.conftest import sign_in, signed_in
from tests.world import PASSWORD, World

FACTS = {"given_name": "Αλίκη", "family_name": "Βρανά", "latin_name": "Aliki Vrana", "locale": "en"}


def test_saving_the_profile(world: World) -> None:
    alice = world.alice()
    client = world.client(alice, locale="el")
    answer = client.post("/me/account", data=FACTS)
    assert (answer.status_code, answer.location) == (303, "/me/account")
    kept = world.get(User, alice.id)
    assert (kept.name, kept.latin_name, kept.locale) == ("Αλίκη Βρανά", "Aliki Vrana", "en")
    assert 'lang="en"' in client.get("/me/account").text


@pytest.mark.parametrize(
    "change",
    [{"given_name": " "}, {"family_name": "α" * 101}, {"locale": "fr"}, {"locale": ""}, {"latin_name": "a" * 201}],
)
def test_what_the_profile_refuses(world: World, change: dict[str, str]) -> None:
    alice = world.alice()
    assert world.client(alice).post("/me/account", data=FACTS | change).status_code == 422
    assert world.get(User, alice.id).name == alice.name


def test_markup_in_a_name_stays_text(world: World) -> None:
    alice = world.alice()
    client = world.client(alice)
    client.post("/me/account", data=FACTS | {"given_name": "<b>Αλίκη</b>", "latin_name": ""})
    assert "<b>Αλίκη</b>" not in client.get("/me/account").text


def test_a_name_is_read_in_the_letters_of_the_page(app: Flask, world: World) -> None:
    vasilis, eleni = world.person("Βασίλης", latin_name="Vasilis Petropoulis"), world.person("Ελένη")
    for locale, name in (("el", vasilis.given_name), ("en", "Vasilis Petropoulis")):
        with app.test_request_context(headers={"Accept-Language": locale}):
            assert vasilis.name.startswith(name)
            assert eleni.name.startswith("Ελένη")
    with app.app_context():  # a job, without a reader
        assert vasilis.name.startswith("Βασίλης")
    page = world.client(vasilis, locale="en").get("/me/account").text
    assert '<p class="menu__who">Vasilis Petropoulis</p>' in page


def test_language_follows_the_account(world: World) -> None:
    john = world.person("John", locale="en")
    client = world.app.test_client()
    sign_in(client, john)
    assert 'lang="en"' in client.get("/me/account", headers={"Accept-Language": "el"}).text


def test_administrators_give_and_take_roles(world: World) -> None:
    admin, alice = world.admin(), world.alice()
    client = world.client(admin)
    assert client.post("/admin/roles/", data={"email": alice.email.upper(), "role": "staff"}).status_code == 303
    assert [role.name for role in world.get(User, alice.id).roles] == ["staff"]
    assert alice.name in client.get("/admin/roles/").text
    client.post("/admin/roles/", data={"email": alice.email, "role": "staff"})
    assert [role.name for role in world.get(User, alice.id).roles] == ["staff"]
    assert client.post(f"/admin/roles/{alice.pid}/staff/revoke").status_code == 303
    assert world.get(User, alice.id).roles == []


def test_the_last_administrator_stays(world: World) -> None:
    admin = world.admin()
    client = world.client(admin, locale="el")
    client.post(f"/admin/roles/{admin.pid}/admin/revoke")
    assert [role.name for role in world.get(User, admin.id).roles] == ["admin"]
    other = world.admin()
    client.post(f"/admin/roles/{other.pid}/admin/revoke")
    assert world.get(User, other.id).roles == []


@pytest.mark.parametrize(
    "facts",
    [
        {"email": "nobody@example.org", "role": "staff"},
        {"email": "", "role": "staff"},
        {"email": "x", "role": "staff"},
        {},
    ],
)
def test_what_giving_a_role_refuses(world: World, facts: dict[str, str]) -> None:
    assert world.client(world.admin()).post("/admin/roles/", data=facts).status_code == 422


def test_no_role_that_does_not_exist(world: World) -> None:
    alice = world.alice()
    client = world.client(world.admin())
    assert client.post("/admin/roles/", data={"email": alice.email, "role": "owner"}).status_code == 422
    assert client.post(f"/admin/roles/{alice.pid}/owner/revoke").status_code == 404


def test_only_administrators_see_the_roles(world: World) -> None:
    for person in (world.stranger(), world.stelios(), world.author()):
        client = world.client(person)
        assert client.get("/admin/roles/").status_code == 403
        assert client.post("/admin/roles/", data={"email": person.email, "role": "admin"}).status_code == 403
        assert "/admin/roles/" not in client.get("/me").text
    assert "/admin/roles/" in world.client(world.admin()).get("/me").text


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_roles_takes_the_same_queries(world: World, people: int, app: Flask) -> None:
    admin = world.admin()
    for _ in range(people):
        world.stelios()
    assert counted(app, world.client(admin), "/admin/roles/") == 4


def counted(app: Flask, client: FlaskClient, path: str) -> int:
    """How many statements a page takes."""
    seen: list[Any] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    assert client.get(path).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


@pytest.fixture
def sockets(app: Flask) -> Iterator[None]:
    """Sockets may be opened; what they started ends."""
    yield
    app.extensions["forum.live"].stop()
    presence.clear()


def socket_of(world: World, user: User) -> SocketIOTestClient:
    return socketio.test_client(world.app, namespace=NAMESPACE, flask_test_client=world.client(user))


@pytest.mark.usefixtures("sockets")
@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("/me/sign-out-everywhere", {}),
        (
            "/me/password",
            {
                "password": PASSWORD,
                "new_password": "λέξεις που αλλάζουν",
                "new_password_confirm": "λέξεις που αλλάζουν",
            },
        ),
    ],
)
def test_open_sockets_end_with_their_sessions(
    world: World, browser: Callable[[User], FlaskClient], path: str, facts: dict[str, str]
) -> None:
    alice = world.alice()
    phone, stranger = socket_of(world, alice), socket_of(world, world.stranger())
    browser(alice).post(path, data=facts)
    assert [phone.is_connected(NAMESPACE), stranger.is_connected(NAMESPACE)] == [False, True]
    stranger.disconnect(NAMESPACE)


def test_the_first_administrator(app: Flask, world: World) -> None:
    arguments = [
        "accounts",
        "create-admin",
        "--email",
        "Irini@example.org",
        "--given-name",
        "Ειρήνη",
        "--family-name",
        "Κ",
    ]
    run = app.test_cli_runner()
    short = run.invoke(args=[*arguments, "--password", "λίγο"])
    assert (short.exit_code, "at least 10" in short.output) == (1, True)
    made = run.invoke(args=[*arguments, "--password", "τρεις λέξεις μαζί"])
    assert made.exit_code == 0, made.output
    again = run.invoke(args=[*arguments, "--password", "τρεις λέξεις μαζί"])
    assert (again.exit_code, "already" in again.output) == (1, True)
    client = world.client()
    assert sign_in(client, "irini@example.org", "τρεις λέξεις μαζί").status_code == 302
    assert signed_in(client)
    with world.session() as session:
        roles = session.query(User).one().roles
    assert [role.name for role in roles] == [PlatformRole.ADMIN]


# What the library says about features that are off here
OFF = re.compile(
    "WEBAUTHN|^US_|USERNAME|OAUTH|PASSWORDLESS|LOGIN_E|LOGIN_TOKEN|PHONE|BREACHED|REFRESH_TOKEN|SEND_CODE|CODE_HAS|USE_CODE"
    "|GENERIC_US|FORGOT|IDENTITY_NOT|INVALID_PASSWORD_CODE|INVALID_INPUT_LENGTH"
)


def test_everything_the_library_says_is_ours_and_greek() -> None:
    said = {name for name in _default_messages if not OFF.search(name)}
    assert said - set(MESSAGES) == set()
    catalogue = load("accounts")
    for text, _kind in MESSAGES.values():
        assert catalogue[text].string, text
