"""Who may do what in a room, and who sees it. Anonymous is nobody here: a room has no guests yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from accounts.models import User
from accounts.permissions import is_author
from forum.models import RoomState
from mentors.models import CohortState


class Role(StrEnum):
    LEARNER = "learner"  # asks and votes
    MODERATOR = "moderator"  # the cohort's team and staff: lets through, answers, opens and closes
    WATCHER = "watcher"  # watches the recording of a room they have no part in: asks beside it
    OBSERVER = "observer"  # coordinators of its organisations: reads along
    PROJECTOR = "projector"  # a screen with a signed link: what everybody may see, nothing else
    CLOCK = "clock"  # the server itself, when the moment of something has come


@dataclass(frozen=True)
class Standing:
    """What a person is to the cohort of a room."""

    cohort: CohortState
    team: bool = False
    enrolled: bool = False
    coordinator: bool = False
    staff: bool = False


_SEEN_BY_LEARNERS = {CohortState.PUBLISHED, CohortState.RUNNING, CohortState.COMPLETED, CohortState.ARCHIVED}


def role_of(standing: Standing | None) -> Role | None:
    """The part a person has in the room; None: they must not learn that it exists."""
    if standing is None:
        return None
    if standing.team or standing.staff:
        return Role.MODERATOR
    if standing.enrolled and standing.cohort in _SEEN_BY_LEARNERS:
        return Role.LEARNER
    return Role.OBSERVER if standing.coordinator else None


_ASKING = frozenset(
    {
        *("question:ask", "question:vote", "question:withdraw", "question:edit", "question:report"),
        *("question:covered", "answer:accept", "poll:vote"),
    }
)
_POLLING = frozenset(
    f"poll:{act}"
    for act in ("save", "take", "move", "delete", "open", "close", "again", "reveal", "show", "hands", "pick")
)
_RUNNING = _POLLING | {
    *("question:moderate", "question:bulk", "question:answer", "room:open", "room:close", "room:settings", "room:undo")
}
# Of a room's life beside its questions: what everybody does, what learners do, what moderators do.
_ALL = frozenset({"react"})
_LEARNING = frozenset({"hand", "pulse", "breakout:sit", "breakout:bring"})
_HOSTING = frozenset(
    {
        *("hand:call", "hand:lower", "check:ask", "check:reveal", "check:close", "room:announce", "room:unannounce"),
        *("room:caption", "caption:key", "caption:revoke", "note:send", "note:read"),
        *("screen:clear", "screen:blank", "screen:captions", "breakout:open", "breakout:extend", "breakout:close"),
    }
)
# Of what outlives a meeting: one's own name, and what mentors owe.
_OWNING = frozenset({"question:anonymise"})
_FOLLOWING = frozenset({"question:assign", "question:cannot", "promise:make", "promise:done"})
_DUE = frozenset({"room:release"})
# Beside the recording of a meeting that is over.
_WATCHING = frozenset({"question:after", "question:also"})
# What nobody does whose voice a moderator has taken (votes: services/votes.py). Reading and taking back stay.
SPEAKING = frozenset(
    {
        *("question:ask", "question:edit", "question:report", "poll:vote", "hand", "react", "pulse"),
        *("question:after", "breakout:bring"),
    }
)


def may(role: Role | None, command: str) -> bool:
    """Whether ROLE may send COMMAND at all; the rules of the question itself come after."""
    if command in _DUE:
        return role is Role.CLOCK
    if role is Role.MODERATOR:
        return command in _ASKING | _OWNING | _WATCHING | _RUNNING | _FOLLOWING | _ALL | _HOSTING
    if role is Role.WATCHER:
        return command in _WATCHING
    return role is Role.LEARNER and command in _ASKING | _OWNING | _WATCHING | _ALL | _LEARNING


def can_keep_faq(user: User | None) -> bool:
    """Every module's FAQ: authors and staff. Who teaches a module keeps that one's too (queries.keeps_faq)."""
    return is_author(user)


def may_run(role: Role | None) -> bool:
    """The host's console."""
    return role is Role.MODERATOR


def may_read_record(role: Role | None, state: RoomState) -> bool:
    """The finished room: everybody who had a part in it."""
    return role is not None and state is RoomState.CLOSED
