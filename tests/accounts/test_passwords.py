"""A forgotten password, a changed one, a new address: what ends and who is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient

from accounts.models import User
from tests.accounts.conftest import Mailbox, sign_in, signed_in, without_token
from tests.world import PASSWORD, World

NEW = "τρεις καινούργιες λέξεις"
Browser = Callable[[User], FlaskClient]


def test_a_forgotten_password(world: World, mailbox: Mailbox, browser: Browser) -> None:
    alice = world.alice()
    phone = browser(alice)
    client = world.client(locale="el")
    assert "πηγαίνει εκεί" in client.post("/forgotten", data={"email": alice.email}).text
    assert (mailbox.last()["to"], mailbox.last()["subject"]) == (alice.email, "Νέος κωδικός για τους Μέντορες")
    link = mailbox.link()
    assert client.get(link).status_code == 200
    answer = client.post(link, data={"password": NEW, "password_confirm": NEW})
    assert answer.location == "/sign-in"
    assert not signed_in(phone)
    assert sign_in(client, alice).status_code == 200
    assert sign_in(client, alice, NEW).status_code == 302
    assert mailbox.last()["subject"] == "Άλλαξε ο κωδικός σας"


def test_the_link_works_once(world: World, mailbox: Mailbox) -> None:
    alice = world.alice()
    client = world.client(locale="el")
    client.post("/forgotten", data={"email": alice.email})
    link = mailbox.link()
    client.post(link, data={"password": NEW, "password_confirm": NEW})
    client.get("/sign-in")
    for answer in (client.get(link), client.post(link, data={"password": PASSWORD, "password_confirm": PASSWORD})):
        assert answer.location == "/forgotten"
    assert "Ο σύνδεσμος δεν ισχύει" in client.get("/forgotten").text
    assert sign_in(world.client(), alice, NEW).status_code == 302


def test_the_link_expires(world: World, mailbox: Mailbox) -> None:
    alice = world.alice()
    client = world.client(locale="el")
    client.post("/forgotten", data={"email": alice.email})
    link = mailbox.link()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=7), tick=False):
        assert "Ο σύνδεσμος έληξε" in client.get(link, follow_redirects=True).text
        assert client.post(link, data={"password": NEW, "password_confirm": NEW}).location == "/forgotten"
    assert sign_in(world.client(), alice).status_code == 302


def test_nobody_learns_who_has_an_account(world: World, mailbox: Mailbox) -> None:
    alice = world.alice()
    pages = [
        without_token(world.client().post("/forgotten", data={"email": email}).text, email)
        for email in (alice.email, "nobody@example.org")
    ]
    assert pages[0] == pages[1]
    assert [told["to"] for told in mailbox.all()] == [alice.email]


def test_a_forged_host_never_gets_into_an_email(world: World, mailbox: Mailbox) -> None:
    alice = world.alice()
    world.client().post("/forgotten", data={"email": alice.email}, headers={"Host": "evil.example"})
    assert "evil.example" not in mailbox.last()["body"]
    assert mailbox.link().startswith("/forgotten/")


def test_messages_speak_the_language_of_the_account(world: World, mailbox: Mailbox) -> None:
    john = world.person("John", locale="en")
    world.client(locale="el").post("/forgotten", data={"email": john.email})
    assert mailbox.last()["subject"] == "A new password for Mentors"
    assert "follow this link" in mailbox.last()["body"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"password": "", "password_confirm": ""}, "Γράψτε τον κωδικό"),
        ({"password": "λίγο", "password_confirm": "λίγο"}, "τουλάχιστον 10"),
        ({"password": NEW, "password_confirm": "άλλες λέξεις εδώ"}, "δεν είναι ίδιοι"),
    ],
)
def test_what_a_new_password_must_be(world: World, mailbox: Mailbox, facts: dict[str, str], sentence: str) -> None:
    client = world.client(locale="el")
    client.post("/forgotten", data={"email": world.alice().email})
    assert sentence in client.post(mailbox.link(), data=facts).text


def test_changing_the_password_ends_other_devices(world: World, mailbox: Mailbox, browser: Browser) -> None:
    alice = world.alice()
    here, there = browser(alice), browser(alice)
    facts = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert here.post("/me/password", data=facts).location == "/me/account"
    assert [signed_in(here), signed_in(there)] == [True, False]
    assert sign_in(world.client(), alice, NEW).status_code == 302
    assert mailbox.last()["to"] == alice.email


def test_changing_the_password_needs_the_old_one(world: World, browser: Browser) -> None:
    alice = world.alice()
    facts = {"password": "δεν τον ξέρω", "new_password": NEW, "new_password_confirm": NEW}
    page = browser(alice).post("/me/password", data=facts)
    assert "This isn&#39;t your password." in page.text
    assert sign_in(world.client(), alice, NEW).status_code == 200


def test_a_new_address(world: World, mailbox: Mailbox, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    client.post("/me/email", data={"email": "Nea@example.org"})
    assert mailbox.last()["to"] == "nea@example.org"
    assert world.get(User, alice.id).email == alice.email
    assert client.get(mailbox.link()).location == "/me/account"
    assert world.get(User, alice.id).email == "nea@example.org"
    assert (mailbox.last()["to"], mailbox.last()["subject"]) == (alice.email, "Άλλαξε η ηλεκτρονική σας διεύθυνση")


def test_a_new_address_that_somebody_has(world: World, mailbox: Mailbox, browser: Browser) -> None:
    """The person can't find out whose address has an account, and takes none over."""
    alice, stranger = world.alice(), world.stranger()
    client = browser(alice)
    free = without_token(client.post("/me/email", data={"email": "free@example.org"}).text, "free@example.org")
    taken = without_token(client.post("/me/email", data={"email": stranger.email}).text, stranger.email)
    assert free == taken
    assert [told["to"] for told in mailbox.all()] == ["free@example.org"]


def test_a_link_for_an_address_works_once(world: World, mailbox: Mailbox, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    client.post("/me/email", data={"email": "nea@example.org"})
    link = mailbox.link()
    client.get(link)
    client.get("/me/account")
    assert client.get(link).location == "/me/email"
    assert world.get(User, alice.id).email == "nea@example.org"


def test_a_stale_session_is_asked_for_the_password_again(world: World, mailbox: Mailbox, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), tick=False):
        asked = client.get("/me/email")
        assert asked.location == "/verify?next=/me/email"
        assert "Is it you?" in client.get(asked.location).text
        assert client.post("/verify", data={"password": "όχι αυτός", "next": "/me/email"}).status_code == 200
        assert client.post("/verify", data={"password": PASSWORD, "next": "/me/email"}).location == "/me/email"
        assert client.get("/me/email").status_code == 200
