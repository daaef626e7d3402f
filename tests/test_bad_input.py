"""What nobody should send, sent to every form as somebody who may: never a fault, always a sentence.

The forms are read from the pages that show them; the matrix says who may post them.
"""

from __future__ import annotations

import html
import io
import re
import zlib
from typing import Any

import pytest
from flask import url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.found_forms import FoundForm, forms_on
from tests.matrix import ROLES, Row
from tests.matrix_world import MatrixWorld
from tests.test_permission_matrix import READING, WRITING, database_url, made, things  # noqa: F401 - fixtures

LONG = "μακρύ κείμενο " * 7143  # 100,000 characters
DIGITS = "9" * 5000
EVIL = (
    "\x00\x07α\u202e\u200b😀'\"<script>alert(1)</script>{{7*7}}%s%(x)s",
    "\ud7ff\ufffe\U0010ffff",
    "",
    "   ",
    "-1",
    "9" * 30,
    DIGITS,
    "٣",
    "NaN",
    "1e400",
    "2026-13-45",
    "0001-01-01",
    "9999-12-31",
    "25:61",
    "00000000-0000-0000-0000-000000000000",
    '{"a": [1]}',
    "https://[::1",
    "//evil.example\\@x",
)
TYPED = "Γραμμένο με κόπο 😀 <b>&\"'"
UNSHOWN = ("q0", "to", "op", "val", "cid", "on")  # of the matrix, no field of a page
FILES = {"file": (b"WEBVTT\n\n00:00.000 --> 00:01.000\n\x00\xff", "../../x\x00.vtt")}
FIELDS, MOST = 6, 24  # of one form, and how many bad values it is sent
PREFERRED = ("learner", "coordinator", "author", "staff", "mentor", "admin", "stranger", "nobody")
GOOD = {
    "date": "2030-03-04",
    "time": "18:00",
    "email": "alice@example.org",
    "number": "20",
    "url": "https://tele.example/x",
    "password": "long enough words",
}
# Each has a guard of its own and no text to give back: tests/archive/test_tus.py.
TUS = {"archive_uploads.create"}


class Sender:
    """One browser that posts a form and looks at what comes back."""

    def __init__(self, client: FlaskClient, address: str, locale: str) -> None:
        self.client, self.address, self.locale = client, address, locale
        self.faults: list[str] = []

    def post(self, what: str, *, lasting: bool = False, **how: Any) -> None:
        with self.client.session_transaction() as session:
            kept = dict(session)
        try:
            answer = self.client.post(self.address, headers={"Accept": "text/html"}, **how)
            self.judge(answer, what)
        except Exception as fault:  # noqa: BLE001 - all faults of a form at once
            self.faults.append(f"{what}: {type(fault).__name__} {str(fault)[:300]}")
        if not lasting and "_user_id" in kept:
            with self.client.session_transaction() as session:
                session.clear()
                session.update(kept)

    def get(self, what: str, query: dict[str, Any]) -> None:
        try:
            answer = self.client.get(self.address, query_string=query, headers={"Accept": "text/html"})
            self.judge(answer, what)
            assert "<script>alert(1)" not in answer.get_data(as_text=True)
            answer.close()
        except Exception as fault:  # noqa: BLE001 - all faults of a form at once
            self.faults.append(f"{what[:40]}: {type(fault).__name__} {str(fault)[:300]}")

    def judge(self, answer: TestResponse, what: str) -> None:
        said = f"{what} -> {answer.status}"
        assert answer.status_code < 500, said
        if answer.mimetype == "text/html" and answer.status_code not in {302, 303} and "<html" in answer.text:
            assert f'lang="{self.locale}"' in answer.text[:400], said
            if answer.status_code >= 400:
                text = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])
                assert re.search(r"[Α-Ωα-ω]{3}" if self.locale == "el" else r"[A-Za-z]{3}", text), said


def named(row: Row) -> str:
    return row.endpoint


def best_rows() -> list[Row]:
    """One row for each route that takes a POST: where most is let through."""
    found: dict[str, Row] = {}
    for row in WRITING:
        if row.method == "POST" and row.endpoint not in TUS:
            now = found.get(row.endpoint)
            if now is None or (row.data and not now.data):
                found[row.endpoint] = row
    return list(found.values())


def sender_role(row: Row) -> str:
    """Who may post it, the lowest first."""
    return next((r for r in PREFERRED if row.status(r) not in {401, 403, 404}), "admin")


def address_of(things: MatrixWorld, row: Row) -> str:  # noqa: F811 - the fixture's name
    with things.world.app.test_request_context():
        return url_for(row.endpoint, **{name: things.value(value) for name, value in row.args.items()})


def fields_of(things: MatrixWorld, row: Row, role: str) -> dict[str, list[str]]:  # noqa: F811
    """The fields of ROW's form as its page shows them, else as the matrix fills them."""
    fields = {
        name: ["text", things.value(v) if "." in v and v.split(".")[0] in things.things else v]
        for name, v in row.data.items()
    }
    target = address_of(things, row)
    for form in forms_of(things, row.endpoint.partition(".")[0].removesuffix("_manage"), role):
        if form.action.partition("?")[0].partition("#")[0] == target:
            fields = form.fields | {n: f for n, f in fields.items() if n not in form.fields}
    return fields


_met: dict[tuple[str, str], list[FoundForm]] = {}  # every test has a copy of one world: its forms are the same


def forms_of(things: MatrixWorld, package: str, role: str) -> list[FoundForm]:  # noqa: F811
    """The forms that ROLE meets on the pages of PACKAGE."""
    if (package, role) not in _met:
        found = _met[package, role] = []
        for reading in READING:
            if reading.endpoint.partition(".")[0].removesuffix("_manage") == package and reading.method == "GET":
                page = address_of(things, reading)
                answer = things.browser(role).get(page)
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    found += [form for form in forms_on(page, answer.text) if form.method == "POST"]
                answer.close()
    return _met[package, role]


def good(fields: dict[str, list[str]]) -> dict[str, str]:
    """A form as a careful person fills it."""
    data = {}
    for name, (kind, value) in fields.items():
        if kind == "file" or name == "csrf_token":
            continue
        data[name] = value or GOOD.get(kind, "" if kind in {"hidden", "checkbox", "submit"} else "Κείμενο αρκετό")
    return data


def one_of_each(fields: dict[str, str]) -> list[str]:
    """The names without their repetitions in rows (plan-0-title_el, plan-1-title_el)."""
    seen: dict[str, str] = {}
    for name in fields:
        seen.setdefault(re.sub(r"\d+", "#", name), name)
    return list(seen.values())


@pytest.mark.parametrize("row", best_rows(), ids=named)
def test_a_form_takes_anything(things: MatrixWorld, row: Row):  # noqa: F811
    role = sender_role(row)
    fields = fields_of(things, row, role)
    careful = good(fields)
    locale = ("el", "en")[zlib.crc32(row.endpoint.encode()) % 2]
    client = things.world.client(things.people.get(role), locale)
    sender = Sender(client, address_of(things, row), locale)

    sender.post("nothing")
    sender.post("JSON", json=[{"body": [1]}])
    sender.post("garbage", data=b"\xff\x00&=&%", content_type="application/x-www-form-urlencoded")
    sender.post("cut multipart", data=b"--x\r\nContent-Disp", content_type="multipart/form-data; boundary=x")
    names = one_of_each(careful)
    share = max(1, len(names) * len(EVIL) // MOST)  # a form of many fields gets each value in some of them
    for number, name in enumerate(names[:FIELDS]):
        sender.post(f"{name} missing", data={n: v for n, v in careful.items() if n != name})
        sender.post(f"{name} long", data=careful | {name: LONG})
        sender.post(f"{name} twice and nested", data=careful | {name: ["α", "β"], f"{name}[x]": "γ"})
        sender.post(f"{name} a file", data=careful | {name: (io.BytesIO(b"\x00\xff"), "x\x00.exe")})
        for value in EVIL[number % share % len(EVIL) :: share]:
            sender.post(f"{name}={value[:40]!r}", data=careful | {name: value})
    if any(kind == "file" for kind, _value in fields.values()):
        name, (body, filename) = next(iter(FILES.items()))
        sender.post("a bad file", data=careful | {name: (io.BytesIO(body), filename)})
    for _ in range(2):
        sender.post("the same twice", data=careful, lasting=True)
    assert sender.faults == []


@pytest.mark.parametrize("row", best_rows(), ids=named)
def test_what_was_typed_comes_back(things: MatrixWorld, row: Row):  # noqa: F811
    """Only one field filled in, and that with care: a refusal shows it again."""
    role = sender_role(row)
    careful = fields_of(things, row, role)
    browser = things.world.client(things.people.get(role), "el")
    for name, (kind, _value) in careful.items():
        if kind in {"text", "textarea"} and not name.startswith(UNSHOWN):
            data = {name: TYPED, "revision": careful.get("revision", ["", "1"])[1]}
            answer = browser.post(address_of(things, row), data=data, headers={"Accept": "text/html"})
            if 400 <= answer.status_code < 500:
                assert TYPED in html.unescape(answer.text), (name, answer.status_code)
            return


NAMES = (
    "page",
    "theme",
    "q",
    "organisation",
    "municipality",
    "date",
    "from",
    "language",
    "kind",
    "order",
    "code",
    "write",
    "key",
    "t",
    "free",
    "course",
    "meeting",
    "next",
    "v",
    "download",
    "state",
    "version",
)
ODD = (
    "-1",
    "999999999999",
    DIGITS,
    "<script>alert(1)</script>",
    "2026-02-30",
    "\u202e😀\ud7ff'%",
    "https://evil.example",
)


def reading_rows() -> list[Row]:
    """One row for each page: where most people may read it."""
    found: dict[str, Row] = {}
    for row in READING:
        if row.method == "GET" and sum(row.status(role) == 200 for role in ROLES) >= sum(
            found[row.endpoint].status(role) == 200 for role in ROLES if row.endpoint in found
        ):
            found[row.endpoint] = row
    return list(found.values())


@pytest.mark.parametrize("row", reading_rows(), ids=named)
def test_a_page_takes_any_address(things: MatrixWorld, row: Row):  # noqa: F811
    role = sender_role(row)
    sender = Sender(things.world.client(things.people.get(role), "el"), address_of(things, row), "el")
    for value in ODD:
        sender.get(value, dict.fromkeys(NAMES, value))
    sender.get("repeated", {name: ["α", "2", "<b>"] for name in NAMES})
    assert sender.faults == []
    assert sender.client.get(sender.address, query_string={"q": "a\0b"}).status_code == 400


@pytest.mark.parametrize(
    "value", ["%00", "a%00b", "%FF%FE", "%F0%9F%98%80", "-", "9" * 400, "x" * 3000, "..", "%2e%2e%2fetc"]
)
def test_ids_that_nobody_gave(things: MatrixWorld, value: str):  # noqa: F811
    staff = things.world.client(things.people["admin"], "el")
    for rule in things.world.app.url_map.iter_rules():
        if rule.arguments and rule.endpoint != "static":
            address = re.sub(r"<[^>]+>", value, rule.rule)
            for method in rule.methods & {"GET", "POST"}:
                answer = staff.open(address, method=method, headers={"Accept": "text/html"})
                answer.close()
                assert answer.status_code < 500, (method, address)
