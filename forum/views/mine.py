"""What one asked under one's name: what became of it, to take along, to take one's name off."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.limits import limiter
from core.pages import page_number, paginate
from forum.queries import own
from forum.views.acts import act
from forum.views.base import Answer, pages
from forum.views.record import clips_of

downloads = limiter.shared_limit("12 per minute; 120 per hour", scope="downloads")
BOM = "\ufeff"


@pages.get("/me/questions")
@signed_in
def my_questions() -> Answer:
    user = actor()
    assert user is not None  # noqa: S101 - signed_in
    listing = paginate(own.asked_by(user), page_number())
    return render_template(
        "forum/my_questions.html", listing=listing, fates=own.fates_of(listing.items), clips=clips_of(listing.items)
    )


@pages.get("/me/questions.<any(csv, json):kind>")
@signed_in
@downloads
def my_questions_file(kind: str) -> Answer:
    """All of them as a file."""
    user = actor()
    assert user is not None  # noqa: S101 - signed_in
    rows = own.to_take_along(user)
    if kind == "json":
        return download(json.dumps(rows, ensure_ascii=False, indent=1), "application/json", "questions.json")
    return download(as_csv(rows), "text/csv", "questions.csv")


def download(text: str, mimetype: str, name: str) -> Response:
    """TEXT as a file that only this reader keeps."""
    answer = Response(text, content_type=f"{mimetype}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def as_csv(rows: list[dict[str, Any]]) -> str:
    """ROWS as CSV that a spreadsheet opens in Greek, and whose cells it never takes for formulas."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    if rows:
        writer.writerow(rows[0])
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """VALUE as text that stays text: a quote stands before what a spreadsheet would compute."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \n")[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


@pages.post("/rooms/<code>/questions/<qid>/anonymise")
@signed_in
def anonymise(code: str, qid: str) -> Answer:
    """One's name off one's own question, for good."""
    room, _seat, _ack = act(code, "question:anonymise", qid=qid)
    flash(gettext("Your name is off it, here and in the log of the room. Nothing ties it to you any more."), "ok")
    if request.form.get("back") == "record":
        return redirect(url_for(".record", code=room.code, q=qid), 303)
    return redirect(url_for(".my_questions"), 303)


def fate_words() -> dict[str, str]:
    """What became of a question, for a file."""
    return {
        "live": gettext("answered in the meeting"),
        "written": gettext("answered in writing"),
        "merged": gettext("joined with another"),
        "mentors": gettext("with the mentors"),
        "cannot": gettext("couldn't be answered"),
        "dismissed": gettext("didn't pass"),
        "withdrawn": gettext("withdrawn"),
        "waiting": gettext("waits"),
    }

