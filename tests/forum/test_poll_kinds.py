"""How each kind of poll is counted, and what it takes for a choice."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DomainError
from forum.models import Poll, PollKind, PollOption, Room
from forum.queries.counting import result_of
from forum.services.choices import settled
from tests.forum.conftest import Table
from tests.forum.test_sockets import enrolled


def poll(kind: str, options: int = 3, most: int = 1) -> Poll:
    return Poll(
        kind=PollKind(kind), most=most, options=[PollOption(position=i, text=str(i)) for i in range(options)]
    )


TAKEN: list[tuple[str, list[Any], str]] = [
    ("single", ["2"], "[2]"),
    ("yesno", [1], "[1]"),
    ("scale", ["4"], "[4]"),
    ("multiple", ["2", 0, 2], "[0,2]"),
    ("quiz", [0], "[0]"),
    ("peer", [2], "[2]"),
    ("ranking", ["2", "1", "3"], "[2,1,3]"),
    ("budget", ["60", "", 40], "[60,0,40]"),
    ("number", ["12,50"], "[12.5]"),
    ("number", ["-3.0"], "[-3]"),
    ("number", [7], "[7]"),
    ("cloud", ["η Εμπιστοσύνη και η δουλειά"], '["Εμπιστοσύνη","δουλειά"]'),
    ("cloud", ["χώρος, ΧΩΡΟΣ"], '["ΧΩΡΟΣ"]'),
    ("text", ["Ας αρχίσουμε μικροί."], '["Ας αρχίσουμε μικροί."]'),
]
REFUSED: list[tuple[str, list[Any]]] = [
    ("single", []),
    ("single", [3]),
    ("single", [0, 1]),
    ("yesno", [2]),
    ("scale", [5]),
    ("multiple", [0, 1, 2]),
    ("multiple", ["-1"]),
    ("ranking", [1, 1, 2]),
    ("ranking", [1, 2]),
    ("ranking", ["", "1", "2"]),
    ("ranking", [0, 1, 2]),
    ("budget", [50, 49, 0]),
    ("budget", [-10, 110, 0]),
    ("budget", [100]),
    ("number", []),
    ("number", ["πολλά"]),
    ("number", ["nan"]),
    ("number", ["inf"]),
    ("number", ["1e13"]),
    ("cloud", ["και η"]),
    ("cloud", ["χώρος χρήμα άνθρωποι χρόνος"]),
    ("cloud", ["α" * 31]),
    ("cloud", ["!!!"]),
    ("text", [" "]),
    ("text", ["α", "β"]),
]


@pytest.mark.parametrize(("kind", "raw", "stored"), TAKEN)
def test_a_choice_has_one_stored_form(kind: str, raw: list[Any], stored: str) -> None:
    assert settled(poll(kind, most=2 if kind == "multiple" else 1), raw) == stored


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_what_is_no_choice_is_refused_with_a_sentence(kind: str, raw: list[Any]) -> None:
    with pytest.raises(DomainError) as refused:
        settled(poll(kind, most=2 if kind == "multiple" else 1), raw)
    assert (refused.value.code, len(str(refused.value.message)) > 10) == ("invalid", True)


def counted(kind: str, answers: list[tuple[list[Any], int]], options: int = 3, **hands: int) -> dict[str, Any]:
    return result_of(PollKind(kind), options, answers, {int(key[1:]): count for key, count in hands.items()})


def test_bars_are_shares_of_the_people_and_hands_are_apart() -> None:
    assert counted("single", [([0], 3), ([2], 1)]) == {
        "n": 4,
        "rows": [[0, 3, 75.0, 0], [1, 0, 0.0, 0], [2, 1, 25.0, 0]],
        "facts": {},
    }
    assert counted("yesno", [([0], 3)], 0, o1=1)["rows"] == [[0, 3, 75.0, 0], [1, 0, 0.0, 1]]
    assert counted("yesno", [([0], 3)], 0, o1=1)["n"] == 3


def test_several_answers_of_one_person_are_one_person() -> None:
    result = counted("multiple", [([0, 1], 2), ([1], 2)])
    assert (result["n"], result["rows"]) == (4, [[0, 2, 50.0, 0], [1, 4, 100.0, 0], [2, 0, 0.0, 0]])


def test_a_scale_has_a_mean_of_the_phones_alone() -> None:
    result = counted("scale", [([0], 1), ([4], 3)], 2, o0=50)
    assert result["facts"] == {"mean": 4.0}
    assert result["rows"][0] == [0, 1, 1.9, 50]


def test_words_of_a_cloud_are_one_in_all_their_forms() -> None:
    answers = [(["Συνεργασία"], 2), (["συνεργασίες", "χώρος"], 1), (["synergasia"], 1), (["ΧΩΡΟΣ"], 1)]
    result = counted("cloud", answers)
    assert result["n"] == 5
    assert [row[:2] for row in result["rows"]] == [["Συνεργασία", 4], ["ΧΩΡΟΣ", 2]]


def test_a_word_that_a_room_blocks_is_not_in_its_cloud(table: Table) -> None:
    poll = table.poll(kind="cloud")
    for word, name in (("ΚΑΚΟ", "Α"), ("καλό", "Β")):
        table.choose(enrolled(table, name), poll, word)
    with table.world.session() as session:
        session.get_one(Room, table.room_id).blocked_words = ["κακό"]
        session.commit()
    shown = table.step("reveal", table.step("close", poll))
    assert shown["results"] == [{"n": 2, "rows": [["καλό", 1, 100.0, 0]], "facts": {}}]


def test_a_ranking_is_by_average_place_with_bordas_share() -> None:
    result = counted("ranking", [([1, 2, 3], 2), ([2, 1, 3], 1)])
    assert result["rows"] == [[0, 1.33, 83.3, 0], [1, 1.67, 66.7, 0], [2, 3.0, 0.0, 0]]
    assert counted("ranking", [])["rows"] == [[0, 0, 0.0, 0], [1, 0, 0.0, 0], [2, 0, 0.0, 0]]


def test_a_budget_is_the_average_of_points() -> None:
    result = counted("budget", [([100, 0, 0], 1), ([50, 25, 25], 1)])
    assert result["rows"] == [[0, 75.0, 75.0, 0], [1, 12.5, 12.5, 0], [2, 12.5, 12.5, 0]]


def test_an_estimate_has_a_median_quartiles_and_a_histogram() -> None:
    result = counted("number", [([10], 1), ([20], 2), ([30], 1), ([1000], 1)], 1)
    assert result["facts"] == {"median": 20, "q1": 20, "q3": 30, "low": 10, "high": 1000}
    assert result["rows"][1] == [[20, 20], 2, 100.0, 0]
    many = counted("number", [([i], 1) for i in range(81)], 1)
    assert [row[0] for row in many["rows"]][:2] == [[0.0, 10.0], [10.0, 20.0]]
    assert sum(row[1] for row in many["rows"]) == 81
    assert counted("number", [], 1) == {"n": 0, "rows": [], "facts": {}}
