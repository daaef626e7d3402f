"""Who may ask in a room; taking somebody's voice for the rest of a meeting, by a question of theirs: without learning
who they are.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.errors import DomainError, Forbidden, NotFound, require
from core.live import personal
from forum import queries
from forum.models import Question, Room, RoomBan, Stream
from forum.permissions import Role, may
from forum.protocol import Type, ban_letter, hidden
from forum.queries import Person, Seat, bans_on
from forum.services.desk import Desk
from forum.services.refusals import Banned
from forum.services.votes import barred, open_room


class OwnVoice(DomainError):
    code = "forbidden"
    status = 403
    message = _l("It's your own question.")


def asker(seat: Seat, room: Room) -> Person:
    """Who has SEAT, if they may ask a question in ROOM now. NotFound, Forbidden, Banned, or the room isn't open."""
    require(seat.role is not None, NotFound)
    require(may(seat.role, "question:ask"), Forbidden)
    if seat.person is None:
        raise Forbidden
    open_room(room)
    require(seat.role is not Role.LEARNER or not queries.is_banned(room, seat.person), Banned)
    return seat.person


def set_ban(desk: Desk, question: Question, *, banned: bool) -> None:
    """Let the asker of QUESTION only read in this room, or speak again. Told to moderators and to that person.

    Whether another question's ban still holds is known to the person alone: moderators see questions, not people.
    """
    require(not desk.owns(question), OwnVoice)
    row = desk.session.get(RoomBan, question.id)
    if (row is not None) == banned:
        return
    if row is not None:
        desk.session.delete(row)
    else:
        told = {"user_id": question.asker_id, "asker_hash": None if question.asker_id else question.asker_hash}
        desk.session.add(RoomBan(question_id=question.id, room_id=desk.room.id, **told))
    desk.session.flush()
    desk.facts |= {"of": (str(question.pid),) * 2, "no": (question.no,) * 2, "banned": (not banned, banned)}
    desk.log(Stream.MOD, Type.BANS, {"bans": bans_on(desk.session, desk.room.id)})
    still = barred(desk.session, desk.room)
    if question.asker_id is not None:
        to, still_banned = personal(question.asker_id), question.asker_id in still
    else:
        to, still_banned = hidden(desk.room.id, question.asker_hash or ""), question.asker_hash in still
    desk.letters.append((to, ban_letter(desk.room.code, banned=still_banned)))


def is_banned(desk: Desk) -> bool:
    """Whether whoever sends this command only reads."""
    banned = barred(desk.session, desk.room)
    return bool(banned & {desk.person.id, desk.mark}) if banned else False


def refuse_banned(desk: Desk) -> None:
    """Moderators can't be silenced, whatever was done to a question of theirs."""
    if desk.order.role is not Role.MODERATOR and is_banned(desk):
        raise Banned

