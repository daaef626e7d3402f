"""The policy stands on every kind of answer: page, redirect, refusal, file, JSON, failure."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from core.headers import CONTENT_SECURITY_POLICY
from tests.conftest import _settings
from tests.world import World

ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/sign-in", 200),
    ("GET", "/me", 302),
    ("GET", "/nothing-here", 404),
    ("GET", "/sign-out", 405),
    ("POST", "/language", 303),
    ("GET", "/admin/roles/", 302),
    ("GET", "/static/css/base.css", 200),
    ("GET", "/static/nothing.css", 404),
    ("GET", "/healthz", 200),
    ("GET", "/metrics", 200),
    ("OPTIONS", "/", 200),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_policy(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    answer.close()


def test_the_policy_forbids_inline_code_and_strangers() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"]) == ("'self'", "'self'")
    assert (rules["frame-ancestors"], rules["base-uri"], rules["form-action"]) == ("'none'", "'none'", "'self'")
    for word in ("unsafe", "http:", "https:", "*"):
        assert word not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/sign-up", "/think-tank", "/market", "/about", "/privacy", "/nothing-here"]
)
def test_no_page_has_inline_code_or_styles(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert " style=" not in page
    assert "<style" not in page
    assert "onclick" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])


def test_a_failure_carries_the_policy_too(tmp_path: Path, database_url: str) -> None:
    app = create_app(_settings(tmp_path, database_url) | {"TESTING": False, "PROPAGATE_EXCEPTIONS": False})

    @app.get("/breaks")
    def breaks() -> str:
        raise RuntimeError("on purpose")

    answer = app.test_client().get("/breaks")
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "on purpose" not in answer.text


def test_cookies_are_closed(world: World) -> None:
    cookie = world.app.test_client().post("/language", data={"locale": "en"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_cookies_and_visits_stay_there(tmp_path: Path, database_url: str) -> None:
    secure = {"BASE_URL": "https://mentores.example", "SESSION_COOKIE_SECURE": True}
    client = create_app(_settings(tmp_path, database_url) | secure).test_client()
    answer = client.post("/language", data={"locale": "en"}, base_url="https://mentores.example")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_files_with_their_hash_are_kept_and_pages_are_not(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = app.jinja_env.globals["static_url"]("css/base.css")  # type: ignore[operator]
    kept = {}
    for path in (address, "/static/css/base.css", "/about", "/sign-in"):
        with client.get(path) as answer:
            kept[path] = answer.headers["Cache-Control"]
    assert "immutable" in kept[address]
    assert (kept["/static/css/base.css"], kept["/about"]) == ("no-cache", "private, no-cache")
    assert "no-store" in kept["/sign-in"]


def test_pages_differ_by_language_and_reader(client: FlaskClient) -> None:
    answer = client.get("/about", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "en"
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
