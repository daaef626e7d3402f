"""Commands about work in groups."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l

from forum.forms.questions import BODY
from forum.forms.readers import CID, Invalid, Shape, listed, number, one_of, text

DEALS = ("random", "place")
GROUPS, MINUTES, MORE = 50, 120, 30  # at most
TASK_LIMIT, CALLED_LIMIT, LINK_LIMIT = 300, 40, 300

_web = re.compile(r"https?://[^\s<>\"]+")
_line = text(LINK_LIMIT)


def _link(value: Any) -> str:
    link = str(_line(value))
    if link and not _web.fullmatch(link):
        raise Invalid(_l("A group's link begins with https://."))
    return link


def links(value: Any) -> list[str]:
    """A link for each group in order, as a list or as lines; an empty one: none."""
    return listed(_link, GROUPS)(value.splitlines() if isinstance(value, str) else value)


COMMANDS: dict[str, Shape] = {
    "breakout:open": (
        {"cid": CID, "groups": number(2, GROUPS), "minutes": number(1, MINUTES)},
        {"deal": one_of(*DEALS), "task": text(TASK_LIMIT), "called": text(CALLED_LIMIT), "links": links},
    ),
    "breakout:extend": ({"cid": CID, "minutes": number(1, MORE)}, {}),
    "breakout:close": ({"cid": CID}, {}),
    "breakout:sit": ({}, {"no": number(1, GROUPS)}),
    "breakout:bring": ({"cid": CID, "body": BODY}, {}),
}
