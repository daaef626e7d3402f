"""A poll of the demonstration, with the votes that were cast in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from core.db import utcnow
from forum.models import Poll, PollAnswer, PollHands, PollKind, PollOption, PollState, Room
from mentors.models import Meeting


def add_poll(session: Session, room: Room, position: int, item: dict[str, Any], voters: Sequence[int]) -> None:
    """ITEM of the file as a poll of ROOM: revealed with its votes, or prepared."""
    shown = item.get("revealed", False)
    host = session.get_one(Meeting, room.meeting_id).mentor_id
    poll = Poll(
        room_id=room.id,
        position=position,
        kind=PollKind(item["kind"]),
        body=item["body"],
        state=PollState.REVEALED if shown else PollState.DRAFT,
        why=item.get("why", ""),
        revealed_at=utcnow() if shown else None,
        changed_by_id=host,
        options=[
            PollOption(position=i, text=text, right=i in item.get("right", []))
            for i, text in enumerate(item["options"])
        ],
    )
    session.add(poll)
    session.flush()
    session.add_all(_answers(poll, item.get("votes", []), voters))
    session.add_all(
        PollHands(poll_id=poll.id, round=1, option=option, count=count, counted_by_id=host)
        for option, count in enumerate(item.get("hands", []))
        if count
    )


def _answers(poll: Poll, votes: list[int], voters: Sequence[int]) -> Iterator[PollAnswer]:
    chosen = [option for option, count in enumerate(votes) for _one in range(count)]
    for user_id, option in zip(voters, chosen, strict=False):
        yield PollAnswer(poll_id=poll.id, round=1, user_id=user_id, choice=f"[{option}]", n=1)
