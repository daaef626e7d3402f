"""What a room refuses, each with its code and its sentence."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.errors import DomainError, TooMany


class RoomClosed(DomainError):
    code = "closed"
    message = _l("The room is closed. Its questions stay readable in the record.")


class NoReactions(DomainError):
    code = "closed"
    message = _l("Reactions are off in this room.")


class NotOpenYet(DomainError):
    code = "closed"
    message = _l("The room isn't open yet. It opens when the host arrives.")


class NotOver(DomainError):
    """Asked beside a recording while the room is still where one asks."""

    code = "not_over"
    message = _l("The meeting isn't over yet. Ask in its room.")


class Locked(DomainError):
    """The question's state doesn't take this any more."""

    code = "locked"
    message = _l("This question can't be changed any more.")


class OwnQuestion(DomainError):
    code = "forbidden"
    message = _l("It's your question: your voice is in it already.")


class Banned(DomainError):
    code = "forbidden"
    status = 403
    message = _l("The host has taken your voice for this meeting. You can go on reading.")


class Reused(DomainError):
    code = "invalid"
    status = 422
    message = _l("This form was already sent with another text. Reload the page and send it again.")


class Changed(DomainError):
    """Somebody was faster. `facts["cur"]` is the question as it is now."""

    code = "conflict"
    message = _l("This question changed a moment ago. Look at it again.")


class Busy(DomainError):
    code = "busy"
    status = 503
    message = _l("The room is very busy. It will be tried again by itself.")


class Broken(DomainError):
    code = "internal"
    status = 500
    message = _l("It wasn't saved because of a fault here. Nothing is lost: try again.")


class Flood(TooMany):
    """Far beyond every limit: who sends that much by socket loses it."""

    message = _l("That was far too much at once. Wait a moment and try again.")


class TooFast(TooMany):
    """`facts["retry_ms"]` says when it will be welcome."""

    message = _l("That was very fast. Your text is kept: try again in a moment.")
