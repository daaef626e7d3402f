"""The authors' desk: drafts of modules and courses, publishing, history."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from accounts.guards import only
from accounts.models import User
from accounts.permissions import actor
from core.errors import Conflict, NotFound
from core.limits import limiter, writes
from core.markdown import render
from core.pages import page_number
from core.slots import fills
from courses import changes, queries, services
from courses.checks import course_problems, module_problems
from courses.content import CourseText, ModuleText, course_text, module_text
from courses.forms import READING, CourseForm, ModuleForm, NewCourseForm, NewModuleForm, mistakes, named
from courses.models import Course, CourseFormat, Module, Theme
from courses.permissions import can_publish, can_retire, can_write
from courses.services.versions import problems_of

pages = Blueprint("courses_manage", __name__, url_prefix="/author")

author = only(can_write)


@fills("account.menu")
def menu(user: User) -> list[tuple[str, str]]:
    """The authors' desk in the account's menu."""
    return [(gettext("Write modules and courses"), url_for("courses_manage.index"))] if can_write(user) else []


def _me() -> User:
    user = actor()
    assert user is not None  # noqa: S101 - the guard has seen to it
    return user


def _at(kind: str, slug: str, endpoint: str = "") -> str:
    return url_for(f"courses_manage.{endpoint}{kind}", slug=slug)


@pages.get("")
@author
def index() -> str:
    modules, courses = page_number(), page_number("courses")
    return render_template(
        "courses/author/index.html",
        modules=queries.desk_modules(modules),
        courses=queries.desk_courses(courses),
    )


def _new_module_page(form: NewModuleForm) -> str:
    return render_template("courses/author/new_module.html", form=form)


def _new_module_form() -> NewModuleForm:
    form = NewModuleForm()
    form.theme.choices = named(queries.themes())
    return form


@pages.get("/modules/new")
@author
def new_module() -> str:
    return _new_module_page(_new_module_form())


@pages.post("/modules/new")
@author
@writes
def create_module() -> tuple[str, int] | Response:
    form = _new_module_form()
    if not form.validate():
        return _new_module_page(form), 422
    text = ModuleText(form.title_el.data, form.title_en.data or "")
    module = services.create_module(form.theme.data, text, _me())
    return redirect(_at("module", module.slug, "edit_"), 303)


@pages.get("/courses/new")
@author
def new_course() -> str:
    return render_template("courses/author/new_course.html", form=NewCourseForm())


@pages.post("/courses/new")
@author
@writes
def create_course() -> tuple[str, int] | Response:
    form = NewCourseForm()
    if not form.validate():
        return render_template("courses/author/new_course.html", form=form), 422
    text = CourseText(form.title_el.data, form.title_en.data or "")
    course = services.create_course(CourseFormat(form.format.data), text, _me())
    return redirect(_at("course", course.slug, "edit_"), 303)


@pages.get("/modules/<slug>", endpoint="module", defaults={"kind": "module"})
@pages.get("/courses/<slug>", endpoint="course", defaults={"kind": "course"})
@author
def work(kind: str, slug: str) -> str:
    found = queries.work_or_404(kind, slug)
    versions = queries.versions(found)
    draft = next((version for version in versions if version.state == "draft"), None)
    return render_template(
        "courses/author/work.html",
        kind=kind,
        work=found,
        versions=versions,
        draft=draft,
        problems=problems_of(found, draft) if draft else [],
        may_publish=draft and can_publish(actor(), draft),
        may_retire=can_retire(actor()),
    )


# Editing


def _choose(form: ModuleForm, themes: list[Theme]) -> ModuleForm:
    form.theme.choices = named(themes)
    form.topics.choices = named([topic for theme in themes for topic in theme.topics])
    return form


def _module_page(form: ModuleForm, module: Module, themes: list[Theme], **more: Any) -> str:
    text = form.text()
    return render_template(
        "courses/author/edit_module.html",
        form=form,
        work=module,
        themes=themes,
        text=text,
        mistakes=mistakes(form),
        problems=module_problems(text, len(form.topics.data or [])),
        **more,
    )


@pages.get("/modules/<slug>/edit")
@author
def edit_module(slug: str) -> str | Response:
    module = cast("Module", queries.work_or_404("module", slug))
    draft = queries.draft_of(module)
    if draft is None:
        return redirect(_at("module", slug))
    themes = [theme for theme, _ in queries.agenda()]
    return _module_page(_choose(ModuleForm.of(draft, module), themes), module, themes, draft=draft)


@pages.post("/modules/<slug>/edit")
@author
@writes
def save_module(slug: str) -> str | tuple[str, int] | Response:
    module = cast("Module", queries.work_or_404("module", slug))
    themes = [theme for theme, _ in queries.agenda()]
    form = _choose(ModuleForm(), themes)
    act = request.form.get("act", "save")
    if form.move(act) or act == "preview":
        return _module_page(form, module, themes, preview=act == "preview")
    if not form.validate():
        return _module_page(form, module, themes), 422
    try:
        facts = {"theme_id": form.theme.data, "topics": form.topics.data, "revision": form.known}
        services.save_module(module, form.text(), user=_me(), **facts)
    except Conflict as conflict:
        form.knows(queries.draft_of(module))
        return _module_page(form, module, themes, notice=conflict), 409
    return _saved("module", slug)


def _course_page(form: CourseForm, course: Course, draft: Any, **more: Any) -> str:
    form.offer(queries.pickable(form.pinned(draft)))
    text = form.text()
    return render_template(
        "courses/author/edit_course.html",
        form=form,
        work=course,
        draft=draft,
        text=text,
        mistakes=mistakes(form),
        problems=course_problems(text),
        **more,
    )


@pages.get("/courses/<slug>/edit")
@author
def edit_course(slug: str) -> str | Response:
    course = cast("Course", queries.work_or_404("course", slug))
    draft = queries.draft_of(course)
    if draft is None:
        return redirect(_at("course", slug))
    return _course_page(CourseForm.of(draft, course.format), course, draft)


@pages.post("/courses/<slug>/edit")
@author
@writes
def save_course(slug: str) -> str | tuple[str, int] | Response:
    course = cast("Course", queries.work_or_404("course", slug))
    draft = queries.draft_of(course)
    form = CourseForm()
    act = request.form.get("act", "save")
    if form.move(act) or act == "preview":
        return _course_page(form, course, draft, preview=act == "preview")
    form.offer(queries.pickable(form.pinned(draft)))
    if not form.validate():
        return _course_page(form, course, draft), 422
    try:
        services.save_course(course, form.text(), CourseFormat(form.format.data), form.known, _me())
    except Conflict as conflict:
        form.knows(queries.draft_of(course))
        return _course_page(form, course, queries.draft_of(course), notice=conflict), 409
    return _saved("course", slug)


def _saved(kind: str, slug: str) -> Response:
    flash(gettext("Saved."), "ok")
    return redirect(_at(kind, slug, "edit_"), 303)


@pages.post("/preview")
@author
@limiter.limit("120 per minute")
def preview() -> Response:
    """The posted Markdown as the page will show it, for the pane beside the text."""
    return Response(render(request.form.get("text", "")[:READING], 3), mimetype="text/html")


# A version's life


@pages.post("/modules/<slug>/draft", endpoint="draft_module", defaults={"kind": "module"})
@pages.post("/courses/<slug>/draft", endpoint="draft_course", defaults={"kind": "course"})
@author
@writes
def open_draft(kind: str, slug: str) -> Response:
    services.open_draft(queries.work_or_404(kind, slug), _me())
    return redirect(_at(kind, slug, "edit_"), 303)


@pages.post("/modules/<slug>/publish", endpoint="publish_module", defaults={"kind": "module"})
@pages.post("/courses/<slug>/publish", endpoint="publish_course", defaults={"kind": "course"})
@author
@writes
def publish(kind: str, slug: str) -> Response:
    version = services.publish(queries.work_or_404(kind, slug), request.form.get("revision", -1, type=int), _me())
    flash(gettext("Published as version %(number)d. It stays as it is from now on.", number=version.number), "ok")
    return redirect(_at(kind, slug), 303)


@pages.post("/modules/<slug>/discard", endpoint="discard_module", defaults={"kind": "module"})
@pages.post("/courses/<slug>/discard", endpoint="discard_course", defaults={"kind": "course"})
@author
@writes
def discard(kind: str, slug: str) -> Response:
    gone = services.discard(queries.work_or_404(kind, slug), _me())
    flash(gettext("The draft was thrown away."), "ok")
    return redirect(url_for("courses_manage.index") if gone else _at(kind, slug), 303)


@pages.post("/modules/<slug>/retire", endpoint="retire_module", defaults={"kind": "module"})
@pages.post("/courses/<slug>/retire", endpoint="retire_course", defaults={"kind": "course"})
@author
@writes
def retire(kind: str, slug: str) -> Response:
    services.retire(queries.work_or_404(kind, slug), _me())
    flash(gettext("It is no longer in the catalogue. Cohorts that run it keep it."), "ok")
    return redirect(_at(kind, slug), 303)


@pages.post("/modules/<slug>/restore", endpoint="restore_module", defaults={"kind": "module"})
@pages.post("/courses/<slug>/restore", endpoint="restore_course", defaults={"kind": "course"})
@author
@writes
def restore(kind: str, slug: str) -> Response:
    services.restore(queries.work_or_404(kind, slug), _me())
    flash(gettext("It is in the catalogue again."), "ok")
    return redirect(_at(kind, slug), 303)


@pages.get("/modules/<slug>/changes/<int(max=9999):number>", endpoint="changes_module", defaults={"kind": "module"})
@pages.get("/courses/<slug>/changes/<int(max=9999):number>", endpoint="changes_course", defaults={"kind": "course"})
@author
def compare(kind: str, slug: str, number: int) -> str:
    """What version NUMBER changed in the one before it."""
    found = queries.work_or_404(kind, slug)
    versions = queries.versions(found)
    after = next((version for version in versions if version.number == number), None)
    before = next((version for version in versions if version.number < number), None)
    if after is None or before is None:
        raise NotFound
    text_of: Any = module_text if kind == "module" else course_text
    old, new = text_of(before), text_of(after)
    names = queries.version_titles({*old.parts, *new.parts}) if kind == "course" else {}
    found_changes = changes.changes(old, new, names)
    return render_template(
        "courses/author/changes.html", kind=kind, work=found, before=before, after=after, changes=found_changes
    )
