"""The benchmarks of the live room measure what they say, with a handful of phones. No figure is judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench import bytes as evening
from bench import capacity, endurance, restart, slow
from bench.hall import Hall
from bench.product import Product, product

PEOPLE = 6


@pytest.fixture(scope="module")
def ours() -> Iterator[Product]:
    with product(2 * PEOPLE + 4) as running:
        yield running


def hall(ours: Product, first: int = 0, number: int = PEOPLE) -> Hall:
    found = Hall(ours, ours.facts["voters"][first : first + number])
    found.fill()
    return found


def test_every_question_reaches_every_screen(ours: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "ASKS", 2.0)
    monkeypatch.setattr(capacity, "VOTES", 10.0)
    people = hall(ours)
    meeting = capacity.Meeting(people)
    meeting.run(1.0)
    people.close()
    found = meeting.found
    assert (found.asked, len(found.screens)) == (2, 2 * PEOPLE)
    assert len(found.acks) > 5
    assert "target 800" in capacity.table(found)


def test_nobody_waits_for_who_reads_nothing_or_floods(ours: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ROUNDS", 1), ("ASKED", 2), ("PAUSE", 0.1)):
        monkeypatch.setattr(slow, name, value)
    people = hall(ours, number=4)
    felt = slow.measure(people, *ours.facts["voters"][PEOPLE : PEOPLE + 2])
    people.close()
    assert len(felt.calm) == len(felt.disturbed) == 2 * 4
    assert "target 1.10" in slow.table(felt)


def test_an_evening_is_added_up(ours: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evening, "SAMPLE", 1)
    monkeypatch.setattr(evening, "IDLE", 0.2)
    people, host = hall(ours, PEOPLE + 2, 2), Hall(ours, [ours.facts["host"]], stream="mod")
    host.fill()
    found = evening.measure(people, host)
    people.close()
    host.close()
    assert min(found.page, found.hello, found.question, found.vote, found.last) > 0
    assert found.total() == sum(found.parts.values())


def test_phones_come_and_go(ours: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endurance, "RETURNS", 10)
    people = hall(ours)
    found = endurance.measure(people)
    people.close()
    assert (found.returns, found.stuck, len(found.memory)) == (10, 0, 10)
    assert "target 5" in endurance.table(found)


def test_everybody_is_back_after_a_kill(ours: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restart, "ASKED", 2)
    people = hall(ours, PEOPLE + 4)
    found = restart.measure(people)
    people.close()
    assert found.consistent
    assert len(found.back) == PEOPLE
