"""Every SELECT of the room, by noun: who is who, what stands in it, its record."""

from __future__ import annotations

from forum.queries.memory import Match, Source, module_of, similar, stands_on, suggestible, today, twins
from forum.queries.questions import (
    WHOLE_QUESTION,
    counts,
    events_after,
    head,
    heads,
    my_questions,
    own_questions,
    pid_of,
    questions_in,
    votes_of,
)
from forum.queries.record import (
    RecordAnswer,
    RecordLine,
    record_of,
)
from forum.queries.seats import (
    Person,
    Seat,
    open_rooms_for,
    room_id_of,
    room_on_screen,
    room_or_404,
    rooms_of,
    seat,
    with_seat,
)
from forum.queries.standing import all_counts, asked_here, revision, room_now

__all__ = [
    "WHOLE_QUESTION",
    "Match",
    "Person",
    "RecordAnswer",
    "RecordLine",
    "Seat",
    "Source",
    "all_counts",
    "asked_here",
    "counts",
    "events_after",
    "head",
    "heads",
    "module_of",
    "my_questions",
    "open_rooms_for",
    "own_questions",
    "pid_of",
    "questions_in",
    "record_of",
    "revision",
    "room_id_of",
    "room_now",
    "room_on_screen",
    "room_or_404",
    "rooms_of",
    "seat",
    "similar",
    "stands_on",
    "suggestible",
    "today",
    "twins",
    "votes_of",
    "with_seat",
]
