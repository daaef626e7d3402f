# ruff: noqa: INP001 - a script beside what it describes, no package
"""The table of settings in docs/deployment.md, made from config.py: `python deploy/settings.py` writes it anew."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "deployment.md"
BEGIN, END = "<!-- settings -->\n", "<!-- /settings -->"
# Defaults that are made and not written.
MADE = {
    "DATABASE_URL": "SQLite in `INSTANCE_DIR`",
    "INSTANCE_DIR": "`instance/`",
    "MEDIA_DIR": "`INSTANCE_DIR/media`",
    "BASE_URL": "`http://127.0.0.1:PORT`",
}
SECRET = "made on the first start, kept in `INSTANCE_DIR`"  # noqa: S105 - words
HELPERS = {"_instance_dir": "INSTANCE_DIR", "_database_url": "DATABASE_URL"}


def _read(node: ast.AST) -> Iterator[tuple[str, str]]:
    """(name, default) of every setting that NODE reads from the environment."""
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        name = ast.unparse(call.func)
        given = [part.value if isinstance(part, ast.Constant) else ast.unparse(part) for part in call.args]
        if name in HELPERS:
            yield HELPERS[name], MADE[HELPERS[name]]
        elif name == "_kept_secret":
            yield str(given[1]), SECRET
        elif name == "_flag":
            yield str(given[0]), "`1`" if ast.unparse(call.keywords[0].value) == "True" else "`0`"
        elif name == "os.environ.get":
            yield str(given[0]), MADE.get(str(given[0])) or _shown(str(given[1]))


def _shown(default: str) -> str:
    if default.startswith("str("):
        default = str(eval(default, {"__builtins__": {"str": str}}))  # noqa: S307 - our own "str(8 << 30)"
    return f"`{default}`" if default else ""


def rows() -> list[tuple[str, str, str]]:
    """(name, default, meaning) in the order of the file; the meaning is the comment above."""
    source = (ROOT / "config.py").read_text("utf-8")
    lines = source.splitlines()
    function = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "from_environment"
    )
    known: dict[str, tuple[str, str]] = {}
    found: dict[str, tuple[str, str, str]] = {}
    for node in function.body:
        if isinstance(node, ast.Assign):
            known[ast.unparse(node.targets[0])] = next(_read(node), ("", ""))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
            for value in node.value.values:
                named = [known[part.id] for part in ast.walk(value) if isinstance(part, ast.Name) and part.id in known]
                for name, default in [*_read(value), *named]:
                    if name:
                        found.setdefault(name, (name, default, _comment(lines, value.lineno - 1)))
    return list(found.values())


def _comment(lines: list[str], number: int) -> str:
    while not lines[number].lstrip().startswith("#"):
        number -= 1
    return lines[number].strip().removeprefix("# ")


def table() -> str:
    """The table in Markdown."""
    head = ["| Variable | Default | Meaning |", "|---|---|---|"]
    meaning = None
    for name, default, about in rows():
        head.append(f"| `{name}` | {default} | {'' if about == meaning else about} |")
        meaning = about
    return "\n".join(head) + "\n"


def with_table(page: str) -> str:
    """PAGE with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
