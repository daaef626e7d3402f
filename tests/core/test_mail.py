"""E-mail: printed without a server, through SMTP with one, and never with a forged line."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from core import mail
from core.jobs import Job, JobState, run_all
from tests.world import World


class Post:
    """What a mail server on this machine received."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.to: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        self.to += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    box = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_FROM="mentores@example.org")
    yield box
    server.stop()


def test_through_a_real_server(app: Flask, world: World, post: Post) -> None:
    with world.session():
        mail.queue("maria@example.org", "Νέος κωδικός", "Γεια σας,\n\nο σύνδεσμος.\n")
    assert post.letters == []
    with app.app_context():
        run_all()
    (letter,) = post.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "maria@example.org",
        "mentores@example.org",
        "Νέος κωδικός",
    )
    assert letter.get_content().splitlines() == ["Γεια σας,", "", "ο σύνδεσμος."]  # type: ignore[attr-defined]


def test_the_whole_way_from_a_form(app: Flask, world: World, post: Post) -> None:
    alice = world.alice()
    world.client().post("/forgotten", data={"email": alice.email})
    with app.app_context():
        run_all()
    assert post.to == [alice.email]
    assert "http://localhost/forgotten/" in post.letters[0].get_content()  # type: ignore[attr-defined]


def test_a_greek_domain_goes_out_as_servers_know_it(app: Flask, world: World, post: Post) -> None:
    with world.session():
        mail.queue("maria@παράδειγμα.example", "Θέμα", "Κείμενο")
    with app.app_context():
        run_all()
    assert post.to == ["maria@xn--hxajbheg2az3al.example"]


def test_a_server_that_is_away_gets_it_later(app: Flask, world: World) -> None:
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=1)
    with world.session():
        mail.queue("maria@example.org", "Θέμα", "Κείμενο")
    with app.app_context():
        run_all()
    with world.session() as session:
        assert session.query(Job).one().state is JobState.QUEUED


def test_without_a_server_it_is_printed(app: Flask, world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with world.session():
        mail.queue("maria@example.org", "Θέμα", "Κείμενο")
    with app.app_context():
        run_all()
    assert "e-mail to maria@example.org: Θέμα\nΚείμενο" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("to", "subject"), [("a@example.org\r\nBcc: b@example.org", "x"), ("a@example.org", "x\nBcc: b@example.org")]
)
def test_no_line_can_be_smuggled_into_the_head(app: Flask, to: str, subject: str) -> None:
    with app.app_context(), pytest.raises(ValueError):  # noqa: PT011 - the library's own words
        mail.compose(to, subject, "text")
