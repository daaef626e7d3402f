"""What moderators do with polls: prepare, open, close, go round again, reveal, show, count hands, choose texts.

Votes are in ballots.py. A poll goes draft → open → closed → revealed; a closed one may be opened again, one that
shows its bars while it runs is revealed as it closes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from core.db import utcnow
from core.errors import NotFound, require
from forum.models import Poll, PollAnswer, PollHands, PollKind, PollOption, PollState, Stream
from forum.protocol import Type, moderators_poll, public_poll
from forum.queries import WHOLE_POLL, poll_of, results
from forum.queries.counting import BY_OPTION, option_count
from forum.services.desk import Desk
from forum.services.refusals import Changed, Locked
from forum.services.votes import open_room

K, S = PollKind, PollState

MARKED = {K.QUIZ, K.PEER}  # kinds with a right answer
WITH_CHOICES = {K.SINGLE, K.MULTIPLE, K.QUIZ, K.PEER, K.RANKING, K.BUDGET}
NEVER_LIVE = MARKED | {K.TEXT}


class Unready(Locked):
    code = "invalid"
    status = 422
    message = _l("Give it at least two answers to choose from first.")


def save(
    desk: Desk,
    *,
    body: str,
    kind: str,
    pid: str | None = None,
    rev: int | None = None,
    options: list[str] | None = None,
    right: list[int] | None = None,
    most: int = 1,
    live: int = 0,
    anonymous: int = 0,
    why: str = "",
    number: float | None = None,
) -> dict[str, Any]:
    """Prepare a poll, or change one that was never opened. It may be incomplete until it opens."""
    poll = _fresh(desk) if pid is None else _poll(desk, pid)
    if pid is not None:
        _need_rev(poll, rev)
        _need(poll, S.DRAFT)
    poll.kind, poll.body, poll.anonymous = K(kind), body, bool(anonymous)
    poll.live = bool(live) and poll.kind not in NEVER_LIVE
    poll.why = why if poll.kind in MARKED | {K.NUMBER} else ""
    poll.number = number if poll.kind is K.NUMBER else None
    _write_options(desk, poll, options or [], set(right or []) if poll.kind in MARKED else set())
    manifold = poll.kind is K.MULTIPLE or poll.kind in MARKED
    poll.most = max(1, min(most, len(poll.options))) if manifold else 1
    _touch(desk, poll)
    _tell_moderators(desk, Type.POLL_SAVED, poll)
    return _shown(desk, poll)


def _fresh(desk: Desk) -> Poll:
    last = desk.session.scalar(select(func.max(Poll.position)).where(Poll.room_id == desk.room.id))
    poll = Poll(room_id=desk.room.id, position=(last or 0) + 1, state=S.DRAFT, rev=0, round=1, options=[])
    desk.session.add(poll)
    return poll


def _write_options(desk: Desk, poll: Poll, texts: list[str], right: set[int]) -> None:
    """The texts that aren't empty, in order; yes and no, and what one writes freely, have none."""
    limit = {K.SCALE: 2, K.NUMBER: 1}.get(poll.kind, len(texts) if poll.kind in WITH_CHOICES else 0)
    kept = [(text, i in right) for i, text in enumerate(texts) if text or poll.kind is K.SCALE][:limit]
    poll.options.clear()
    desk.session.flush()
    poll.options.extend(PollOption(position=i, text=text, right=yes) for i, (text, yes) in enumerate(kept))


def take(desk: Desk, source: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """A draft out of something that is there already (see sources.py); the same once more is the draft that stands."""
    query = select(Poll).filter_by(room_id=desk.room.id, state=S.DRAFT, **source).options(*WHOLE_POLL)
    if (known := desk.session.scalars(query.order_by(Poll.id)).first()) is not None:
        return _shown(desk, known)
    taken = save(desk, **facts)
    poll = _poll(desk, taken["p"]["id"])
    for name, value in source.items():
        setattr(poll, name, value)
    return taken


def delete(desk: Desk, pid: str, rev: int) -> dict[str, Any]:
    """Throw a draft away; twice is once."""
    poll = poll_of(desk.session, desk.room.id, pid)
    if poll is None:
        return {"pid": pid}
    _need_rev(poll, rev)
    _need(poll, S.DRAFT)
    desk.session.delete(poll)
    desk.session.flush()
    desk.log(Stream.MOD, Type.POLL_REMOVED, {"id": pid})
    return {"pid": pid}


def move(desk: Desk, pid: str, to: str) -> dict[str, Any]:
    """One place up or down in the order that was prepared."""
    poll = _poll(desk, pid)
    beside = Poll.position < poll.position if to == "up" else Poll.position > poll.position
    order = Poll.position.desc() if to == "up" else Poll.position
    other = desk.session.scalars(
        select(Poll).where(Poll.room_id == desk.room.id, beside).order_by(order).options(*WHOLE_POLL).limit(1)
    ).first()
    if other is not None:
        poll.position, other.position = other.position, poll.position
        for one in (poll, other):
            _touch(desk, one)
            _announce(desk, Type.POLL_SAVED, one)
    return _shown(desk, poll)


@dataclass(frozen=True)
class Turn:
    """A step of a poll: from where it may be taken, how to tell that it has been, and what it does."""

    begins: frozenset[PollState]
    is_done: Callable[[Poll], bool]
    do: Callable[[Desk, Poll], None]


def turn(desk: Desk, pid: str, rev: int, step: str) -> dict[str, Any]:
    """Take STEP. REV is what the moderator saw: another one is a conflict that says who."""
    poll, act = _poll(desk, pid), STEPS[step]
    if poll.rev != rev:
        if poll.changed_by_id == desk.person.id and act.is_done(poll):
            return _shown(desk, poll)  # their own second click
        raise _conflict(poll)
    _need(poll, *act.begins)
    act.do(desk, poll)
    return _shown(desk, poll)


def _open(desk: Desk, poll: Poll) -> None:
    """Everybody may vote now, and the projector shows it."""
    open_room(desk.room)
    _need_ready(poll)
    poll.state, poll.opened_at = S.OPEN, poll.opened_at or utcnow()
    _change(desk, Type.POLL_OPENED, poll)
    put_on_screen(desk, poll)


def _again(desk: Desk, poll: Poll) -> None:
    """The second round of peer instruction: people have talked, and choose once more."""
    open_room(desk.room)
    if poll.kind is not K.PEER or poll.round != 1:
        raise Locked(_l("Only a poll in two rounds has a second one, and only once."))
    poll.state, poll.round = S.OPEN, 2
    _change(desk, Type.POLL_OPENED, poll)
    put_on_screen(desk, poll)


def _close(desk: Desk, poll: Poll) -> None:
    poll.closed_at = utcnow()
    if poll.live:
        _reveal(desk, poll)
        return
    poll.state = S.CLOSED
    _change(desk, Type.POLL_CLOSED, poll)


def _reveal(desk: Desk, poll: Poll) -> None:
    """Everybody sees the results, and what is right."""
    if poll.kind is K.PEER and poll.round == 1:
        raise Locked(_l("Both rounds are shown together: run the second one first."))
    poll.state, poll.revealed_at = S.REVEALED, utcnow()
    _change(desk, Type.POLL_REVEALED, poll)


STEPS = {
    "open": Turn(frozenset({S.DRAFT, S.CLOSED}), lambda poll: poll.state is S.OPEN, _open),
    "again": Turn(frozenset({S.CLOSED}), lambda poll: poll.state is S.OPEN and poll.round == 2, _again),
    "close": Turn(frozenset({S.OPEN}), lambda poll: poll.state in {S.CLOSED, S.REVEALED}, _close),
    "reveal": Turn(frozenset({S.CLOSED}), lambda poll: poll.state is S.REVEALED, _reveal),
}
open_poll, again, close, reveal = (partial(turn, step=step) for step in ("open", "again", "close", "reveal"))


def close_all(desk: Desk) -> None:
    """The room closes: nobody votes any more, the screen is empty. Results can still be revealed."""
    query = select(Poll).where(Poll.room_id == desk.room.id, Poll.state == S.OPEN).options(*WHOLE_POLL)
    for poll in desk.session.scalars(query.order_by(Poll.position)).all():
        _close(desk, poll)
    put_on_screen(desk, None)


def show(desk: Desk, pid: str, on: int) -> dict[str, Any]:
    """Put the poll on the projector, or take it down."""
    poll = _poll(desk, pid)
    if on:
        open_room(desk.room)
        _need(poll, S.OPEN, S.CLOSED, S.REVEALED)
        put_on_screen(desk, poll)
    elif poll.shown:
        put_on_screen(desk, None)
    return _shown(desk, poll)


def put_on_screen(desk: Desk, poll: Poll | None) -> None:
    """POLL is the one on the projector, or none is."""
    before = desk.session.scalars(select(Poll).where(Poll.room_id == desk.room.id, Poll.shown)).first()
    if before is poll:
        return
    if before is not None:
        before.shown = False
        desk.session.flush()
    if poll is not None:
        poll.shown = True
    data = {"id": str(poll.pid) if poll else None}
    desk.log(Stream.PUB, Type.POLL_SHOWN, data)
    desk.log(Stream.MOD, Type.POLL_SHOWN, data)


def count_hands(desk: Desk, pid: str, option: int, count: int) -> dict[str, Any]:
    """COUNT hands in the hall for OPTION of the running round: what stands now, not added to what was said before."""
    poll = _poll(desk, pid)
    _need(poll, S.OPEN, S.CLOSED)
    if poll.kind not in BY_OPTION:
        raise Locked(_l("Hands can be counted only where one chooses among answers."))
    require(option < option_count(poll.kind, len(poll.options)), NotFound)
    hands = desk.session.get(PollHands, (poll.id, poll.round, option))
    if hands is None:
        hands = PollHands(poll_id=poll.id, round=poll.round, option=option)
        desk.session.add(hands)
    hands.count, hands.counted_by_id = count, desk.person.id
    desk.count("p", pid)
    return {"pid": pid, "round": poll.round, "option": option, "count": count}


def pick(desk: Desk, pid: str, answer: int, on: int) -> dict[str, Any]:
    """Let everybody read a short text with the results, or not."""
    poll = _poll(desk, pid)
    found = desk.session.scalar(select(PollAnswer).where(PollAnswer.id == answer, PollAnswer.poll_id == poll.id))
    if found is None or poll.kind is not K.TEXT:
        raise NotFound
    if found.picked != bool(on):
        found.picked = bool(on)
        if poll.state is S.REVEALED:
            _change(desk, Type.POLL_REVEALED, poll)
        desk.count("p", pid)
    return {"pid": pid, "answer": answer, "on": int(found.picked)}


def _poll(desk: Desk, pid: str) -> Poll:
    """The poll PID of this room; of another room: NotFound."""
    poll = poll_of(desk.session, desk.room.id, pid)
    if poll is None:
        raise NotFound
    return poll


def _need(poll: Poll, *states: PollState) -> None:
    if poll.state not in states:
        raise Locked(_l("The poll doesn't stand where this act begins. Reload to see where it is."))


def _need_ready(poll: Poll) -> None:
    if poll.kind in WITH_CHOICES and len(poll.options) < 2:
        raise Unready
    if poll.kind in MARKED and not any(option.right for option in poll.options):
        raise Unready(_l("Mark the right answer first."))


def _need_rev(poll: Poll, rev: int | None) -> None:
    if poll.rev != rev:
        raise _conflict(poll)


def _conflict(poll: Poll) -> Changed:
    cur = moderators_poll(poll)
    return Changed(_l("%(name)s was faster with this poll. Look at it again.", name=cur["who"] or "–"), cur=cur)


def _touch(desk: Desk, poll: Poll) -> None:
    poll.rev += 1
    poll.changed_by_id = desk.person.id
    desk.session.flush()
    desk.session.refresh(poll, ["changed_by"])


def _change(desk: Desk, kind: Type, poll: Poll) -> None:
    _touch(desk, poll)
    _announce(desk, kind, poll)
    desk.count("p", str(poll.pid))


def _announce(desk: Desk, kind: Type, poll: Poll) -> None:
    """To moderators, and to everybody unless it is still being prepared."""
    if poll.state is not S.DRAFT:
        desk.log(Stream.PUB, kind, public_poll(poll, _results(desk, poll)))
    _tell_moderators(desk, kind, poll)


def _tell_moderators(desk: Desk, kind: Type, poll: Poll) -> None:
    desk.log(Stream.MOD, kind, moderators_poll(poll, _results(desk, poll, every_text=True)))


def _results(desk: Desk, poll: Poll, *, every_text: bool = False) -> list[dict[str, Any]]:
    if poll.state is not S.REVEALED:
        return []
    return results(desk.session, [poll], every_text=every_text)[poll.id]


def _shown(desk: Desk, poll: Poll) -> dict[str, Any]:
    return {"p": moderators_poll(poll, _results(desk, poll, every_text=True))}
