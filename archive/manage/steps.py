"""What is done with recordings in the background: how it stands, and what people may do about it."""

from __future__ import annotations

import uuid
from typing import Any

import click
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from accounts.guards import signed_in
from accounts.permissions import actor, is_staff
from archive import pipeline, steps
from archive.formats import size_words
from archive.manage.recordings import pages
from archive.queries import recordings as find
from archive.queries import steps as jobs
from archive.services import steps as act
from core.errors import Forbidden, require
from core.limits import writes
from core.pages import page_number

ACTS = {"retry": act.retry, "skip": act.skip, "delete": act.delete}


@pages.get("/operations")
@signed_in
def operations() -> str:
    """Every job of recordings that isn't done."""
    require(is_staff(actor()), Forbidden)
    listing = jobs.unfinished(page_number())
    return render_template("archive/steps.html", listing=listing, **_words())


@pages.get("/<uuid:pid>/steps")
@signed_in
def steps_of(pid: uuid.UUID) -> str:
    """What was and is made of one recording."""
    found = find.managed_or_404(pid, actor())
    works = jobs.of_recording(found, jobs.upload_ids(found))
    return render_template("archive/steps_of.html", recording=found, works=works, **_words())


def _words() -> dict[str, Any]:
    return {"words": steps, "files_of": act.files_of, "step_of": act.step_of, "size_words": size_words}


@pages.post("/operations/<int:job>/<any(retry, skip, delete):deed>")
@signed_in
@writes
def operate(job: int, deed: str) -> Any:
    """Try again, leave out, or delete what was made; back to the page it was asked on."""
    work = jobs.work_or_404(job, actor())
    ACTS[deed](actor(), work)
    said = {
        "retry": gettext("It is done as soon as the machine is free."),
        "skip": gettext("Left out. You can have it done at any time."),
        "delete": gettext("Deleted. You can have it made again at any time."),
    }
    flash(said[deed], "ok")
    if request.form.get("back") == "steps" and work.recording is not None:
        return redirect(url_for(".steps_of", pid=work.recording.pid), 303)
    return redirect(url_for(".operations") if is_staff(actor()) else url_for(".index"), 303)


@pages.cli.command("plan")
def plan() -> None:
    """Have made whatever recordings lack: after steps got a new version, or a setting changed."""
    click.echo(pipeline.plan_all())
