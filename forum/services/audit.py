"""Every act of a moderator is written down, with what was before."""

from __future__ import annotations

from forum.models import ModerationAct
from forum.services.desk import Desk
from forum.services.standing import differs, standing


def record(desk: Desk, op: str) -> int | None:
    """Write down what this desk's act OP changed and return its number. None: nothing changed."""
    desk.session.flush()
    pairs = [(old, standing(question)) for question, old in desk.seen.values()]
    pairs = [(old, new) for old, new in pairs if differs(old, new)]
    if not pairs and desk.spot == desk.room.spotlight_id and not desk.facts:
        return None
    before = {"questions": [old for old, _new in pairs], "spot": desk.spot}
    after = {"questions": [new for _old, new in pairs], "spot": desk.room.spotlight_id}
    act = ModerationAct(
        room_id=desk.room.id,
        who_id=desk.person.id,
        op=op,
        before=before | {name: old for name, (old, _new) in desk.facts.items()},
        after=after | {name: new for name, (_old, new) in desk.facts.items()},
    )
    desk.session.add(act)
    desk.session.flush()
    return act.id
