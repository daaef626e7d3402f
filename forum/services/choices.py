"""What a person chose, brought to the one form that is stored, or refused with a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from core.errors import DomainError, require
from core.greek import STOP, fold
from forum.models import Poll, PollKind
from forum.queries.counting import BY_OPTION, POINTS, option_count

CLOUD_MOST, CLOUD_LETTERS = 3, 30
_LARGEST = 10**12


class WrongChoice(DomainError):
    code = "invalid"
    status = 422
    message = _l("Choose one of the answers first.")


def settled(poll: Poll, raw: list[Any]) -> str:
    """The stored form of what was chosen in POLL: JSON text of a list, the same for the same choice."""
    if poll.kind in BY_OPTION:
        return _text(_picked(poll, raw))
    return _text(_SETTLERS[poll.kind](raw, len(poll.options)))


def _text(choice: list[Any]) -> str:
    return json.dumps(choice, ensure_ascii=False, separators=(",", ":"))


def _whole(value: Any) -> int:
    """A whole number; forms without script bring digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        return int(value)
    require(isinstance(value, int), WrongChoice)
    return int(value)


def _picked(poll: Poll, raw: list[Any]) -> list[int]:
    options = sorted({_whole(value) for value in raw})
    require(bool(options), WrongChoice)
    number = option_count(poll.kind, len(poll.options))
    require(options[0] >= 0 and options[-1] < number, WrongChoice)
    if len(options) > poll.most:
        raise WrongChoice(
            lazy_ngettext("Choose %(num)d answer only.", "Choose at most %(num)d answers.", poll.most)
        )
    return options


def _places(raw: list[Any], number: int) -> list[int]:
    try:
        places = [_whole(value) for value in raw]
    except WrongChoice:
        places = []
    if sorted(places) != list(range(1, number + 1)):
        raise WrongChoice(_l("Give each answer a place of its own, from first to last."))
    return places


def _points(raw: list[Any], number: int) -> list[int]:
    points = [_whole(value or 0) for value in raw]
    require(len(points) == number and min(points, default=0) >= 0, WrongChoice)
    if sum(points) != POINTS:
        raise WrongChoice(_l("Give out exactly 100 points. You gave %(sum)s.", sum=sum(points)))
    return points


def _number(raw: list[Any], _options: int) -> list[float]:
    try:
        value = float(str(raw[0]).strip().replace(",", "."))
    except (ValueError, IndexError):
        raise WrongChoice(_l("Write a number, such as 12 or 12,5.")) from None
    require(abs(value) <= _LARGEST, WrongChoice)  # also not a number at all
    return [int(value) if value.is_integer() else value]


def _words(raw: list[Any], _options: int) -> list[str]:
    said = [word for part in raw for word in re.split(r"[\s,;·]+", str(part)) if word]
    words = [word for word in said if any(map(str.isalnum, word)) and fold(word) not in STOP]
    kept = list({fold(word): word for word in words}.values())
    if not 1 <= len(kept) <= CLOUD_MOST or any(len(word) > CLOUD_LETTERS for word in kept):
        raise WrongChoice(_l("Write one to three words, with a space between them."))
    return kept


def _sentence(raw: list[Any], _options: int) -> list[str]:
    if len(raw) != 1 or not str(raw[0]).strip():
        raise WrongChoice(_l("Write a few words first."))
    return [str(raw[0])]


_SETTLERS: dict[PollKind, Callable[[list[Any], int], list[Any]]] = {
    PollKind.RANKING: _places,
    PollKind.BUDGET: _points,
    PollKind.NUMBER: _number,
    PollKind.CLOUD: _words,
    PollKind.TEXT: _sentence,
}
