"""Resident memory of the whole server: after the start, and after a thousand people were in a room and read pages."""

from __future__ import annotations

from bench import pages, voters
from bench.machine import on_core
from bench.product import product

COUNTED = voters.VOTERS


def run() -> dict[str, dict[str, float]]:
    """Megabytes of each process, by moment."""
    found: dict[str, dict[str, float]] = {}
    with product(COUNTED, worker=True) as ours, on_core(1), voters.room(ours) as room:
        found["after the start"] = room.before
        found[f"{COUNTED} people in a room"] = ours.memory()
        for path in ("/modules", ours.facts["module"]):
            pages.load(ours.url + path, ours.facts["anonymous"], pages.SECONDS)
        found["and pages read"] = ours.memory()
    return found


def table(found: dict[str, dict[str, float]]) -> str:
    """The figures as lines of text."""
    lines = [f"{'MB':26}{'web':>8}{'worker':>8}{'together':>10}"]
    for moment, row in found.items():
        lines.append(f"{moment:26}{row['web']:8.0f}{row['worker']:8.0f}{sum(row.values()):10.0f}")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    print(table(run()))
