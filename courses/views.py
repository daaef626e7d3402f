"""Public pages: themes of the agenda, modules, courses, the self-check."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from accounts.permissions import actor
from core.i18n import locale_code
from core.markdown import render
from core.pagecache import kept
from core.pages import page_number
from core.text import clean
from courses import linked_data, queries
from courses.models import CourseVersion, ModuleVersion
from courses.permissions import can_write
from courses.self_check import mark

pages = Blueprint("courses", __name__)
pages.add_app_template_filter(render, "markdown")


@pages.get("/themes")
def themes() -> str:
    return render_template("courses/themes.html", agenda=queries.agenda())


@pages.get("/themes/<slug>")
def theme(slug: str) -> str:
    found = queries.theme_or_404(slug)
    return render_template("courses/theme.html", theme=found, modules=queries.modules_of(found, locale_code()))


@pages.get("/modules")
@kept
def modules() -> str:
    filters = queries.Filters(**{key: clean(request.args.get(key, "")[:100]) for key in ("theme", "language", "q")})
    listing = queries.catalogue(filters, locale_code(), page_number())
    return render_template("courses/modules.html", listing=listing, filters=filters, themes=queries.themes())


@pages.get("/modules/<slug>")
@kept
def module(slug: str) -> str:
    return _module_page(queries.module_or_404(slug, actor()))


@pages.get("/modules/<slug>/v<int(max=9999):number>")
def module_version(slug: str, number: int) -> str:
    return _module_page(queries.module_version_or_404(slug, number, actor()))


@pages.post("/modules/<slug>/self-check")
def self_check(slug: str) -> str:
    number = request.form.get("version", "")
    version = (
        queries.module_version_or_404(slug, int(number), actor())
        if number.isascii() and number.isdecimal() and len(number) < 5
        else queries.module_or_404(slug, actor())
    )
    marks = mark(version.self_check, request.form)
    return render_template("courses/self_check.html", version=version, module=version.module, marks=marks)


@pages.get("/courses")
def courses() -> str:
    return render_template("courses/courses.html", courses=queries.courses(locale_code()))


@pages.get("/courses/<slug>")
def course(slug: str) -> str:
    return _course_page(queries.course_or_404(slug, actor()))


@pages.get("/courses/<slug>/v<int(max=9999):number>")
def course_version(slug: str, number: int) -> str:
    return _course_page(queries.course_version_or_404(slug, number, actor()))


def _module_page(version: ModuleVersion) -> str:
    more: dict[str, Any] = {
        "same_theme": queries.same_theme(version.module, locale_code()),
        "courses": queries.courses_with(version.module),
    }
    return render_template(
        "courses/module.html",
        version=version,
        module=version.module,
        facts=linked_data.module(version),
        writes=can_write(actor()),
        **more,
    )


def _course_page(version: CourseVersion) -> str:
    return render_template(
        "courses/course.html",
        version=version,
        course=version.course,
        facts=linked_data.course(version),
        writes=can_write(actor()),
    )
