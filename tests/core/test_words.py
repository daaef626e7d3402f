"""Greek text, Markdown, addresses, forms, language and time."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from wtforms import IntegerField, SelectMultipleField, StringField

from core.addresses import leads_inside
from core.forms import AtMost, Form, InvalidInput, Required, load
from core.i18n import athens, clock, date_long, day, from_athens, local, moment, timecode
from core.markdown import render
from core.text import clean, fold, slugify


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Κοινωνική", "κοινωνικη"),
        ("ΚΟΙΝΩΝΙΑΣ", "κοινωνιασ"),
        ("προϊόν", "προιον"),
        ("Ελιάς", "ελιασ"),
        ("Café", "cafe"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  α  ", "α"),
        ("τι\u037e", "τι;"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("α\r\nβ\rγ", "α\nβ\nγ"),
        ("\x00α\x1b", "α"),
        ("e\u0301", "é"),
    ],
)
def test_clean(text: str, kept: str) -> None:
    assert clean(text) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Τμήμα Ανεμόραχης", "tmima-anemorachis"),
        ("Ευρώπη & Αυγή!", "evropi-avgi"),
        ("---", ""),
        ("Ψωμί, ξίδι", "psomi-xidi"),
    ],
)
def test_slugify(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_an_address(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= 60
    assert all(c in "abcdefghijklmnopqrstuvwxyz0123456789-" for c in slug)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
    ],
)
def test_markdown_lets_no_code_through(text: str) -> None:
    page = str(render(text))
    assert "<script" not in page
    assert "<img" not in page
    assert "href" not in page


def test_markdown_leaves_h1_to_the_page() -> None:
    assert str(render("# Α\n\n## Β\n\n**γ**")) == "<h2>Α</h2>\n<h2>Β</h2>\n<p><strong>γ</strong></p>\n"


@pytest.mark.parametrize("address", ["/", "/about", "/modules?theme=health&q=α", "/me#x"])
def test_inside(address: str) -> None:
    assert leads_inside(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "about",
        "//x",
        "/\\x",
        "\\x",
        "https://x",
        "javascript:x",
        "/\tx",
        "/\n/x",
        " /x",
        "http:/x",
        "/\x00",
        "//[x",
    ],
)
def test_outside(address: str) -> None:
    assert not leads_inside(address)


class Sample(Form):
    text = StringField("Text", [Required(), AtMost(5)])
    number = IntegerField("Number")
    many = SelectMultipleField("Many", validate_choice=False)


def test_a_form_cleans_its_text(app: Flask) -> None:
    with app.test_request_context():
        assert load(Sample, {"text": " α\u200b ", "number": 3, "many": ["a", "b"]}) == {
            "text": "α",
            "number": 3,
            "many": ["a", "b"],
        }


@pytest.mark.parametrize(
    "payload", [{}, {"text": ""}, {"text": " \u200b"}, {"text": "α" * 6}, {"text": None}, {"text": "α", "number": "x"}]
)
def test_what_a_form_refuses(app: Flask, payload: dict[str, object]) -> None:
    with app.test_request_context(), pytest.raises(InvalidInput) as refused:
        load(Sample, payload)
    assert refused.value.facts["fields"]


@pytest.mark.parametrize("value", [{"a": 1}, [{}], object(), b"x", [[1]]])
def test_values_of_other_kinds_never_reach_a_form(app: Flask, value: object) -> None:
    with app.test_request_context(), pytest.raises(InvalidInput) as refused:
        load(Sample, {"text": value})
    assert list(refused.value.facts["fields"]) == ["text"]


def test_refusals_speak_the_readers_language(app: Flask) -> None:
    for language, sentence in (("el", "Περισσεύουν 2 χαρακτήρες."), ("en", "This is 2 characters too long.")):
        with app.test_request_context(headers={"Accept-Language": language}), pytest.raises(InvalidInput) as refused:
            load(Sample, {"text": "α" * 7})
        assert str(refused.value.message) == sentence


def test_time_is_athens(app: Flask) -> None:
    winter = dt.datetime(2026, 1, 21, 16, 0, tzinfo=dt.UTC)
    summer = dt.datetime(2026, 7, 21, 16, 0, tzinfo=dt.UTC)
    assert (athens(winter).hour, athens(summer).hour) == (18, 19)
    assert from_athens(dt.date(2026, 7, 21), dt.time(19)) == summer
    with app.test_request_context(headers={"Accept-Language": "el"}):
        assert day(winter) == "21 Ιανουαρίου"
        assert date_long(winter) == "Τετάρτη 21 Ιανουαρίου 2026"
        assert (clock(winter), moment(winter)) == ("18:00", "Τετάρτη 21 Ιανουαρίου, 18:00")


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (245, "4:05"), (4350, "1:12:30"), (59.9, "0:59")])
def test_timecode(seconds: float, shown: str) -> None:
    assert timecode(seconds) == shown


def test_what_has_no_english_shows_greek(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert local({"title": {"el": "Α", "en": ""}}, "title") == "Α"
        assert local({"el": "Α", "en": "B"}, "") == "B"
