"""What moderators do to a question besides its fate: other words, tags, and the end of its voices."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.errors import DomainError
from core.text import fold
from forum.models import Question, QuestionState, Stream, Watch
from forum.protocol import Type, public_question, settings_payload
from forum.services.desk import Desk, is_public
from forum.services.refusals import Locked

MOST_TAGS = 12  # of a room
GONE = {QuestionState.WITHDRAWN, QuestionState.DISMISSED}


class TooManyTags(DomainError):
    code = "invalid"
    status = 422
    message = _l("A room has twelve tags at most. Take one out of its settings first.")


def reword(desk: Desk, question: Question, body: str) -> None:
    """Put it in other words. The asker's own are kept for them and for moderators; back to those, it isn't edited."""
    if question.state in GONE:
        raise Locked
    if question.body == body:
        return
    original = question.original if question.original is not None else question.body
    question.body, question.original = body, None if body == original else original
    tell_whole(desk, question)


def set_tags(desk: Desk, question: Question, tags: list[str]) -> None:
    """TAGS and no others. One that the room doesn't have yet becomes one of its tags."""
    known = {fold(tag): tag for tag in desk.room.tags}
    new = [tag for tag in tags if fold(tag) not in known]
    wanted = [known.get(fold(tag), tag) for tag in tags]
    if len(desk.room.tags) + len(new) > MOST_TAGS:
        raise TooManyTags
    if new:
        desk.room.tags = [*desk.room.tags, *new]
        for stream in Stream:
            desk.log(stream, Type.SETTINGS, settings_payload(desk.room, stream))
    if question.tags != wanted:
        question.tags = wanted
        tell_whole(desk, question)


def set_locked(desk: Desk, question: Question, *, locked: bool) -> None:
    """No more voices, or again."""
    if question.locked != locked:
        question.locked = locked
        tell_whole(desk, question)


def set_pictured(desk: Desk, question: Question, *, shown: bool) -> None:
    """Take its picture away from the room, or put it back; the words stay."""
    if question.picture is None:
        raise Locked
    if question.picture.hidden == shown:
        question.picture.hidden = not shown
        tell_whole(desk, question)


def confirm(desk: Desk, question: Question) -> None:
    """A moderator has looked at what appeared at once."""
    if question.watch is Watch.POST:
        question.watch = None
        tell_whole(desk, question)


def tell_whole(desk: Desk, question: Question) -> None:
    """The question as it stands now, whole, to everybody who sees it and to its asker."""
    desk.touch(question)
    if is_public(question):
        desk.log(Stream.PUB, Type.EDITED, public_question(question))
    desk.tell_moderators(Type.EDITED, question)
    desk.tell_asker(question)
