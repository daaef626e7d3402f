"""The number of the app: set up, signing in with it, recovery codes, off."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient
from passlib.totp import TOTP

from accounts.models import User
from tests.accounts.conftest import sign_in, signed_in
from tests.world import World

Browser = Callable[[User], FlaskClient]


def number(key: str, steps: int = 0) -> str:
    """What the app shows for KEY now, or STEPS half minutes later."""
    later = dt.datetime.now(dt.UTC).timestamp() + 30 * steps
    return str(TOTP(key=key.replace("-", "")).generate(time=later).token)


def turn_on(client: FlaskClient) -> str:
    """Set the second step up in CLIENT; the key."""
    page = client.post("/me/second-factor", data={"setup": "authenticator"}).text
    key = re.search(r"<code>([A-Z2-7-]+)</code>", page)
    action = re.search(r'action="(/me/second-factor/[^"]+)"', page)
    assert key
    assert action
    assert 'src="data:image/svg+xml' in page
    answer = client.post(action[1], data={"code": number(key[1])})
    assert answer.location == "/me/second-factor/set"
    return key[1]


def codes(client: FlaskClient) -> list[str]:
    page = client.post("/me/recovery-codes").text
    return re.findall(r"<code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>", page)


def test_turned_on_and_used(world: World, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    key = turn_on(client)
    assert client.get("/me/second-factor/set").location == "/me/recovery-codes"
    phone = world.client(locale="el")
    asked = sign_in(phone, alice, next="/me/account")
    assert asked.location.startswith("/sign-in/code")
    assert not signed_in(phone)
    assert "εξαψήφιο αριθμό" in phone.get(asked.location).text
    assert "Δεν είναι ο σωστός αριθμός" in phone.post(asked.location, data={"code": "000000"}).text
    assert not signed_in(phone)
    assert phone.post(asked.location, data={"code": number(key, 1)}).location == "/me/account"
    assert signed_in(phone)


def test_a_number_opens_once(world: World, browser: Browser) -> None:
    """Somebody who looked over the shoulder has thirty seconds and nothing in them."""
    alice = world.alice()
    key = turn_on(browser(alice))
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5), tick=False):
        told = number(key)
        mine, thief = world.client(), world.client()
        for client in (mine, thief):
            sign_in(client, alice)
            client.post("/sign-in/code", data={"code": told})
        assert [signed_in(mine), signed_in(thief)] == [True, False]


def test_the_key_is_not_readable_in_the_database(world: World, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    key = turn_on(client)
    made = codes(client)
    kept = world.get(User, alice.id)
    assert key.replace("-", "") not in kept.tf_totp_secret
    assert len(kept.mf_recovery_codes) == 8
    assert not set(made) & set(kept.mf_recovery_codes)


def test_a_recovery_code_opens_once(world: World, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    turn_on(client)
    made = codes(client)
    assert len(made) == 8
    assert client.get("/me/second-factor/set").location == "/me/account"
    phone = world.client(locale="el")
    sign_in(phone, alice)
    typed = made[0].replace("-", " ").upper()
    assert phone.post("/sign-in/recovery", data={"code": typed}).status_code == 302
    assert signed_in(phone)
    again = world.client(locale="el")
    sign_in(again, alice)
    assert "δεν ισχύει ή χρησιμοποιήθηκε" in again.post("/sign-in/recovery", data={"code": made[0]}).text
    assert not signed_in(again)


def test_the_codes_are_shown_again_only_when_asked(world: World, browser: Browser) -> None:
    client = browser(world.alice())
    turn_on(client)
    made = codes(client)
    assert made[0] not in client.get("/me/recovery-codes").text
    assert made[0] in client.get("/me/recovery-codes?show_codes=y").text


def test_turned_off(world: World, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    turn_on(client)
    codes(client)
    assert "Turn it off" in client.get("/me/second-factor").text
    client.post("/me/second-factor", data={"setup": "disable"})
    kept = world.get(User, alice.id)
    assert (kept.tf_primary_method, kept.tf_totp_secret, kept.mf_recovery_codes) == (None, None, [])
    assert sign_in(world.client(), alice).location == "/me"


def test_a_wrong_number_turns_nothing_on(world: World, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    page = client.post("/me/second-factor", data={"setup": "authenticator"}).text
    action = re.search(r'action="(/me/second-factor/[^"]+)"', page)
    assert action
    assert client.post(action[1], data={"code": "12"}).location == "/me/second-factor"
    assert world.get(User, alice.id).tf_primary_method is None


@pytest.mark.parametrize("data", [{"setup": "sms", "phone": "1"}, {"setup": "email"}, {"setup": "x"}, {}])
def test_only_an_app_makes_numbers(world: World, browser: Browser, data: dict[str, str]) -> None:
    alice = world.alice()
    browser(alice).post("/me/second-factor", data=data)
    assert world.get(User, alice.id).tf_primary_method is None


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/recovery", "/me/second-factor"])
def test_the_second_step_comes_second(world: World, path: str) -> None:
    client = world.client()
    for answer in (client.get(path), client.post(path, data={"code": "123456"})):
        assert (answer.status_code, answer.location) == (302, "/sign-in")


def test_a_stale_session_may_not_turn_it_off(world: World, browser: Browser) -> None:
    alice = world.alice()
    client = browser(alice)
    turn_on(client)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), tick=False):
        assert client.post("/me/second-factor", data={"setup": "disable"}).location == "/verify?next=/me/second-factor"
    assert world.get(User, alice.id).tf_primary_method == "authenticator"
