"""Flask-Security set up: sign-up with confirmed e-mail, sign-in, reset, change, second factor.

Answers never tell whether an address has an account. Links in e-mails expire and work once.
Signing out everywhere and a new password change `fs_uniquifier`, which ends every session.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

import segno
from flask import Flask, abort, request
from flask_babel import force_locale, gettext, lazy_gettext
from flask_login import user_logged_in
from flask_security import MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore, Totp
from flask_security.signals import (
    change_email_confirmed,
    password_changed,
    password_reset,
    tf_disabled,
    user_registered,
)
from passlib.exc import TokenError  # type: ignore[import-untyped]

import accounts.doors
from accounts.forms import SECURITY_FORMS
from accounts.models import Role, User
from accounts.words import MESSAGES
from core import mail
from core.db import db, utcnow
from core.i18n import locale_code
from core.live import end_sockets
from core.text import clean

datastore = SQLAlchemyUserDatastore(db, User, Role)

MAX_PASSWORD = 128  # the library calls a longer one too short

PATHS = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/sign-up",
    "RESET_URL": "/forgotten",
    "CHANGE_URL": "/me/password",
    "CONFIRM_URL": "/confirm",
    "VERIFY_URL": "/verify",
    "CHANGE_EMAIL_URL": "/me/email",
    "TWO_FACTOR_SETUP_URL": "/me/second-factor",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
    "TWO_FACTOR_SELECT_URL": "/sign-in/select",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/me/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "POST_LOGIN_VIEW": "home.dashboard",
    "POST_LOGOUT_VIEW": "home.index",
    "POST_CONFIRM_VIEW": "accounts.confirmed",
    "POST_REGISTER_VIEW": "accounts.check_mail",
    "POST_CHANGE_VIEW": "accounts.profile",
    "POST_CHANGE_EMAIL_VIEW": "accounts.profile",
    "POST_RESET_VIEW": "security.login",
    "TWO_FACTOR_POST_SETUP_VIEW": "accounts.second_step",
}

FEATURES = {
    "REGISTERABLE": True,
    "CONFIRMABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": False,
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds that a phone's clock may be off
    "TOTP_ISSUER": "Mentores",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "RETURN_GENERIC_RESPONSES": True,
    "PASSWORD_HASH": "argon2",
    # What stands inside a signed link only has to be compared: a slow hash would make pages wait.
    "HASHING_SCHEMES": ["hex_sha256"],
    "DEPRECATED_HASHING_SCHEMES": [],
    "PASSWORD_LENGTH_MIN": 10,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "EMAIL_HTML": False,
    # Whether the domain takes mail is found out by sending; asking its name servers would tell them who signs up.
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "FRESHNESS": dt.timedelta(minutes=15),
    "FRESHNESS_GRACE_PERIOD": dt.timedelta(minutes=15),
    "CONFIRM_EMAIL_WITHIN": dt.timedelta(days=5),
    "CHANGE_EMAIL_WITHIN": dt.timedelta(hours=2),
    "RESET_PASSWORD_WITHIN": dt.timedelta(hours=6),
    "API_ENABLED_METHODS": ["session"],  # no tokens: a session is the only way in
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    # Our own catalogue speaks for the library too.
    "I18N_DOMAIN": "messages",
    "DATETIME_FACTORY": utcnow,
}

# Subjects by template: said again in the reader's own language when the message is written.
SUBJECTS = {
    "security/email/welcome": lazy_gettext("Your account at Mentors"),
    "security/email/welcome_existing": lazy_gettext("Your account at Mentors"),
    "security/email/confirmation_instructions": lazy_gettext("Confirm your e-mail address"),
    "security/email/reset_instructions": lazy_gettext("A new password for Mentors"),
    "security/email/reset_notice": lazy_gettext("Your password was changed"),
    "security/email/change_notice": lazy_gettext("Your password was changed"),
    "security/email/change_email_instructions": lazy_gettext("Confirm your new e-mail address"),
    "security/email/change_email_notice": lazy_gettext("Your e-mail address was changed"),
}


class QueuedMail(MailUtil):
    """The library's e-mails go out as ours do: a job in the open transaction, in the account's language."""

    def send_mail(  # noqa: PLR0917 - as the library calls it
        self,
        template: str,
        subject: str,  # noqa: ARG002 - said and written anew, in the language of the account
        recipient: Any,
        sender: Any,  # noqa: ARG002
        body: Any,  # noqa: ARG002
        html: Any,  # noqa: ARG002
        **facts: Any,
    ) -> None:
        user = facts["user"]
        with force_locale(user.locale):
            told = str(SUBJECTS[template])
        names = {name: facts[name] for name in ("confirmation_token", "reset_token", "token") if name in facts}
        mail.send(recipient, user.locale, told, template, user=user, **names)
        db.session.commit()

    def normalize(self, email: str) -> str:
        """One spelling for one address: no outer blanks, lower case."""
        return str(super().normalize(clean(email))).lower()

    def validate(self, email: str) -> str:
        return str(super().validate(clean(email))).lower()


class OurPasswords(PasswordUtil):
    """Long enough, not endless, and without the person's own address."""

    def validate(self, password: str, is_register: bool, **facts: Any) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        if len(normal) > MAX_PASSWORD:
            return [gettext("The password can have up to %(length)d characters.", length=MAX_PASSWORD)], normal
        problems, normal = super().validate(password, is_register, **facts)
        told = list(problems or [])
        address = facts.get("email") or getattr(facts.get("user"), "email", None) or ""
        name = address.split("@")[0].lower()
        if len(name) > 3 and name in normal.lower():
            told.append(gettext("Leave your e-mail address out of the password."))
        return told or None, normal


class OneUse(Totp):
    """A number of the app opens once, and its square is ours: dark on white in both grounds."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        # A new key begins its own count.
        last = user.tf_last_counter if totp_secret == user.tf_totp_secret else None
        try:
            match = self._totp.verify(token, totp_secret, window=window, last_counter=last)
        except TokenError:
            return False
        user.tf_last_counter = match.counter
        return True

    def generate_qrcode(self, username: str, totp: str) -> str:
        return str(segno.make(self.get_totp_uri(username, totp)).svg_data_uri(scale=5, border=3, light="#fff"))


def _start_account(_sender: Any, user: User, **_facts: Any) -> None:
    """A new account speaks the language it was made in."""
    user.locale = locale_code()


def _start_session(_sender: Any, user: User, **_facts: Any) -> None:
    """A session that was open before sign-in keeps its language and nothing that others could know."""
    from flask import session

    session.pop("csrf_token", None)
    session.setdefault("locale", user.locale)


def _end_sockets(_sender: Any, user: User, **_facts: Any) -> None:
    """Sessions end with the changed `fs_uniquifier`; sockets that are open don't know of it."""
    end_sockets(user.id)


def _trust_address(_sender: Any, user: User, **_facts: Any) -> None:
    """Who followed the link for a new password has shown that the address is theirs."""
    user.confirmed_at = user.confirmed_at or utcnow()


def _tell_old_address(_sender: Any, user: User, old_email: str, **_facts: Any) -> None:
    with force_locale(user.locale):
        subject = str(SUBJECTS["security/email/change_email_notice"])
    mail.send(old_email, user.locale, subject, "security/email/change_email_notice", user=user)


def _forget_codes(_sender: Any, user: User, **_facts: Any) -> None:
    """Recovery codes end with the second step that they stand in for."""
    user.mf_recovery_codes = None


def _connect(app: Flask) -> None:
    user_registered.connect(_start_account, app)
    user_logged_in.connect(_start_session, app)
    password_changed.connect(_end_sockets, app)
    password_reset.connect(_end_sockets, app)
    password_reset.connect(_trust_address, app)
    change_email_confirmed.connect(_tell_old_address, app)
    tf_disabled.connect(_forget_codes, app)


def _key(secret: str) -> bytes:
    """A key for encrypting recovery codes, from the secret of the second factor."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"recovery codes {secret}".encode()).digest())


def init_app(app: Flask) -> None:
    for name, value in {**PATHS, **FEATURES}.items():
        app.config.setdefault(f"SECURITY_{name}", value)
    for name, message in MESSAGES.items():
        app.config.setdefault(f"SECURITY_MSG_{name}", message)
    config = app.config
    config.setdefault("SECURITY_I18N_DIRNAME", [config["BABEL_TRANSLATION_DIRECTORIES"]])
    config.setdefault("SECURITY_TOTP_SECRETS", {"1": config["TOTP_SECRET"]})
    config.setdefault("SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS", [_key(config["TOTP_SECRET"])])
    config.setdefault(
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE",
        {"httponly": True, "secure": config["SESSION_COOKIE_SECURE"], "samesite": "Lax"},
    )
    security = Security(
        datastore=datastore,
        mail_util_cls=QueuedMail,
        password_util_cls=OurPasswords,
        totp_cls=OneUse,
    )
    security.init_app(app, **SECURITY_FORMS)
    security.want_json(lambda _request: False)
    accounts.doors.init_app(app)
    _connect(app)
    # Who may do what is asked of our own permissions; a second account of it would read the person on every request.
    security.principal.identity_loaders.clear()

    @app.before_request
    def _only_forms() -> None:
        """The library reads JSON too; nothing of ours sends it."""
        if request.blueprint == "security" and request.is_json:
            abort(400)
