"""Doing a command once: the stored ack of a known `cid`, else the act itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from core.errors import Forbidden, require
from forum.models import RoomCommand
from forum.permissions import SPEAKING, may
from forum.services import (
    afterwards,
    announcements,
    anonymity,
    answers,
    bans,
    breakouts,
    captions,
    closing,
    entry,
    hands,
    inbox,
    memory,
    moderation,
    notes,
    polls,
    promises,
    pulse,
    questions,
    reports,
    screens,
    settings,
    sources,
    undo,
)
from forum.services.desk import Desk
from forum.services.refusals import Reused

ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    "question:ask": questions.ask,
    "question:after": afterwards.ask,
    "question:edit": questions.edit,
    "question:withdraw": questions.withdraw,
    "question:report": reports.report,
    "question:moderate": moderation.moderate,
    "question:bulk": moderation.bulk,
    "question:answer": answers.answer,
    "answer:accept": answers.accept,
    "question:covered": memory.covered,
    "poll:save": polls.save,
    "poll:take": sources.take,
    "poll:move": polls.move,
    "poll:delete": polls.delete,
    "poll:open": polls.open_poll,
    "poll:close": polls.close,
    "poll:again": polls.again,
    "poll:reveal": polls.reveal,
    "poll:show": polls.show,
    "poll:hands": polls.count_hands,
    "poll:pick": polls.pick,
    "question:assign": inbox.assign,
    "question:cannot": inbox.cannot,
    "question:anonymise": anonymity.anonymise,
    "promise:make": promises.make,
    "promise:done": promises.done,
    "room:open": closing.open_room,
    "room:close": closing.close_room,
    "hand": hands.hand,
    "hand:call": hands.call,
    "hand:lower": hands.lower,
    "pulse": pulse.pulse,
    "check:ask": pulse.ask,
    "check:reveal": pulse.reveal,
    "check:close": pulse.close,
    "room:announce": announcements.announce,
    "room:unannounce": announcements.take_back,
    "room:caption": captions.caption,
    "caption:key": captions.make_key,
    "caption:revoke": captions.revoke,
    "note:send": notes.send,
    "note:read": notes.read,
    "screen:clear": screens.clear,
    "screen:blank": screens.blank,
    "screen:captions": screens.captions,
    "breakout:open": breakouts.open_groups,
    "breakout:extend": breakouts.extend,
    "breakout:close": breakouts.close,
    "breakout:sit": breakouts.sit,
    "breakout:bring": breakouts.bring,
    "room:settings": settings.change,
    "room:undo": undo.undo,
    "room:release": entry.release,
}
# These keep the `cid` themselves, in the row they make.
ASKING = {"question:ask", "question:after"}
KEEPING = ASKING | {"room:caption"}


def perform(desk: Desk) -> dict[str, Any]:
    """Do the desk's command and return its result, or the stored one when it was done before."""
    order = desk.order
    require(may(order.role, order.command), Forbidden)
    if order.command in SPEAKING:
        bans.refuse_banned(desk)
    args = dict(order.args)
    cid = args.pop("cid", None)
    act = ACTS[order.command]
    if order.command in KEEPING:
        args["cid"] = cid
    if cid is None or _leaves_no_trace(desk):
        return act(desk, **args)
    told = json.dumps([order.command, order.args], sort_keys=True, ensure_ascii=False)
    body_hash = hashlib.sha256(told.encode()).hexdigest()
    known = desk.session.get(RoomCommand, (desk.room.id, desk.person.id, cid))
    if known is not None:
        require(known.body_hash == body_hash, Reused)
        desk.replay = True
        return dict(known.ack)
    result = act(desk, **args)
    desk.session.add(
        RoomCommand(room_id=desk.room.id, user_id=desk.person.id, cid=cid, body_hash=body_hash, ack=result)
    )
    return result


# What an asker does to their own question; a moderator's acceptance of an anonymous one leaves none either.
OWN = {"question:edit", "question:withdraw", "answer:accept"}


def _leaves_no_trace(desk: Desk) -> bool:
    """A stored ack names its sender: what an anonymous asker does to their question leaves none.

    Such a question is found again by a keyed hash of person and `cid`; editing and withdrawing
    are harmless to repeat.
    """
    order = desk.order
    if order.command == "room:caption":
        return True
    if order.command in ASKING:
        return order.args["vis"] == "none"
    if order.command == "question:anonymise":
        return True
    if order.command in OWN:
        return desk.question(order.args["qid"]).asker_id is None
    return False
