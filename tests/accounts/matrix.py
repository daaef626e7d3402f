"""Who gets what on the pages of accounts. `person` is somebody without a role."""

from __future__ import annotations

from typing import Any

from tests.matrix import AUTH, FOUND, HIDDEN, INVALID, MOVED, NO, OK, ROLES, Row, everyone


def members(status: int, nobody: int = FOUND) -> dict[str, int]:
    """Everybody who is signed in gets STATUS, nobody NOBODY (a page asks to sign in)."""
    return {**dict.fromkeys(ROLES, status), "nobody": nobody}


def guests(status: int) -> dict[str, int]:
    """Who is signed in is sent to their own page."""
    return {**dict.fromkeys(ROLES, FOUND), "nobody": status}


def admins(status: int, nobody: int = FOUND) -> dict[str, int]:
    return {"nobody": nobody, "admin": status}


def _form(endpoint: str, expect: dict[str, int], posted: dict[str, int] | None = None, **more: Any) -> list[Row]:
    """A page of the library: shown, and posted empty."""
    return [
        Row(f"security.{endpoint}", "GET", expect, **more),
        Row(f"security.{endpoint}", "POST", posted or expect, note="nothing filled in", **more),
    ]


STALE = members(FOUND)  # a session without a fresh password is asked for it first
TOKEN = {"token": "=cut"}

MATRIX = [
    *_form("login", guests(OK)),
    *_form("register", guests(OK)),
    *_form("forgot_password", everyone(OK)),
    *_form("reset_password", everyone(FOUND), args=TOKEN),
    *_form("send_confirmation", everyone(OK)),
    *_form("confirm_email", everyone(FOUND), args=TOKEN),
    *_form("verify", members(OK)),
    *_form("change_password", members(OK)),
    *_form("change_email", STALE),
    Row("security.change_email_confirm", "GET", everyone(FOUND), args=TOKEN),
    *_form("two_factor_setup", STALE),
    Row("security.two_factor_setup_validate", "POST", members(FOUND), args=TOKEN),
    *_form("two_factor_token_validation", everyone(FOUND)),
    *_form("mf_recovery", everyone(FOUND)),
    *_form("mf_recovery_codes", STALE),
    *_form("two_factor_rescue", everyone(HIDDEN)),
    *_form("tf_select", everyone(HIDDEN)),
    Row("security.logout", "POST", everyone(FOUND)),
    Row("accounts.check_mail", "GET", everyone()),
    Row("accounts.confirmed", "GET", everyone(FOUND)),
    Row("accounts.second_step", "GET", members(FOUND)),
    Row("accounts.profile", "GET", members(OK)),
    Row("accounts.save_profile", "POST", members(INVALID, AUTH), note="nothing filled in"),
    Row(
        "accounts.save_profile",
        "POST",
        members(MOVED, AUTH),
        data={"given_name": "Άννα", "family_name": "Βρανά", "locale": "el"},
    ),
    Row("accounts.sign_out_everywhere", "POST", members(MOVED, AUTH)),
    Row("accounts_manage.index", "GET", admins(OK), rest=NO),
    Row("accounts_manage.grant", "POST", admins(MOVED, AUTH), rest=NO, data={"email": "person.email", "role": "staff"}),
    Row("accounts_manage.grant", "POST", admins(INVALID, AUTH), rest=NO, note="nothing filled in"),
    Row(
        "accounts_manage.revoke",
        "POST",
        admins(MOVED, AUTH),
        rest=NO,
        args={"pid": "person.pid", "role": "=staff"},
    ),
]
