"""The FAQ of a module: its list, an entry with its history, and what its keepers do."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor
from core.errors import Forbidden, require
from core.pagecache import kept
from core.pages import page_number
from core.slots import slot
from courses.queries import module_or_404
from forum import queries
from forum.forms.faq import FaqEditForm, FaqForm
from forum.forms.readers import QID
from forum.models import FaqState, Question, QuestionState
from forum.permissions import may_run
from forum.services import faq as services
from forum.services.faq import Wording
from forum.views.base import Answer, pages

A_YEAR = dt.timedelta(days=365)


@pages.get("/modules/<slug>/faq")
@kept
def faq(slug: str) -> Answer:
    """What was asked about a module and answered, for everybody; ?q= searches in it."""
    version = module_or_404(slug, actor())
    words = request.args.get("q", "")[:200]
    return render_template(
        "forum/faq.html",
        version=version,
        module=version.module,
        entries=queries.faq_of(version.module_id, words),
        words=words,
    )


@pages.get("/faq/<uuid:pid>")
def faq_entry(pid: uuid.UUID) -> Answer:
    """One entry: the answer, until when it holds, where it comes from, its history."""
    user = actor()
    found, keeps = queries.kept_entry_or_404(pid, user)
    question = queries.question_of(found.entry)
    clips = [clip for more in slot("questions.clips", [question], user) for clip in more.values()] if question else []
    return render_template(
        "forum/faq_entry.html",
        found=found,
        module=found.entry.module,
        keeps=keeps,
        asked=question is not None and user is not None and question.asker_id == user.id,
        clip=next(iter(clips), None),
        opinion=queries.opinion_of(found.entry, user),
        history=queries.revisions_of(found.entry.id),
    )


@pages.route("/faq/<uuid:pid>/edit", methods=["GET", "POST"])
@signed_in
def edit_faq(pid: uuid.UUID) -> Answer:
    found, keeps = queries.kept_entry_or_404(pid, actor())
    require(keeps, Forbidden)
    form = FaqEditForm(obj=found.revision, data={"rev": found.entry.rev, "note": ""})
    if not form.validate_on_submit():
        page = render_template("forum/edit_faq.html", form=form, found=found, module=found.entry.module)
        return page, 422 if form.is_submitted() else 200
    rev = str(form.rev.data or "")  # without the field it is the form's own number
    seen = int(rev) if rev.isascii() and rev.isdigit() and len(rev) < 10 else 0
    services.revise(_me(), found.entry, _wording(form), seen)
    flash(gettext("Saved. What it said before stays in its history."), "ok")
    return redirect(url_for(".faq_entry", pid=pid), 303)


@pages.route("/rooms/<code>/questions/<qid>/promote", methods=["GET", "POST"])
@signed_in
def promote(code: str, qid: str) -> Answer:
    """An answered question becomes an entry of the module's FAQ."""
    room, seat = queries.room_or_404(code, actor())
    require(may_run(seat.role), Forbidden)
    question = queries.answered_question(room, QID(qid))
    require(question.state is QuestionState.ANSWERED, services.NotAnswered)
    if (known := queries.entry_from(question.id)) is not None:
        return redirect(url_for(".faq_entry", pid=known.pid), 303 if request.method == "POST" else 302)
    form = FaqForm(data=_begun(question))
    if not form.validate_on_submit():
        page = render_template("forum/promote.html", form=form, room=room, question=question)
        return page, 422 if form.is_submitted() else 200
    entry = services.promote(_me(), question, _wording(form))
    flash(gettext("It is in the module's frequent questions now."), "ok")
    return redirect(url_for(".faq_entry", pid=entry.pid), 303)


def _begun(question: Question) -> dict[str, Any]:
    """What the form says before its keeper writes: the asker's words, the written answer, a year."""
    answers = sorted(question.answers, key=lambda one: (one.accepted, one.id))
    day = queries.today()
    return {
        "question": question.body[:300],
        "answer": answers[-1].body if answers else "",
        "legal_basis": answers[-1].sources[:200] if answers else "",
        "valid_as_of": day,
        "review_by": day + A_YEAR,
    }


def _wording(form: FaqForm) -> Wording:
    facts = {name: form.data[name] for name in ("question", "answer", "valid_as_of", "review_by")}
    state = FaqState(form.data.get("state") or FaqState.CURRENT)
    return Wording(**facts, legal_basis=form.legal_basis.data or "", state=state, note=form.data.get("note") or "")


def _me() -> Any:
    return actor()


@pages.post("/faq/<uuid:pid>/opinion")
@signed_in
def faq_opinion(pid: uuid.UUID) -> Answer:
    """Does this still hold? One opinion each."""
    found = queries.entry_or_404(pid, actor())
    services.judge(_me(), found.entry, request.form.get("holds") == "1")
    flash(gettext("Thank you. Whoever keeps these answers sees it."), "ok")
    return redirect(url_for(".faq_entry", pid=pid, _anchor="holds"), 303)


@pages.post("/faq/<uuid:pid>/credit")
@signed_in
def faq_credit(pid: uuid.UUID) -> Answer:
    """The person who asked puts their name beside it, or takes it away."""
    found = queries.entry_or_404(pid, actor())
    services.credit(_me(), found.entry, request.form.get("named") == "1")
    flash(gettext("Saved."), "ok")
    return redirect(url_for(".faq_entry", pid=pid), 303)


@pages.get("/faq/review")
@signed_in
def faq_review() -> Answer:
    """What its keepers must look at again."""
    require(queries.keeps_any(actor()), Forbidden)
    page, entries = queries.to_review(_me(), page_number())
    return render_template("forum/faq_review.html", page=page, entries=entries, day=queries.today())
