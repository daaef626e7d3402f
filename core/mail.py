"""E-mail: a job in the same transaction as its cause, sent by the worker.

Printed to the console until MAIL_SERVER is set, so that a newcomer can follow the link.
"""

from __future__ import annotations

import smtplib
import sys
import uuid
from email.message import EmailMessage

from flask import current_app, render_template
from flask_babel import force_locale

from core.jobs import enqueue, task


def send(to: str, locale: str, subject: str, template: str, **facts: object) -> None:
    """Add an e-mail to the open transaction: TEMPLATE is a template's path without ".txt".

    SUBJECT is already in the reader's language; the body is rendered in LOCALE.
    """
    queue(to, subject, render(template, locale, **facts))


def render(template: str, locale: str, **facts: object) -> str:
    """The text of TEMPLATE in LOCALE, as it is for the worker and for every visitor.

    Links lead to BASE_URL and never to the Host that a request names: a forged one would put
    somebody else's address in front of our tokens.
    """
    application = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - leaves this context
    outside = application.test_request_context(base_url=application.config["BASE_URL"])
    with outside, force_locale(locale):
        return render_template(f"{template}.txt", **facts)


def queue(to: str, subject: str, body: str) -> None:
    """Add a finished message to the open transaction."""
    enqueue("mail", str(uuid.uuid4()), to=to, subject=subject, body=body)


def compose(to: str, subject: str, body: str) -> EmailMessage:
    """The message as it goes out. A line break in an address or subject raises ValueError."""
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = _ascii_domain(to)
    message["Subject"] = subject
    message.set_content(body)
    return message


def _ascii_domain(address: str) -> str:
    """ADDRESS with a Greek domain as the mail servers know it («χωριό.ελ» is "xn--…")."""
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}{at}{domain.encode('idna').decode()}"


@task("mail")
def deliver(to: str, subject: str, body: str) -> None:
    """Hand one message to the mail server, or print it."""
    message = compose(to, subject, body)
    config = current_app.config
    if not config["MAIL_SERVER"]:
        sys.stdout.write(f"\n--- e-mail to {to}: {subject}\n{body}\n---\n")
        sys.stdout.flush()
        return
    smtp_class = smtplib.SMTP_SSL if config["MAIL_TLS"] == "implicit" else smtplib.SMTP
    with smtp_class(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=20) as server:
        if config["MAIL_TLS"] == "starttls":
            server.starttls()
        if config["MAIL_USERNAME"]:
            server.login(config["MAIL_USERNAME"], config["MAIL_PASSWORD"])
        server.send_message(message)
