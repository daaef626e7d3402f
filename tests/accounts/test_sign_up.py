"""From the form to a confirmed account, and what never leaks on the way."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine
from sqlalchemy import event, insert, select

from accounts.models import User
from core.db import db
from tests.accounts.conftest import SIGN_UP, Mailbox, sign_in, signed_in, without_token
from tests.world import World


def person(world: World, email: str = "maria@example.org") -> User | None:
    with world.session() as session:
        found = session.scalar(select(User).where(User.email == email))
        session.expunge_all()
        return found


def test_from_form_to_signed_in(world: World, mailbox: Mailbox) -> None:
    client = world.client(locale="el")
    answer = client.post("/sign-up", data=SIGN_UP)
    assert (answer.status_code, answer.location) == (303, "/sign-up/sent")
    assert "Στείλαμε" in client.get("/sign-up/sent").text
    told = mailbox.last()
    assert told["to"] == "maria@example.org"
    assert told["subject"] == "Ο λογαριασμός σας στους Μέντορες"
    assert "Μαρία" in told["body"]
    assert not signed_in(client)
    confirmed = client.get(mailbox.link())
    assert (confirmed.status_code, confirmed.location) == (302, "/confirmed")
    assert client.get("/confirmed").location == "/sign-in"
    assert sign_in(client, "maria@example.org", SIGN_UP["password"]).location == "/me"
    assert signed_in(client)
    made = person(world)
    assert made is not None
    assert (made.given_name, made.locale, made.confirmed_at is not None) == ("Μαρία", "el", True)
    assert made.roles == []


def test_passwords_are_hashed(world: World, mailbox: Mailbox) -> None:
    world.client().post("/sign-up", data=SIGN_UP)
    made = person(world)
    assert made is not None
    assert made.password


def test_the_way_goes_on_after_the_link(world: World, mailbox: Mailbox) -> None:
    client = world.client()
    client.post("/sign-up", data=SIGN_UP | {"next": "/cohorts/kampos"})
    client.get(mailbox.link())
    assert client.get("/confirmed").location == "/sign-in?next=/cohorts/kampos"
    assert client.get("/confirmed").location == "/sign-in"


def test_an_address_that_has_an_account_gives_the_same_answer(world: World, mailbox: Mailbox) -> None:
    alice = world.alice()
    new, known = world.client(), world.client()
    first = new.post("/sign-up", data=SIGN_UP)
    second = known.post("/sign-up", data=SIGN_UP | {"email": alice.email})
    assert (first.status_code, first.location) == (second.status_code, second.location)
    pages = [client.get("/sign-up/sent").text for client in (new, known)]
    assert without_token(pages[0], "maria@example.org") == without_token(pages[1], alice.email)
    assert [m["to"] for m in mailbox.all()] == ["maria@example.org", alice.email]
    assert "has one already" in mailbox.last()["body"] or "έχει ήδη" in mailbox.last()["body"]
    with new.session_transaction() as one, known.session_transaction() as other:
        assert set(one) == set(other)


def test_an_address_is_one_however_it_is_written(world: World, mailbox: Mailbox) -> None:
    client = world.client()
    client.post("/sign-up", data=SIGN_UP | {"email": "  Maria@EXAMPLE.org "})
    assert person(world) is not None
    client.post("/sign-up", data=SIGN_UP | {"email": "MARIA@example.org"})
    with world.session() as session:
        assert session.query(User).count() == 1


def test_a_begun_account_is_finished_by_whoever_owns_the_address(world: World, mailbox: Mailbox) -> None:
    """Somebody signs up with my address and a password of theirs: I choose mine, theirs is gone."""
    world.client().post("/sign-up", data=SIGN_UP)
    mine = world.client()
    mine.post("/sign-up", data=SIGN_UP | {"password": "δικός μου κωδικός", "password_confirm": "δικός μου κωδικός"})
    link = mailbox.link()
    assert link.startswith("/forgotten/")
    mine.post(link, data={"password": "δικός μου κωδικός", "password_confirm": "δικός μου κωδικός"})
    assert sign_in(world.client(), "maria@example.org", SIGN_UP["password"]).status_code == 200
    assert sign_in(mine, "maria@example.org", "δικός μου κωδικός").status_code == 302


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"given_name": ""}, "Συμπληρώστε"),
        ({"given_name": "  \u200b "}, "Συμπληρώστε"),
        ({"family_name": "α" * 101}, "Περισσεύει 1 χαρακτήρας"),
        ({"email": ""}, "Γράψτε την ηλεκτρονική σας διεύθυνση"),
        ({"email": "maria@"}, "Δεν είναι ολόκληρη διεύθυνση"),
        ({"email": "maria@example.org\r\nBcc: all@example.org"}, "Δεν είναι ολόκληρη διεύθυνση"),
        ({"password": "μικρός", "password_confirm": "μικρός"}, "τουλάχιστον 10 χαρακτήρες"),
        ({"password": "α" * 129, "password_confirm": "α" * 129}, "έως 128 χαρακτήρες"),
        ({"password": "maria και λέξεις", "password_confirm": "maria και λέξεις"}, "Μη βάζετε τη διεύθυνσή σας"),
        ({"password_confirm": "άλλος κωδικός"}, "δεν είναι ίδιοι"),
    ],
)
def test_what_the_form_refuses(world: World, mailbox: Mailbox, change: dict[str, str], sentence: str) -> None:
    page = world.client(locale="el").post("/sign-up", data=SIGN_UP | change)
    assert page.status_code == 200
    assert sentence in page.text
    assert mailbox.all() == []
    assert person(world) is None


def test_nothing_else_of_a_person_can_be_posted(world: World, mailbox: Mailbox) -> None:
    world.client().post(
        "/sign-up", data=SIGN_UP | {"active": "", "confirmed_at": "2020-01-01", "roles": "admin", "id": "1"}
    )
    made = person(world)
    assert made is not None
    assert (made.active, made.confirmed_at, made.roles) == (True, None, [])


def test_a_double_click_makes_one_account(world: World, mailbox: Mailbox) -> None:
    """The second request read the table before the first wrote: the constraint decides, the answer is the same."""
    client = world.client()

    def somebody_was_faster(*_flush: object) -> None:
        facts = {"email": "maria@example.org", "given_name": "Μ", "family_name": "Κ", "active": True}
        with db.engine.begin() as connection:
            connection.execute(insert(User).values(facts | {"fs_uniquifier": "x", "pid": uuid.uuid4()}))

    event.listen(db.session, "before_flush", somebody_was_faster, once=True)
    answer = client.post("/sign-up", data=SIGN_UP)
    assert (answer.status_code, answer.location) == (303, "/sign-up/sent")
    with world.session() as session:
        assert session.query(User).count() == 1


def test_a_used_link_says_so(world: World, mailbox: Mailbox) -> None:
    client = world.client(locale="el")
    client.post("/sign-up", data=SIGN_UP)
    link = mailbox.link()
    client.get(link)
    client.get("/sign-in")
    page = client.get(link, follow_redirects=True)
    assert "επιβεβαιωμένη ήδη" in page.text


def test_an_expired_link_offers_a_new_one(world: World, mailbox: Mailbox) -> None:
    client = world.client(locale="el")
    client.post("/sign-up", data=SIGN_UP)
    link = mailbox.link()
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=6), tick=False):
        page = client.get(link, follow_redirects=True)
    assert "έληξε" in page.text
    made = person(world)
    assert made is not None
    assert made.confirmed_at is None
    client.post("/confirm", data={"email": "maria@example.org"})
    assert client.get(mailbox.link()).location == "/confirmed"


@pytest.mark.parametrize("token", ["x", "αβγ", "eyJ0.e30.x"])
def test_a_cut_link_is_refused(world: World, token: str) -> None:
    page = world.client(locale="el").get(f"/confirm/{token}", follow_redirects=True)
    assert "Ο σύνδεσμος δεν ισχύει" in page.text


def test_asking_again_tells_nothing(world: World, mailbox: Mailbox) -> None:
    alice = world.alice()
    pages = [
        without_token(world.client().post("/confirm", data={"email": email}).text, email)
        for email in (alice.email, "nobody@example.org")
    ]
    assert pages[0] == pages[1]
    assert mailbox.all() == []


def test_unconfirmed_people_are_told_when_they_know_the_password(world: World, mailbox: Mailbox) -> None:
    client = world.client(locale="el")
    client.post("/sign-up", data=SIGN_UP)
    client.get("/sign-up/sent")
    knows = sign_in(client, "maria@example.org", SIGN_UP["password"]).text
    guesses = sign_in(client, "maria@example.org", "κάτι άλλο εδώ").text
    assert "δεν έχει επιβεβαιωθεί" in knows
    assert "δεν έχει επιβεβαιωθεί" not in guesses
    assert "/confirm" in knows
