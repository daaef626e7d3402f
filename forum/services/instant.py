"""Commands that leave nothing behind: they are counted and forgotten, so no transaction is spent on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.errors import require
from forum import queries
from forum.models import RoomState
from forum.permissions import Role
from forum.services import reactions
from forum.services.announce import count
from forum.services.desk import Order
from forum.services.refusals import Banned, NoReactions, NotOpenYet, RoomClosed


def react(order: Order) -> dict[str, Any]:
    """One reaction; the next tick carries how many there were in ten seconds."""
    if order.role is Role.LEARNER and queries.is_banned_in(order.room_id, order.person):
        raise Banned
    state = queries.room_state(order.room_id)
    if state is not RoomState.OPEN:
        raise RoomClosed if state is RoomState.CLOSED else NotOpenYet
    require(queries.takes_reactions(order.room_id), NoReactions)
    reactions.add(order.room_id, order.args["k"])
    count(order.room_id, "rx", {order.args["k"]})
    return {"k": order.args["k"]}


ACTS: dict[str, Callable[[Order], dict[str, Any]]] = {"react": react}
