"""The forms that pages really show: read out of the HTML, with the values they stand at."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class FoundForm:
    """A form on a page: where it goes, and its fields by name as [type, value]."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str | None, kind: str, value: str) -> None:
        if name:
            self.fields.setdefault(name, [kind, value])


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[FoundForm] = []
        self.by_id: dict[str, FoundForm] = {}
        self.open: FoundForm | None = None
        self.select: str | None = None
        self.select_form: FoundForm | None = None
        self.text: str | None = None

    def _form(self, facts: dict[str, str | None]) -> FoundForm | None:
        return self.by_id.get(facts.get("form") or "") or self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        facts = dict(attrs)
        if tag == "form":
            self.open = FoundForm(facts.get("action") or self.page, (facts.get("method") or "get").upper())
            self.forms.append(self.open)
            if facts.get("id"):
                self.by_id[facts["id"]] = self.open
        form = self._form(facts)
        if form is None:
            return
        if tag in {"input", "button"}:
            self._input(form, facts, tag)
        elif tag == "textarea":
            form.add(facts.get("name"), "textarea", "")
            self.text = facts.get("name")
            self.select_form = form
        elif tag == "select":
            form.add(facts.get("name"), "select", "")
            self.select, self.select_form = facts.get("name"), form
        elif tag == "option" and self.select and self.select_form:
            known = self.select_form.fields[self.select]
            if "selected" in facts or not known[1] or known[1] == "0":
                known[1] = facts.get("value") or ""

    def _input(self, form: FoundForm, facts: dict[str, str | None], tag: str) -> None:
        kind = facts.get("type") or ("submit" if tag == "button" else "text")
        name, value = facts.get("name"), facts.get("value") or ""
        form.add(name, kind, value)
        if kind == "radio" and "checked" in facts and name:
            form.fields[name][1] = value

    def handle_data(self, data: str) -> None:
        if self.text and self.select_form:
            self.select_form.fields[self.text][1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.text = None


def forms_on(page: str, html: str) -> list[FoundForm]:
    """The forms of HTML, which was read at the address PAGE."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms
