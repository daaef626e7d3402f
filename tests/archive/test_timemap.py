"""A meeting that was recorded as recordings are: begun late, paused, cut, with a clock that drifts and late clicks.

The truth is known because the meeting is made up; the map must find it from two anchors in each piece.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.timemap import JUMP, Anchor, TimeMap

DRIFT = 30e-6  # of a camera's clock against the server's


@dataclass
class Meeting:
    """Pieces as (wall of their begin, wall of their end, media of their begin), and answers as (click, true media)."""

    pieces: list[tuple[float, float, float]]
    answers: list[tuple[float, float]]


def held(chance: random.Random, stops: int, questions: int, late: float = 1.5) -> Meeting:
    """Two hours from wall 1,000: STOPS pauses or cuts, then QUESTIONS, each clicked up to LATE seconds late."""
    begun = 1000 + chance.uniform(-300, 300)
    edges = sorted(chance.uniform(600, 6600) for _ in range(stops))
    pieces, wall, media = [], begun, 0.0
    for length in [b - a for a, b in zip([0.0, *edges], [*edges, 7200.0], strict=True)]:
        pieces.append((wall, wall + length, media))
        media += length * (1 + DRIFT)
        wall += length + chance.uniform(30, 400)  # what wasn't recorded, or was cut out
    answers = []
    for _ in range(questions):
        first, last, at = chance.choice(pieces)
        true = chance.uniform(first, last)
        answers.append((true + chance.uniform(0, late), at + (true - first) * (1 + DRIFT)))
    return Meeting(pieces, sorted(answers))


def in_piece(meeting: Meeting, wall: float) -> int:
    return max(i for i, (first, _last, _media) in enumerate(meeting.pieces) if wall >= first or i == 0)


def outermost(meeting: Meeting) -> list[Anchor]:
    """The first and the last answer of each piece, as staff would tie them: at their true second."""
    chosen = []
    for piece in range(len(meeting.pieces)):
        inside = [answer for answer in meeting.answers if in_piece(meeting, answer[0]) == piece]
        chosen += dict.fromkeys(inside[:1] + inside[-1:])
    return [Anchor(*answer) for answer in chosen]


@pytest.mark.parametrize("stops", [0, 1, 2, 3])
def test_two_anchors_in_each_piece_place_nearly_all_within_two_seconds(stops: int) -> None:
    errors, unsure = [], 0
    for seed in range(200):
        meeting = held(random.Random(seed), stops, 25)
        clocks = TimeMap(outermost(meeting))
        for wall, true in meeting.answers:
            place = clocks.at(wall)
            assert place is not None
            if place.sure:
                errors.append(abs(place.second - true))
            else:
                unsure += 1
    errors.sort()
    assert errors[int(len(errors) * 0.95)] <= 2
    assert errors[-1] <= 5
    assert unsure <= len(errors) * 0.05


def test_one_anchor_is_not_enough_after_a_pause_and_two_are() -> None:
    meeting = held(random.Random(3), 1, 25)
    one = TimeMap(outermost(meeting)[:1])
    worst = max(abs(one.at(wall).second - true) for wall, true in meeting.answers)
    assert worst > 20
    two = TimeMap(outermost(meeting))
    assert max(abs(two.at(wall).second - true) for wall, true in meeting.answers) <= 5


def test_between_two_pieces_it_says_that_it_does_not_know() -> None:
    clocks = TimeMap([Anchor(100, 50), Anchor(200, 150), Anchor(1000, 650), Anchor(1100, 750)])
    assert [clocks.at(wall).sure for wall in (0, 150, 300, 900, 1050, 5000)] == [True, True, False, False, True, True]
    assert clocks.at(300).second == 250
    assert clocks.at(900).second == 550


def test_a_stop_that_somebody_named_makes_it_sure() -> None:
    clocks = TimeMap([Anchor(100, 50), Anchor(1000, 650)], breaks=[400])
    assert clocks.at(300) == clocks.at(300).__class__(250, sure=True)
    assert clocks.at(900) == clocks.at(900).__class__(550, sure=True)
    assert clocks.at(500).second == 400  # while it was stopped: the next second that was recorded


def test_the_clock_of_the_wall_alone_and_nothing_at_all() -> None:
    assert TimeMap([]).at(10) is None
    assert TimeMap([Anchor(1000, 0)]).at(1090).second == 90


@given(st.lists(st.floats(0, 7200), min_size=1, max_size=12), st.floats(-500, 500), st.randoms())
@settings(deadline=None, max_examples=100, database=None, derandomize=True)
def test_late_clicks_stay_one_piece_and_show_as_residuals(walls: list[float], shift: float, chance: random.Random):
    anchors = [Anchor(wall, max(0, wall + shift + chance.uniform(-JUMP / 2.1, JUMP / 2.1))) for wall in walls]
    anchors = [anchor for anchor in anchors if anchor.wall + shift > JUMP]
    clocks = TimeMap(anchors)
    assert len(clocks.blocks) <= 1
    assert all(abs(clocks.residual(anchor)) <= JUMP for anchor in anchors)
