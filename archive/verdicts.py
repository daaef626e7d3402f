"""Why a file was refused: codes that are stored, and the sentences they become.

A verdict is stored as a code and its numbers: "cut 3165 7205".
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from archive.reasons import Reason
from core.i18n import timecode

# (what is wrong, what to do)
SENTENCES: dict[Reason, tuple[Any, Any]] = {
    Reason.EMPTY: (_l("The file is empty"), _l("Copy it from the camera again, then send it.")),
    Reason.ALTERED: (
        _l("The file changed on the way"),
        _l("What arrived isn't what your browser read, so it isn't shown to anybody. Send it again."),
    ),
    Reason.NOT_MEDIA: (
        _l("This isn't a video or a sound recording"),
        _l("Its name may say so, but its content doesn't. Send the MP4, MKV or WebM that the teleconference made."),
    ),
    Reason.NO_STREAM: (
        _l("There is neither picture nor sound in it"),
        _l("Send the recording itself, not its playlist or cover."),
    ),
    Reason.INCOMPLETE: (
        _l("The file ends before its table of contents"),
        _l("The recording program was probably closed too early, or the copy broke off. Copy it again and send it."),
    ),
    Reason.CUT: (
        _l("The file was cut at %(first)s of %(second)s"),
        _l("The copy probably broke off. Copy it again and send it. What you wrote is kept."),
    ),
    Reason.TAIL: (
        _l("The end of the file is missing"),
        _l("The copy broke off shortly before its end. Copy it again and send it."),
    ),
    Reason.DAMAGED: (
        _l("The file is damaged at %(first)s"),
        _l("Copy it again from where it was recorded, then send it."),
    ),
    Reason.SHORT: (_l("It lasts less than a second"), _l("Was this the right file?")),
    Reason.LONG: (
        _l("It lasts %(first)s; at most 6 hours can be taken"),
        _l("Cut it into meetings and send each one."),
    ),
    Reason.PIXELS: (
        _l("The picture is too large to check: %(w)s × %(h)s"),
        _l("Send it in 1080p or smaller; 720p is enough for slides."),
    ),
    Reason.TIMEOUT: (
        _l("Checking it took too long"),
        _l("Send it as MP4 with H.264, as teleconference programs save it."),
    ),
    Reason.UNPLAYABLE: (
        _l("It couldn't be turned into a video that browsers play"),
        _l("Save it as MP4 with H.264 and send it again."),
    ),
}


def reason(code: Reason, *numbers: float) -> str:
    """CODE and NUMBERS as they are stored in `Recording.reason`."""
    return " ".join([code, *(str(round(number)) for number in numbers)])


def sentences(stored: str) -> tuple[str, str]:
    """What is wrong and what to do, in the reader's language."""
    code, *words = stored.split() or [Reason.NOT_MEDIA]
    what, then = SENTENCES[Reason(code)]
    numbers = [int(word) for word in words] + [0, 0]
    facts = {"first": timecode(numbers[0]), "second": timecode(numbers[1]), "w": numbers[0], "h": numbers[1]}
    return str(what) % facts, str(then)
