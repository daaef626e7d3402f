"""Commands about questions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from forum.forms.readers import CID, QID, REV, Shape, number, one_of, tags, text

BODY_LIMIT = 1000
ANSWER_LIMIT = 8000
REASON_LIMIT = 300
BEHALF_LIMIT = 60
SOURCES_LIMIT = 1000
VISIBILITIES = ("name", "mods", "none")
OPERATIONS = (
    *("approve", "dismiss", "spotlight", "unspotlight", "answering", "answered", "later"),
    *("edit", "merge", "unmerge", "tag", "lock", "unlock", "ban", "unban"),
    *("hide_picture", "show_picture"),
)

BODY = text(BODY_LIMIT, _l("Write your question first."))

COMMANDS: dict[str, Shape] = {
    "question:ask": (
        {"cid": CID, "body": BODY, "vis": one_of(*VISIBILITIES)},
        {"hall": number(0, 1), "behalf": text(BEHALF_LIMIT), "place": number(1), "picture": number(0, 1)},
    ),
    "question:vote": ({"qid": QID, "val": number(-1, 1)}, {"n": number(0)}),
    # Beside the recording, when the meeting is over.
    "question:after": ({"cid": CID, "body": BODY, "vis": one_of(*VISIBILITIES)}, {}),
    "question:also": ({"qid": QID, "val": number(0, 1)}, {}),
    "question:edit": ({"cid": CID, "qid": QID, "rev": REV, "body": BODY}, {}),
    "question:withdraw": ({"cid": CID, "qid": QID}, {}),
    "question:moderate": (
        {"cid": CID, "qid": QID, "rev": REV, "op": one_of(*OPERATIONS)},
        {"reason": text(REASON_LIMIT), "body": BODY, "into": QID, "tags": tags},
    ),
    "question:answer": (
        {"cid": CID, "qid": QID, "body": text(ANSWER_LIMIT, _l("Write the answer first."))},
        {"sources": text(SOURCES_LIMIT), "unsure": number(0, 1)},
    ),
    "answer:accept": ({"cid": CID, "qid": QID, "answer": QID, "on": number(0, 1)}, {}),
}
