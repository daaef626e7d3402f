"""The shape of what authors type. A draft may be unfinished: forms look at limits, `checks` at completeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from core.forms import AtMost, Form, Required
from core.i18n import local
from core.text import clean
from courses.content import CourseText, ModuleText, course_text, module_text
from courses.models import (
    MODULE_MINUTES,
    CourseFormat,
    CourseVersion,
    Module,
    ModuleVersion,
    SegmentKind,
)

TITLE, SUMMARY, LINE, LINES, READING, FOR_WHOM = 200, 600, 300, 12, 40_000, 300
ROWS, CHOICES = 24, 6

KINDS = [
    SelectChoice(SegmentKind.TALK, _l("Talk")),
    SelectChoice(SegmentKind.EXAMPLE, _l("Example")),
    SelectChoice(SegmentKind.QUESTIONS, _l("Questions")),
    SelectChoice(SegmentKind.GROUP, _l("Group work")),
    SelectChoice(SegmentKind.BREAK, _l("Break")),
]
FORMATS = [
    SelectChoice(CourseFormat.WEEKEND, _l("Weekend seminar")),
    SelectChoice(CourseFormat.EVENING, _l("Evenings, one a week")),
    SelectChoice(CourseFormat.STAFF, _l("For municipal staff")),
]


class Lines(TextAreaField):
    """A list of sentences, one on each line."""

    def _value(self) -> str:
        return "\n".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = [line for raw in clean(valuelist[0]).split("\n") if (line := raw.strip())]

    def pre_validate(self, _form: Any) -> None:
        if len(self.data or []) > LINES:
            raise ValidationError(gettext("These are more than %(most)d lines.", most=LINES))
        for number, line in enumerate(self.data or [], 1):
            if len(line) > LINE:
                raise ValidationError(
                    gettext("Line %(number)d is %(over)d characters too long.", number=number, over=len(line) - LINE)
                )


class Number(IntegerField):
    """A whole number; what was typed stays in the field when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = int(valuelist[0])
        except ValueError:
            self.data = None
            raise ValueError(gettext("Write a whole number here.")) from None


class Row(Form):
    """A form inside a form: no token of its own, and empty rows don't count."""

    class Meta(Form.Meta):
        csrf = False


class SegmentRow(Row):
    kind = SelectField(_l("What people do"), choices=KINDS, default=SegmentKind.TALK)
    minutes = Number(_l("Minutes"))
    title_el = StringField(_l("Title in Greek"), [AtMost(TITLE)])
    title_en = StringField(_l("Title in English"), [AtMost(TITLE)])

    def validate_minutes(self, field: Number) -> None:
        if field.data is not None and not 1 <= field.data <= MODULE_MINUTES:
            raise ValidationError(gettext("Between 1 and %(most)d minutes.", most=MODULE_MINUTES))

    @property
    def is_empty(self) -> bool:
        return self.minutes.data is None and not self.title_el.data and not self.title_en.data


class ChoiceRow(Row):
    el = StringField(_l("In Greek"), [AtMost(LINE)])
    en = StringField(_l("In English"), [AtMost(LINE)])


class CheckRow(Row):
    question_el = StringField(_l("Question in Greek"), [AtMost(LINE)])
    question_en = StringField(_l("Question in English"), [AtMost(LINE)])
    choices = FieldList(FormField(ChoiceRow), min_entries=4, max_entries=CHOICES)
    answer = Number(_l("Right choice"))
    why_el = TextAreaField(_l("Why, in Greek"), [AtMost(SUMMARY)])
    why_en = TextAreaField(_l("Why, in English"), [AtMost(SUMMARY)])

    @property
    def kept(self) -> list[int]:
        """The choices with something in them, by their row."""
        return [i for i, choice in enumerate(self.choices) if choice.form.el.data or choice.form.en.data]

    @property
    def is_empty(self) -> bool:
        return not self.kept and not any(
            (self.question_el.data, self.question_en.data, self.why_el.data, self.why_en.data)
        )

    def stored(self) -> dict[str, Any]:
        """The row as ModuleVersion.self_check keeps it: empty choices left out, the answer counted anew."""
        kept = self.kept
        return {
            "question": _pair(self, "question"),
            "choices": [{"el": self.choices[i].form.el.data, "en": self.choices[i].form.en.data} for i in kept],
            "answer": kept.index(self.answer.data) if self.answer.data in kept else None,
            "why": _pair(self, "why"),
        }


class PartRow(Row):
    module = SelectField(_l("Module"), coerce=int, choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.module.choices = [SelectChoice(0, "–")]

    @property
    def is_empty(self) -> bool:
        return not self.module.data


def _pair(row: Any, name: str) -> dict[str, str]:
    return {code: row[f"{name}_{code}"].data or "" for code in ("el", "en")}


class Draft(Form):
    """What the drafts of modules and courses share."""

    # The revision that the form was made from; 0 when there was no draft.
    revision = HiddenField(default="0")
    title_el = StringField(
        _l("Title in Greek"), [Required(_l("A draft needs at least its title in Greek.")), AtMost(TITLE)]
    )
    title_en = StringField(_l("Title in English"), [AtMost(TITLE)])
    summary_el = TextAreaField(_l("Summary in Greek"), [AtMost(SUMMARY)])
    summary_en = TextAreaField(_l("Summary in English"), [AtMost(SUMMARY)])

    rows: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """The revision as a number; nonsense counts as none seen."""
        text = str(self.revision.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    def knows(self, draft: ModuleVersion | CourseVersion | None) -> None:
        """From here on the form has seen DRAFT: saving again is meant."""
        self.revision.data = str(draft.revision if draft else 0)

    def move(self, act: str) -> str:
        """Carry out a row's button ("plan.add", "plan.drop.2", "plan.up.2", "plan.down.2"); the list's name, or ""."""
        name, _, rest = act.partition(".")
        verb, _, index = rest.partition(".")
        if name not in self.rows or verb not in {"add", "drop", "up", "down"}:
            return ""
        field = self[name]
        rows = [dict(entry.data) for entry in field]
        at = int(index) if index.isdecimal() and len(index) < 4 else -1
        if verb == "add":
            rows.append({})
        elif 0 <= at < len(rows):
            row = rows.pop(at)
            if verb != "drop":
                rows.insert(max(0, at - 1) if verb == "up" else at + 1, row)
        field.process(None, data=rows[: field.max_entries])
        return name


class ModuleForm(Draft):
    theme = SelectField(_l("Theme"), coerce=int, choices=[])
    outcomes_el = Lines(_l("Outcomes in Greek"))
    outcomes_en = Lines(_l("Outcomes in English"))
    plan = FieldList(FormField(SegmentRow), _l("Plan of the 120 minutes"), min_entries=1, max_entries=ROWS)
    opening_questions_el = Lines(_l("Opening questions in Greek"))
    opening_questions_en = Lines(_l("Opening questions in English"))
    reading_el = TextAreaField(_l("Text in Greek"), [AtMost(READING)])
    reading_en = TextAreaField(_l("Text in English"), [AtMost(READING)])
    topics = SelectMultipleField(_l("Topics of the agenda"), coerce=int, choices=[])
    self_check = FieldList(FormField(CheckRow), _l("Self-check"), max_entries=ROWS)

    rows = ("plan", "self_check")

    @classmethod
    def of(cls, version: ModuleVersion | None, module: Module) -> ModuleForm:
        """The form as VERSION fills it."""
        facts: dict[str, Any] = {"theme": module.theme_id, "topics": [topic.id for topic in module.topics]}
        if version is not None:
            text = module_text(version)
            facts |= {name: value for name, value in vars(text).items() if name not in cls.rows}
            facts["plan"] = [part | _flat(part, "title") for part in text.plan]
            facts["self_check"] = [row | _flat(row, "question") | _flat(row, "why") for row in text.self_check]
            facts["revision"] = version.revision
        return cls(formdata=None, data=facts)

    def text(self) -> ModuleText:
        said: dict[str, Any] = {
            f.name: f.data or ([] if isinstance(f, Lines) else "") for f in self if f.name.endswith(("_el", "_en"))
        }
        plan = [
            {"kind": str(row.kind.data), "minutes": row.minutes.data or 0, "title": _pair(row, "title")}
            for row in (entry.form for entry in self.plan)
            if not row.is_empty
        ]
        check = [entry.form.stored() for entry in self.self_check if not entry.form.is_empty]
        return ModuleText(**said, plan=plan, self_check=check)


class CourseForm(Draft):
    format = SelectField(_l("Kind of course"), choices=FORMATS)
    for_whom_el = StringField(_l("For whom, in Greek"), [AtMost(FOR_WHOM)])
    for_whom_en = StringField(_l("For whom, in English"), [AtMost(FOR_WHOM)])
    description_el = TextAreaField(_l("Description in Greek"), [AtMost(READING)])
    description_en = TextAreaField(_l("Description in English"), [AtMost(READING)])
    parts = FieldList(FormField(PartRow), _l("Modules in order"), min_entries=1, max_entries=ROWS)

    rows = ("parts",)

    @classmethod
    def of(cls, version: CourseVersion | None, format_: CourseFormat) -> CourseForm:
        facts: dict[str, Any] = {"format": format_}
        if version is not None:
            text = course_text(version)
            facts |= {name: value for name, value in vars(text).items() if name != "parts"}
            facts["parts"] = [{"module": id_} for id_ in text.parts]
            facts["revision"] = version.revision
        return cls(formdata=None, data=facts)

    @staticmethod
    def pinned(draft: CourseVersion | None) -> list[int]:
        """The module versions that DRAFT has already, on offer or not."""
        return [part.module_version_id for part in draft.parts] if draft else []

    def offer(self, versions: Sequence[ModuleVersion]) -> None:
        """Let every row choose among VERSIONS of modules, by theme."""
        choices = [SelectChoice(v.id, _version(v), optgroup=local(v.module.theme, "title")) for v in versions]
        for entry in self.parts:
            entry.form.module.choices = [SelectChoice(0, gettext("Choose a module")), *choices]

    def validate_parts(self, field: FieldList) -> None:
        chosen = [entry.form.module.data for entry in field if not entry.form.is_empty]
        if len(set(chosen)) != len(chosen):
            raise ValidationError(gettext("The same module stands here twice."))

    def text(self) -> CourseText:
        said: dict[str, Any] = {f.name: f.data or "" for f in self if f.name.endswith(("_el", "_en"))}
        parts = [entry.form.module.data for entry in self.parts if not entry.form.is_empty]
        return CourseText(**said, parts=parts)


def _version(version: ModuleVersion) -> str:
    facts = {"title": local(version, "title"), "number": version.number}
    if version.id == version.module.current_id:
        return str(gettext("%(title)s (v%(number)d)", **facts))
    return str(gettext("%(title)s (v%(number)d, there is a newer one)", **facts))


def named(things: Sequence[Any]) -> list[SelectChoice]:
    """THINGS (themes, topics) as choices by their id."""
    return [SelectChoice(thing.id, local(thing, "title")) for thing in things]


class NewModuleForm(Form):
    theme = SelectField(_l("Theme"), coerce=int, choices=[])
    title_el = StringField(_l("Title in Greek"), [Required(), AtMost(TITLE)])
    title_en = StringField(_l("Title in English"), [AtMost(TITLE)])


class NewCourseForm(Form):
    format = SelectField(_l("Kind of course"), choices=FORMATS)
    title_el = StringField(_l("Title in Greek"), [Required(), AtMost(TITLE)])
    title_en = StringField(_l("Title in English"), [AtMost(TITLE)])


def _flat(row: dict[str, Any], name: str) -> dict[str, str]:
    return {f"{name}_{code}": words for code, words in row[name].items()}


def mistakes(form: Form) -> list[tuple[str, str, str]]:
    """Every mistake in FORM as (anchor, label, sentence), those inside rows too."""
    return [found for field in form for found in _mistakes_in(field, "")]


def _mistakes_in(field: Any, inside: str) -> list[tuple[str, str, str]]:
    if isinstance(field, FieldList):
        own = [(field.id, str(field.label.text), str(error)) for error in field.errors if isinstance(error, str)]
        deep = [
            found
            for number, entry in enumerate(field, 1)
            for inner in entry.form
            for found in _mistakes_in(inner, f"{inside}{field.label.text} {number}, ")
        ]
        return own + deep
    return [(field.id, f"{inside}{field.label.text}", str(error)) for error in field.errors[:1]]
