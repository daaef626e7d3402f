"""What an act of a moderator was, in words, and whether it can still be taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext, ngettext

from core.db import utcnow
from forum import queries
from forum.models import ModerationAct, Room
from forum.queries import Seat
from forum.services.undo import UNDO_SECONDS


def undoable(room: Room, seat: Seat) -> dict[str, Any] | None:
    """The reader's last act, while it can be taken back: its number, what it was, the seconds left."""
    assert seat.person is not None  # noqa: S101 - a page of people
    last = queries.last_act(room.id, seat.person.id)
    left = UNDO_SECONDS - (utcnow() - last.at) / dt.timedelta(seconds=1) if last else 0
    return {"id": last.id, "what": said(last), "left": int(left)} if last and left > 1 else None


def said(act: ModerationAct) -> str:
    """What an act was, in a few words."""
    numbers = [kept["no"] for kept in act.after["questions"]] or [act.after.get("no")]
    words = act_words().get(act.op, act.op)
    if numbers == [None]:
        return words
    told = ", ".join(map(str, numbers))
    which = ngettext("question %(numbers)s", "questions %(numbers)s", len(numbers), numbers=told)
    return f"{words}: {which}"


def act_words() -> dict[str, str]:
    """{name of an act: what was done}, for whoever reads."""
    return {
        "approve": gettext("Let through"),
        "dismiss": gettext("Not let through"),
        "spotlight": gettext("Put on the screen"),
        "unspotlight": gettext("Cleared the screen"),
        "answering": gettext("The answer began"),
        "answered": gettext("Marked as answered"),
        "answer": gettext("Answered in writing"),
        "later": gettext("Left for later"),
        "edit": gettext("Put in other words"),
        "merge": gettext("Joined"),
        "unmerge": gettext("Taken apart"),
        "tag": gettext("Tagged"),
        "lock": gettext("Voices closed"),
        "unlock": gettext("Voices opened"),
        "hide_picture": gettext("Picture taken away"),
        "show_picture": gettext("Picture put back"),
        "ban": gettext("Voice taken for the meeting"),
        "unban": gettext("Voice given back"),
        "settings": gettext("Settings changed"),
    }
