"""A mailbox, and the acts that many tests begin with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from accounts.models import User
from core.jobs import Job
from tests.world import PASSWORD, World


class Mailbox:
    """E-mails that wait to go out, oldest first: {"to", "subject", "body"}."""

    def __init__(self, world: World) -> None:
        self.world = world

    def all(self) -> list[dict[str, str]]:
        with self.world.session() as session:
            return [job.payload for job in session.query(Job).filter_by(kind="mail").order_by(Job.id)]

    def last(self) -> dict[str, str]:
        return self.all()[-1]

    def link(self) -> str:
        """The path of the first link in the last message."""
        found = re.search(r"http://localhost(/\S+)", self.last()["body"])
        assert found
        parts = urlsplit(found[1])
        return parts.path


@pytest.fixture
def mailbox(world: World) -> Mailbox:
    return Mailbox(world)


SIGN_UP = {
    "given_name": "Μαρία",
    "family_name": "Κηπουρού",
    "email": "maria@example.org",
    "password": "τρεις λέξεις μαζί",
    "password_confirm": "τρεις λέξεις μαζί",
}


def sign_in(client: FlaskClient, user: User | str, password: str = PASSWORD, **more: Any) -> Any:
    """Post the sign-in form as USER (or their address)."""
    email = user if isinstance(user, str) else user.email
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def without_token(page: str, email: str) -> str:
    """PAGE without what differs between any two visits: the form's token and the address that was typed."""
    return re.sub(r'name="csrf_token"[^>]+>', "", page).replace(email, "")


def signed_in(client: FlaskClient) -> bool:
    """Whether the site knows who this browser is."""
    return client.get("/me/account").status_code == 200


@pytest.fixture
def browser(world: World) -> Callable[[User], FlaskClient]:
    """A browser in which USER signed in by the form, a moment ago."""

    def opened(user: User) -> FlaskClient:
        client = world.client()
        assert sign_in(client, user).status_code == 302
        return client

    return opened
