"""The gallery: every component in every state, looked at by axe in both languages and grounds."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, flash, render_template_string
from flask_wtf import FlaskForm
from werkzeug.serving import make_server
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FileField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

HERE = Path(__file__).parent
ICONS = json.loads((HERE.parents[1] / "static/img/icons.json").read_text(encoding="utf-8"))
THEMES = [
    *("local-employment", "local-development", "local-government", "agri-food", "green-economy"),
    *("health", "culture-tourism", "social-capital", "benefits"),
]
PLAN = [
    {"kind": "talk", "minutes": 10, "title": {"el": "Καλωσόρισμα", "en": "Welcome"}},
    {"kind": "talk", "minutes": 25, "title": "Πώς στέκεται ένα μερίδιο"},
    {"kind": "example", "minutes": 20, "title": "Ένα αγρόκτημα με τα νούμερά του"},
    {"kind": "break", "minutes": 5, "title": "Διάλειμμα"},
    {"kind": "questions", "minutes": 45, "title": "Ερωτήσεις και απαντήσεις"},
    {"kind": "group", "minutes": 10, "title": "Το πρώτο βήμα στον δήμο σας"},
    {"kind": "talk", "minutes": 5, "title": "Τι κρατάμε"},
]


class Form(FlaskForm):
    class Meta(FlaskForm.Meta):
        csrf = False

    name = StringField("Όνομα", [InputRequired()], description="Όπως θέλετε να γραφτεί στη βεβαίωση.")
    phone = StringField("Τηλέφωνο", [InputRequired("Θέλει δέκα ψηφία, γράψατε εννέα")])
    email = EmailField("Ηλεκτρονική διεύθυνση", [InputRequired()])
    password = PasswordField("Κωδικός", [InputRequired()])
    town = SelectField(
        "Δήμος", choices=[SelectChoice("1", "Αλμυρονησίου"), SelectChoice("2", "Πέτρινου Κάμπου")], default="1"
    )
    pool = RadioField(
        "Από ποιες θέσεις;",
        choices=[SelectChoice("1", "Είμαι δημότης"), SelectChoice("2", "Τίποτα από τα δύο")],
        default="1",
    )
    topics = SelectMultipleField("Θέματα", choices=[SelectChoice("a", "Απασχόληση"), SelectChoice("b", "Ενέργεια")])
    body = TextAreaField("Κείμενο")
    day = DateField("Ημερομηνία", default=dt.date(2026, 1, 14))
    at = TimeField("Ώρα", default=dt.time(18))
    seats = IntegerField("Θέσεις", default=20)
    file = FileField("Αρχείο")
    ok = BooleanField("Συμφωνώ να βλέπει ο δήμος το όνομά μου", description="Όχι τις ερωτήσεις μου.")


def gallery() -> str:
    refused = Form(formdata=None)
    refused.validate()
    flash("Κρατήσαμε τη θέση σας.", "ok")
    flash("Το αρχείο κόπηκε στη μέση.", "bad")
    return render_template_string(
        (HERE / "gallery.html").read_text(encoding="utf-8"),
        bad=refused,
        good=Form(formdata=None),
        plan=PLAN,
        themes=THEMES,
        icons=ICONS,
    )


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the gallery is served, on a free port of this machine."""
    app.add_url_rule("/gallery", view_func=gallery)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/gallery"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("locale", ["el-GR", "en-GB"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(chromium: Any, address: str, ground: str, locale: str, width: int):
    from axe_playwright_python.sync_playwright import Axe

    said: list[str] = []
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=ground, locale=locale, bypass_csp=True
    )
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(address)
    violations = Axe().run(page).response["violations"]
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()

    assert [(found["id"], [node["target"] for node in found["nodes"]]) for found in violations] == []
    assert said == []
    assert not sideways
