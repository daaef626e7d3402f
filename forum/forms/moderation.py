"""Commands of moderators about listed questions, about the room's settings and about what they did; and reports."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from forum.forms.questions import REASON_LIMIT
from forum.forms.readers import CID, QID, REV, Invalid, Shape, flag, listed, number, one_of, tags, text, words

MODERATION = ("off", "pre", "post")
ORDERINGS = ("voices", "fair")
TOGETHER = ("approve", "dismiss", "later", "merge", "tag", "lock", "unlock")
MOST_TOGETHER = 50


def marked(value: Any) -> tuple[str, int]:
    """A question as it was seen: "id:rev"."""
    if not isinstance(value, str):
        raise Invalid
    qid, _colon, rev = value.partition(":")
    return QID(qid), REV(rev)


def chosen(value: Any) -> list[tuple[str, int]]:
    """The questions of one act on listed, each once."""
    found = dict(listed(marked, MOST_TOGETHER)(value))
    if not found:
        raise Invalid(_l("Choose questions first."))
    return list(found.items())


COMMANDS: dict[str, Shape] = {
    "question:report": ({"cid": CID, "qid": QID, "reason": text(REASON_LIMIT, _l("Say why, in a few words."))}, {}),
    "question:bulk": (
        {"cid": CID, "qs": chosen, "op": one_of(*TOGETHER)},
        {"reason": text(REASON_LIMIT), "into": QID, "tags": tags},
    ),
    "room:settings": (
        {"cid": CID},
        {
            "moderation": one_of(*MODERATION),
            "cap": number(1, 10),
            "order": one_of(*ORDERINGS),
            "places": number(0, 50),
            "anonymous": flag,
            "delay": flag,
            "reactions": flag,
            "blocklist": flag,
            "blocked": words(200, 40),
            "allowed": words(200, 40),
            "tags": words(12, 24),
        },
    ),
    "room:undo": ({"cid": CID, "act": number(1)}, {}),
}
