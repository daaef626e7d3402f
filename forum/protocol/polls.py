"""A poll as each audience sees it. Results and what is right stand in it only once they are revealed."""

from __future__ import annotations

from typing import Any

from forum.models import Poll, PollState

Results = list[dict[str, Any]]


def public_poll(poll: Poll, results: Results | None = None) -> dict[str, Any]:
    """What everybody may see; RESULTS (one for each round) only when it is revealed."""
    shown: dict[str, Any] = {
        "id": str(poll.pid),
        "kind": poll.kind.value,
        "pos": poll.position,
        "body": poll.body,
        "state": poll.state.value,
        "round": poll.round,
        "rev": poll.rev,
        "most": poll.most,
        "live": poll.live,
        "anon": poll.anonymous,
        "options": [option.text for option in poll.options],
    }
    if poll.state is PollState.REVEALED:
        shown |= _solution(poll) | {"results": results or []}
    return shown


def moderators_poll(poll: Poll, results: Results | None = None) -> dict[str, Any]:
    """What moderators see besides: what is right, and who changed it."""
    who = poll.changed_by.short_name if poll.changed_by else None
    return public_poll(poll, results) | _solution(poll) | {"who": who}


def _solution(poll: Poll) -> dict[str, Any]:
    right = [option.position for option in poll.options if option.right]
    return {"right": right, "why": poll.why, "number": poll.number}
