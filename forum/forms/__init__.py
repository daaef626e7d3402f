"""The shape of every command, the same for sockets and for plain HTTP forms.

Sockets bring hundreds of votes a second, so the check is a table and not a WTForms class;
the sentences are the reader's all the same. Nothing of a payload passes that isn't named here.
One file for each noun; this one puts their tables together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forum.forms import breakouts, closing, life, memory, moderation, polls, questions
from forum.forms.readers import Invalid, Shape, TooLong

__all__ = ["COMMANDS", "READS", "Invalid", "TooLong", "check"]

COMMANDS: dict[str, Shape] = (
    questions.COMMANDS
    | closing.COMMANDS
    | memory.COMMANDS
    | polls.COMMANDS
    | life.COMMANDS
    | moderation.COMMANDS
    | breakouts.COMMANDS
)
READS: dict[str, Shape] = memory.READS
_SHAPES = COMMANDS | READS


def check(command: str, payload: Any) -> dict[str, Any]:
    """The checked values of PAYLOAD. Raises Invalid or TooLong with a sentence for the reader."""
    if not isinstance(payload, Mapping):
        raise Invalid
    needed, allowed = _SHAPES[command]
    if set(payload) - set(needed) - set(allowed) or set(needed) - set(payload):
        raise Invalid
    return {name: (needed.get(name) or allowed[name])(value) for name, value in payload.items()}
