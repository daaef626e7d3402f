"""The polls of a room as its pages show them."""

from __future__ import annotations

from typing import Any

from forum import queries
from forum.models import Poll, PollState, Room, Stream
from forum.protocol import moderators_poll, public_poll
from forum.queries import Person

UNREVEALED = {PollState.OPEN, PollState.CLOSED}
ORDER = {"open": 0, "closed": 1, "revealed": 2}


def polls_on(room: Room, stream: Stream, person: Person | None = None) -> list[dict[str, Any]]:
    """What STREAM's audience sees of each poll, in the prepared order.

    Beside its payload: `n` (how many answered), `told` (results that they may see, or None), `mine` (what PERSON
    chose in this round), `shown` (on the projector); for moderators `texts` of short answers.
    """
    found = queries.polls_in(room.id, stream)
    moderators = stream is Stream.MOD
    results = queries.revealed_results(found, every_text=moderators)
    ticks = queries.ticks_of([poll for poll in found if poll.state in UNREVEALED])[moderators]
    counted = {pid: (n, told[0] if told else None) for pid, _round, n, *told in ticks}
    own = {(pid, one): choice for pid, one, choice, _n in queries.ballots_of(room, person)} if found and person else {}

    def card(poll: Poll) -> dict[str, Any]:
        pid, told = str(poll.pid), results.get(poll.id)
        n, running = counted.get(pid, (told[-1]["n"] if told else 0, None))
        told = told or running
        show = moderators_poll if moderators else public_poll
        return show(poll, told) | {
            "n": n,
            "told": told,
            "mine": own.get((pid, poll.round)),
            "shown": poll.shown,
            "texts": told[-1].get("texts", []) if told else [],
        }

    return [card(poll) for poll in found]


def running_first(polls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As the phone lists them: running, closed, shown; the newest of each first."""
    return sorted(polls, key=lambda poll: (ORDER[poll["state"]], -poll["pos"]))
