"""What else travels in a tick, each value absolute: polls, hands, pulse, reactions, captions, people coming back."""

from __future__ import annotations

from typing import Any

from core.db import db
from forum import queries
from forum.models import HandState
from forum.protocol import Audience
from forum.services import later, presence, reactions


def hands(room_id: int, _changed: set[Any]) -> dict[Audience, Any]:
    """To everybody numbers, and the name of who has the floor if they wished it; to moderators all names."""
    raised = queries.hands_in(room_id)
    called = next((hand for hand in raised if hand.state is HandState.CALLED), None)
    public = {
        "up": [hand.no for hand in raised if hand.state is HandState.UP],
        "called": called.no if called else None,
        "by": called.user.short_name if called and called.named else None,
    }
    return {Audience.TICK: public, Audience.MOD: {"who": [[hand.no, hand.user.short_name] for hand in raised]}}


def pulse(room_id: int, _changed: set[Any]) -> dict[Audience, Any]:
    """Shares, to moderators alone, counted again when the oldest fades."""
    fades = queries.pulse_fades(room_id)
    if fades is not None:
        later.again(room_id, "pulse", max(1.0, fades))
    return {Audience.MOD: queries.pulse_shares(db.session(), room_id)}


def rx(room_id: int, _changed: set[Any]) -> dict[Audience, Any]:
    found, fades = reactions.counts(room_id)
    if fades is not None:
        later.again(room_id, "rx", max(1.0, fades))
    return {Audience.TICK: [reactions.PROCESS, found]}


def cc(room_id: int, numbers: set[Any]) -> dict[Audience, Any]:
    """The captions that are new; with no number the last ones, for whoever comes."""
    return {Audience.TICK: queries.captions_in(room_id, numbers)}


def away(room_id: int, _changed: set[Any]) -> dict[Audience, Any]:
    """How many were here less than a minute ago and may be reconnecting (of this process)."""
    number, fades = presence.away(room_id)
    if fades is not None:
        later.again(room_id, "away", max(1.0, fades))
    return {Audience.MOD: number}


def polls(room_id: int, pids: set[Any]) -> dict[Audience, Any]:
    """How many answered each, to everybody; what they chose to moderators alone, until it is revealed."""
    everybody, moderators = queries.poll_ticks(room_id, pids or None)
    return {Audience.TICK: everybody, Audience.MOD: moderators} if everybody else {}


def downs(room_id: int, qids: set[Any]) -> dict[Audience, Any]:
    """How many say "not for now", to moderators alone."""
    return {Audience.MOD: queries.downs(room_id, qids or None)}


def bo(room_id: int, _changed: set[Any]) -> dict[Audience, Any]:
    """[which work in groups, [[group, how many sit there], …]], to everybody; nothing before the first."""
    breakout = queries.breakout_in(db.session(), room_id)
    if breakout is None:
        return {}
    return {Audience.TICK: [breakout.no, sorted(queries.sizes_of(db.session(), breakout).items())]}


STORED = {"bo": bo, "p": polls, "d": downs, "hands": hands, "pulse": pulse, "cc": cc}
REMEMBERED = {"rx": rx, "away": away}  # in memory only
READERS = {**STORED, **REMEMBERED}
