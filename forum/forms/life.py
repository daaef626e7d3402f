"""Commands of what goes on in a room beside its questions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from forum.forms.readers import CID, QID, Shape, number, one_of, text

ANNOUNCEMENT_LIMIT = 300
CAPTION_LIMIT = 500
NOTE_LIMIT = 300
REACTIONS = ("applause", "agree", "thanks", "example", "laugh")
LEVELS = ("lost", "fast", "clear", "none")
YES = number(0, 1)
HAND = number(1)

COMMANDS: dict[str, Shape] = {
    "hand": ({"up": YES}, {"named": YES}),
    "hand:call": ({"cid": CID}, {"no": HAND}),
    "hand:lower": ({"cid": CID}, {"no": HAND}),
    "react": ({"k": one_of(*REACTIONS)}, {}),
    "pulse": ({"level": one_of(*LEVELS)}, {}),
    "check:ask": ({"cid": CID}, {}),
    "check:reveal": ({"cid": CID}, {}),
    "check:close": ({"cid": CID}, {}),
    "room:announce": (
        {"cid": CID, "body": text(ANNOUNCEMENT_LIMIT, _l("Write the announcement first."))},
        {"screen": YES},
    ),
    "room:unannounce": ({"cid": CID, "aid": QID}, {}),
    "room:caption": ({"cid": CID, "body": text(CAPTION_LIMIT, _l("Write what is being said first."))}, {}),
    "caption:key": ({"cid": CID}, {}),
    "caption:revoke": ({"cid": CID, "kid": QID}, {}),
    "note:send": ({"cid": CID, "body": text(NOTE_LIMIT, _l("Write the note first."))}, {}),
    "note:read": ({"nid": QID}, {}),
    "screen:clear": ({"cid": CID}, {}),
    "screen:blank": ({"cid": CID, "on": YES}, {}),
    "screen:captions": ({"cid": CID, "on": YES}, {}),
}
