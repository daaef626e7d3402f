"""Flask-Security set up: sign-up with confirmed e-mail, sign-in, reset, change, second factor, in our words.

Answers never tell whether an address has an account. Links in e-mails expire. Signing out
everywhere and a new password change `fs_uniquifier`, which ends every session of the person.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask, request
from flask_babel import gettext, lazy_gettext
from flask_login import user_logged_in
from flask_security import MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore
from flask_security.signals import password_changed, password_reset, user_registered

from accounts.forms import SignUpForm
from accounts.models import Role, User
from core.db import db
from core.i18n import locale_code
from core.jobs import enqueue
from core.limits import limiter

datastore = SQLAlchemyUserDatastore(db, User, Role)
security = Security()

PATHS = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "REGISTER_URL": "/sign-up",
    "RESET_URL": "/forgotten",
    "CHANGE_URL": "/me/password",
    "CONFIRM_URL": "/confirm",
    "VERIFY_URL": "/verify",
    "CHANGE_EMAIL_URL": "/me/email",
    "CHANGE_EMAIL_CONFIRM_URL": "/me/email/confirm",
    "TWO_FACTOR_SETUP_URL": "/me/second-factor",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "TWO_FACTOR_RESCUE_URL": "/sign-in/rescue",
    "TWO_FACTOR_SELECT_URL": "/sign-in/select",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/me/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
    "POST_LOGIN_VIEW": "home.dashboard",
    "POST_LOGOUT_VIEW": "home.index",
    "POST_CONFIRM_VIEW": "security.login",
    "POST_REGISTER_VIEW": "accounts.check_mail",
    "POST_CHANGE_VIEW": "accounts.profile",
    "POST_CHANGE_EMAIL_VIEW": "accounts.profile",
    "POST_RESET_VIEW": "security.login",
    "TWO_FACTOR_POST_SETUP_VIEW": "accounts.profile",
}

SUBJECTS = {
    "EMAIL_SUBJECT_REGISTER": lazy_gettext("Your account at Mentors"),
    "EMAIL_SUBJECT_CONFIRM": lazy_gettext("Confirm your e-mail address"),
    "EMAIL_SUBJECT_PASSWORD_RESET": lazy_gettext("A new password for Mentors"),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": lazy_gettext("Your password was changed"),
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": lazy_gettext("Your password was changed"),
    "CHANGE_EMAIL_SUBJECT": lazy_gettext("Confirm your new e-mail address"),
}

FEATURES = {
    "REGISTERABLE": True,
    "USE_REGISTER_V2": True,
    "CONFIRMABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": False,
    "TOTP_ISSUER": "Mentores",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 8,
    "RETURN_GENERIC_RESPONSES": True,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_LENGTH_MIN": 10,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "EMAIL_HTML": False,
    "EMAIL_VALIDATOR_ARGS": {"allow_smtputf8": True},
    "FRESHNESS": dt.timedelta(minutes=15),
    "FRESHNESS_GRACE_PERIOD": dt.timedelta(minutes=15),
    "CONFIRM_EMAIL_WITHIN": dt.timedelta(days=5),
    "RESET_PASSWORD_WITHIN": dt.timedelta(hours=6),
    "SEND_REGISTER_EMAIL": True,
    # Our own catalogue speaks for the library too.
    "I18N_DOMAIN": "messages",
    "UNAUTHORIZED_VIEW": None,
    "DATETIME_FACTORY": lambda: dt.datetime.now(dt.UTC),
}


class QueuedMail(MailUtil):
    """E-mails of the library go out as ours do: a job in the open transaction."""

    def send_mail(self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **facts: Any) -> None:
        to = recipient[1] if isinstance(recipient, tuple) else recipient
        enqueue("mail", f"{to}:{dt.datetime.now(dt.UTC).timestamp()}", to=to, subject=str(subject), body=body)
        db.session.commit()


class OurPasswords(PasswordUtil):
    """Long enough, and not the person's own address or name."""

    def validate(self, password: str, is_register: bool, **facts: Any) -> tuple[list[str] | None, str | None]:
        problems, normal = super().validate(password, is_register, **facts)
        user = facts.get("user")
        known = [str(facts.get("email") or getattr(user, "email", "") or "")]
        if normal and any(k and k.split("@")[0].lower() in normal.lower() and len(k.split("@")[0]) > 3 for k in known):
            problems = [*(problems or []), gettext("Leave your e-mail address out of the password.")]
        return problems, normal


def _limit_sign_in() -> None:
    """Slow guessing down: by address and account for sign-in, by address for e-mails we would send."""
    for endpoint, rule in {
        "security.login": "10 per minute; 60 per hour",
        "security.two_factor_token_validation": "10 per minute; 40 per hour",
        "security.mf_recovery": "10 per minute; 40 per hour",
        "security.register": "10 per minute; 30 per hour",
        "security.forgot_password": "5 per minute; 20 per hour",
        "security.send_confirmation": "5 per minute; 20 per hour",
        "security.verify": "10 per minute; 60 per hour",
    }.items():
        _limited[endpoint] = limiter.shared_limit(rule, scope=endpoint, methods=["POST"])


_limited: dict[str, Any] = {}


def _remember_locale(sender: Any, user: User, **_facts: Any) -> None:
    """A new account speaks the language it was made in."""
    user.locale = locale_code()


def _session_language(sender: Any, user: User, **_facts: Any) -> None:
    """Signing in keeps the language on the screen when one was chosen there."""
    from flask import session

    session.setdefault("locale", user.locale)


def _end_other_sessions(sender: Any, user: User, **_facts: Any) -> None:
    from core.live import end_sockets

    end_sockets(user.id)


def init_app(app: Flask) -> None:
    for name, value in {**PATHS, **SUBJECTS, **FEATURES}.items():
        app.config.setdefault(f"SECURITY_{name}", value)
    app.config.setdefault("SECURITY_I18N_DIRNAME", [app.config["BABEL_TRANSLATION_DIRECTORIES"]])
    app.config.setdefault("SECURITY_TOTP_SECRETS", {"1": app.config["TOTP_SECRET"]})
    security.init_app(
        app, datastore, register_form=SignUpForm, mail_util_cls=QueuedMail, password_util_cls=OurPasswords
    )
    _limit_sign_in()
    for endpoint, decorate in _limited.items():
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = decorate(app.view_functions[endpoint])
    user_registered.connect(_remember_locale, app)
    user_logged_in.connect(_session_language, app)

    @app.context_processor
    def _form_name() -> dict[str, Any]:
        return {"next_url": request.args.get("next", "")}
