"""What every hello asks. A thousand people say it at once, so these statements are made once and give plain columns."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, or_, select

from core.db import db
from core.revisions import Revision
from forum.models import IS_PUBLIC, Question, Room, RoomBan
from forum.queries.seats import Person

_REVISION = select(Revision.__table__.c.n).where(Revision.__table__.c.area == "forum")
_COUNTS = select(Question.pid, Question.score).where(Question.room_id == bindparam("room_id"), IS_PUBLIC)
_MINE = select(
    exists().where(
        Question.room_id == bindparam("room_id"),
        or_(Question.asker_id == bindparam("user_id"), Question.asker_hash == bindparam("mark")),
    )
)

_BANNED = select(
    exists().where(
        RoomBan.room_id == bindparam("room_id"),
        or_(RoomBan.user_id == bindparam("user_id"), RoomBan.asker_hash == bindparam("mark")),
    )
)


def revision() -> int:
    """Rises with every change of any room, whichever process made it."""
    return db.session.scalar(_REVISION) or 0


def room_now(room_id: int) -> Room | None:
    """The room's own row as it is now."""
    return db.session.get(Room, room_id, populate_existing=True)


def all_counts(room_id: int) -> list[tuple[str, int]]:
    """(id, how many ask the same) of every public question."""
    return [(str(pid), score) for pid, score in db.session.execute(_COUNTS, {"room_id": room_id})]


def asked_here(room: Room, person: Person) -> bool:
    """Whether PERSON asked anything in ROOM, the anonymous too."""
    given = {"room_id": room.id, "user_id": person.id, "mark": room.asker_mark(person.pid) or ""}
    return bool(db.session.scalar(_MINE, given))


def takes_reactions(room_id: int) -> bool:
    """Whether its moderators let the room react."""
    return bool(db.session.scalar(select(Room.reactions).where(Room.id == room_id)))


def is_banned_in(room_id: int, person: Person) -> bool:
    """The same by the room's number; where nobody is banned, in one small query."""
    if not db.session.scalar(select(exists().where(RoomBan.room_id == room_id))):
        return False
    room = db.session.get(Room, room_id)
    return room is not None and is_banned(room, person)


def is_banned(room: Room, person: Person) -> bool:
    """Whether PERSON only reads in ROOM."""
    given = {"room_id": room.id, "user_id": person.id, "mark": room.asker_mark(person.pid) or ""}
    return bool(db.session.scalar(_BANNED, given))
